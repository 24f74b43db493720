"""What IMS texts say about cell and identity."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellwarden.ingest.signalling.ims import AccessNetwork, access_network, imsi_of, msisdn_of

NOTHING = AccessNetwork(None, None, None, None)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("3GPP-E-UTRAN-FDD; utran-cell-id-3gpp=001010001000019B", AccessNetwork("lte", "00101", 1, 0x19B)),
        ("3GPP-E-UTRAN-TDD;utran-cell-id-3gpp=4500060001000019b", AccessNetwork("lte", "450006", 1, 0x19B)),
        ('3GPP-E-UTRAN;utran-cell-id-3gpp="001010001000019B";network-provided', AccessNetwork("lte", "00101", 1, 0x19B)),
        ("3gpp-nr-tdd;utran-cell-id-3gpp=45008000001123456789", AccessNetwork("nr", "45008", 1, 0x123456789)),
        ("3GPP-GERAN;cgi-3gpp=4500800020003", AccessNetwork("geran", "45008", 2, 3)),
        ("3GPP-UTRAN-FDD;utran-cell-id-3gpp=4500800020000003", AccessNetwork("utra", "45008", 2, 3)),
        ("IEEE-802.11;i-wlan-node-id=001122334455", NOTHING),
        ("3GPP-E-UTRAN-FDD", AccessNetwork("lte", None, None, None)),
        ("3GPP-E-UTRAN-FDD;utran-cell-id-3gpp=12", AccessNetwork("lte", None, None, None)),
        ("", NOTHING),
    ],
)
def test_access_networks(header, expected):
    assert access_network(header) == expected


@pytest.mark.parametrize(
    ("identity", "imsi"),
    [
        ("001010000000001@ims.mnc001.mcc001.3gppnetwork.org", "001010000000001"),
        ("sip:001010000000001@ims.mnc001.mcc001.3gppnetwork.org", "001010000000001"),
        ("001010000000001@ims.mnc001.mcc450.3gppnetwork.org", None),
        ("alice@ims.mnc001.mcc001.3gppnetwork.org", None),
        ("001010000000001@example.org", None),
        ("001010000000001", None),
        ("", None),
    ],
)
def test_identities_made_from_an_imsi(identity, imsi):
    assert imsi_of(identity) == imsi


@pytest.mark.parametrize(
    ("identity", "number"),
    [
        ("tel:+82-10-1234-5678", "821012345678"),
        ("<tel:821012345678>", "821012345678"),
        ("sip:+821012345678@ims.example;user=phone", "821012345678"),
        ("sip:001010000000001@ims.mnc001.mcc001.3gppnetwork.org", None),
        ("sip:alice@example", None),
    ],
)
def test_telephone_numbers(identity, number):
    assert msisdn_of(identity) == number


@given(st.text(max_size=300))
def test_no_text_raises(text):
    access_network(text)
    imsi_of(text)
    msisdn_of(text)
