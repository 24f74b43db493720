"""The made-up records of the detectors, and the response team of the case tests with an open case."""

import sys
from pathlib import Path

import pytest

UNIT = Path(__file__).parents[2]
sys.path[:0] = [str(UNIT / "detect"), str(UNIT / "incident" / "case")]

from made_up_records import engines, room  # noqa: E402, F401 (fixtures; found by the path above)
from response import Response, Turned  # noqa: E402

from cellwarden.incident.case.store import CaseStore  # noqa: E402
from cellwarden.incident.containment import acts  # noqa: E402, F401 (its table is made with the store)

TEAM = {"kim": "commander", "lee": "commander", "han": "analyst", "noh": "network", "seo": "counsel", "oh": "auditor"}


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
