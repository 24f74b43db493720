"""`cellwarden decode`: captures to rows, on standard output or into a file that is there as a whole or not at all."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import sys
from typing import TYPE_CHECKING

from cellwarden.foundation.errors import UsageError
from cellwarden.workflows.decode import COLUMNS, decode, schema_of
from cellwarden.workflows.decoded_output import write_csv, write_json, write_parquet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import TextIO

    from cellwarden.workflows.decode import Progress

FORMATS = ("table", "json", "csv", "parquet")
"""What `--json`, `--csv` and `--parquet` choose from; `table` without them."""


def user_links(named: Sequence[str]) -> dict[int, str]:
    """Read `--user-link 150=s1ap`; which numbers and protocols there are is for the decoder to say."""
    links = {}
    for each in named:
        number, _, protocol = each.partition("=")
        if not number.isdigit() or not protocol:
            raise UsageError(f"{each!r} is no user link type", where="--user-link", fix="Write it as 150=s1ap")
        links[int(number)] = protocol
    return links


def run(
    files: Sequence[Path],
    *,
    form: str,
    out: Path | None,
    fields: Sequence[str],
    where: str,
    workers: int,
    links: Mapping[int, str],
    progress: Progress,
) -> int:
    """Decode and write; return the rows written.

    Args:
        files: Captures.
        form: One of `FORMATS`; a table is tab separated, for eyes and pipes.
        out: File to write; None: standard output.
        fields: Columns; none: all.
        where: Condition.
        workers: Processes.
        links: User link types by number.
        progress: Told how far it is.
    """
    schema = schema_of(fields)
    batches = decode(files, fields=fields, where=where, workers=workers, user_links=links, progress=progress)
    if form == "parquet":
        if out is None:
            raise UsageError("Parquet is no text", where="--parquet", fix="Name a file with --out FILE")
        draft = out.with_name(f".{out.name}.draft")
        try:
            rows = write_parquet(batches, schema, draft)
            draft.replace(out)
        finally:
            draft.unlink(missing_ok=True)
        return rows
    with _text(out) as page:
        if form == "json":
            return write_json(batches, page)
        if form == "csv":
            return write_csv(batches, page)
        rows = 0
        page.write("\t".join(schema.names) + "\n")
        for batch in batches:
            lines = io.StringIO()
            write_csv([batch], lines)
            records = list(csv.reader(lines.getvalue().splitlines()))[1:]
            page.writelines("\t".join(value.replace("\t", " ") for value in record) + "\n" for record in records)
            rows += batch.num_rows
        return rows


@contextlib.contextmanager
def _text(out: Path | None) -> Iterator[TextIO]:
    if out is None:
        yield sys.stdout
        return
    draft = out.with_name(f".{out.name}.draft")
    try:
        with draft.open("w", encoding="utf-8", newline="") as page:
            yield page
            page.flush()
            os.fsync(page.fileno())
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)


def column_lines() -> list[str]:
    """Return one line a column: name, type, meaning, clause."""
    return [f"{each.name}\t{each.type}\t{each.meaning}\t{each.element}" for each in COLUMNS]
