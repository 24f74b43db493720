"""Spark: any PySpark session, be it a local one, a cluster, Spark Connect, or Sail (Spark Connect without a JVM)."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from cellwarden.engines.port import Engine, EngineError, told
from cellwarden.foundation.errors import MissingPartError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from pathlib import Path

SETTINGS = {
    # DuckDB and Arrow write times without zone: Spark must read them as the UTC they are.
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "false",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}


_SESSION_S = 30 * 86_400
"""Seconds without a query after which Sail ends a session."""
_CONNECT_MODE = ("SPARK_CONNECT_MODE_ENABLED", "SPARK_REMOTE", "SPARK_LOCAL_REMOTE")
"""PySpark sets these for good once a process has opened a Connect session; a classic one then refuses to open."""


class SparkEngine(Engine):
    """The same verbs over a PySpark session."""

    def __init__(self, scratch: Path, session: Any, *, name: str, close: Callable[[], None]) -> None:
        """Wrap a session.

        Args:
            scratch: Folder that driver and workers both see.
            session: A PySpark session of any kind.
            name: As `--engine` calls it.
            close: Ends what was started for this engine.
        """
        super().__init__(scratch)
        self.name = name
        self._session = session
        self._close = close
        self._written = 0

    def _name_files(self, name: str, files: Sequence[Path]) -> None:
        with _told():
            self._session.read.parquet(*map(str, files)).createOrReplaceTempView(name)

    def _materialise(self, name: str, sql: str) -> None:
        # Writing breaks the lineage: Spark would otherwise compute a step again for each step that reads it.
        self._written += 1
        folder = self.scratch / f"step-{self._written}-{name}"
        with _told():
            rows = self._session.sql(sql)
            rows.write.mode("overwrite").parquet(str(folder))
            if not any(folder.glob("*.parquet")):  # Sail writes no file for no rows, and with it loses the schema
                folder.mkdir(exist_ok=True)
                pq.write_table(rows.limit(0).toArrow(), folder / "empty.parquet")
            self._session.read.parquet(str(folder)).createOrReplaceTempView(name)

    def _batches(self, sql: str) -> Generator[pa.RecordBatch, None, None]:
        with _told():
            table = self._session.sql(sql).toArrow()
        yield from table.to_batches() or [pa.RecordBatch.from_pylist([], schema=table.schema)]

    def close(self) -> None:
        """End the session."""
        self._close()


class _told:  # noqa: N801 (reads as a verb where it stands)
    """Turn whatever Spark throws into one line of ours: its own carries plans, and plans carry literals."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if error is not None and isinstance(error, Exception):
            raise EngineError(told("Spark", error)) from error


def open_spark(scratch: Path, url: str) -> SparkEngine:
    """Open Spark by URL.

    Args:
        scratch: Folder that driver and workers both see.
        url: `sail` (in this process), `spark` (local), `spark://HOST:PORT`, `local[N]`, `yarn`, or `sc://HOST:PORT`.

    Raises:
        MissingPartError: The extra that the URL needs is not installed.
    """
    try:
        if url == "sail":
            return _open_sail(scratch)
        from pyspark.sql import SparkSession  # noqa: PLC0415 (an extra: absent from most machines)
    except ImportError as error:
        extra = "sail" if url == "sail" else "spark"
        raise MissingPartError(
            f"the engine {url} is not installed", where="--engine", fix=f"Install cellwarden[{extra}]"
        ) from error
    logging.getLogger("SQLQueryContextLogger").disabled = True  # it prints failed queries to stderr, literals and all
    for variable in _CONNECT_MODE:
        os.environ.pop(variable, None)
    builder = SparkSession.builder.appName("cellwarden")
    builder = builder.remote(url) if url.startswith("sc://") else builder.master("local[*]" if url == "spark" else url)
    for key, value in SETTINGS.items():
        builder = builder.config(key, value)
    if not url.startswith("sc://"):
        builder = builder.config("spark.sql.warehouse.dir", str(scratch / "warehouse"))
        builder = builder.config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", "8")
        builder = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
    with _told():
        session = builder.create() if url.startswith("sc://") else builder.getOrCreate()
    return SparkEngine(scratch, session, name=url, close=session.stop)


def _open_sail(scratch: Path) -> SparkEngine:
    from pysail.spark import SparkConnectServer  # noqa: PLC0415 (an extra)
    from pyspark.sql import SparkSession  # noqa: PLC0415 (an extra)

    # A session that nothing is asked of for five minutes would be gone; ours lasts as long as its engine.
    os.environ.setdefault("SAIL_SPARK__SESSION_TIMEOUT_SECS", str(_SESSION_S))
    server = SparkConnectServer(ip="127.0.0.1", port=0)
    server.start(background=True)
    _, port = server.listening_address
    # A session of its own: one that is shared would die with the first engine that closes.
    session = SparkSession.builder.remote(f"sc://127.0.0.1:{port}").create()
    session.conf.set("spark.sql.session.timeZone", "UTC")

    def close() -> None:
        session.stop()
        server.stop()

    return SparkEngine(scratch, session, name="sail", close=close)
