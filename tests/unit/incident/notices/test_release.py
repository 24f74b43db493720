import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "case"))

from response import Response

from cellwarden.foundation.errors import RefusedError
from cellwarden.incident.case.requests import Decide
from cellwarden.incident.notices.release import Release

CONTENT = {"what": "notices", "sha256": "a" * 64}


@pytest.fixture
def team(tmp_path):
    response = Response.made(str(tmp_path / "cases.sqlite"))
    yield response
    response.store.close()


def asked(team, who="han"):
    return team.ask(who, "notice", CONTENT, case_id=team.case())


def test_an_approved_round_goes_and_the_log_says_which(team):
    request = asked(team)
    team.do("seo", Decide(request_id=request, reason="read and agreed"))
    event = team.do("han", Release(request_id=request, what="notices", sha256="a" * 64))
    assert (event.act, event.sha256) == ("released", "a" * 64)


@pytest.mark.parametrize(
    ("who", "decides", "sha256", "what"),
    [
        pytest.param("han", None, "a" * 64, "not approved", id="nobody approved"),
        pytest.param("han", "seo", "b" * 64, "another content", id="another round"),
        pytest.param("oh", "seo", "a" * 64, "oh", id="an auditor sends nothing"),
    ],
)
def test_nothing_else_goes(team, who, decides, sha256, what):
    request = asked(team)
    if decides:
        team.do(decides, Decide(request_id=request, reason="read and agreed"))
    with pytest.raises(RefusedError, match=what):
        team.do(who, Release(request_id=request, what="notices", sha256=sha256))


def test_nobody_approves_their_own_round(team):
    request = asked(team, who="kim")
    with pytest.raises(RefusedError, match="asked for this"):
        team.do("kim", Decide(request_id=request, reason="I agree with myself"))
