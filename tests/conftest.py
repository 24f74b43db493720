"""What many tests share: engines to run on, and where the shared material lies."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"
"""Beside the checkout; it holds the worked example and the captures, which are never committed."""
IN_CI = bool(os.environ.get("CI"))
ENGINES = ("duckdb", "sail")
"""Every query runs on these every day; tests/contract/test_real_spark.py adds real Spark."""


def needed(present: bool, what: str, fix: str) -> None:
    """Skip where a part is missing, and say what to install; in CI a missing part is a failure."""
    if present:
        return
    if IN_CI:
        pytest.fail(f"{what} is missing in CI: {fix}")
    pytest.skip(f"{what} is not here: {fix}")


@pytest.fixture(params=ENGINES)
def engine_url(request: pytest.FixtureRequest) -> str:
    """Name an engine that queries must run on."""
    if request.param == "sail":
        needed(importlib.util.find_spec("pysail") is not None, "Sail", "pip install 'cellwarden[sail]'")
    return str(request.param)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of shared material."""
    if not SHARED.is_dir():
        pytest.skip("the shared folder does not lie beside the checkout")
    return SHARED
