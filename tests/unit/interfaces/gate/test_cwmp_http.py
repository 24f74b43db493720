"""Units post from addresses of loopback, which stand for the addresses inside their tunnels."""

import functools
import hashlib
import json
import socket
from datetime import timedelta

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from informs import CELL, DEVICE, body_of, envelope, fault_of, hostile, inform
from made_up_units import NOW, certificate, setup, tunnel, unit

from cellwarden.admission.addresses import networks
from cellwarden.admission.policy import Policy
from cellwarden.admission.registry import Registry
from cellwarden.interfaces.gate.cwmp_http import InformListener
from cellwarden.interfaces.gate.http_digest import Digest
from cellwarden.interfaces.gate.tls_peer import CERTIFICATE

FIRST, SECOND = "127.0.0.1", "127.0.0.2"


@pytest.fixture
def post(house, served):
    """Post as the unit whose tunnel has this address inside; return status and content."""
    house.ask(tunnel(1, inner_ip=FIRST))
    listener = InformListener(house, lambda: NOW, gateway="hems", count=house.count)
    with served(listener.application()) as client:

        def post(content, source=FIRST, **options):
            with httpx.Client(
                transport=httpx.HTTPTransport(local_address=source, verify=False), base_url=client.base_url
            ) as unit:
                answer = unit.post("/acs", content=content, **options)
            return answer.status_code, answer.content

        yield post


def counted(house):
    return {key[2]: number for key, number in house.counts.items() if key[:2] == ("adapter", "cwmp")}


def test_a_genuine_unit_is_answered_and_an_empty_post_ends_the_session(post, house):
    status, content = post(inform())
    assert status == 200
    header_id, body = body_of(content)
    assert header_id == "17"
    assert body.tag.endswith("}InformResponse")
    assert post(b"") == (204, b"")
    facts = house.gate.sessions.of_inner(FIRST).facts
    assert (facts.serial, facts.software, facts.cell, facts.source_ip) == ("SN-1", "2.1", 1001, "192.0.2.1")


