"""Access rows on disk: packed rows become the columns of the contract, a file for as many hours as fill one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from cellwarden.records import tables
from cellwarden.records import vocabulary as v
from cellwarden.simulate.compiled import compiled
from cellwarden.simulate.notation import in_other_words
from cellwarden.simulate.packed import FIELDS, Narrow, Packed
from cellwarden.simulate.randomness import DAY_S
from cellwarden.simulate.writing import START, microseconds, schema_of, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from cellwarden.simulate.places import Places

Bytes = npt.NDArray[np.uint8]
FILE_ROWS = 1 << 23
"""Most rows of a file, unless one hour has more: in a large city the identifiers, once a file, are a tenth of its bytes."""
_AT_ONCE = 1 << 20
"""Rows that become columns at once."""
_UTC_MIDNIGHT = 9
"""Local hour at which a new UTC date begins in Seoul."""
_CODES = {
    **dict.fromkeys(("imsi", "imei", "source"), pa.int32()),
    "cell": pa.uint32(),
    **dict.fromkeys(("rat", "plmn", "cell_type", "core"), pa.int8()),
    **dict.fromkeys(("procedure", "identity", "result", "cause", "ciphering", "integrity", "ims_protection"), pa.uint8()),
}
"""Columns that are held as codes until they are written: an hour of a large city has millions of rows."""
_NULLABLE = ("imsi", "imei", "result", "cause", "ciphering", "integrity", "ims_protection")
_SCHEMA = pa.schema(
    [
        pa.field(
            one.name,
            pa.dictionary(_CODES[one.name], one.type) if one.name in _CODES else one.type,
            nullable=one.name in _NULLABLE,
        )
        for one in schema_of(tables.ACCESS)
    ]
)
_NUMBERS = pa.array(range(256), pa.int64())


@dataclass(frozen=True, slots=True)
class Book:
    """Who is who in the records: one entry a subscriber."""

    imsi: pa.Array
    """Longer than the subscribers where identifiers may be cut short: then come the cut ones, each once."""
    msisdn: pa.Array
    imei: pa.Array
    core: npt.NDArray[np.int8]
    cores: tuple[str, ...]
    cut: npt.NDArray[np.uint32] | None = None
    """Where in `imsi` the cut identifier of each subscriber is; None: none is ever cut."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How the files of a day differ from what was agreed."""

    renamed: dict[str, str] = field(default_factory=dict)
    """Columns that are called otherwise."""
    is_text: bool = False
    """Whether they are CSV, with cell numbers in other notations."""


_AS_AGREED = Shape()


@compiled
def _unpack(codes: Narrow, fields: Bytes, valid: Bytes) -> None:
    """Spread the packed codes over one row of `fields` each, in the order of FIELDS, and set the bits of what is known."""
    for row in range(len(codes)):
        code = codes[row]
        fields[0, row], fields[1, row] = code & 15, (code >> 4) & 7
        result, cause = (code >> 7) & 3, (code >> 9) & 255
        ciphering, integrity, ims = (code >> 17) & 3, (code >> 19) & 3, (code >> 21) & 3
        fields[2, row], fields[3, row] = min(result, 2), cause
        fields[4, row], fields[5, row], fields[6, row] = ciphering, integrity, min(ims, 2)
        fields[9, row] = (code >> 25) & 1
        spot, bit = row >> 3, row & 7
        valid[0, spot] |= (result != 3) << bit
        valid[1, spot] |= (cause != 255) << bit
        valid[2, spot] |= (ciphering != 3) << bit
        valid[3, spot] |= (integrity != 3) << bit
        valid[4, spot] |= (ims != 3) << bit
        valid[5, spot] |= ((code >> 23) & 1) << bit
        valid[6, spot] |= (1 - ((code >> 24) & 1)) << bit


_KNOWN = {"result": 0, "cause": 1, "ciphering": 2, "integrity": 3, "ims": 4, "imei": 5, "nameless": 6}
"""Fields that may be null: which row of `valid` says so."""
_INDEX = {name: index for index, name in enumerate(FIELDS)}


