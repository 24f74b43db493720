"""From the records to a block at the gate, its proof, and its end: the tutorial's rogue is contained."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cellwarden.foundation.errors import MalformedInputError, RefusedError, UsageError
from cellwarden.incident.case.cases import OpenCase
from cellwarden.incident.case.people import Enrol, GrantRole, RenewToken
from cellwarden.incident.case.requests import Ask, Decide
from cellwarden.incident.case.store import CaseStore
from cellwarden.incident.case.token import Token
from cellwarden.incident.containment.targets import BlockListTarget, FileTarget, read_block_list
from cellwarden.lake.store import Lake
from cellwarden.workflows import contain
from cellwarden.workflows.investigate import Request, investigate
from cellwarden.workflows.respond import Desk

RECORDS = Path(__file__).parents[3] / "docs/tutorial/records"
ROGUE = {"cell_type": "home", "cell": "700001"}


class Clock:
    def __init__(self):
        self.at = datetime(2025, 8, 5, 12, 0, tzinfo=UTC)

    def __call__(self):
        return self.at


@pytest.fixture(scope="module")
def investigated(tmp_path_factory):
    folder = tmp_path_factory.mktemp("investigated")
    investigate(Request(records=RECORDS, out=folder / "result"), clock=Clock())
    return folder


@pytest.fixture
def desks(tmp_path):
    """Give two founders' desks who both command, and their clock."""
    clock = Clock()
    store = CaseStore(str(tmp_path / "cases.sqlite"), clock=clock)
    tokens = {token.name: token for token in store.make(("ahn", "bae"))}
    for name in tuple(tokens):
        own = Token.made(name)
        store.handle(RenewToken(token_digest=own.digest), tokens[name])
        tokens[name] = own
    for name in ("kim", "lee"):
        tokens[name] = Token.made(name)
        store.handle(Enrol(name=name, token_digest=tokens[name].digest), tokens["ahn"])
        own = Token.made(name)
        store.handle(RenewToken(token_digest=own.digest), tokens[name])
        tokens[name] = own
        asked = Ask(
            kind="grant",
            purpose="leads the response",
            expires_at=clock() + timedelta(days=1),
            content={"person": name, "role": "commander"},
        )
        request = store.handle(asked, tokens["ahn"]).request_id
        store.handle(Decide(request_id=request, reason="known to us"), tokens["bae"])
        store.handle(GrantRole(request_id=request), tokens["ahn"])
    kim, lee = (Desk(store=store, me=tokens[name], now=clock) for name in ("kim", "lee"))
    kim.do(OpenCase(title="the tutorial's rogue"))
    yield kim, lee, clock
    store.close()


@pytest.fixture
def lake(investigated):
    return Lake(investigated / "result.lake")


def asked(kim, lake, investigated, **how):
    tried = contain.dry_run(lake, investigated / "result", "block_cell", ROGUE)
    facts = {"case_id": "C-1", "act": "block_cell", "target": ROGUE, "purpose": "stop the rogue", "deliver_to": ("gate",)}
    return contain.ask(kim, tried, until_at=kim.now() + timedelta(hours=12), **{**facts, **how}).request_id


def test_a_dry_run_catches_the_people_of_the_census(lake, investigated):
    tried = contain.dry_run(lake, investigated / "result", "block_cell", ROGUE)
    assert tried.shown["caught"]["people"] == 5
    assert tried.shown["missing_sources"] == []
    assert tried.shown["window"] == {"from": "2025-08-05T10:00:00Z", "to": "2025-08-05T12:50:00Z"}


@pytest.mark.parametrize(
    ("act", "target", "seen"),
    [
        ("restrict_payments", {"channel": "ars"}, lambda shown: shown["caught"][0]["amount"] == 480000),
        ("list_usim_swap", {"grades": "imsi"}, lambda shown: shown["people"] == 2),
        ("recover_dormant", {"silent_days": "1"}, lambda shown: shown["units"] == 0),
        ("block_source", {"network": "192.0.2.12/32"}, lambda shown: shown["presences"] == 1),
    ],
)
def test_every_question_has_its_dry_run(lake, investigated, act, target, seen):
    tried = contain.dry_run(lake, investigated / "result", act, target)
    assert seen(tried.shown), tried.shown
    assert len(tried.people) == (2 if act == "list_usim_swap" else 0)


