"""Acts that need a second person: the asker never decides, whatever roles the asker holds."""

import json
from datetime import timedelta

import pytest
from response import START
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from cellwarden.foundation.errors import RefusedError, UsageError
from cellwarden.incident.case import overview
from cellwarden.incident.case.people import Enrol
from cellwarden.incident.case.requests import LONGEST, Ask, Decide, Withdraw, kind_of
from cellwarden.incident.case.token import Token

BLOCK = {"act": "block_cell", "target": "0x12d6871"}


def state(response, request_id):
    with response.store.reading(response.tokens["oh"]) as connection:
        return next(row for row in overview.requests(connection) if row["request_id"] == request_id)


def test_another_person_approves_and_the_log_says_what_exactly(response):
    case_id = response.case()
    asked = response.ask("han", "containment", BLOCK, case_id=case_id)
    event = response.do("kim", Decide(request_id=asked, reason="seen the dry run"))
    row = state(response, asked)
    assert (row["state"], row["asked_by"], row["decided_by"]) == ("approved", "han", "kim")
    assert json.loads(response.store.log_lines()[-1])["content_sha256"] == row["digest"] == event.content_sha256


@pytest.mark.parametrize("who", ["kim", "noh"])
def test_nobody_approves_what_they_asked_even_with_the_right_role(response, who):
    asked = response.ask(who, "containment", BLOCK, case_id=response.case())
    with pytest.raises(RefusedError, match=f"{who} asked for this"):
        response.do(who, Decide(request_id=asked, reason="I am sure"))
    assert state(response, asked)["state"] == "asked"


def test_who_lacks_the_role_does_not_approve(response):
    asked = response.ask("kim", "containment", BLOCK, case_id=response.case())
    with pytest.raises(RefusedError, match="han may not approve_containment"):
        response.do("han", Decide(request_id=asked, reason="looks fine"))


def test_a_request_is_decided_once(response):
    asked = response.ask("han", "containment", BLOCK, case_id=response.case())
    response.do("kim", Decide(request_id=asked, reason="not yet, wait", is_approved=False))
    with pytest.raises(RefusedError, match="refused already"):
        response.do("lee", Decide(request_id=asked, reason="I would say yes"))


def test_an_approval_for_what_was_read_holds_for_nothing_else(response):
    asked = response.ask("han", "containment", BLOCK, case_id=response.case())
    with pytest.raises(RefusedError, match="not what was read"):
        response.do("kim", Decide(request_id=asked, reason="as I read it", digest="0" * 64))


def test_who_still_uses_the_token_that_a_steward_made_approves_nothing(response):
    response.tokens["new"] = Token.made("new")
    response.do("ahn", Enrol(name="new", token_digest=response.tokens["new"].digest))
    response.grant("new", "commander")
    asked = response.ask("han", "containment", BLOCK, case_id=response.case())
    with pytest.raises(RefusedError, match="steward who enrolled you knows your token"):
        response.do("new", Decide(request_id=asked, reason="looks fine"))
    response.renew("new")
    response.do("new", Decide(request_id=asked, reason="looks fine"))


def test_only_the_asker_takes_a_request_back(response):
    asked = response.ask("han", "containment", BLOCK, case_id=response.case())
    with pytest.raises(RefusedError, match="only the asker"):
        response.do("kim", Withdraw(request_id=asked))
    response.do("han", Withdraw(request_id=asked))
    with pytest.raises(RefusedError, match="withdrawn already"):
        response.do("kim", Decide(request_id=asked, reason="too late"))


def test_a_request_past_its_end_is_not_approved(response):
    asked = response.ask("han", "containment", BLOCK, case_id=response.case(), hours=1)
    response.clock.turn(hours=1)
    with pytest.raises(RefusedError, match="over"):
        response.do("kim", Decide(request_id=asked, reason="too late"))


@pytest.mark.parametrize("ends", [START, START + LONGEST + timedelta(seconds=1)])
def test_a_request_has_an_end_that_is_not_far(response, ends):
    command = Ask(kind="containment", purpose="needed for the response", expires_at=ends, case_id=response.case())
    with pytest.raises(UsageError, match="an end at"):
        response.do("kim", command)


def test_a_request_needs_a_purpose_a_known_kind_and_a_case(response):
    with pytest.raises(UsageError, match="belongs to a case"):
        response.ask("kim", "containment", BLOCK)
    with pytest.raises(UsageError, match="no kind of request"):
        kind_of("coffee")


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE request SET state = 'approved', decided_by = asked_by, decided_at = asked_at",
        "UPDATE request SET state = 'approved'",
        "UPDATE request SET asked_by = 'lee'",
        "UPDATE request SET content = '{}'",
        "UPDATE request SET state = 'glass', glass_reason = 'short'",
        "DELETE FROM request",
    ],
)
def test_the_rule_holds_for_an_administrator_with_a_database_client(response, act):
    response.ask("kim", "containment", BLOCK, case_id=response.case())
    engine = create_engine(response.store.url)
    with pytest.raises(DBAPIError), engine.begin() as connection:
        connection.execute(text(f"{act} WHERE kind = 'containment'"))
    engine.dispose()


def test_a_decision_stays_whose_it_is(response):
    asked = response.ask("kim", "containment", BLOCK, case_id=response.case())
    response.do("lee", Decide(request_id=asked, reason="seen the dry run"))
    engine = create_engine(response.store.url)
    with pytest.raises(DBAPIError, match="decided already"), engine.begin() as connection:
        connection.execute(text("UPDATE request SET decided_by = 'noh' WHERE kind = 'containment'"))
    engine.dispose()
