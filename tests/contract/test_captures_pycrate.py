"""The real captures against pycrate: a second opinion on every S1AP, NGAP and NAS message, octets in and values out.

pycrate decodes whole messages or none, so it may refuse one that ours reads in part; in these captures it refuses no PDU.
"""

from __future__ import annotations

import importlib.util
import os
import warnings
from functools import cache
from pathlib import Path

import pytest

from cellwarden.ingest.signalling.courses import course_of
from cellwarden.ingest.signalling.decoding import decode
from cellwarden.ingest.signalling.faults import DecodeError
from cellwarden.ingest.signalling.frames import frames
from cellwarden.ingest.signalling.identities import plmn_of
from cellwarden.ingest.signalling.internet import SCTP, Internet
from cellwarden.ingest.signalling.layouts import BOOKS
from cellwarden.ingest.signalling.message import Nas
from cellwarden.ingest.signalling.nas_5gs import read as read_5gs
from cellwarden.ingest.signalling.nas_eps import read as read_eps
from cellwarden.ingest.signalling.sctp import Closed, Sctp

HERE = Path(__file__).parent
spec = importlib.util.spec_from_file_location("captures_for_pycrate", HERE / "test_captures.py")
oracle = importlib.util.module_from_spec(spec)
spec.loader.exec_module(oracle)
GROUPS = ("radioNetwork", "transport", "nas", "protocol", "misc")


@cache
def pycrate():
    """Return the decoders: PDU by protocol, NAS by direction and system."""
    if importlib.util.find_spec("pycrate_asn1dir") is None:
        if os.environ.get("CI"):
            pytest.fail("CI must compare with pycrate")
        pytest.skip("compares with pycrate: pip install pycrate")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pycrate_asn1dir import NGAP, S1AP  # noqa: PLC0415 (takes a second, and is optional)
        from pycrate_mobile.NAS import parse_NAS_MO, parse_NAS_MT  # noqa: PLC0415
        from pycrate_mobile.NAS5G import parse_NAS5G  # noqa: PLC0415
    return S1AP.S1AP_PDU_Descriptions.S1AP_PDU, NGAP.NGAP_PDU_Descriptions.NGAP_PDU, parse_NAS_MO, parse_NAS_MT, parse_NAS5G


def pdus(name):
    """Yield (protocol, route, octets) of every message of a capture."""
    internet, sctp = Internet(), Sctp()
    for frame in frames(oracle.capture(name)):
        packet = internet.packet(frame)
        if packet is None or packet.protocol != SCTP:
            continue
        for event in sctp.messages(packet):
            if not isinstance(event, Closed):
                yield event.protocol, event.route, event.data


