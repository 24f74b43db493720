"""NGAP messages as an independent encoder (pycrate) writes them."""

from __future__ import annotations

import functools
import warnings
from typing import Any

from s1_messages import _octets

PLMN = "00101"


@functools.cache
def ng_pdu() -> Any:
    """Return pycrate's NGAP PDU."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pycrate_asn1dir import NGAP  # noqa: PLC0415 (takes a second)
    return NGAP.NGAP_PDU_Descriptions.NGAP_PDU


def _message(procedure: int, kind: str, elements: list[dict[str, Any]]) -> bytes:
    pdu = ng_pdu()
    body = {"procedureCode": procedure, "criticality": "reject", "value": (kind, {"protocolIEs": elements})}
    pdu.set_val(("initiatingMessage", body))
    return bytes(pdu.to_aper())


def _areas(tacs: tuple[int, ...]) -> dict[str, Any]:
    slices = [{"s-NSSAI": {"sST": b"\x01"}}]
    broadcast = [{"pLMNIdentity": _octets(PLMN), "tAISliceSupportList": slices}]
    items = [{"tAC": tac.to_bytes(3), "broadcastPLMNList": broadcast} for tac in tacs]
    return {"id": 102, "criticality": "reject", "value": ("SupportedTAList", items)}


def ng_setup(*, number: int, bits: int = 24, tacs: tuple[int, ...] = (7,)) -> bytes:
    """Return an NG Setup Request of a gNB with an id of so many bits."""
    station = {"pLMNIdentity": _octets(PLMN), "gNB-ID": ("gNB-ID", (number, bits))}
    elements = [
        {"id": 27, "criticality": "reject", "value": ("GlobalRANNodeID", ("globalGNB-ID", station))},
        {"id": 82, "criticality": "ignore", "value": ("RANNodeName", "test")},
        _areas(tacs),
        {"id": 21, "criticality": "ignore", "value": ("PagingDRX", "v128")},
    ]
    return _message(21, "NGSetupRequest", elements)


def ran_configuration_update(*, tacs: tuple[int, ...]) -> bytes:
    """Return a RAN Configuration Update."""
    return _message(35, "RANConfigurationUpdate", [_areas(tacs)])
