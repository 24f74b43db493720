"""What everything stands on: errors, clocks, redaction, digests. Imports nothing of ours."""
