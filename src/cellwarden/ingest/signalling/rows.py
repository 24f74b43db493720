"""Messages to rows: one `access` row a NAS procedure, one `links` row a setup request.

`identity` is what crossed the air in the message itself; `imsi` is who the core knew it to be, from whatever the
context told, so an attach by GUTI that is followed by an Identity Response carries the IMSI of that response.

A service request that the phone makes because it was paged (RRC establishment cause) is a `paging_response`. Left out are
the requests nested in Security Mode Complete: the same procedure told twice.

References: TS 24.301, 5.4 and 5.5; TS 24.501, 5.4 and 5.5; TS 36.413, 8.3.1, 8.4.4 and 8.7.3.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

from cellwarden.ingest.signalling import nas_5gs, nas_eps
from cellwarden.ingest.signalling.courses import BOOKS
from cellwarden.ingest.signalling.message import KINDS
from cellwarden.records.batch import Batch
from cellwarden.records.rejected import Rejected
from cellwarden.records.tables import ACCESS, LINKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cellwarden.ingest.signalling.context import Contexts, UeContext
    from cellwarden.ingest.signalling.message import Location, Message, Nas, Station
    from cellwarden.records.tables import Table

BATCH_ROWS = 65536
MAX_WAITING = 200_000
"""Rows that wait for their context to close; beyond that the oldest goes out as it is."""
MAX_ROWS_OF_CONTEXT = 8
"""Latest rows of a context that an answer may still end."""
PERIODIC_UPDATE = 3
"""EPS update type (TS 24.301, 9.9.3.14)."""
_REQUESTS = {
    ("eps", nas_eps.ATTACH_REQUEST): "attach",
    ("eps", nas_eps.TAU_REQUEST): "tau",
    ("eps", nas_eps.EXTENDED_SERVICE_REQUEST): "service_request",
    ("eps", nas_eps.CONTROL_PLANE_SERVICE_REQUEST): "service_request",
    ("eps", nas_eps.IDENTITY_RESPONSE): "identity",
    ("eps", nas_eps.DETACH_REQUEST): "detach",
    ("5gs", nas_5gs.REGISTRATION_REQUEST): "attach",
    ("5gs", nas_5gs.SERVICE_REQUEST): "service_request",
    ("5gs", nas_5gs.CONTROL_PLANE_SERVICE_REQUEST): "service_request",
    ("5gs", nas_5gs.IDENTITY_RESPONSE): "identity",
    ("5gs", nas_5gs.DEREGISTRATION_REQUEST): "detach",
}
"""What the phone sends, and the procedure that it begins."""
_ATTACH, _UPDATE, _SERVICE, _DETACH = ("attach",), ("tau", "periodic_tau"), ("service_request", "paging_response"), ("detach",)
_LEAVING = ("handover_out",)
_PROTECTED = (*_ATTACH, *_UPDATE, *_SERVICE)
"""Procedures during which a Security Mode Command may run."""
_ANSWERS = {
    ("eps", nas_eps.ATTACH_ACCEPT): (_ATTACH, "ok"),
    ("eps", nas_eps.ATTACH_REJECT): (_ATTACH, "reject"),
    ("eps", nas_eps.TAU_ACCEPT): (_UPDATE, "ok"),
    ("eps", nas_eps.TAU_REJECT): (_UPDATE, "reject"),
    ("eps", nas_eps.SERVICE_ACCEPT): (_SERVICE, "ok"),
    ("eps", nas_eps.SERVICE_REJECT): (_SERVICE, "reject"),
    ("eps", nas_eps.DETACH_ACCEPT): (_DETACH, "ok"),
    ("eps", nas_eps.AUTHENTICATION_REJECT): (_PROTECTED, "reject"),
    ("5gs", nas_5gs.REGISTRATION_ACCEPT): (_ATTACH, "ok"),
    ("5gs", nas_5gs.REGISTRATION_REJECT): (_ATTACH, "reject"),
    ("5gs", nas_5gs.SERVICE_ACCEPT): (_SERVICE, "ok"),
    ("5gs", nas_5gs.SERVICE_REJECT): (_SERVICE, "reject"),
    ("5gs", nas_5gs.DEREGISTRATION_ACCEPT): (_DETACH, "ok"),
    ("5gs", nas_5gs.AUTHENTICATION_REJECT): (_PROTECTED, "reject"),
}
"""What the core sends, the procedures that it may end, and how."""
_COMPLETE = {("eps", nas_eps.SECURITY_MODE_COMPLETE), ("5gs", nas_5gs.SECURITY_MODE_COMPLETE)}


@dataclass(slots=True, eq=False)
class _Row:
    """One row in the making."""

    frame: int
    label: str
    values: dict[str, object]
    context: UeContext | None = None
    location: Location | None = None
    is_ready: bool = False


@dataclass(slots=True)
class _Queue:
    """Rows of one table in capture order, each held until it can change no more."""

    table: Table
    file: str
    waiting: deque[_Row | Rejected] = field(default_factory=deque)
    accepted: list[dict[str, object]] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    guessed: int = 0

    def reject(self, frame: int | None, reason: str, label: str) -> None:
        self.waiting.append(Rejected(self.file, frame, reason, label))

    def batches(self, *, is_last: bool = False) -> Iterator[Batch]:
        """Yield what is final, in batches; at the end all of it."""
        while self.waiting:
            row = self.waiting[0]
            if isinstance(row, _Row):
                is_final = row.is_ready or (row.context is not None and row.context.is_closed)
                if not (is_final or is_last or len(self.waiting) > MAX_WAITING):
                    break
                self._finish(row)
            else:
                self.rejected.append(row)
            self.waiting.popleft()
            if len(self.accepted) + len(self.rejected) >= BATCH_ROWS:
                yield self._batch()
        if is_last and (self.accepted or self.rejected):
            yield self._batch()

    def _finish(self, row: _Row) -> None:
        """Fill in what the context learnt, and accept or reject."""
        values = row.values
        if values["at"] is None:
            self.rejected.append(Rejected(self.file, row.frame, "at: the capture gives this frame no time", row.label))
            return
        if row.context is not None:
            subscriber, place = row.context.subscriber, row.location or row.context.location
            if place is None or place.cell is None or place.tac is None:
                reason = "cell: the cell of this UE context was not seen in the capture"
                self.rejected.append(Rejected(self.file, row.frame, reason, row.label))
                return
            values |= {"plmn": place.plmn, "tac": place.tac, "cell": place.cell, "rat": place.rat}
            values |= {"imsi": subscriber.imsi, "imei": row.context.imei or subscriber.imei}
        self.accepted.append(values)

    def _batch(self) -> Batch:
        columns = [
            pa.array([values.get(name) for values in self.accepted], type=kind)
            for name, kind in zip(self.table.clear_schema.names, self.table.clear_schema.types, strict=True)
        ]
        accepted = pa.Table.from_arrays(columns, schema=self.table.clear_schema)
        faults = {"guessed_nas": self.guessed} if self.guessed else {}
        batch = Batch(self.table, accepted, self.rejected, faults)
        self.accepted, self.rejected, self.guessed = [], [], 0
        return batch


class Rows:
    """Collects rows from the messages of one capture."""

    def __init__(self, file: str, contexts: Contexts) -> None:
        self.access, self.links = _Queue(ACCESS, file), _Queue(LINKS, file)
        self._contexts = contexts
        self._setups: dict[int, _Row] = {}

    def batches(self, *, is_last: bool = False) -> Iterator[Batch]:
        """Yield what is final of both tables."""
        yield from self.access.batches(is_last=is_last)
        yield from self.links.batches(is_last=is_last)

    def lost(self, frame: int | None, reason: str, label: str) -> None:
        """Reject what could not even be read as a message."""
        self.access.reject(frame, reason, label)

    def take(self, message: Message) -> None:
        """Make the rows of a message and let it answer earlier ones."""
        context = message.context
        book = BOOKS.get(message.protocol)
        is_setup = book is not None and message.procedure == book.SETUP
        if message.faults:
            queue = self.links if is_setup else self.access
            queue.reject(message.frame, "; ".join(message.faults), message.label)
        if is_setup:
            self._setup(message)
        if context is None or book is None:
            return
        for nas in message.nas:
            self._request(message, context, nas)
            self._answer(context, nas)
        if message.procedure in book.ARRIVALS and message.kind == KINDS[0]:
            self._access(message, context, "handover_in", "none")
        elif message.procedure == book.HANDOVER_PREPARATION:
            self._handover(message, context)
        elif message.procedure == book.CONTEXT_RELEASE and message.kind == KINDS[0]:
            self._release(message, context)
        elif message.procedure == book.CONTEXT_SETUP and message.kind != KINDS[0]:
            # A ciphered accept cannot be read; that the eNB set the bearers up shows that it was sent.
            row = self._pending(context, _PROTECTED)
            if row:
                row.values["result"] = "ok" if message.kind == KINDS[1] else "abort"

    def _handover(self, message: Message, context: UeContext) -> None:
        """Handover Required begins a departure, the answer of the core decides it (TS 36.413, 8.4.1; TS 38.413, 8.4.1)."""
        if message.kind == KINDS[0]:
            if context.location is not None:
                self._access(message, context, "handover_out", "none")
            return
        row = self._pending(context, _LEAVING)
        if row:
            is_ok = message.kind == KINDS[1]
            cause = None if is_ok or message.cause is None else message.cause[1]
            row.values |= {"result": "ok" if is_ok else "reject", "cause": cause}

    def _release(self, message: Message, context: UeContext) -> None:
        """UE Context Release Command: the phone leaves the cell. Where its cell was never seen there is nothing to tell."""
        if context.location is not None and context.location.cell is not None and context.location.tac is not None:
            self._access(message, context, "release", "none")

    def close_association(self, association: int) -> None:
        """A setup that the association did not live to see answered stays without result."""
        row = self._setups.pop(association, None)
        if row:
            row.is_ready = True

    def _setup(self, message: Message) -> None:
        """S1 Setup and NG Setup: the row names an eNB or gNB in the high bits of `cell`, not one of its cells.

        Consumers compare eNB ids, not cells. The outer address is not in such a capture, so `source_ip` stays null.
        """
        if message.kind == KINDS[0]:
            self.close_association(message.association)
            station, areas = message.station, message.tracking_areas
            values: dict[str, object] = {
                "at": message.at_us,
                "event": "s1_setup",
                "name": message.name,
                "inner_ip": message.source,
            }
            if station:
                values |= {"cell": station.cell, "cell_type": station.cell_type, "plmn": station.plmn}
            if areas:
                values["tac"] = areas[0][0]
            row = _Row(message.frame, message.label, values)
            self.links.waiting.append(row)
            self._setups[message.association] = row
            if len(self._setups) > MAX_WAITING:
                self.close_association(next(iter(self._setups)))
            return
        pending = self._setups.pop(message.association, None)
        if pending:
            is_ok = message.kind == KINDS[1]
            pending.values |= {"event": "s1_setup" if is_ok else "s1_setup_refused", "result": "ok" if is_ok else "reject"}
            pending.is_ready = True

    def _request(self, message: Message, context: UeContext, nas: Nas) -> None:
        if not nas.is_uplink or nas.is_ciphered:
            return
        procedure = _REQUESTS.get((nas.system, nas.type or 0))
        identity = nas.identity.kind if nas.identity else None
        if nas.system == "eps" and nas.security_header == nas_eps.SERVICE_REQUEST_HEADER:
            procedure = "service_request"
        elif (nas.system, nas.type) in _COMPLETE and nas.second_identity and nas.second_identity.kind == "imei":
            procedure, identity = "identity", "imei"
        if procedure is None:
            return
        if procedure == "service_request" and message.establishment_cause == BOOKS[message.protocol].MOBILE_TERMINATED:
            procedure = "paging_response"
        if procedure == "tau" and nas.procedure_type == PERIODIC_UPDATE:
            procedure = "periodic_tau"
        if identity is None:
            # A request whose identity could not be read may have shown anything; without one, the S-TMSI crossed the air in RRC.
            identity = "unknown" if message.faults else "guti" if message.temporary else "none"
        self.access.guessed += nas.is_guessed
        self._access(message, context, procedure, identity)

    def _access(self, message: Message, context: UeContext, procedure: str, identity: str) -> None:
        link = self._contexts.links.get(message.association)
        location = message.location if message.location and message.location.cell is not None else context.location
        values: dict[str, object] = {
            "at": message.at_us,
            "procedure": procedure,
            "identity": identity,
            "cell_type": _cell_type(link.station if link else None, location),
            "core": link.core_name if link else None,
            "source": message.source if message.is_uplink else message.destination,
        }
        row = _Row(message.frame, message.label, values, context, location)
        self.access.waiting.append(row)
        context.rows = (*context.rows, row)[-MAX_ROWS_OF_CONTEXT:]

    def _answer(self, context: UeContext, nas: Nas) -> None:
        """Let a message of the core end the procedure that waits for it."""
        if nas.is_uplink or nas.type is None:
            return
        if nas.ciphering is not None:
            row = self._pending(context, _PROTECTED)
            if row:
                row.values |= {"ciphering": nas.ciphering, "integrity": nas.integrity}
        ends = _ANSWERS.get((nas.system, nas.type))
        row = self._pending(context, ends[0]) if ends else None
        if ends and row:
            row.values |= {"result": ends[1], "cause": nas.cause if ends[1] == "reject" else None}

    @staticmethod
    def _pending(context: UeContext, procedures: tuple[str, ...]) -> _Row | None:
        """Return the latest row of these procedures in the context that has no result yet."""
        for row in reversed(context.rows):
            if isinstance(row, _Row) and row.values["procedure"] in procedures and row.values.get("result") is None:
                return row
        return None


def _cell_type(station: Station | None, location: Location | None) -> str | None:
    """Tell how the cell splits: as its eNB set up, where the cell bears that eNB's id.

    Behind a Home eNB gateway one association carries many Home eNBs, so another id leaves the kind unknown.
    """
    if location is None or location.cell is None:
        return None
    if location.rat == "nr":
        return "gnb"
    return station.cell_type if station is not None and station.serves(location.cell) else None
