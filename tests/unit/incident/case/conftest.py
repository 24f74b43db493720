"""A store on each database, with a person of every role; made once a run and copied for each test."""

from __future__ import annotations

import itertools
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from response import Response, Turned

from cellwarden.incident.case.store import CaseStore

_NUMBERS = itertools.count()
_MADE = {}


@pytest.fixture(params=("sqlite", "postgresql"))
def response(request, tmp_path, tmp_path_factory):
    """Give a store with two founders, two commanders, and one person of each other role."""
    is_file = request.param == "sqlite"
    server = "" if is_file else request.getfixturevalue("postgres")
    if request.param not in _MADE:
        url = str(tmp_path_factory.mktemp("store") / "made.sqlite") if is_file else new_database(server, "made_once")
        made = Response.made(url)
        made.store.close()
        _MADE[request.param] = (url, made.tokens)
    template, tokens = _MADE[request.param]
    url = (
        shutil.copy(template, tmp_path / "cases.sqlite")
        if is_file
        else new_database(server, f"copy_{next(_NUMBERS)}", template="made_once")
    )
    clock = Turned()
    store = CaseStore(str(url), clock=clock)
    yield Response(store, clock, dict(tokens))
    store.close()


def new_database(server, name, template="template1"):
    import psycopg  # noqa: PLC0415 (only where PostgreSQL is)

    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return f"{server}/{name}"
