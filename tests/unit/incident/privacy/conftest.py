"""The response team of the case tests, with an open case."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "case"))

from response import TEAM, Response, Turned

from cellwarden.incident.case.store import CaseStore


@pytest.fixture(scope="module")
def made_once(tmp_path_factory):
    path = tmp_path_factory.mktemp("store") / "cases.sqlite"
    made = Response.made(str(path), TEAM)
    made.case()
    made.store.close()
    return path, made.tokens


@pytest.fixture
def response(made_once, tmp_path):
    path, tokens = made_once
    copy = tmp_path / "cases.sqlite"
    copy.write_bytes(path.read_bytes())
    store = CaseStore(str(copy), clock=Turned())
    yield Response(store, store._clock, dict(tokens))
    store.close()
