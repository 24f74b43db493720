"""A row that breaks the contract: kept, counted, masked."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from cellwarden.records.rejected import REJECTED_SCHEMA, Rejected


def test_identifiers_in_the_row_are_masked():
    row = Rejected("access.csv", 26, "at: no zone", "2025-08-05,450080000000015,tau").masked()
    assert row == {"file": "access.csv", "row": 26, "reason": "at: no zone", "raw": "2025-08-05,###############,tau"}


def test_a_long_row_is_cut_only_after_masking():
    row = Rejected("a", 1, "r", "x" * 1995 + "450080000000015").masked()
    assert row["raw"] == "x" * 1995 + "#####"


@given(st.text(), st.none() | st.integers(0, 2**62))
def test_any_rejection_fits_the_table(raw, number):
    table = pa.Table.from_pylist([Rejected("a", number, "r", raw.encode(errors="replace").decode()).masked()], REJECTED_SCHEMA)
    assert table.num_rows == 1
