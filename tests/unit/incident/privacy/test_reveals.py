"""A reveal: purpose, another person, the asker alone, the people that were agreed, and an end."""

import json
from datetime import timedelta

import pytest

from cellwarden.foundation.errors import MalformedInputError, RefusedError, UsageError
from cellwarden.incident.case.requests import Decide
from cellwarden.incident.privacy.reveals import AskReveal, OpenIdentifiers, digest_of

A, B, C = "00000000000000aa", "00000000000000bb", "00000000000000cc"


def asked(response, who="cho", **what):
    facts = {"case_id": "C-1", "purpose": "call the people touched", "until_at": response.clock.at + timedelta(hours=4)}
    return response.do(who, AskReveal(**facts, **(what or {"people": (A, B)}))).request_id


def agreed(response, **how):
    request = asked(response, **how)
    response.do("seo", Decide(request_id=request, reason="the notice is due"))
    return request


def opened(response, request, people, who="cho"):
    return response.do(who, OpenIdentifiers(request_id=request, people=people, out="calls.csv"))


def test_an_agreed_reveal_is_opened_and_logged_without_the_pseudonyms_of_the_opening(response):
    request = agreed(response)
    done = opened(response, request, (B, A, A))
    line = json.loads(response.store.log_lines()[-1])
    assert (line["act"], line["by"], line["people"], line["out"]) == ("identifiers_opened", "cho", 2, "calls.csv")
    assert done.people_sha256 == digest_of([A, B])
    assert A not in response.store.log_lines()[-1]


def test_nothing_is_opened_without_agreement_or_past_its_end(response):
    with pytest.raises(RefusedError, match="asked, not approved"):
        opened(response, asked(response), (A,))
    request = agreed(response)
    response.clock.turn(hours=4)
    with pytest.raises(RefusedError, match="over"):
        opened(response, request, (A,))


def test_only_people_that_were_agreed_are_opened(response):
    with pytest.raises(RefusedError, match="1 of 2 people were not agreed"):
        opened(response, agreed(response), (A, C))
    with pytest.raises(MalformedInputError, match="nobody"):
        opened(response, agreed(response), ())


def test_an_investigation_opens_as_many_as_were_agreed(response):
    request = agreed(response, most_people=2)
    opened(response, request, (A, C))
    with pytest.raises(RefusedError, match="3 people, where 2 were agreed"):
        opened(response, request, (A, B, C))


def test_who_leads_the_case_may_ask_and_does_not_see(response):
    request = agreed(response, who="kim")
    with pytest.raises(RefusedError, match="kim may not see_identifiers"):
        opened(response, request, (A,), who="kim")
    with pytest.raises(RefusedError, match="somebody else asked"):
        opened(response, request, (A,), who="dho")


def test_the_privacy_officer_does_not_agree_to_an_own_reveal(response):
    request = asked(response, who="dho")
    with pytest.raises(RefusedError, match="dho asked for this"):
        response.do("dho", Decide(request_id=request, reason="I need it"))


@pytest.mark.parametrize("what", [{"people": ()}, {"people": (A,), "most_people": 3}, {"most_people": 0}])
def test_a_reveal_names_people_or_a_number(response, what):
    with pytest.raises(UsageError):
        asked(response, **what)
