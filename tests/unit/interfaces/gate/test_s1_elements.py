"""pycrate writes, and says what there is to read."""

import contextlib
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellwarden.ingest.signalling.aper import Reader
from cellwarden.ingest.signalling.faults import DecodeError
from cellwarden.interfaces.gate import s1_elements
from cellwarden.interfaces.gate.s1_guard import NGAP, S1AP

pytest.importorskip("pycrate_asn1dir")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pycrate_asn1dir import NGAP as NG
    from pycrate_asn1dir import S1AP as S1

AREAS = [{"tAC": b"\0\7", "broadcastPLMNs": [b"\0\xf1\x10"] * 2}]
UNIT, CORE = ("endpointIPAddress", (0xC0000201, 32)), ("endpointIPAddress", (1, 128))
REMOVED = {"tNLAssociationTransportLayerAddress": UNIT}
CASES = [
    (S1.S1AP_IEs.CSG_IdList, [{"cSG-Id": (5, 27)}], s1_elements.closed_groups),
    (S1.S1AP_IEs.CSG_IdList, [{"cSG-Id": (5, 27)}] * 256, s1_elements.closed_groups),
    *(
        (
            S1.S1AP_IEs.ConnectedengNBList,
            [{"en-gNB-ID": (5, bits), "supportedTAs": AREAS * 2}] * 3,
            s1_elements.connected_stations,
        )
        for bits in (22, 25, 32, 35)
    ),
    (NG.NGAP_IEs.Extended_RANNodeName, {"rANNodeNameVisibleString": "a"}, s1_elements.extended_name),
    (NG.NGAP_IEs.Extended_RANNodeName, {"rANNodeNameUTF8String": "\uae30" * 50}, s1_elements.extended_name),
    (
        NG.NGAP_IEs.Extended_RANNodeName,
        {"rANNodeNameVisibleString": "a" * 150, "rANNodeNameUTF8String": "b"},
        s1_elements.extended_name,
    ),
    (NG.NGAP_IEs.NGRAN_TNLAssociationToRemoveList, [REMOVED] * 32, s1_elements.removed_associations),
    (
        NG.NGAP_IEs.NGRAN_TNLAssociationToRemoveList,
        [REMOVED | {"tNLAssociationTransportLayerAddressAMF": CORE}] * 2,
        s1_elements.removed_associations,
    ),
]


@pytest.mark.parametrize(("kind", "value", "read"), CASES)
def test_an_element_is_read_to_its_end_and_no_further(kind, value, read):
    kind.set_val(value)
    content = kind.to_aper()
    reader, longer = Reader(content), Reader(content + b"\0")
    read(reader)
    assert reader.is_spent
    read(longer)
    assert not longer.is_spent
    with pytest.raises(DecodeError):
        read(Reader(content[:-1]))


@pytest.mark.parametrize("read", {**s1_elements.S1AP, **s1_elements.NGAP}.values())
@given(content=st.binary(max_size=60))
def test_nothing_but_a_fault_comes_of_octets_that_are_none(read, content):
    with contextlib.suppress(DecodeError, IndexError):  # the guard takes both for the same
        read(Reader(content))


@pytest.mark.parametrize(
    ("dialect", "sets"),
    [
        (S1AP, [S1.S1AP_PDU_Contents.S1SetupRequestIEs, S1.S1AP_PDU_Contents.ENBConfigurationUpdateIEs]),
        (NGAP, [NG.NGAP_PDU_Contents.NGSetupRequestIEs, NG.NGAP_PDU_Contents.RANConfigurationUpdateIEs]),
    ],
    ids=["s1ap", "ngap"],
)
def test_every_element_of_the_specification_is_measured(dialect, sets):
    known = {each["id"] for elements in sets for each in elements.get_val().root}
    assert known == {int.from_bytes(dialect.name), *dialect.choices, *dialect.asked, *dialect.beside}
