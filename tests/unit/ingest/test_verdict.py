from __future__ import annotations

import numpy as np
import pyarrow as pa

from cellwarden.ingest.verdict import Verdict, bytes_of, mask_of, nulled


def test_the_first_reason_stays():
    verdict = Verdict(3)
    assert verdict.failed is None
    verdict.fail(np.array([True, False, False]), "first")
    verdict.fail(np.array([True, True, False]), "second")
    verdict.fail(np.array([False, False, False]), "never")
    assert verdict.codes.tolist() == [1, 2, 0]
    assert verdict.reasons == ("first", "second")


def test_a_verdict_on_distinct_values_spreads_to_rows():
    verdict = Verdict(2)
    verdict.fail(np.array([False, True]), "bad")
    taken = verdict.taken(np.array([1, 0, 1, 1]), np.array([False, False, False, True]))
    assert taken.codes.tolist() == [1, 0, 1, 0]
    whole = Verdict(5)
    whole.fail_at(np.array([4, 3, 2, 1]), taken)
    assert whole.codes.tolist() == [0, 0, 1, 0, 1]


def test_helpers_know_nulls_and_slices():
    assert mask_of(pa.array([True, None, False])).tolist() == [True, False, False]
    assert nulled(pa.array([1, 2]), np.array([True, False])).to_pylist() == [None, 2]
    data, bounds = bytes_of(pa.array(["ab", "c", "def"]).slice(1))
    assert bytes(data[bounds[0] : bounds[-1]]) == b"cdef"
    assert bytes_of(pa.array([], pa.string()))[1].tolist() == [0]
