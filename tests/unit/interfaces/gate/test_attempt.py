from dataclasses import fields

import pytest
from made_up_units import NOW, tunnel
from pydantic import ValidationError

from cellwarden.admission.decisions import decide
from cellwarden.admission.facts import Facts, Stage
from cellwarden.admission.registry import Registry
from cellwarden.admission.sessions import Sessions
from cellwarden.interfaces.gate.attempt import Attempt, Verdict, verdict_of


def test_an_attempt_tells_every_fact_but_those_that_are_the_gates_own():
    assert {each.name for each in fields(Facts)} - set(Attempt.model_fields) == {"at", "is_recorded"}


def test_what_is_left_out_is_not_known():
    assert Attempt(stage="tunnel", equipment_id="henb1").facts(NOW) == Facts(stage=Stage.TUNNEL, at=NOW, equipment_id="henb1")


def test_a_time_has_its_zone():
    with pytest.raises(ValidationError):
        Attempt(stage="tunnel", certificate_not_after="2025-01-01T00:00:00")
    assert Attempt(stage="tunnel", certificate_not_after="2025-09-05T21:00:00+09:00").facts(NOW).certificate_not_after == NOW


def test_a_verdict_is_as_it_is_described():
    verdict = verdict_of(decide(Registry(), Sessions(), tunnel(1)))
    assert Verdict.model_validate(verdict, strict=True, extra="forbid").allow is False
    assert verdict["reasons"][0] == "NOT_REGISTERED"
