"""A charging file to batches of `usage`; the only door of this package."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

import pyarrow as pa

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.ingest.charging.dialect import dialect_of, shipped
from cellwarden.ingest.charging.files import Damage, records
from cellwarden.ingest.charging.records import fields, usage
from cellwarden.ingest.signalling.faults import DecodeError
from cellwarden.ingest.tabular import IMSI_LENGTH
from cellwarden.records.batch import Batch
from cellwarden.records.rejected import Rejected
from cellwarden.records.tables import USAGE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cellwarden.ingest.charging.converters import Value
    from cellwarden.ingest.charging.dialect import Dialect
    from cellwarden.ingest.charging.records import Row

BATCH_ROWS = 65536
DETECTED = "auto"
"""The dialect that means: whichever reads the beginning of the file best."""
_LOOKED_AT = 200
"""Records that tell the dialect."""


def read_charging(path: Path, *, file: str, dialect: str = "standard") -> Iterator[Batch]:
    """Yield the rows of a charging file in the order of its records, and what had to be refused.

    Args:
        path: TS 32.297, bare BER or a vendor's framing; plain, gzip or Zstandard.
        file: The path to show in rejections.
        dialect: One that comes with us, a JSON file of one's own, or `auto`.

    Yields:
        Batches of `usage`. `Rejected.row` is the record number, counting from 1. A record that is no use of a
        subscriber is rejected with that reason, so that all records are counted.

    Raises:
        MalformedInputError: This is no charging file of that dialect.
        UsageError: There is no such dialect.
    """
    chosen = detect(path, file=file) if dialect == DETECTED else dialect_of(dialect)
    rows: list[Row] = []
    rejected: list[Rejected] = []
    kinds = chosen.records
    for number, each in enumerate(records(path, file=file, dialect=chosen), start=1):
        if isinstance(each, Damage):
            rejected.append(Rejected(file, number, each.reason, f"{each.octets} octets"))
        else:
            kind = kinds.get(each.tag)
            if kind is None or not kind.service:
                what = f"kind: {kind.name} records are no use of a subscriber" if kind else f"kind: unknown tag {each.tag:#x}"
                rejected.append(Rejected(file, number, what, f"record, {each.stop - each.start} octets"))
            else:
                try:
                    rows.append(usage(each, kind))
                except DecodeError as error:
                    label = f"{kind.name} record, {each.stop - each.start} octets"
                    rejected.append(Rejected(file, number, str(error), label))
        if len(rows) + len(rejected) >= BATCH_ROWS:
            yield _batch(rows, rejected)
            rows, rejected = [], []
    if rows or rejected:
        yield _batch(rows, rejected)


def decode_charging(
    path: Path, *, file: str, dialect: str = "standard"
) -> Iterator[tuple[int, str, dict[str, Value | list[Value]]]]:
    """Yield (record number, kind, fields) of every record that can be walked, for drill-down; raises as `read_charging`."""
    chosen = detect(path, file=file) if dialect == DETECTED else dialect_of(dialect)
    for number, each in enumerate(records(path, file=file, dialect=chosen), start=1):
        if isinstance(each, Damage) or (kind := chosen.records.get(each.tag)) is None:
            continue
        try:
            yield number, kind.name, fields(each, kind)
        except DecodeError:
            continue


def detect(path: Path, *, file: str) -> Dialect:
    """Return the dialect that makes most rows of the first records; the standard one where they are equal.

    Raises:
        MalformedInputError: No dialect knows the file.
    """
    best: tuple[int, Dialect] | None = None
    refused: MalformedInputError | None = None
    for name in shipped():
        dialect = dialect_of(name)
        try:
            score = _score(path, file, dialect)
        except MalformedInputError as error:
            refused = refused or error
            continue
        if best is None or score > best[0]:
            best = score, dialect
    if best is None:
        raise refused or MalformedInputError("is no charging file", where=file, fix="Take it out of charging/")
    return best[1]


def _score(path: Path, file: str, dialect: Dialect) -> int:
    score = 0
    for each in islice(records(path, file=file, dialect=dialect), _LOOKED_AT):
        kind = None if isinstance(each, Damage) else dialect.records.get(each.tag)
        if isinstance(each, Damage) or kind is None:
            continue
        score += 1  # a kind that it knows
        if kind.service:
            try:
                usage(each, kind)
            except DecodeError:
                continue
            score += 10
    return score


def _batch(rows: list[Row], rejected: list[Rejected]) -> Batch:
    schema = USAGE.clear_schema
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [pa.array(values, kind) for values, kind in zip(columns, schema.types, strict=True)]
    lengths = Counter(len(imsi) for _, imsi, *_ in rows)
    faults = {f"{IMSI_LENGTH}{length}": count for length, count in sorted(lengths.items())}
    return Batch(USAGE, pa.Table.from_arrays(arrays, schema=schema), rejected, faults)