def test_what_an_inform_has_told_is_known_when_the_unit_sets_up_s1(post, house):
    """A fleet that shares its certificate is bound by line, serial number and eNB id, all three."""
    shared = certificate(1)
    house.enforce(Policy(bound_fleets=frozenset({shared})))
    house.renew(Registry([unit(1), unit(2, certificate=shared)], as_of=NOW))
    early = house.ask(setup(1, inner_ip=FIRST))
    assert early.codes == ("FLEET_UNIT_UNBOUND",)
    assert post(inform())[0] == 200
    assert house.ask(setup(1, inner_ip=FIRST)).allow


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"device": {**DEVICE, "SerialNumber": "SN-2"}, "more": {"Device.DeviceInfo.SerialNumber": None}}, "CONFIG_MISMATCH"),
        ({"more": {f"{CELL}RAN.Common.CellIdentity": "1002"}}, "ENB_ID_NOT_OF_THIS_DEVICE"),
        ({"more": {f"{CELL}EPC.TAC": "8"}}, "TAC_MISMATCH"),
        ({"more": {f"{CELL}EPC.PLMNList.1.PLMNID": "45008"}}, "PLMN_MISMATCH"),
        ({"more": {"Device.FAP.GPS.LockedLatitude": "37600000"}}, "LOCATION_MISMATCH"),
        ({"more": {f"{CELL.replace('1', '2', 1)}RAN.Common.CellIdentity": "1002"}}, "ENB_ID_NOT_OF_THIS_DEVICE"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_unit_that_is_not_what_the_registry_says_is_refused_and_its_tunnel_is_cut(post, house, tmp_path, changes, code):
    cut = []
    house.on_cut(cut.append)
    status, content = post(inform(**changes))
    assert status == 500
    assert fault_of(content) == ("17", 8001)
    assert code.encode() not in content, "the unit is not told which rule"
    assert [session.equipment_id for session in cut] == ["henb1"]
    assert len(house.gate.sessions) == 0
    house.tend()
    rows = (tmp_path / "gate/links" / f"{NOW:%Y-%m-%d}-test.csv").read_text()
    assert f"refused {code}" in rows
    acts = [json.loads(line) for line in (tmp_path / "gate/audit" / f"{NOW:%Y-%m-%d}-test.jsonl").read_text().splitlines()]
    assert [each["act"] for each in acts if each["act"] == "tunnel_cut"] == ["tunnel_cut"]


def test_other_software_is_refused_where_the_policy_says_so_and_told_elsewhere(post, house):
    assert post(inform(more={"Device.DeviceInfo.SoftwareVersion": "9.9"}))[0] == 200
    house.enforce(Policy(software_must_match=True))
    assert len(house.gate.sessions) == 0, "what it told before counts from now on"


def test_a_gate_whose_registry_is_stale_refuses_and_cuts_nobody(post, house):
    house.gate.registry.as_of = NOW.replace(year=2024)
    house.gate.sessions._bonds.clear()
    assert fault_of(post(inform())[1]) == ("17", 8001)
    assert len(house.gate.sessions) == 1


def test_who_comes_through_no_tunnel_is_refused_and_nobody_is_cut(post, house):
    assert fault_of(post(inform(), SECOND)[1]) == ("17", 8001)
    assert house.counts["reason", "CONFIGURATION_TOO_EARLY"] == 1
    assert len(house.gate.sessions) == 1


def test_a_gate_that_does_not_answer_has_the_unit_come_again(served):
    from cellwarden.admission.decisions import unavailable  # noqa: PLC0415

    class Silent:
        def ask(self, facts):
            return unavailable(facts, "silent")

    with served(InformListener(Silent(), lambda: NOW, gateway="hems").application()) as client:
        assert fault_of(client.post("/", content=inform()).content) == ("17", 8005)


@pytest.mark.parametrize("content", [pytest.param(content, id=name) for name, content in hostile()])
def test_what_no_unit_sends_is_turned_away_and_changes_nothing(post, house, content):
    status, answer = post(content)
    assert status in {400, 413}
    assert answer == b""
    assert sum(counted(house).values()) == 1
    assert house.gate.sessions.of_inner(FIRST).facts.serial is None


def test_other_methods_are_not_served(post, house):
    assert fault_of(post(envelope("<cwmp:GetRPCMethods/>", header="<cwmp:ID>5</cwmp:ID>"))[1]) == ("5", 8000)
    assert counted(house) == {"fault_8000": 1}


def test_a_value_that_is_none_is_a_fault(post, house):
    assert fault_of(post(inform(more={f"{CELL}EPC.TAC": "x"}))[1]) == ("17", 8003)
    assert len(house.gate.sessions) == 1


def test_a_body_in_pieces_is_read_and_one_without_end_is_not(post):
    content = inform()
    assert post(iter([content[:100], content[100:]]))[0] == 200
    assert post(b" " * 65536 for _ in range(17))[0] == 413


def test_headers_do_not_say_where_a_unit_is(post):
    assert post(inform(), SECOND, headers={"X-Forwarded-For": FIRST, "Forwarded": f"for={FIRST}"})[0] == 500


def test_with_passwords_a_unit_must_show_its_own(house, served):
    house.ask(tunnel(1, inner_ip=FIRST))
    words = {"00005E-SN-1": "of this test", "00005E-HeNB-SN-2": "another of this test"}
    hashed = {user: hashlib.md5(f"{user}:r:{word}".encode(), usedforsecurity=False).hexdigest() for user, word in words.items()}
    listener = InformListener(house, lambda: NOW, gateway="hems", digest=Digest(hashed, "r", lambda: NOW), count=house.count)
    with served(listener.application()) as client:
        assert client.post("/", content=inform()).status_code == 401
        own = httpx.DigestAuth("00005E-SN-1", words["00005E-SN-1"])
        assert client.post("/", content=inform(), auth=own).status_code == 200
        assert client.post("/", content=b"", auth=own).status_code == 204
        assert client.post("/", content=inform(), auth=httpx.DigestAuth("00005E-SN-1", "guess")).status_code == 401
        other = httpx.DigestAuth("00005E-HeNB-SN-2", words["00005E-HeNB-SN-2"])
        assert fault_of(client.post("/", content=inform(), auth=other).content) == ("17", 8001)
    assert len(house.gate.sessions) == 1


@functools.cache  # a signature is another one each time
def device_certificate(number):
    key = ec.derive_private_key(number, ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"henb{number}")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(number)
    builder = builder.not_valid_before(NOW - timedelta(days=1)).not_valid_after(NOW + timedelta(days=29))
    names = x509.SubjectAlternativeName([x509.DNSName(f"henb{number}.femto.example")])
    return builder.add_extension(names, critical=False).sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


@pytest.mark.parametrize(("number", "expected"), [(1, 200), (2, 500)], ids=["its-own", "of-another"])
def test_outside_of_a_tunnel_a_certificate_says_who_it_is(house, served, number, expected):
    """The listener's server has verified it; see test_tls_peer."""
    shown = device_certificate(number)
    pinned = [hashlib.sha256(device_certificate(each)).hexdigest() for each in (1, 2)]
    line = networks("127.0.0.0/8")
    house.renew(Registry([unit(each, certificate=pinned[each - 1], networks=line) for each in (1, 2)], as_of=NOW))
    application = InformListener(house, lambda: NOW, gateway="hems", suffix=".femto.example").application()

    async def secured(scope, receive, send):
        await application({**scope, CERTIFICATE: shown}, receive, send)

    with served(secured) as client:
        assert client.post("/", content=inform()).status_code == expected
    assert house.counts["reason", "CONFIG_MISMATCH"] == (expected == 500), "another's serial number"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.data())
def test_whatever_is_changed_in_an_inform_lets_nobody_in(post, house, data):
    content = bytearray(inform())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    status, _ = post(bytes(content), SECOND)
    assert status in {204, 400, 500}
    assert len(house.gate.sessions) == 1


def test_a_request_that_is_no_http_harms_nobody(post, served, house):
    listener = InformListener(house, lambda: NOW, gateway="hems")
    with served(listener.application()) as client:
        for octets in (
            b"\0" * 100,
            b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
            b"POST / HTTP/1.1\r\n" + b"a: b\r\n" * 50_000,
        ):
            with socket.create_connection((client.base_url.host, client.base_url.port), timeout=20) as channel:
                try:
                    channel.sendall(octets)
                    channel.recv(1000)
                except OSError:
                    continue
        assert client.post("/", content=inform()).status_code == 200
