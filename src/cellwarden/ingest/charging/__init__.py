"""Charging files to rows of `usage`: TS 32.297 framing, TS 32.298 BER records, vendors' deviations as data."""
