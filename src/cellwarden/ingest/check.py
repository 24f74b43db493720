"""What a record folder holds and what is wrong with it, file by file, without keeping its rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from cellwarden.foundation.errors import InputChangedError, MalformedInputError
from cellwarden.ingest.charging.reading import DETECTED, read_charging
from cellwarden.ingest.duplicates import DuplicateCounter
from cellwarden.ingest.folder import find_inputs
from cellwarden.ingest.mapping import Mapping
from cellwarden.ingest.signalling.capture import read_capture
from cellwarden.ingest.tabular import read_layout, read_table, short_imsi
from cellwarden.records.tables import TABLES

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from cellwarden.ingest.folder import InputFile
    from cellwarden.records.batch import Batch

STEADY = ("access", "usage")
"""Tables that have rows in every hour of a working network, so that an hour without any is worth a word. Equipment joins when it joins."""
MAX_GAPS = 10
_HOUR = 3_600_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True, kw_only=True)
class FileCheck:
    """What one file of a record folder holds; `rows` = `accepted` + `rejected`."""

    file: str
    """Path inside the record folder."""
    table: str
    """Empty where the file is of no table and is not read."""
    rows: int = 0
    accepted: int = 0
    rejected: int = 0
    first_at: datetime | None = None
    """First `at` of an accepted row, UTC; None where the table has no `at`."""
    last_at: datetime | None = None
    missing_hours: int = 0
    """Whole UTC hours between first and last without an accepted row; only for `STEADY` tables."""
    gaps: tuple[tuple[datetime, datetime], ...] = ()
    """The first `MAX_GAPS` spells of such hours: from, until (exclusive)."""
    duplicates: int = 0
    """Accepted rows that repeat an earlier one of this file exactly."""
    duplicates_estimated: bool = False
    """Whether that is an estimate, since the file has too many rows to remember."""
    short_imsi: int = 0
    """Accepted rows with an IMSI of fewer digits than is usual in this file."""
    absent_columns: tuple[str, ...] = ()
    """Optional columns that the file does not have."""
    extra_columns: tuple[str, ...] = ()
    """Columns that the contract does not know."""
    reasons: dict[str, int] = field(default_factory=dict)
    """Rejected rows by reason, the most frequent first."""
    problem: str = ""
    """Why the file could not be read to its end; the figures then cover what came before."""


def check(records: Path, mapping: Mapping | None = None) -> list[FileCheck]:
    """Read every table file of a record folder and say what it holds.

    Args:
        records: The record folder.
        mapping: How files and columns are called; None: as in the contract.

    Returns:
        One entry a file, in the order of the path inside, those that are not read last. A file that cannot be read has
        its `problem`; the others are checked all the same.

    Raises:
        MalformedInputError: The folder holds no table.
    """
    mapping = mapping or Mapping.identity()
    inputs = find_inputs(records, mapping)
    return [
        *(check_file(each, mapping) for each in inputs.tables),
        *(check_capture(each) for each in inputs.captures),
        *(check_charging(each) for each in inputs.charging),
        *(FileCheck(file=each, table="") for each in inputs.ignored),
    ]


def check_file(source: InputFile, mapping: Mapping) -> FileCheck:
    """Read one file and say what it holds."""
    result = FileCheck(file=source.file, table=source.table)
    tally = _Tally(result)
    table, ours = TABLES[source.table], mapping.of(source.table)
    try:
        before = source.path.stat()
        where = read_layout(source.path, file=source.file, table=table, mapping=ours)
        result.absent_columns, result.extra_columns = where.absent, where.extra
        for batch in read_table(source.path, file=source.file, table=table, mapping=ours):
            tally.add(batch)
        after = source.path.stat()
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise InputChangedError("changed while it was read", where=source.file, fix="Wait for its writer, then run again")
    except MalformedInputError as error:
        result.problem = str(error)
    except OSError as error:
        result.problem = f"{source.file}: cannot be read ({error.strerror or type(error).__name__}). Check that it may be read."
    tally.finish()
    return result


def check_capture(source: InputFile) -> FileCheck:
    """Read one capture and say how many rows it gives; hours without signalling are not counted, a capture has its own end."""
    result = FileCheck(file=source.file, table="captures")
    tally = _Tally(result)
    try:
        for batch in read_capture(source.path, file=source.file):
            tally.add(batch)
    except MalformedInputError as error:
        result.problem = str(error)
    tally.finish()
    return result


def check_charging(source: InputFile) -> FileCheck:
    """Read one charging file and say how many rows it gives."""
    result = FileCheck(file=source.file, table="charging")
    tally = _Tally(result)
    try:
        for batch in read_charging(source.path, file=source.file, dialect=DETECTED):
            tally.add(batch)
    except MalformedInputError as error:
        result.problem = str(error)
    tally.finish()
    return result


class _Tally:
    """What is remembered of the rows of one file: counts, hours and hashes."""

    def __init__(self, result: FileCheck) -> None:
        self._result = result
        self._reasons: Counter[str] = Counter()
        self._faults: Counter[str] = Counter()
        self._duplicates = DuplicateCounter()
        self._hours = np.zeros(0, np.int64)
        self._span: tuple[int, int] | None = None

    def add(self, batch: Batch) -> None:
        result = self._result
        result.accepted += batch.accepted.num_rows
        result.rejected += len(batch.rejected)
        result.rows += batch.read
        self._reasons.update(each.reason for each in batch.rejected)
        self._faults.update(batch.faults)
        self._duplicates.add(batch.accepted)
        if "at" in batch.accepted.schema.names and batch.accepted.num_rows:
            self._add_times(batch.accepted.column("at"))

    def _add_times(self, at: pa.ChunkedArray) -> None:
        micros = pc.cast(at, "int64").to_numpy()
        low, high = int(micros.min()), int(micros.max())
        self._span = (low, high) if self._span is None else (min(low, self._span[0]), max(high, self._span[1]))
        if self._result.table in STEADY:
            self._hours = np.union1d(self._hours, micros // _HOUR)

    def finish(self) -> None:
        result = self._result
        if self._span is not None:
            result.first_at, result.last_at = (_EPOCH + timedelta(microseconds=micros) for micros in self._span)
        steps = np.diff(self._hours)
        result.missing_hours = int((steps - 1).sum())
        breaks = np.flatnonzero(steps > 1)[:MAX_GAPS].tolist()
        edges = [(int(self._hours[place]) + 1, int(self._hours[place + 1])) for place in breaks]
        result.gaps = tuple((_EPOCH + timedelta(hours=start), _EPOCH + timedelta(hours=end)) for start, end in edges)
        result.duplicates, result.duplicates_estimated = self._duplicates.repeated(), self._duplicates.is_estimate
        result.short_imsi = short_imsi(self._faults)
        result.reasons = dict(sorted(self._reasons.items(), key=lambda each: (-each[1], each[0])))
