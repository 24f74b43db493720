"""S1AP messages as an independent encoder (pycrate) writes them."""

from __future__ import annotations

import functools
import warnings
from typing import Any

from cellwarden.ingest.signalling.identities import plmn_of


@functools.cache
def _pdu() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pycrate_asn1dir import S1AP  # noqa: PLC0415 (takes a second)
    return S1AP.S1AP_PDU_Descriptions.S1AP_PDU


def _octets(plmn: str) -> bytes:
    mcc, mnc = plmn[:3], plmn[3:].ljust(3, "f")
    octets = bytes.fromhex(f"{mcc[1]}{mcc[0]}{mnc[2]}{mcc[2]}{mnc[1]}{mnc[0]}")
    assert plmn_of(octets) == plmn
    return octets


def _message(procedure: int, kind: str, elements: list[dict[str, Any]], criticality: str = "reject") -> bytes:
    pdu = _pdu()
    body = {"procedureCode": procedure, "criticality": criticality, "value": (kind, {"protocolIEs": elements})}
    pdu.set_val(("initiatingMessage", body))
    return bytes(pdu.to_aper())


def _areas(tacs: tuple[int, ...], plmn: str) -> dict[str, Any]:
    items = [{"tAC": tac.to_bytes(2), "broadcastPLMNs": [_octets(plmn)]} for tac in tacs]
    return {"id": 64, "criticality": "reject", "value": ("SupportedTAs", items)}


def setup(
    *, cell: int, tacs: tuple[int, ...] = (7,), plmn: str = "00101", home: bool = True, extra: tuple[Any, ...] = ()
) -> bytes:
    """Return an S1 Setup Request."""
    identity = ("homeENB-ID", (cell, 28)) if home else ("macroENB-ID", (cell, 20))
    station = {"pLMNidentity": _octets(plmn), "eNB-ID": identity}
    elements = [
        {"id": 59, "criticality": "reject", "value": ("Global-ENB-ID", station)},
        {"id": 60, "criticality": "ignore", "value": ("ENBname", "test")},
        _areas(tacs, plmn),
        {"id": 137, "criticality": "ignore", "value": ("PagingDRX", "v128")},
        *extra,
    ]
    return _message(17, "S1SetupRequest", elements)


def configuration_update(*, tacs: tuple[int, ...]) -> bytes:
    """Return an eNB Configuration Update."""
    return _message(29, "ENBConfigurationUpdate", [_areas(tacs, "00101")])


def uplink(number: int) -> bytes:
    """Return an Uplink NAS Transport that holds a number, and differs in length from its neighbours."""
    nas = bytes([7, 0x62]) + number.to_bytes(4) + bytes(number % 97)
    cgi = {"pLMNidentity": _octets("00101"), "cell-ID": (1001, 28)}
    elements = [
        {"id": 0, "criticality": "reject", "value": ("MME-UE-S1AP-ID", number)},
        {"id": 8, "criticality": "reject", "value": ("ENB-UE-S1AP-ID", number)},
        {"id": 26, "criticality": "reject", "value": ("NAS-PDU", nas)},
        {"id": 100, "criticality": "ignore", "value": ("EUTRAN-CGI", cgi)},
        {"id": 67, "criticality": "ignore", "value": ("TAI", {"pLMNidentity": _octets("00101"), "tAC": (7).to_bytes(2)})},
    ]
    return _message(13, "UplinkNASTransport", elements, "ignore")
