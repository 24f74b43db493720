"""REGISTER in clear: fields folded, compact or repeated, over UDP and in pieces over TCP."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cellwarden.ingest.signalling.datagrams import Datagram
from cellwarden.ingest.signalling.sip import MAX_MESSAGE, Sip, register

IMPI = "001010000000001@ims.mnc001.mcc001.3gppnetwork.org"
REQUEST = (
    "REGISTER sip:ims.mnc001.mcc001.3gppnetwork.org SIP/2.0\r\n"
    f"From: <sip:{IMPI}>;tag=1\r\nTo: <sip:{IMPI}>\r\nCall-ID: abc@10.0.0.1\r\nCSeq: 7 REGISTER\r\n"
    'Contact: <sip:10.0.0.1:5060>;+sip.instance="<urn:gsma:imei:35622410-483840-0>"\r\n'
    f'Authorization: Digest uri="sip:x",username="{IMPI}",nonce=""\r\n'
    "Security-Client: ipsec-3gpp;prot=esp;alg=hmac-sha-1-96;ealg=null\r\n"
    "P-Access-Network-Info: 3GPP-E-UTRAN-FDD;utran-cell-id-3gpp=001010001000019B\r\n"
    "Content-Length: 0\r\n\r\n"
)
ANSWER = (
    "SIP/2.0 401 Unauthorized\r\n"
    f"t: <sip:{IMPI}>\r\nf: <sip:{IMPI}>;tag=1\r\ni: abc@10.0.0.1\r\nCSeq: 7 REGISTER\r\n"
    "Security-Server: ipsec-3gpp;q=0.2;alg=hmac-md5-96;ealg=aes-cbc, ipsec-3gpp;q=0.1;alg=hmac-md5-96\r\nl: 0\r\n\r\n"
)


def datagram(payload, protocol="udp", source="10.0.0.1"):
    return Datagram(1, 0, source, "10.0.0.2", 5060, 5060, payload, protocol, 7, "192.0.2.1", "192.0.2.2")


def test_a_request_shows_who_and_where():
    found = register(REQUEST.encode())
    assert (found.status, found.call_id, found.sequence) == (None, "abc@10.0.0.1", 7)
    assert (found.imsi, found.imei, found.msisdn) == ("001010000000001", "356224104838400", None)
    assert (found.private_identity, found.public_identity) == (IMPI, f"sip:{IMPI}")
    assert (found.access.plmn, found.access.tac, found.access.cell) == ("00101", 1, 0x19B)
    assert found.chosen.protection == "integrity_only"


def test_an_answer_in_compact_form_shows_what_was_chosen():
    found = register(ANSWER.encode())
    assert (found.status, found.call_id, found.sequence, found.imsi) == (401, "abc@10.0.0.1", 7, "001010000000001")
    assert [(each.integrity, each.encryption) for each in found.server] == [("hmac-md5-96", "aes-cbc"), ("hmac-md5-96", None)]
    assert found.chosen.protection == "encrypted"
    assert found.server[1].protection == "integrity_only"


def test_folded_lines_bare_line_feeds_and_any_case_are_read():
    folded = REQUEST.replace("Contact: <sip:10.0.0.1:5060>;", "CONTACT:\r\n <sip:10.0.0.1:5060>;\r\n\t")
    assert register(folded.encode()) == register(REQUEST.encode())
    assert register(REQUEST.replace("\r\n", "\n").encode()) == register(REQUEST.encode())


def test_a_phone_number_is_read_where_it_is_shown():
    shown = ANSWER.replace("401 Unauthorized", "200 OK").replace(
        "l: 0", "P-Associated-URI: <sip:alice@example>, <tel:+821012345678>\r\nl: 0"
    )
    assert register(shown.encode()).msisdn == "821012345678"


@pytest.mark.parametrize(
    "text",
    [
        REQUEST.replace("REGISTER", "INVITE"),
        ANSWER.replace("7 REGISTER", "7 INVITE"),
        REQUEST.replace("SIP/2.0", "HTTP/1.1"),
        REQUEST.replace("CSeq", "X"),
        "REGISTER",
        "SIP/2.0 999 no\r\n\r\n",
        "",
    ],
)
def test_other_messages_are_none(text):
    assert register(text.encode()) is None


def test_an_imsi_of_another_network_than_the_domain_is_not_believed():
    assert register(REQUEST.replace("mcc001", "mcc450").encode()).imsi is None


@pytest.mark.parametrize("step", [1, 7, 100, 5000])
def test_messages_in_a_stream_are_found_in_whatever_pieces_they_come(step):
    sip, found = Sip(), []
    stream = (
        REQUEST + "\r\n\r\n" + ANSWER + REQUEST.replace("Content-Length: 0\r\n\r\n", "Content-Length: 3\r\n\r\nabc") + ANSWER
    ).encode()
    for place in range(0, len(stream), step):
        found += sip.take(datagram(stream[place : place + step], "tcp"))
    assert [each.status for each in found] == [None, 401, None, 401]


def test_a_stream_that_never_ends_a_message_is_given_up():
    sip = Sip()
    for _ in range(3 * MAX_MESSAGE // 1000):
        assert list(sip.take(datagram(b"REGISTER sip:a SIP/2.0\r\n" + b"a" * 1000, "tcp"))) == []
    assert sum(map(len, sip._begun.values())) <= MAX_MESSAGE


def test_many_streams_do_not_fill_the_memory():
    sip = Sip()
    for number in range(5000):
        list(sip.take(datagram(b"REGISTER sip:a SIP/2.0\r\n", "tcp", source=str(number))))
    assert len(sip._begun) <= 4096


@settings(max_examples=300)
@given(data=st.data())
def test_broken_messages_raise_nothing(data):
    octets = bytearray(data.draw(st.sampled_from([REQUEST, ANSWER])).encode())
    for _ in range(data.draw(st.integers(0, 8))):
        place = data.draw(st.integers(0, len(octets) - 1))
        octets[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
        if not octets:
            return
    register(bytes(octets))
    sip = Sip()
    list(sip.take(datagram(bytes(octets), "tcp")))
    list(sip.take(datagram(bytes(octets))))