def access_table(rows: Packed, start_us: int, book: Book, places: Places, day: int) -> pa.Table:
    """Return the rows as the columns of the contract; `start_us` is the local midnight of `day`, microseconds since 1970."""
    count = len(rows)
    fields = np.empty((len(FIELDS), count), dtype=np.uint8)
    valid = np.zeros((len(_KNOWN), (count + 7) // 8), dtype=np.uint8)
    _unpack(rows.code, fields, valid)
    where = places.at(rows.station, rows.at, day)

    def known(name: str) -> tuple[pa.Buffer, int]:
        bits = valid[_KNOWN[name]]
        return pa.py_buffer(bits), count - int(np.bitwise_count(bits).sum())

    def coded(name: str, words: pa.Array) -> pa.Array:
        values = fields[_INDEX[name]]
        if name not in _KNOWN:
            return plain(values, words)
        mask, nulls = known(name)
        indices = pa.UInt8Array.from_buffers(pa.uint8(), count, [mask, pa.py_buffer(values)], nulls)
        return pa.DictionaryArray.from_arrays(indices, words, safe=False)

    def named(name: str, words: pa.Array) -> pa.Array:
        mask, nulls = known(name)
        who = rows.who
        if name == "nameless" and book.cut is not None:
            who = np.where(fields[_INDEX["cut"]] == 1, book.cut[who], who)
        indices = pa.Int32Array.from_buffers(pa.int32(), count, [mask, pa.py_buffer(who.view(np.int32))], nulls)
        return pa.DictionaryArray.from_arrays(indices, words, safe=False)

    def plain(codes: npt.NDArray[np.integer], words: pa.Array) -> pa.Array:
        return pa.DictionaryArray.from_arrays(pa.array(codes), words, safe=False)

    columns = {
        "at": pa.array(rows.at.astype(np.int64) * 1000 + start_us).view(pa.timestamp("us", tz="UTC")),
        "imsi": named("nameless", book.imsi),
        "procedure": coded("procedure", pa.array(v.PROCEDURES)),
        "identity": coded("identity", pa.array(v.IDENTITIES)),
        "result": coded("result", pa.array(v.RESULTS)),
        "cause": coded("cause", _NUMBERS),
        "rat": plain(np.zeros(count, dtype=np.int8), pa.array(["lte"])),
        "plmn": plain(where.plmn, places.plmns),
        "tac": pa.array(where.tac),
        "cell": plain(rows.station, pa.array(places.number)),
        "cell_type": plain(where.cell_type, pa.array(v.CELL_TYPES)),
        "core": plain(book.core[rows.who], pa.array(book.cores)),
        "imei": named("imei", book.imei),
        "ciphering": coded("ciphering", _NUMBERS),
        "integrity": coded("integrity", _NUMBERS),
        "ims_protection": coded("ims", pa.array(v.IMS_PROTECTIONS)),
        "source": plain(where.source, places.addresses),
    }
    return pa.Table.from_arrays([columns[name] for name in _SCHEMA.names], schema=_SCHEMA)


def write_hours(
    folder: Path, day: int, hours: Iterable[Packed], book: Book, places: Places, *, shape: Shape = _AS_AGREED
) -> list[Path]:
    """Write the 24 hours of one local day, each in time order: as many together as make a file, none across a UTC midnight."""
    start_us = int(microseconds(np.array([day * DAY_S]))[0])
    paths = []

    def table(rows: Packed) -> pa.Table:
        parts = [rows.cut(first, first + _AT_ONCE) for first in range(0, max(1, len(rows)), _AT_ONCE)]
        return pa.concat_tables([access_table(part, start_us, book, places, day) for part in parts])

    for first, content in _together(hours, table):
        if content.num_rows:
            at = START + timedelta(days=day, hours=first)
            path = folder / f"date={at:%Y-%m-%d}" / f"part-{at:%H}.{'csv' if shape.is_text else 'parquet'}"
            path.parent.mkdir(parents=True, exist_ok=True)
            write_access(path, content, shape)
            paths.append(path)
        del content  # a file of a large city is a third of a GiB, which the next one needs
    return paths


def _together(hours: Iterable[Packed], table: Callable[[Packed], pa.Table]) -> Iterator[tuple[int, pa.Table]]:
    """Yield the first hour and the rows of each file, before those of the next one become columns."""
    first, waiting = 0, _SCHEMA.empty_table()
    for hour, rows in enumerate(hours):
        if hour == _UTC_MIDNIGHT or waiting.num_rows + len(rows) > FILE_ROWS:
            yield first, waiting
            first, waiting = hour, _SCHEMA.empty_table()
        waiting = pa.concat_tables([waiting, table(rows)])
        del rows
    yield first, waiting


def write_access(path: Path, content: pa.Table, shape: Shape = _AS_AGREED) -> None:
    """Write one file: times as differences, everything else by dictionary; statistics only where they prune."""
    if shape.is_text:
        content = in_other_words(content.cast(schema_of(tables.ACCESS)))
    content = content.rename_columns([shape.renamed.get(name, name) for name in content.column_names])
    if shape.is_text:
        write(path, content)
        return
    pq.write_table(
        content,
        path,
        compression="zstd",
        use_dictionary=[name for name in content.column_names if name != "at"],
        column_encoding={"at": "DELTA_BINARY_PACKED"},
        write_statistics=["at", "cell"],
        store_schema=False,
        dictionary_pagesize_limit=1 << 26,
        write_batch_size=1 << 16,
        row_group_size=FILE_ROWS,
    )
