"""An act: asked with its dry run, agreed by another, in force until its end, lifted only by two."""

import json
from datetime import timedelta

import pytest
from response import START
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from cellwarden.foundation.errors import MalformedInputError, RefusedError, UsageError
from cellwarden.incident.case.glass import BreakGlass
from cellwarden.incident.case.requests import Decide
from cellwarden.incident.containment.acts import (
    LONGEST_GLASS,
    AskContainment,
    AskLifting,
    Contain,
    ExpireContainments,
    Lift,
    containments,
)
from cellwarden.incident.containment.deliveries import deliveries

REASON = "payments are going out every minute and nobody else is awake"
TARGET = {"cell_type": "home", "cell": 1001}


def ask(response, who="han", *, hours=48, to=("gate", "field"), **changes):
    facts = {
        "case_id": "C-1",
        "act": "block_cell",
        "target": TARGET,
        "until_at": response.clock.at + timedelta(hours=hours),
        "purpose": "stop the rogue in the south",
        "dry_run": {"caught": {"people": 30}, "hurt": {"people": 2}},
        "deliver_to": to,
    }
    return response.do(who, AskContainment(**{**facts, **changes})).request_id


def agreed(response, **how):
    request = ask(response, **how)
    response.do("kim", Decide(request_id=request, reason="seen the dry run"))
    return request


def due(response, request):
    with response.store.reading(response.tokens["oh"]) as connection:
        return [(row["step"], row["target"], row["state"]) for row in deliveries(connection, request)]


def state(response):
    with response.store.reading(response.tokens["oh"]) as connection:
        return {row["request_id"]: row["state"] for row in containments(connection, "C-1")}


def test_an_agreed_act_comes_into_force_and_leaves_what_is_to_be_sent(response):
    request = agreed(response)
    done = response.do("han", Contain(request_id=request))
    assert (done.containment, done.is_glass, done.until_at) == ("block_cell", False, START + timedelta(hours=48))
    assert due(response, request) == [("apply", "field", "due"), ("apply", "gate", "due")]
    with response.store.reading(response.tokens["oh"]) as connection:
        message = json.loads(deliveries(connection, request)[0]["message"])
    assert message["block"] == {"kind": "cell", "value": "home:1001"}


def test_without_agreement_nothing_comes_into_force(response):
    with pytest.raises(RefusedError, match="asked, not approved"):
        response.do("kim", Contain(request_id=ask(response, "kim")))
    assert state(response) == {}


def test_an_act_comes_into_force_once(response):
    request = agreed(response)
    response.do("han", Contain(request_id=request))
    with pytest.raises(RefusedError, match="in force, or was"):
        response.do("han", Contain(request_id=request))


def test_an_agreement_that_is_over_is_of_no_use(response):
    request = agreed(response, hours=1)
    response.clock.turn(hours=1)
    with pytest.raises(RefusedError, match="over"):
        response.do("han", Contain(request_id=request))


def test_an_act_is_asked_with_its_dry_run_its_receiver_and_a_target_that_can_be_read(response):
    with pytest.raises(UsageError, match="without its dry run"):
        ask(response, dry_run={})
    with pytest.raises(UsageError, match="reaches nobody"):
        ask(response, to=())
    with pytest.raises(MalformedInputError, match="block_cell"):
        ask(response, target={"cell": 1001})


def test_what_was_agreed_is_what_is_sent_the_people_included(response):
    request = ask(response, act="list_usim_swap", target={"grades": ["imsi"]}, people=("00000000000000b2", "00000000000000a1"))
    response.do("kim", Decide(request_id=request, reason="seen the dry run"))
    response.do("han", Contain(request_id=request))
    with response.store.reading(response.tokens["oh"]) as connection:
        message = json.loads(deliveries(connection, request)[0]["message"])
    assert message["people"] == ["00000000000000a1", "00000000000000b2"]
    assert message["block"] is None


def test_an_act_ends_at_its_end_and_is_undone_everywhere(response):
    request = agreed(response)
    response.do("han", Contain(request_id=request))
    response.clock.turn(hours=48, seconds=-1)
    assert response.do("oh", ExpireContainments()).expired == ()
    response.clock.turn(seconds=1)
    assert response.do("oh", ExpireContainments()).expired == (request,)
    assert state(response) == {request: "expired"}
    assert [step for step, *_ in due(response, request)] == ["apply", "apply", "undo", "undo"]


def test_lifting_early_takes_two_as_well(response):
    request = agreed(response)
    response.do("han", Contain(request_id=request))
    lifting = response.do("noh", AskLifting(case_id="C-1", lifts=request, purpose="the household is back")).request_id
    with pytest.raises(RefusedError, match="noh asked for this"):
        response.do("noh", Decide(request_id=lifting, reason="I know them"))
    with pytest.raises(RefusedError, match="not approved"):
        response.do("noh", Lift(request_id=lifting))
    response.do("lee", Decide(request_id=lifting, reason="I called them"))
    assert response.do("noh", Lift(request_id=lifting)).lifted == request
    assert state(response) == {request: "lifted"}
    with pytest.raises(RefusedError, match="lifted already"):
        response.do("noh", Lift(request_id=lifting))


def test_only_an_act_in_force_is_lifted(response):
    with pytest.raises(MalformedInputError, match="no containment"):
        response.do("noh", AskLifting(case_id="C-1", lifts=agreed(response), purpose="the household is back"))


def test_a_broken_glass_is_short_and_told_to_those_who_could_have_agreed(response):
    request = ask(response, "noh", hours=72)
    response.do("noh", BreakGlass(request_id=request, reason=REASON))
    done = response.do("noh", Contain(request_id=request))
    assert (done.is_glass, done.until_at) == (True, START + LONGEST_GLASS)
    with response.store.reading(response.tokens["oh"]) as connection:
        told = json.loads(deliveries(connection, request)[-1]["message"])
    assert (told["broken_by"], told["to"], told["reason"]) == ("noh", ["kim", "lee"], REASON)
    assert due(response, request)[-1][:2] == ("tell", "notify")


def test_the_database_refuses_to_call_an_act_lifted_without_a_request(response):
    response.do("han", Contain(request_id=agreed(response)))
    engine = create_engine(response.store.url)
    with pytest.raises(IntegrityError, match="lifted_by_request"), engine.begin() as connection:
        connection.execute(text("UPDATE containment SET state = 'lifted'"))
    engine.dispose()
