from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from cellwarden.ingest.duplicates import DuplicateCounter, row_hashes

SCHEMA = pa.schema(
    [("at", pa.timestamp("us")), ("on", pa.date32()), ("cell", pa.int64()), ("lat", pa.float64()), ("text", pa.string())]
)


def table(*rows: tuple[int | None, int | None, str | None]) -> pa.Table:
    at, cell, text = zip(*rows, strict=True) if rows else ((), (), ())
    return pa.table([pa.array(at, pa.int64()).cast(pa.timestamp("us")), pa.nulls(len(at), pa.date32()), pa.array(cell, pa.int64()),
                     pa.array([1.5] * len(at), pa.float64()), pa.array(text, pa.string())], schema=SCHEMA)  # fmt: skip


def test_counts_repetitions_over_batches():
    counter = DuplicateCounter()
    counter.add(table((1, 2, "a"), (1, 2, "b")))
    counter.add(table((1, 2, "a"), (1, 2, "a"), (None, 2, "a")))
    counter.add(table())
    assert (counter.repeated(), counter.is_estimate) == (2, False)
    assert DuplicateCounter().repeated() == 0


rows = st.tuples(
    st.none() | st.integers(-2, 2), st.none() | st.integers(0, 2), st.none() | st.text("ab\0", max_size=3) | st.just("x" * 200)
)


@given(st.lists(rows))
def test_rows_are_equal_where_their_hashes_are(found: list[tuple[int | None, int | None, str | None]]):
    hashes = row_hashes(table(*found)).tolist()
    assert len(set(hashes)) == len(set(found))
    assert dict(zip(found, hashes, strict=True)) == {row: value for row, value in zip(found, hashes, strict=True)}  # noqa: C416 - every row, not the last
    assert row_hashes(table((9, 9, "z"), *found).slice(1)).tolist() == hashes


def test_long_texts_count_to_their_end():
    assert len(set(row_hashes(table((1, 1, "x" * 5000 + "a"), (1, 1, "x" * 5000 + "b"))).tolist())) == 2


def test_too_many_rows_are_estimated():
    counter = DuplicateCounter(max_kept=5_000)
    cells = np.repeat(np.arange(20_000), 2)
    counter.add(table(*((1, cell, "a") for cell in cells.tolist())))
    assert counter.is_estimate
    assert 17_000 < counter.repeated() < 23_000
