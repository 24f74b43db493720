"""Roles come from two stewards; no steward makes a second self."""

from datetime import timedelta

import pytest

from cellwarden.foundation.errors import RefusedError, UsageError
from cellwarden.incident.case import overview
from cellwarden.incident.case.cases import OpenCase
from cellwarden.incident.case.people import Enrol, GrantRole, RenewToken, RevokeRole
from cellwarden.incident.case.requests import Ask, Decide
from cellwarden.incident.case.roles import Permission
from cellwarden.incident.case.timeline import RecordEntry
from cellwarden.incident.case.token import Token


def grants(response, name):
    with response.store.reading(response.tokens["ahn"], permission=None) as connection:
        return [row for row in overview.people(connection) if row["name"] == name and row["role"] and not row["revoked_at"]]


def test_an_enrolled_person_may_do_nothing_yet(response):
    response.enrol("yun")
    with pytest.raises(RefusedError, match="yun may not write"):
        response.do("yun", OpenCase(title="mine"))


def test_one_steward_alone_gives_no_role_not_even_to_a_made_up_friend(response):
    response.enrol("friend")
    asked = response.ask("ahn", "grant", {"person": "friend", "role": "commander"})
    with pytest.raises(RefusedError, match="ahn asked for this"):
        response.do("ahn", Decide(request_id=asked, reason="a friend of mine"))
    with pytest.raises(RefusedError, match="asked, not approved"):
        response.do("ahn", GrantRole(request_id=asked))


def test_nobody_approves_a_role_for_themselves(response):
    asked = response.ask("ahn", "grant", {"person": "bae", "role": "commander"})
    response.do("bae", Decide(request_id=asked, reason="I would like that"))
    with pytest.raises(RefusedError, match="bae may not approve a role for bae"):
        response.do("ahn", GrantRole(request_id=asked))


def test_an_approved_role_is_granted_once(response):
    response.enrol("yun")
    asked = response.ask("ahn", "grant", {"person": "yun", "role": "analyst"})
    response.do("bae", Decide(request_id=asked, reason="known to us"))
    granted = response.do("ahn", GrantRole(request_id=asked))
    with pytest.raises(RefusedError, match="granted already"):
        response.do("ahn", GrantRole(request_id=asked))
    response.do("ahn", RevokeRole(grant_id=granted.grant_id))
    with pytest.raises(RefusedError, match="granted already"):
        response.do("bae", GrantRole(request_id=asked))
    assert grants(response, "yun") == []


def test_a_role_for_one_case_holds_there_and_nowhere_else(response):
    first, second = response.case("first case"), response.case("second case")
    response.enrol("yun")
    response.grant("yun", "analyst", case_id=first)
    note = {"happened_at": response.clock.at, "kind": "note", "what": "seen"}
    response.do("yun", RecordEntry(case_id=first, **note))
    with pytest.raises(RefusedError, match=f"yun may not write in {second}"):
        response.do("yun", RecordEntry(case_id=second, **note))


def test_a_role_ends_with_its_time(response):
    response.enrol("yun")
    ends = response.clock.at + timedelta(hours=2)
    command = Ask(
        kind="grant",
        purpose="stands in for the night",
        expires_at=ends,
        content={"person": "yun", "role": "analyst", "until": ends},
    )
    asked = response.do("ahn", command).request_id
    response.do("bae", Decide(request_id=asked, reason="known to us"))
    response.do("ahn", GrantRole(request_id=asked))
    assert Permission.WRITE in response.store.permissions(response.tokens["yun"])
    response.clock.turn(hours=2)
    assert response.store.permissions(response.tokens["yun"]) == frozenset()


def test_the_last_two_stewards_stay(response):
    (only,) = [row["grant_id"] for row in grants(response, "ahn")]
    with pytest.raises(RefusedError, match="keeps two stewards"):
        response.do("ahn", RevokeRole(grant_id=only))
    response.enrol("yun")
    response.grant("yun", "steward")
    response.do("bae", RevokeRole(grant_id=only))
    with pytest.raises(RefusedError, match="taken already"):
        response.do("bae", RevokeRole(grant_id=only))


def test_a_name_is_enrolled_once_and_an_unknown_role_is_refused(response):
    with pytest.raises(UsageError, match="enrolled already"):
        response.do("ahn", Enrol(name="kim", token_digest="0" * 64))
    with pytest.raises(UsageError, match="no role"):
        response.grant("kim", "king")


def test_a_renewed_token_ends_the_old_one(response):
    old, new = response.tokens["kim"], Token.made("kim")
    response.do("kim", RenewToken(token_digest=new.digest))
    with pytest.raises(RefusedError, match="not known"):
        response.store.handle(OpenCase(title="mine"), old)
    response.store.handle(OpenCase(title="mine"), new)
