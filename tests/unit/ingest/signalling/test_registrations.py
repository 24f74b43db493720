"""Registrations: one row each, whatever is repeated, with cell and protection as far as the capture tells."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from cellwarden.ingest.signalling.context import Contexts
from cellwarden.ingest.signalling.datagrams import Datagram, Tunnels
from cellwarden.ingest.signalling.message import Bearer, Location, Message
from cellwarden.ingest.signalling.reading import events
from cellwarden.ingest.signalling.registrations import Registrations

CAPTURES = Path(__file__).parents[4].parent / "shared" / "captures" / "open5gs"
IMPI = "001010000000001@ims.mnc001.mcc001.3gppnetwork.org"


def request(*, number=1, call="a", cell=True, client="ipsec-3gpp;alg=hmac-md5-96;ealg=null"):
    lines = ["REGISTER sip:x SIP/2.0", f"To: <sip:{IMPI}>", f"Call-ID: {call}", f"CSeq: {number} REGISTER"]
    lines += ["P-Access-Network-Info: 3GPP-E-UTRAN-FDD;utran-cell-id-3gpp=001010001000019B"] if cell else []
    lines += [f"Security-Client: {client}"] if client else []
    return "\r\n".join(lines) + "\r\n\r\n"


def answer(status, *, number=1, call="a", server=""):
    lines = [f"SIP/2.0 {status} x", f"To: <sip:{IMPI}>", f"Call-ID: {call}", f"CSeq: {number} REGISTER"]
    lines += [f"Security-Server: {server}"] if server else []
    return "\r\n".join(lines) + "\r\n\r\n"


def rows(*texts, learn=()):
    registrations = Registrations("f")
    for message in learn:
        registrations.learn(message)
    for frame, text in enumerate(texts, start=1):
        registrations.take(
            Datagram(frame, frame, "10.0.0.1", "10.0.0.2", 5060, 5060, text.encode(), "udp", 31, "192.0.2.1", "192.0.2.9")
        )
    accepted, rejected = [], []
    for batch in registrations.batches(is_last=True):
        accepted += batch.accepted.to_pylist()
        rejected += [(each.row, each.reason.split(":")[0]) for each in batch.rejected]
    return accepted, rejected


def test_a_registration_with_its_challenge_is_one_row():
    accepted, _ = rows(
        request(), request(), answer(100), answer(401), request(number=2), answer(200, number=2), answer(200, number=2)
    )
    assert [(row["procedure"], row["identity"], row["imsi"], row["result"], row["cell"]) for row in accepted] == [
        ("ims_register", "imsi", "001010000000001", "ok", 0x19B)
    ]


def test_a_later_refresh_is_another_row():
    accepted, _ = rows(request(), answer(200), request(number=2), answer(403, number=2))
    assert [row["result"] for row in accepted] == ["ok", "reject"]


@pytest.mark.parametrize(
    ("client", "server", "protection"),
    [
        ("", "", "none"),
        ("ipsec-3gpp;alg=hmac-md5-96;ealg=null", "", "integrity_only"),
        ("ipsec-3gpp;alg=hmac-md5-96;ealg=aes-cbc", "", "encrypted"),
        ("ipsec-3gpp;ealg=null,ipsec-3gpp;ealg=aes-cbc", "", None),
        ("ipsec-3gpp;ealg=null,ipsec-3gpp;ealg=aes-cbc", "ipsec-3gpp;ealg=aes-cbc;q=0.1", "encrypted"),
        ("ipsec-3gpp;ealg=null,ipsec-3gpp;ealg=aes-cbc", "ipsec-3gpp;alg=hmac-sha-1-96", "integrity_only"),
        ("tls", "", "encrypted"),
    ],
)
def test_protection_is_what_was_agreed_on(client, server, protection):
    accepted, _ = rows(request(client=client), answer(401, server=server))
    assert [row["ims_protection"] for row in accepted] == [protection]


def test_without_a_cell_the_bearers_of_the_capture_tell():
    subscriber = SimpleNamespace(imsi="001010000000009", imei="350000000000001")
    context = SimpleNamespace(location=Location("00101", 5, 99), subscriber=subscriber)
    core_end = SimpleNamespace(bearers=[Bearer(6, "192.0.2.200", 31)], is_uplink=False, context=context)
    station_end = SimpleNamespace(bearers=[Bearer(6, "192.0.2.1", 8)], is_uplink=True, context=context)
    assert rows(request(cell=False))[1] == [(1, "cell")]
    accepted, rejected = rows(request(cell=False), learn=[core_end, station_end])
    assert rejected == []
    assert [(row["cell"], row["tac"], row["imsi"], row["imei"]) for row in accepted] == [
        (99, 5, "001010000000001", "350000000000001")
    ]


@pytest.mark.parametrize(
    ("name", "frame", "imsi", "imei", "protection", "result"),
    [
        ("ipsec_reg.pcapng", 279, "001011234567893", "356224104838400", "integrity_only", None),
        ("nonipsec_reg.pcapng", 155, "001011234567895", "867287039522370", "none", "ok"),
    ],
)
def test_real_captures_show_identity_device_cell_and_protection(name, frame, imsi, imei, protection, result):  # noqa: PLR0917
    if not (CAPTURES / name).exists():
        pytest.skip("the shared captures are not beside this checkout")
    registrations, first = Registrations(name), None
    for event in events(CAPTURES / name, Contexts(), user_links={}, tunnels=Tunnels()):
        if isinstance(event, Datagram):
            registrations.take(event)
            first = first or (event.frame if event.payload.startswith(b"REGISTER") else None)
        elif isinstance(event, Message):
            registrations.learn(event)
    (batch,) = registrations.batches(is_last=True)
    (row,) = batch.accepted.to_pylist()
    assert first == frame
    assert (row["imsi"], row["imei"], row["identity"], row["ims_protection"]) == (imsi, imei, "imsi", protection)
    assert (row["plmn"], row["tac"], row["cell"], row["rat"], row["result"]) == ("00101", 1, 0x19B, "lte", result)
    assert batch.rejected == []
