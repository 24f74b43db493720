from __future__ import annotations

from cellwarden.ingest.signalling.faults import DecodeError, TruncatedCaptureError


def test_both_are_value_errors_so_that_one_place_catches_them():
    assert issubclass(TruncatedCaptureError, DecodeError)
    assert issubclass(DecodeError, ValueError)
