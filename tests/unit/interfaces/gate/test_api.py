import json

import pytest
import schemathesis
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from made_up_units import NOW, gate, later, unit
from openapi_spec_validator import validate
from schemathesis.specs.openapi.checks import positive_data_acceptance

from cellwarden.admission.snapshot import seal, unseal
from cellwarden.interfaces.gate.api import api
from cellwarden.workflows.gate_evidence import GateEvidence
from cellwarden.workflows.gatehouse import Gatehouse
from cellwarden.workflows.registry_view import SealedSource

TOKEN = {"Authorization": "Bearer secret"}
TUNNEL = {
    "stage": "tunnel",
    "gateway": "segw",
    "key": "1",
    "equipment_id": "henb1",
    "source_ip": "192.0.2.1",
    "inner_ip": "10.9.0.1",
}
KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)


@pytest.fixture
def client(house, served):
    with served(api(house, "secret"), headers=TOKEN) as client:
        yield client


def test_a_decision_is_an_answer_with_its_reasons(client):
    assert client.post("/v1/decisions", json=TUNNEL).json()["allow"] is True
    clone = {**TUNNEL, "key": "2", "source_ip": "203.0.113.9"}
    told = client.post("/v1/decisions", json=clone)
    assert (told.status_code, told.json()["allow"]) == (200, False)
    assert told.json()["reasons"] == ["SOURCE_IP_NOT_INSTALLED_LINE", "DUPLICATE_SESSION"]
    assert [each["equipment_id"] for each in client.get("/v1/sessions").json()] == ["henb1"]
    assert client.post("/v1/departures", json={"gateway": "segw", "key": "1"}).status_code == 204
    assert client.get("/v1/sessions", params={"equipment_id": "henb1"}).json() == []


@pytest.mark.parametrize(
    "change",
    [{"is_recorded": True}, {"at": "2025-01-01T00:00:00Z"}, {"stage": "x"}, {"certificate": "AB"}, {"key": "a\nb"},
     {"certificate_not_after": "2025-01-01T00:00:00"}, {"cell": -1}, {"lat": 91}],
)  # fmt: skip
def test_what_is_not_as_the_contract_says_is_refused(client, change):
    assert client.post("/v1/decisions", json={**TUNNEL, **change}).status_code == 422


def test_without_the_token_nothing_is_told_but_health(house, served):
    with served(api(house, "secret")) as stranger:
        assert stranger.get("/v1/health").json()["units"] == 2
        assert stranger.get("/metrics").status_code == 200
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic secret"}):
            assert stranger.post("/v1/decisions", json=TUNNEL, headers=headers).status_code == 401
            assert stranger.get("/v1/sessions", headers=headers).status_code == 401
            assert stranger.get("/v1/blocks", headers=headers).status_code == 401


def test_a_block_cuts_and_is_listed_until_it_is_taken_away(client):
    client.post("/v1/decisions", json=TUNNEL)
    block = {"kind": "network", "value": "192.0.2.0/24", "reason": "case 7", "by": "duty officer"}
    assert client.post("/v1/blocks", json=block).json() == {"cut": 1}
    assert client.get("/v1/blocks").json()[0]["value"] == "192.0.2.0/24"
    assert client.delete("/v1/blocks/network/192.0.2.0/24", params={"by": "duty officer"}).status_code == 204
    assert client.delete("/v1/blocks/network/192.0.2.0/24", params={"by": "duty officer"}).status_code == 404
    assert client.post("/v1/blocks", json={**block, "value": "x"}).status_code == 422


def test_a_sealed_registry_and_its_deltas_are_taken(tmp_path, served):
    evidence = GateEvidence(tmp_path, "test")
    house = Gatehouse(gate(), evidence, lambda: NOW)
    source = SealedSource(tmp_path / "none", KEY.public_key())
    with served(api(house, "secret", lambda content: source.take(content, house, where="upload")), headers=TOKEN) as client:
        client.post("/v1/decisions", json=TUNNEL)
        whole = seal([unit(1)], as_of=later(minutes=1), key=KEY)
        assert client.post("/v1/registry", content=whole).json() == {"cut": 0}
        digest = unseal(whole, KEY.public_key(), where="x").digest
        delta = seal([unit(1, status="deleted")], as_of=later(minutes=2), key=KEY, follows=digest)
        assert client.post("/v1/registry", content=whole[:-1]).status_code == 403
        assert client.post("/v1/registry", content=delta).json() == {"cut": 1}
        assert client.post("/v1/registry", content=delta).status_code == 409, "no delta is played twice"
    evidence.close()


def test_a_gate_that_reads_a_folder_takes_no_registry(client):
    assert client.post("/v1/registry", content=b"").status_code == 409


def test_the_description_is_valid_openapi(house):
    description = api(house, "secret").openapi()
    validate(description)
    assert json.loads(json.dumps(description))["openapi"].startswith("3.1")


def test_no_request_breaks_the_contract(house, served):
    with served(api(house, "secret")) as client:
        conform(schemathesis.openapi.from_url(f"{client.base_url}/openapi.json"))


def conform(schema):

    for operation in schema.get_all_operations():
        checked(operation.ok().as_strategy())


def checked(strategy):
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True)
    @given(strategy)
    def run(case):
        response = case.call(headers=TOKEN, timeout=60)
        # That a value of kind network is a network is no matter of form: a description cannot say it.
        case.validate_response(response, excluded_checks=[positive_data_acceptance])
        assert response.status_code < 500

    run()
