"""DuckDB: the engine in the process, for a laptop or a server."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from cellwarden.engines.port import ROW_GROUP, Engine, EngineError, told

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence
    from pathlib import Path


class DuckDBEngine(Engine):
    """One in-memory DuckDB; what does not fit spills into the scratch folder."""

    name = "duckdb"

    def __init__(self, scratch: Path, *, memory: str = "2GB", threads: int | None = None, spill_max: str = "100GB") -> None:
        """Open it.

        Args:
            scratch: Folder for spilled and materialised rows.
            memory: What DuckDB may hold; the process needs about as much again for Arrow and Python.
            threads: Worker threads; None: as many as the machine has.
            spill_max: Bound of the spill. DuckDB's own default is nearly the whole disk.
        """
        super().__init__(scratch)
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory,
            "temp_directory": str(scratch / "spill"),
            "max_temp_directory_size": spill_max,
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        if threads:
            config["threads"] = threads
        self._db = duckdb.connect(config=config)
        self._db.sql("SET TimeZone = 'UTC'")
        self._db.sql("SET enable_progress_bar = false")  # it goes to standard output, where `--json` promises nothing else

    def _name_files(self, name: str, files: Sequence[Path]) -> None:
        listed = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
        self._run(f"DROP TABLE IF EXISTS {name}", quiet=True)
        self._run(f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM read_parquet([{listed}], hive_partitioning = false)")

    def _materialise(self, name: str, sql: str) -> None:
        self._run(f"DROP VIEW IF EXISTS {name}", quiet=True)
        self._run(f"CREATE OR REPLACE TABLE {name} AS {sql}")

    def _run(self, sql: str, *, quiet: bool = False) -> None:
        with _told(is_quiet=quiet):
            self._db.sql(sql)

    def _batches(self, sql: str) -> Generator[pa.RecordBatch, None, None]:
        with _told(), self._db.sql(sql).to_arrow_reader(ROW_GROUP) as reader:
            empty = True
            for batch in reader:
                empty = False
                yield batch
            if empty:
                yield pa.RecordBatch.from_pylist([], schema=reader.schema)

    def close(self) -> None:
        """Close the database; spilled rows go with the scratch folder."""
        self._db.close()


@contextlib.contextmanager
def _told(*, is_quiet: bool = False) -> Iterator[None]:
    """Turn what DuckDB throws into errors of ours.

    Args:
        is_quiet: Let `DROP TABLE x` pass where x is a view, and the reverse: the name is free for the other kind afterwards.
    """
    try:
        yield
    except duckdb.CatalogException as error:
        if not is_quiet:
            raise EngineError(told("DuckDB", error)) from error
    except duckdb.Error as error:
        raise EngineError(told("DuckDB", error)) from error
    except RuntimeError as error:
        if "interrupted" in str(error):  # Ctrl-C while a query ran: DuckDB swallows the interruption itself
            raise KeyboardInterrupt from error
        raise
