"""The one place that picks an engine."""

from __future__ import annotations

import contextlib
import shutil
from typing import TYPE_CHECKING

from cellwarden.engines.duckdb_engine import DuckDBEngine
from cellwarden.engines.spark_engine import open_spark
from cellwarden.foundation.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cellwarden.engines.port import Engine

_SPARK = ("sail", "spark", "yarn")


@contextlib.contextmanager
def opened_engine(url: str, scratch: Path, *, memory: str = "1536MB") -> Iterator[Engine]:
    """Open an engine over a scratch folder, which is emptied before and after.

    Args:
        url: `duckdb`, `sail`, `spark`, `local[N]`, `spark://HOST:PORT`, `sc://HOST:PORT` or `yarn`.
        scratch: A folder of this run alone.
        memory: What DuckDB may hold; Spark has its own settings.
    """
    shutil.rmtree(scratch, ignore_errors=True)
    engine: Engine
    if url == "duckdb":
        engine = DuckDBEngine(scratch, memory=memory)
    elif url in _SPARK or url.startswith(("spark://", "sc://", "local[")):
        engine = open_spark(scratch, url)
    else:
        raise UsageError(
            f"{url!r} is no engine", where="--engine", fix="Say duckdb, sail, spark, spark://HOST:PORT or sc://HOST:PORT"
        )
    try:
        yield engine
    finally:
        engine.close()
        shutil.rmtree(scratch, ignore_errors=True)
