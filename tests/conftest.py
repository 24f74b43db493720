"""What many tests share: engines to run on, and where the shared material lies."""

from __future__ import annotations

import getpass
import importlib.util
import itertools
import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

SHARED = Path(__file__).parents[2] / "shared"
"""Beside the checkout; it holds the worked example and the captures, which are never committed."""
IN_CI = bool(os.environ.get("CI"))
ENGINES = ("duckdb", "sail")
"""Every query runs on these every day; tests/contract/test_real_spark.py adds real Spark."""
DATABASES = ("sqlite", "postgresql")
"""A case store works on both; a cluster of PostgreSQL is made for the test run and stopped with it."""
_NUMBERS = itertools.count()
settings.register_profile("daily", derandomize=True, deadline=None)
settings.register_profile("exploring", derandomize=False, deadline=None)
settings.load_profile("exploring" if os.environ.get("CELLWARDEN_EXPLORE") else "daily")
"""Properties are tried on the same examples each day, so that a red run is the change's; `CELLWARDEN_EXPLORE=1` looks for new ones."""


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


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Run a cluster of one's own on loopback, without root; give the URL of its server."""
    tools = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    needed(bool(tools), "PostgreSQL", "apt install postgresql")
    needed(importlib.util.find_spec("psycopg") is not None, "psycopg", "pip install 'cellwarden[postgres]'")
    user = "postgres" if os.geteuid() == 0 else getpass.getuser()  # PostgreSQL refuses to run as root
    place = Path(tempfile.mkdtemp(prefix="cellwarden-postgres-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(*words: str) -> None:
        command = [str(tools[-1] / words[0]), *words[1:]]
        as_user = {"user": user} if os.geteuid() == 0 else {}
        done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False, **as_user)
        assert done.returncode == 0, done.stdout + done.stderr

    if os.geteuid() == 0:
        shutil.chown(place, user)
    run("initdb", "-D", str(place / "data"), "-U", "cellwarden", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    settings = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_connections=30"
    run("pg_ctl", "-D", str(place / "data"), "-l", str(place / "log"), "-w", "-o", settings, "start")
    try:
        yield f"postgresql://cellwarden@127.0.0.1:{port}"
    finally:
        run("pg_ctl", "-D", str(place / "data"), "-m", "immediate", "-w", "stop")
        shutil.rmtree(place, ignore_errors=True)


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Name a database that is empty, of each kind that a case store works on."""
    if request.param == "sqlite":
        return str(tmp_path / "cases.sqlite")
    import psycopg  # noqa: PLC0415 (only where PostgreSQL is)

    server = request.getfixturevalue("postgres")
    name = f"cases_{next(_NUMBERS)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}"
