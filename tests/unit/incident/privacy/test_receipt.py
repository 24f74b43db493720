"""The receipt lists every touch of the directory, each with a proof that it lies in the log."""

from datetime import timedelta

import pytest

from cellwarden.foundation.errors import RefusedError
from cellwarden.incident.case.requests import Decide
from cellwarden.incident.privacy.receipt import is_proven, receipt
from cellwarden.incident.privacy.reveals import AskReveal, OpenIdentifiers

A = "00000000000000aa"


def test_every_reveal_is_on_the_receipt_and_proven(response):
    ends = response.clock.at + timedelta(hours=4)
    request = response.do(
        "cho", AskReveal(case_id="C-1", purpose="call the people touched", until_at=ends, people=(A,))
    ).request_id
    with pytest.raises(RefusedError):
        response.do("cho", OpenIdentifiers(request_id=request, people=(A,), out="early.csv"))
    response.do("seo", Decide(request_id=request, reason="the notice is due"))
    for out in ("first.csv", "second.csv"):
        response.do("cho", OpenIdentifiers(request_id=request, people=(A,), out=out))
    lines = response.store.log_lines()
    found = receipt(lines)
    assert (found["openings"], found["people_in_openings"], found["log_size"]) == (2, 2, len(lines))
    assert [each["number"] for each in found["lines"]] == list(range(len(lines) - 4, len(lines) + 1))
    assert is_proven(found)
    found["lines"][0]["line"] = found["lines"][0]["line"].replace("call", "sell")
    assert not is_proven(found)


def test_a_log_without_reveals_has_an_empty_receipt(response):
    found = receipt(response.store.log_lines())
    assert (found["openings"], found["forgotten"], found["lines"]) == (0, 0, [])
