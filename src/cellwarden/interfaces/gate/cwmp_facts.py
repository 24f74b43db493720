"""What a unit tells of itself in an Inform, as facts: serial number, software, and each cell that it is configured for.

A value that it states and that is none refuses the whole Inform: what is not understood must not pass as not known.

References: TR-069 Amendment 6, A.3.3.1; TR-196 Issue 2 (FAPService); TR-262 (FAP.GPS).
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from cellwarden.admission.facts import Facts, Stage
from cellwarden.interfaces.gate.cwmp_messages import INVALID_ARGUMENTS, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from cellwarden.interfaces.gate.cwmp_messages import Inform

_ROOT = r"(?:InternetGatewayDevice|Device)\."
_CELL = re.compile(
    rf"{_ROOT}Services\.FAPService\.(\d{{1,4}})\.CellConfig\.LTE\."
    r"(RAN\.Common\.CellIdentity|EPC\.TAC|EPC\.PLMNList\.\d{1,4}\.PLMNID)"
)
_DEVICE = re.compile(rf"{_ROOT}(DeviceInfo\.SerialNumber|DeviceInfo\.SoftwareVersion|FAP\.GPS\.Locked(?:Latitude|Longitude))")
_DEGREE = 1_000_000
"""GPS parameters are in millionths of a degree."""
_CELL_IDENTITY_BITS, _TAC_BITS = 28, 16
_PLMN = re.compile(r"[0-9]{5,6}")


def facts_of(inform: Inform, *, source_ip: str, at: datetime, gateway: str, cell_type: str) -> tuple[Facts, ...]:
    """Make facts of an Inform, one for each cell that it states; one without a cell if it states none.

    Args:
        inform: What came.
        source_ip: From which address.
        at: When.
        gateway: Name of the management system.
        cell_type: How cell identities of these units split: `home` or `macro`.

    Raises:
        Refused: A value is none, or two contradict each other.
    """
    try:
        return _facts(inform, source_ip=source_ip, at=at, gateway=gateway, cell_type=cell_type)
    except ValueError as error:
        raise Refused(inform.envelope, INVALID_ARGUMENTS) from error


def _facts(inform: Inform, *, source_ip: str, at: datetime, gateway: str, cell_type: str) -> tuple[Facts, ...]:
    device = {found[1]: value for name, value in inform.parameters.items() if (found := _DEVICE.fullmatch(name))}
    if device.get("DeviceInfo.SerialNumber", inform.serial) != inform.serial:
        raise ValueError("two serial numbers")
    place = [_degrees(device.get(f"FAP.GPS.Locked{name}"), most) for name, most in (("Latitude", 90), ("Longitude", 180))]
    if place == [0.0, 0.0]:
        place = [None, None]  # a receiver without a fix, not a unit in the Gulf of Guinea
    cells = _cells(inform) or [(None, None, None)]
    return tuple(
        Facts(
            stage=Stage.INFORM,
            at=at,
            gateway=gateway,
            source_ip=source_ip,
            serial=inform.serial,
            software=device.get("DeviceInfo.SoftwareVersion") or None,
            cell=cell,
            cell_type=cell_type if cell is not None else None,
            plmn=plmn,
            tacs=tacs,
            lat=place[0],
            lon=place[1],
        )
        for cell, plmn, tacs in cells
    )


def _cells(inform: Inform) -> list[tuple[int | None, str | None, tuple[int, ...] | None]]:
    """Read the configuration of each FAPService: cell identity, PLMN and tracking area codes."""
    services = defaultdict[str, dict[str, str]](dict)
    for name, value in inform.parameters.items():
        if value and (found := _CELL.fullmatch(name)):
            services[found[1]][found[2]] = value
    made = list[tuple[int | None, str | None, tuple[int, ...] | None]]()
    for stated in services.values():
        cell, area = stated.get("RAN.Common.CellIdentity"), stated.get("EPC.TAC")
        made.append(
            (
                None if cell is None else _number(cell, _CELL_IDENTITY_BITS),
                _one_plmn(value for name, value in stated.items() if name.endswith(".PLMNID")),
                None if area is None else (_number(area, _TAC_BITS),),
            )
        )
    return made


def _one_plmn(stated: Iterable[str]) -> str | None:
    """Return the PLMN if it is one; a cell that is shared by several has none of its own here."""
    plmns = set(stated)
    if not all(map(_PLMN.fullmatch, plmns)):
        raise ValueError("a PLMN that is none")
    return plmns.pop() if len(plmns) == 1 else None


def _number(text: str, bits: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) < 1 << bits):
        raise ValueError(f"no number of {bits} bits")
    return int(text)


def _degrees(text: str | None, most: int) -> float | None:
    if not text:
        return None
    degrees = int(text) / _DEGREE
    if abs(degrees) > most:
        raise ValueError("no place on earth")
    return degrees
