"""The route that most requests take: the same answers as the framework's, and nothing that the framework would refuse."""

import asyncio
import json

import httpx
import pytest
from made_up_units import NOW, gate

from cellwarden.foundation.errors import CellwardenError, UsageError
from cellwarden.interfaces.gate.api import api
from cellwarden.interfaces.gate.decision_lane import DecisionLane
from cellwarden.workflows.gate_evidence import GateEvidence
from cellwarden.workflows.gatehouse import Gatehouse

HEADERS = {"Authorization": "Bearer secret", "Content-Type": "application/json"}
SLOW = {**HEADERS, "Content-Type": "application/json; charset=utf-8"}
"""The framework understands this as well; the lane leaves it to the framework."""
TUNNEL = {
    "stage": "tunnel",
    "gateway": "segw",
    "key": "1",
    "equipment_id": "henb1",
    "source_ip": "192.0.2.1",
    "inner_ip": "10.9.0.1",
}
ATTEMPTS = [
    TUNNEL,
    {**TUNNEL, "key": "2", "source_ip": "203.0.113.9"},
    {**TUNNEL, "key": "3", "equipment_id": "nobody"},
    {"stage": "s1_setup", "gateway": "mme", "key": "1", "inner_ip": "10.9.0.1", "cell": 1001, "cell_type": "home", "tacs": [7]},
    {"stage": "certificate", "certificate": "0" * 64},
]


def application(house):
    return DecisionLane(api(house, "secret"), house, "secret")


def asked(house, requests):
    """Send requests of (headers, body) at once; return the answers in their order."""

    async def send():
        transport = httpx.ASGITransport(application(house), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://gate") as client:
            waiting = [client.post("/v1/decisions", headers=headers, content=content) for headers, content in requests]
            return await asyncio.gather(*waiting)

    return asyncio.run(send())


def test_it_answers_as_the_framework_does(tmp_path):
    told = []
    for number, headers in enumerate((HEADERS, SLOW)):
        evidence = GateEvidence(tmp_path / str(number), "test")
        house = Gatehouse(gate(), evidence, lambda: NOW)
        told.append([asked(house, [(headers, json.dumps(each))])[0] for each in ATTEMPTS])
        evidence.close()
    for lane, framework in zip(*told, strict=True):
        assert (lane.status_code, lane.json()) == (framework.status_code, framework.json())
        assert lane.headers["content-type"] == framework.headers["content-type"]
    assert [each.json()["allow"] for each in told[0]] == [True, False, False, True, False]
    assert (tmp_path / "0" / "links").exists()
    for kind in ("links", "audit", "alerts"):
        written = [[path.read_bytes() for path in (tmp_path / name / kind).iterdir()] for name in "01"]
        assert written[0] == written[1], "the same evidence"


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        ({"Content-Type": "application/json"}, json.dumps(TUNNEL), 401),
        ({**HEADERS, "Authorization": "Bearer secre"}, json.dumps(TUNNEL), 401),
        ({**HEADERS, "Authorization": "Basic secret"}, json.dumps(TUNNEL), 401),
        ({**HEADERS, "Content-Type": "text/plain"}, json.dumps(TUNNEL), 422),
        (HEADERS, "", 422),
        (HEADERS, "{", 422),
        (HEADERS, json.dumps({**TUNNEL, "is_recorded": True}), 422),
        (HEADERS, json.dumps({**TUNNEL, "source_port": 65536}), 422),
    ],
)
def test_what_is_not_plainly_a_question_is_answered_by_the_framework_and_decided_by_nobody(house, headers, content, status):
    (answer,) = asked(house, [(headers, content)])
    assert answer.status_code == status
    assert answer.json(), "and says what is wrong"
    assert not house.counts


def test_a_header_that_is_there_twice_is_left_to_the_framework(house):
    twice = [("Authorization", "Bearer wrong"), ("Authorization", "Bearer secret"), ("Content-Type", "application/json")]
    assert asked(house, [(twice, json.dumps(TUNNEL))])[0].status_code == 401, "the first one counts there"


def test_a_body_in_pieces_is_a_question_too(house):
    async def pieces():
        for octet in json.dumps(TUNNEL).encode():
            yield bytes([octet])

    assert asked(house, [(HEADERS, pieces())])[0].json()["allow"] is True


def test_questions_of_one_moment_are_decided_together_and_in_their_order(house, monkeypatch):
    together = []
    ask_all = house.ask_all

    def listening(attempts):
        held = list(attempts)
        together.append([facts.key for facts in held])
        return ask_all(held)

    monkeypatch.setattr(house, "ask_all", listening)
    again = [{**TUNNEL, "key": key, "source_ip": ip} for key, ip in (("1", "192.0.2.1"), ("2", "203.0.113.9"))]
    answers = at_once(application(house), [*again, {**TUNNEL, "key": "3", "equipment_id": "nobody"}])
    assert together == [["1", "2", "3"]]
    assert [each["reasons"] for each in answers] == [
        [],
        ["SOURCE_IP_NOT_INSTALLED_LINE", "DUPLICATE_SESSION"],
        ["NOT_REGISTERED"],
    ]


def at_once(app, attempts):
    """Ask as a server does that has read several connections in one turn of its loop; return what is answered."""

    async def one(attempt):
        told = []

        async def receive():
            return {"type": "http.request", "body": json.dumps(attempt).encode(), "more_body": False}

        async def send(message):
            told.append(message)

        headers = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
        scope = {"type": "http", "method": "POST", "path": "/v1/decisions", "headers": headers, "query_string": b""}
        await app(scope, receive, send)
        return json.loads(told[1]["body"])

    async def run():
        return await asyncio.gather(*map(one, attempts))

    return asyncio.run(run())


@pytest.mark.parametrize(("error", "status"), [(UsageError("why", where="x", fix="y"), 400), (OSError("disk"), 500)])
def test_a_gate_that_fails_lets_nobody_in_and_answers_all_who_wait(house, monkeypatch, error, status):
    def failing(_):
        raise error

    monkeypatch.setattr(house, "ask_all", failing)
    answers = asked(house, [(HEADERS, json.dumps(TUNNEL))] * 3)
    assert [each.status_code for each in answers] == [status] * 3
    if isinstance(error, CellwardenError):
        assert answers[0].json() == {"error": str(error)}


def test_an_empty_token_opens_nothing(house):
    with pytest.raises(UsageError, match="empty"):
        api(house, "")
