"""A record folder less one source: what would be lost without it, and that nobody is accused for the want of it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from cellwarden.foundation.errors import MalformedInputError, UsageError
from cellwarden.ingest.folder import find_inputs
from cellwarden.ingest.mapping import Mapping
from cellwarden.workflows.load import refuse_lake_inside

if TYPE_CHECKING:
    from pathlib import Path

IDENTITY = "identity"
"""Not a table: the column of `access` that says which identity crossed the air, which many cores do not log."""
SOURCES = ("links", "equipment", "payments", IDENTITY, "complaints")
"""What the quality bars leave out in turn (detection.md)."""


def without(records: Path, source: str, out: Path) -> list[str]:
    """Copy a record folder but for one source; return the files that were left out or changed.

    Args:
        records: A record folder; read, never written.
        source: One of SOURCES. Without `identity` every access row says `unknown`, as a probe that does not see it would.
        out: A new folder.

    Raises:
        UsageError: There is no such source, or `out` holds something.
        MalformedInputError: The identities are to go, and an access file is not Parquet.
    """
    if source not in SOURCES:
        raise UsageError(
            f"{source!r} is no source that can be left out", where="--without", fix=f"Say one of {', '.join(SOURCES)}"
        )
    if out.exists() and any(out.iterdir()):
        raise UsageError("this folder is not empty", where=out.name, fix="Choose a new --out, so that nothing is replaced")
    refuse_lake_inside(records, out)
    changed = []
    for each in find_inputs(records, Mapping.identity()).tables:
        if each.table == source:
            changed.append(each.file)
            continue
        copy = out / each.file
        copy.parent.mkdir(parents=True, exist_ok=True)
        if source == IDENTITY and each.table == "access":
            _without_identity(each.path, copy)
            changed.append(each.file)
        else:
            shutil.copyfile(each.path, copy)
    for other in ("operator.toml", "mapping.toml"):
        if (records / other).is_file():
            shutil.copyfile(records / other, out / other)
    return changed


def _without_identity(path: Path, copy: Path) -> None:
    if path.suffix != ".parquet":
        raise MalformedInputError(
            "identities can be left out of Parquet alone",
            where=path.name,
            fix="Write access as Parquet, or leave out another source",
        )
    with pq.ParquetFile(path) as opened:
        schema = opened.schema_arrow
        index = schema.get_field_index(IDENTITY)
        schema = schema.set(index, pa.field(IDENTITY, pa.string()))
        with pq.ParquetWriter(copy, schema, compression="zstd") as written:
            for number in range(opened.num_row_groups):
                rows = opened.read_row_group(number)
                unknown = pa.repeat(pa.scalar("unknown"), rows.num_rows)
                written.write_table(rows.set_column(index, schema.field(index), unknown).cast(schema))
