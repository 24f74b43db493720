"""What was found after an act is written down."""

import json
from datetime import timedelta

import pytest

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.incident.case.requests import Decide
from cellwarden.incident.containment.acts import AskContainment, Contain
from cellwarden.incident.containment.effects import RecordEffect


def test_an_effect_is_logged_for_an_act_that_came_into_force(response):
    command = AskContainment(
        case_id="C-1",
        act="block_serial",
        target={"serial": "FC-1"},
        until_at=response.clock.at + timedelta(hours=5),
        purpose="stop the rogue in the south",
        dry_run={"caught": {"people": 1}},
        deliver_to=("gate",),
    )
    request = response.do("han", command).request_id
    found = RecordEffect(request_id=request, effect={"verdict": "holds"})
    with pytest.raises(MalformedInputError, match="no containment"):
        response.do("han", found)
    response.do("kim", Decide(request_id=request, reason="seen the dry run"))
    response.do("han", Contain(request_id=request))
    response.do("han", found)
    line = json.loads(response.store.log_lines()[-1])
    assert (line["act"], line["request_id"], line["effect"]) == ("effect_measured", request, {"verdict": "holds"})
