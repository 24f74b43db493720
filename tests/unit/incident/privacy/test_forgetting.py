"""Forgetting: two agree on this very person, and what is logged names nobody."""

from datetime import timedelta

import pytest

from cellwarden.foundation.errors import RefusedError
from cellwarden.incident.case.requests import Decide
from cellwarden.incident.privacy.forgetting import AskForgetting, BeginForgetting, RecordForgotten, subject_of

PERSON, OTHER = "00000000000000aa", "00000000000000bb"
GONE = {"rows_left": 0, "sealed_octets_left": 0, "rows_removed": 2}


@pytest.fixture
def request_id(response):
    ends = response.clock.at + timedelta(hours=4)
    ask = AskForgetting(case_id="C-1", purpose="the person asked for it", until_at=ends, pseudonym=PERSON)
    return response.do("dho", ask).request_id


def test_a_person_is_forgotten_once_two_agree(response, request_id):
    with pytest.raises(RefusedError, match="not approved"):
        response.do("dho", BeginForgetting(request_id=request_id, pseudonym=PERSON))
    with pytest.raises(RefusedError, match="dho asked for this"):
        response.do("dho", Decide(request_id=request_id, reason="I am sure"))
    response.grant("seo", "dpo")
    response.do("seo", Decide(request_id=request_id, reason="no duty to keep it"))
    response.do("dho", BeginForgetting(request_id=request_id, pseudonym=PERSON))
    done = response.do("dho", RecordForgotten(request_id=request_id, pseudonym=PERSON, proof=GONE))
    assert done.subject_sha256 == subject_of(PERSON)
    assert not any(PERSON in line for line in response.store.log_lines())


def test_the_agreement_is_about_this_person_and_the_proof_about_nothing_left(response, request_id):
    response.grant("seo", "dpo")
    response.do("seo", Decide(request_id=request_id, reason="no duty to keep it"))
    with pytest.raises(RefusedError, match="somebody else"):
        response.do("dho", BeginForgetting(request_id=request_id, pseudonym=OTHER))
    with pytest.raises(RefusedError, match="not begun"):
        response.do("dho", RecordForgotten(request_id=request_id, pseudonym=PERSON, proof=GONE))
    response.do("dho", BeginForgetting(request_id=request_id, pseudonym=PERSON))
    for left in ({"rows_left": 1, "sealed_octets_left": 0}, {"rows_left": 0, "sealed_octets_left": 1}, {}):
        with pytest.raises(RefusedError, match="still knows"):
            response.do("dho", RecordForgotten(request_id=request_id, pseudonym=PERSON, proof=left))
