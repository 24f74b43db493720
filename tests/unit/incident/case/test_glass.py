"""The broken glass: containment only, with a reason, judged by another person."""

import pytest

from cellwarden.foundation.errors import MalformedInputError, RefusedError
from cellwarden.incident.case.glass import LEAST_REASON, BreakGlass, Review
from cellwarden.incident.case.requests import Decide

REASON = "payments are going out every minute and nobody else is awake"


@pytest.fixture
def asked(response):
    return response.ask("noh", "containment", {"act": "block_cell"}, case_id=response.case())


def test_an_emergency_opens_a_containment_and_another_person_judges_it(response, asked):
    response.do("noh", BreakGlass(request_id=asked, reason=REASON))
    with pytest.raises(RefusedError, match="noh may not review"):
        response.do("noh", Review(request_id=asked, words="I was right of course", was_right=True))
    done = response.do("seo", Review(request_id=asked, words="right, the loss was running", was_right=True))
    assert done.was_right
    with pytest.raises(RefusedError, match="no broken glass waits"):
        response.do("oh", Review(request_id=asked, words="seen once more today", was_right=True))


def test_who_broke_it_does_not_judge_it_even_with_the_role(response):
    asked = response.ask("kim", "containment", {"act": "block_cell"}, case_id=response.case())
    response.do("kim", BreakGlass(request_id=asked, reason=REASON))
    with pytest.raises(RefusedError, match="kim broke this glass"):
        response.do("kim", Review(request_id=asked, words="I was right of course", was_right=True))


def test_no_emergency_opens_a_reveal(response):
    asked = response.ask("kim", "reveal", {"people": []}, case_id=response.case())
    with pytest.raises(RefusedError, match="no emergency opens a reveal"):
        response.do("kim", BreakGlass(request_id=asked, reason=REASON))


def test_a_reason_is_more_than_a_word(response, asked):
    with pytest.raises(MalformedInputError, match="characters"):
        response.do("noh", BreakGlass(request_id=asked, reason="x" * (LEAST_REASON - 1)))


def test_who_breaks_it_is_the_one_who_asked(response, asked):
    with pytest.raises(RefusedError, match="answers for the act"):
        response.do("kim", BreakGlass(request_id=asked, reason=REASON))


def test_a_broken_glass_is_not_approved_afterwards(response, asked):
    response.do("noh", BreakGlass(request_id=asked, reason=REASON))
    with pytest.raises(RefusedError, match="glass already"):
        response.do("kim", Decide(request_id=asked, reason="fine with me"))