def nas_of(value):
    """Yield every NAS message in a decoded value, in its order."""
    if isinstance(value, tuple) and len(value) == 2 and value[0] == "NAS-PDU":
        yield value[1]
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from nas_of(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name in {"nAS-PDU", "pDUSessionNAS-PDU"} and isinstance(item, bytes):
                yield item
            else:
                yield from nas_of(item)


def theirs_of(value):
    """Return what pycrate tells of a message, under the names of ours."""
    kind, body = value
    told = {"kind": kind, "procedure": body["procedureCode"], "nas_pdus": tuple(nas_of(body["value"]))}
    for element in body["value"][1].get("protocolIEs", ()):
        name, content = element["value"]
        if name in _READERS:
            told |= _READERS[name](content)
    return told


def _eci(content):
    return {"cell": content["cell-ID"][0]}


def _tai(content):
    return {"tac": int.from_bytes(content["tAC"]), "plmn": plmn_of(content["pLMNidentity"])}


def _nr_location(content):
    kind, place = content
    if kind != "userLocationInformationNR":
        return {}
    tai = place["tAI"]
    cell = place["nR-CGI"]["nRCellIdentity"][0]
    return {"cell": cell, "tac": int.from_bytes(tai["tAC"]), "plmn": plmn_of(tai["pLMNIdentity"])}


def _pair(content):
    choice, pair = content
    if choice == "uE-S1AP-ID-pair":
        return {"core_id": pair["mME-UE-S1AP-ID"], "ran_id": pair["eNB-UE-S1AP-ID"]}
    if choice == "uE-NGAP-ID-pair":
        return {"core_id": pair["aMF-UE-NGAP-ID"], "ran_id": pair["rAN-UE-NGAP-ID"]}
    return {}


def _enb(content):
    return {"station": content["eNB-ID"][1], "station_plmn": plmn_of(content["pLMNidentity"])}


def _gnb(content):
    choice, node = content
    if choice != "globalGNB-ID":
        return {}
    return {"station": node["gNB-ID"][1], "station_plmn": plmn_of(node["pLMNIdentity"])}


def _both(content, first, second):
    return {"algorithms": (content[first][0], content[second][0])}


_READERS = {
    "MME-UE-S1AP-ID": lambda content: {"core_id": content},
    "AMF-UE-NGAP-ID": lambda content: {"core_id": content},
    "ENB-UE-S1AP-ID": lambda content: {"ran_id": content},
    "RAN-UE-NGAP-ID": lambda content: {"ran_id": content},
    "UE-S1AP-IDs": _pair,
    "UE-NGAP-IDs": _pair,
    "TAI": _tai,
    "EUTRAN-CGI": _eci,
    "UserLocationInformation": _nr_location,
    "Cause": lambda content: {"cause_group": GROUPS.index(content[0])} if content[0] in GROUPS else {},
    "Global-ENB-ID": _enb,
    "GlobalRANNodeID": _gnb,
    "ENBname": lambda content: {"name": content},
    "RANNodeName": lambda content: {"name": content},
    "MMEname": lambda content: {"core_name": content},
    "AMFName": lambda content: {"core_name": content},
    "RelativeMMECapacity": lambda content: {"capacity": content},
    "RelativeAMFCapacity": lambda content: {"capacity": content},
    "S-TMSI": lambda content: {"temporary": f"{content['mMEC'].hex()}-{content['m-TMSI'].hex()}"},
    "FiveG-S-TMSI": lambda content: {
        "temporary": f"{content['aMFSetID'][0] << 6 | content['aMFPointer'][0]:04x}-{content['fiveG-TMSI'].hex()}"
    },
    "CSG-IdList": lambda content: {"csg_ids": tuple(each["cSG-Id"][0] for each in content)},
}
"""By ASN.1 type."""


def ours_of(message):
    """Return the same of our own message."""
    place, station = message.location, message.station
    told = {
        "kind": message.kind,
        "procedure": message.procedure,
        "nas_pdus": message.nas_pdus,
        "core_id": message.core_id,
        "ran_id": message.ran_id,
        "cell": place and place.cell,
        "tac": place and place.tac,
        "plmn": place and place.plmn,
        "cause_group": message.cause and message.cause[0],
        "station": station and (station.value, station.bits),
        "station_plmn": station and station.plmn,
    }
    return told | {name: getattr(message, name) for name in ("name", "core_name", "capacity", "temporary", "csg_ids")}


def nas_theirs(value, told=None):
    """Return what pycrate tells of a NAS message: types, causes, algorithms, permanent identities; headers inside out."""
    told = {} if told is None else told
    for name, item in value.items():
        if name in {"EMMHeader", "5GMMHeader"}:
            told["type"] = item["Type"]
        elif name in {"EMMCause", "5GMMCause"}:
            told["cause"] = item[name]
        elif name == "NASSecAlgo" and "CiphAlgo" in item.get("NASSecAlgo", {}):
            told |= {"ciphering": item["NASSecAlgo"]["CiphAlgo"], "integrity": item["NASSecAlgo"]["IntegAlgo"]}
        elif name in {"MAC", "Seqn"}:
            told[name] = item
        elif name in {"EPSID", "ID", "5GSID"} and isinstance(item, dict):
            identity = item.get(name, {})
            if isinstance(identity, dict) and "Type" in identity:
                told["identity"] = identity["Type"]
        elif name.startswith(("EMM", "5GMM")) and isinstance(item, dict) and name not in {"EMMHeaderSec", "5GMMHeaderSec"}:
            nas_theirs(item, told)
    return told


def nas_ours(protocol, octets, *, uplink):
    """Return the same of our own reading, every message taken as null-ciphered as pycrate takes it."""
    nas = Nas("eps" if protocol == "s1ap" else "5gs", uplink, 0)
    (read_eps if protocol == "s1ap" else read_5gs)(nas, octets, 0, False)
    return {
        "type": nas.type,
        "cause": nas.cause,
        "ciphering": nas.ciphering,
        "integrity": nas.integrity,
        "MAC": nas.authentication_code,
        "Seqn": nas.sequence,
        "identity": nas.identity and nas.identity.code,
    }


NAMES = [name for name in oracle.FILES if "rayhunter" not in name]


@pytest.mark.parametrize("name", NAMES)
def test_every_message_equals_pycrate(name):
    s1ap, ngap, *_ = pycrate()
    compared, refused, wrong = 0, 0, []
    for protocol, route, octets in pdus(name):
        asn1 = s1ap if protocol == "s1ap" else ngap
        try:
            asn1.from_aper(octets)
            theirs = theirs_of(asn1.get_val())
        except Exception:  # noqa: BLE001 (pycrate raises whatever it likes)
            refused += 1
            continue
        mine = ours_of(decode(1, 0, route, BOOKS[protocol], octets))
        compared += 1
        wrong += [(field, mine[field], value) for field, value in theirs.items() if mine[field] != value]
    assert compared
    assert wrong == []
    assert refused == 0


@pytest.mark.parametrize("name", NAMES)
def test_every_nas_message_equals_pycrate(name):
    *_, from_phone, from_core, of_5g = pycrate()
    compared, wrong = 0, []
    for protocol, route, octets in pdus(name):
        message = decode(1, 0, route, BOOKS[protocol], octets)
        course = course_of(protocol, message.kind, message.procedure)
        uplink = course.is_uplink if route.is_uplink is None else route.is_uplink
        for pdu in message.nas_pdus:
            value, fault = (of_5g if protocol == "ngap" else from_phone if uplink else from_core)(pdu)
            if fault:
                continue
            try:
                theirs = nas_theirs(value.get_val_d())
            except AttributeError:
                continue  # some elements of pycrate have no values to give
            try:
                mine = nas_ours(protocol, pdu, uplink=uplink)
            except (DecodeError, IndexError):
                continue  # what we refuse is held against tshark, with reasons
            compared += 1
            wrong += [(field, mine[field], each) for field, each in theirs.items() if mine[field] != each]
    assert wrong == []
    assert compared or "uecapability" in name  # nothing but setups and radio capabilities in that one