def test_from_ask_to_gate_to_proof_to_end(desks, lake, investigated, tmp_path):
    kim, lee, clock = desks
    targets = {"gate": BlockListTarget(tmp_path / "blocks.json")}
    request = asked(kim, lake, investigated)
    with pytest.raises(RefusedError):
        contain.contain(kim, request, targets)
    lee.do(Decide(request_id=request, reason="seen the dry run"))
    assert [event.act for event in contain.contain(kim, request, targets)] == ["contained", "delivered"]
    assert [block["value"] for block in read_block_list(tmp_path / "blocks.json")] == ["home:700001"]
    assert contain.measure_effect(kim, lake, request)["verdict"] == "holds"
    clock.at += timedelta(hours=11)
    assert not contain.has_expired(kim)
    clock.at += timedelta(hours=1)
    assert contain.has_expired(kim)


def test_a_block_that_did_not_work_is_seen_in_the_records(desks, lake, investigated, tmp_path):
    """The macro cells' rows go on after 12:00; a cell that is on the air later than its block makes it fail."""
    kim, lee, _ = desks
    busy = {"cell_type": "home", "cell": "700003"}
    request = asked(kim, lake, investigated, target=busy)
    lee.do(Decide(request_id=request, reason="seen the dry run"))
    contain.contain(kim, request, {"gate": FileTarget(tmp_path / "work.jsonl")})
    found = contain.measure_effect(kim, lake, request)
    assert (found["verdict"], found["last_touch_at"]) == ("fails", "2025-08-05T12:40:00Z")
    assert json.loads(kim.store.log_lines()[-1])["effect"] == found


@pytest.mark.parametrize(
    ("act", "target", "expected"),
    [
        ("restrict_payments", {"channel": "ars"}, {"verdict": "holds", "payments_after": 1, "approved_after": 0}),
        ("restrict_payments", {"category": "books"}, {"verdict": "fails", "approved_after": 1, "people_after": 1}),
        (
            "force_reauthentication",
            {"grades": "imsi"},
            {"verdict": "fails", "people": 2, "secured_after": 0, "new_guti": "cannot_tell"},
        ),
        ("list_usim_swap", {"grades": "imsi"}, {"verdict": "cannot_tell", "people": 2, "without_number": 2}),
        ("recover_dormant", {"silent_days": "1"}, {"verdict": "not_yet", "units": 0}),
    ],
)
def test_every_act_has_its_proof(desks, investigated, act, target, expected):
    """The tutorial's records end fifty minutes after the act, and its register of subscribers names no numbers."""
    kim, lee, _ = desks
    lake = Lake(investigated / "result.lake")
    tried = contain.dry_run(lake, investigated / "result", act, target)
    request = contain.ask(
        kim, tried, case_id="C-1", act=act, target=target, until_at=kim.now() + timedelta(hours=12), purpose="stop the rogue", deliver_to=("desk",)
    ).request_id  # fmt: skip
    lee.do(Decide(request_id=request, reason="seen the dry run"))
    contain.contain(kim, request, {"desk": FileTarget(investigated / "work.jsonl")})
    found = contain.measure_effect(kim, lake, request)
    assert {name: found[name] for name in expected} == expected
    assert found["act"] == act
    assert json.loads(kim.store.log_lines()[-1])["effect"] == found


def test_an_effect_is_asked_of_a_block_that_came_into_force(desks, lake, investigated):
    kim, _, _ = desks
    with pytest.raises(UsageError, match="no such act"):
        contain.measure_effect(kim, lake, asked(kim, lake, investigated))


def test_a_result_with_real_identifiers_does_not_go_into_a_request(lake, investigated, tmp_path):
    fake = tmp_path / "revealed"
    fake.mkdir()
    (fake / "manifest.json").write_text('{"revealed": true}')
    with pytest.raises(RefusedError, match="real identifiers"):
        contain.dry_run(lake, fake, "block_cell", ROGUE)
    with pytest.raises(MalformedInputError, match="no result folder"):
        contain.dry_run(lake, tmp_path, "block_cell", ROGUE)
