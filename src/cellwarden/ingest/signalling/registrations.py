"""Registrations in the IMS to rows of `access`: one row a registration, from its first REGISTER to its final answer.

The same REGISTER is captured several times (on the way to the gateway, between gateways, retransmitted); Call-ID and
CSeq tell. The cell is the one that the phone names, else that of the tunnel's phone, known from the bearers that S1AP and
NGAP set up.

References: TS 24.229, 5.1.1.2 (registration), 5.1.1.4 (again under the same Call-ID); TS 33.203, 7.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from cellwarden.ingest.signalling.bounds import make_room
from cellwarden.ingest.signalling.sip import Sip
from cellwarden.records.batch import Batch
from cellwarden.records.rejected import Rejected
from cellwarden.records.tables import ACCESS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cellwarden.ingest.signalling.context import UeContext
    from cellwarden.ingest.signalling.datagrams import Datagram
    from cellwarden.ingest.signalling.message import Location, Message
    from cellwarden.ingest.signalling.sip import Register

MAX_TUNNELS = 200_000
"""Tunnel ends remembered; the oldest give way."""
MAX_OPEN = 50_000
"""Registrations that wait for an answer; the oldest goes out as it is."""
_CHALLENGE = 401


@dataclass(slots=True, eq=False)
class _Registration:
    """One registration in the making."""

    frame: int
    values: dict[str, object]
    sequence: int
    """CSeq of the latest request."""
    context: UeContext | None
    is_over: bool = False


class Registrations:
    """Collects rows from the datagrams of one capture."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._sip = Sip()
        self._tunnels: dict[tuple[str, str, int], UeContext] = {}
        """By receiver and TEID (`to`), or by base station and the core's TEID (`from`)."""
        self._core_ends: dict[tuple[int, int], tuple[UeContext, int]] = {}
        """TEID of the core by context (its `id`, which the value keeps from being used again) and bearer."""
        self._open: dict[str, _Registration] = {}
        self._done: list[_Registration] = []

    def learn(self, message: Message) -> None:
        """Note which tunnels are whose, from the bearers of a message."""
        context = message.context
        if context is None:
            return
        for bearer in message.bearers:
            if bearer.address is None or bearer.teid is None:
                continue
            self._remember(("to", bearer.address, bearer.teid), context)
            if not message.is_uplink:
                self._core_ends.pop((id(context), bearer.number), None)
                make_room(self._core_ends, MAX_TUNNELS)
                self._core_ends[id(context), bearer.number] = context, bearer.teid
            elif (core_end := self._core_ends.get((id(context), bearer.number))) is not None:
                # Behind a NAT the gateway's address on the wire is not the one in S1AP; the base station's is.
                self._remember(("from", bearer.address, core_end[1]), context)

    def _remember(self, key: tuple[str, str, int], context: UeContext) -> None:
        self._tunnels.pop(key, None)
        make_room(self._tunnels, MAX_TUNNELS)
        self._tunnels[key] = context

    def take(self, datagram: Datagram) -> None:
        """Take what a tunnel carried."""
        for register in self._sip.take(datagram):
            if register.status is None:
                context = self._tunnels.get(("to", datagram.outer_destination, datagram.teid))
                context = context or self._tunnels.get(("from", datagram.outer_source, datagram.teid))
                self._request(register, datagram, context)
            elif (known := self._open.get(register.call_id)) is not None and register.sequence == known.sequence:
                self._answer(register, known)

    def batches(self, *, is_last: bool = False) -> Iterator[Batch]:
        """Yield the rows of registrations that are over; at the end all."""
        over = [*self._done, *self._open.values()] if is_last else self._done
        if not over or (len(over) < 4096 and not is_last):
            return
        self._done = []
        if is_last:
            self._open = {}
        accepted, rejected = list[dict[str, object]](), list[Rejected]()
        for registration in over:
            reason = _finished(registration)
            if reason:
                rejected.append(Rejected(self._file, registration.frame, reason, "SIP REGISTER"))
            else:
                accepted.append(registration.values)
        schema = ACCESS.clear_schema
        arrays = [
            pa.array([row.get(name) for row in accepted], kind) for name, kind in zip(schema.names, schema.types, strict=True)
        ]
        yield Batch(ACCESS, pa.Table.from_arrays(arrays, schema=schema), rejected)

    def _request(self, register: Register, datagram: Datagram, context: UeContext | None) -> None:
        known = self._open.get(register.call_id)
        if known is None or (known.is_over and register.sequence > known.sequence):
            if known is not None:
                self._close(register.call_id)
            values: dict[str, object] = {
                "at": datagram.at_us,
                "procedure": "ims_register",
                "identity": "none",
                "source": datagram.outer_source,
            }
            known = self._open[register.call_id] = _Registration(datagram.frame, values, register.sequence, context)
            if len(self._open) > MAX_OPEN:
                self._close(next(iter(self._open)))
        known.sequence = max(known.sequence, register.sequence)
        known.context = known.context or context
        values = known.values
        if register.imsi:
            values |= {"imsi": register.imsi, "identity": "imsi"}
        elif register.imei and values["identity"] == "none":
            values["identity"] = "imei"
        if register.imei:
            values["imei"] = register.imei
        if register.access.cell is not None:
            access = register.access
            values |= {"rat": access.rat, "plmn": access.plmn, "tac": access.tac, "cell": access.cell}
        _protect(values, register)

    def _answer(self, register: Register, known: _Registration) -> None:
        values, status = known.values, register.status or 0
        _protect(values, register)
        if status >= 200 and status != _CHALLENGE:
            known.is_over = True
            values["result"] = "ok" if status < 300 else "reject"

    def _close(self, call_id: str) -> None:
        self._done.append(self._open.pop(call_id))


def _protect(values: dict[str, object], register: Register) -> None:
    """Note how the registration is protected: nothing agreed is `none`; the P-CSCF's choice overrides the offer."""
    agreed = register.server or register.verify
    if agreed:
        values["ims_protection"] = agreed[0].protection
    elif register.status is None and "ims_protection" not in values:
        chosen = register.chosen
        values["ims_protection"] = "none" if not register.client else chosen.protection if chosen else None


def _finished(registration: _Registration) -> str:
    """Fill in what the phone's context knows; return why there is no row, or nothing."""
    values, context = registration.values, registration.context
    if values["at"] is None:
        return "at: the capture gives this frame no time"
    if context is not None:
        place: Location | None = context.location
        if values.get("cell") is None and place is not None and place.cell is not None:
            values |= {"rat": place.rat, "plmn": place.plmn, "tac": place.tac, "cell": place.cell}
        for name in ("imsi", "imei"):
            if values.get(name) is None:
                values[name] = getattr(context.subscriber, name)
    if values.get("cell") is None or values.get("tac") is None:
        return "cell: neither the REGISTER nor the bearers of the capture name the cell"
    return ""
