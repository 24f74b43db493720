"""The context of each phone: which messages belong together, whose they are, and what ciphers them.

A context is found by association and eNB (RAN) id, else by the core's address and MME (AMF) id. It outlives X2 and N2
path switches. What a temporary identity stands for is remembered beyond the context, so that a phone that comes back
under its GUTI is still the same subscriber, with the same algorithms.

References: TS 36.413, 8.3.3 and 8.7.3; TS 38.413, 8.3.3; TS 24.301, 4.4.5; TS 24.501, 4.4.5.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cellwarden.ingest.signalling.bounds import make_room, oldest
from cellwarden.ingest.signalling.courses import BOOKS
from cellwarden.ingest.signalling.faults import DecodeError
from cellwarden.ingest.signalling.identities import short_of
from cellwarden.ingest.signalling.message import KINDS, Identity, Message, Nas, Station

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

    from cellwarden.ingest.signalling.message import Location
    from cellwarden.ingest.signalling.route import Phones, Route

MAX_CONTEXTS = 200_000
"""Open contexts; the oldest are closed first."""
MAX_PHONES = 4096
"""Phones whose own logs are read."""
MAX_PLACES = 4
"""RAN ids of one context at a time."""
MAX_IDENTITIES = 1_000_000
"""Temporary and permanent identities remembered; the oldest give way."""
_TELLING = frozenset({0x41, 0x42, 0x45, 0x48, 0x49, 0x4C, 0x4F, 0x50, 0x54, 0x56, 0x5C, 0x5D, 0x5E})
"""Types of NAS messages, of EPS or 5GS, that tell who somebody is or what ciphers them."""
_new = object.__new__


@dataclass(slots=True)
class Subscriber:
    """Whom the core talks to, as far as the capture tells."""

    imsi: str | None = None
    imei: str | None = None
    ciphering: int | None = None
    """Algorithm of the last Security Mode Command; holds until the next one, across contexts."""


@dataclass(slots=True, eq=False)
class UeContext:
    """One UE-associated logical connection."""

    association: int
    ran_id: int | None
    core_id: int | None = None
    core: str = ""
    """Address of the MME or AMF."""
    subscriber: Subscriber = field(default_factory=Subscriber)
    imei: str | None = None
    location: Location | None = None
    """Where the phone was last reported."""
    keys: tuple[str, ...] = ()
    """Temporary identities that it used."""
    rows: tuple[object, ...] = ()
    """Latest rows, which an answer may still complete; kept for `rows`."""
    places: tuple[tuple[int, int], ...] = ()
    """Associations and RAN ids under which it is found; more than one during a handover."""
    is_closed: bool = False


@dataclass(slots=True)
class Link:
    """One association, as its setup described it."""

    station: Station | None = None
    core_name: str | None = None


class Contexts:
    """Gives each message its context and reads the NAS messages in its light."""

    def __init__(self) -> None:
        self.links: dict[int, Link] = {}
        self._by_ran: dict[int, Phones] = {}
        """The tables of the routes, as far as there is something in them."""
        self._by_core: dict[tuple[str, int], UeContext] = {}
        self._open: dict[int, UeContext] = {}
        self._known: dict[str, Subscriber] = {}
        self._phones: dict[int, UeContext] = {}
        self._ciphering_cores: set[str] = set()
        """Cores that chose an algorithm other than null at least once: there nothing is guessed."""
        self.given_up = 0
        """Contexts closed early because too many were open."""

    def take(self, message: Message, *, is_uplink: bool | None = None) -> None:  # noqa: C901, PLR0912 (one frame for speed)
        """Find the context of a message, read its NAS messages and learn from them.

        Args:
            message: As decoded; its direction, context and NAS messages are filled in.
            is_uplink: Its direction, where the capture tells it.
        """
        course, route, ran_id, core_id = message.course, message.route, message.ran_id, message.core_id
        if is_uplink is None:
            is_uplink = route.is_uplink
            if is_uplink is None:
                is_uplink = course.is_uplink
        message.is_uplink = is_uplink
        if ran_id is None and core_id is None:
            if course.is_setup:
                self._setup(message)
            if not course.is_radio_side:
                return
            context = self._phone(route.association)
        else:
            # Most messages go on where the last one of their context stopped.
            context = route.phones.get(ran_id)  # type: ignore[assignment] # checked right below
            if context is None or context.core_id != core_id or context.ran_id != ran_id or course.moves:
                if course.is_setup:
                    self._setup(message)
                context = self._of(message, BOOKS[course.protocol], uplink=is_uplink)
        message.context = context
        location = message.location
        if location is not None and (location.cell is not None or context.location is None):
            context.location = location
        if course.moves and message.temporary is not None and context.location is not None:
            self._presented(context, short_of(message.temporary, context.location.plmn))
        told: tuple[Nas, ...] = ()
        for pdu in message.nas_pdus:
            nas = _new(Nas)  # without `__init__`: one call a message less
            nas.system, nas.is_uplink, nas.security_header = course.system, is_uplink, 0
            ciphering = context.subscriber.ciphering
            may_guess = ciphering is None and context.core not in self._ciphering_cores
            try:
                course.read_nas(nas, pdu, ciphering, may_guess)
            except (DecodeError, IndexError) as error:
                if nas.is_guessed:
                    # It looked plain by chance only.
                    nas = Nas(nas.system, nas.is_uplink, nas.security_header)
                    nas.is_ciphered = True
                else:
                    message.fault(f"NAS: {error if isinstance(error, DecodeError) else 'ends early'}")
            told += (nas,)
            if nas.type in _TELLING:
                self._learn(context, nas)
        if told:
            message.nas = told
        if course.ends:
            self._released(context, message)

    def _phone(self, association: int) -> UeContext:
        """Find the phone of a message of the radio side: all between the same ends is of one."""
        context = self._phones.get(association)
        if context is None:
            self.given_up += make_room(self._phones, MAX_PHONES)
            context = self._phones[association] = UeContext(association, None)
        return context

    def close_association(self, association: int) -> None:
        """Close what hangs on an association that ended."""
        by_ran = self._by_ran.pop(association, None)
        if by_ran is not None:
            for context in by_ran.values():
                if context.association == association:
                    self._close(context)
            by_ran.clear()
        self.links.pop(association, None)

    def _setup(self, message: Message) -> None:
        """Remember who is at the other end; a setup erases the contexts of its association (TS 36.413, 8.7.3.2)."""
        if message.kind == KINDS[0]:
            self.close_association(message.association)
            make_room(self.links, MAX_CONTEXTS)
            self.links[message.association] = Link(message.station)
        elif message.core_name:
            self.links.setdefault(message.association, Link()).core_name = message.core_name

    def _of(self, message: Message, book: ModuleType, *, uplink: bool) -> UeContext:
        route, ran_id, core_id, procedure = message.route, message.ran_id, message.core_id, message.procedure
        association, core = route.association, route.destination if uplink else route.source
        known = route.phones.get(ran_id)
        context = None
        if procedure != book.INITIAL_UE or ran_id is None:
            context = self._known_context(message, known, core)
        elif known is not None:
            self._close(known)
        if context is None:
            if len(self._open) >= MAX_CONTEXTS:
                for _, idle in oldest(self._open):
                    self._close(idle)
                    self.given_up += 1
            context = UeContext(association, ran_id)
            self._open[id(context)] = context
        if ran_id is not None:
            if procedure in book.ARRIVALS:
                context.association, context.ran_id = association, ran_id
            if known is not context:
                self._found_under(context, route, ran_id)
        if core_id is not None and (context.core_id != core_id or context.core != core):
            self._drop_core(context)
            context.core_id, context.core = core_id, core
            self._by_core[core, core_id] = context
        return context

    def _known_context(self, message: Message, context: UeContext | None, core: str) -> UeContext | None:
        """Take the context of the RAN id, or find one by the core's, unless the ids say that it is another phone by now."""
        core_id, ran_id = message.core_id, message.ran_id
        if context is not None:
            if core_id is None or context.core_id is None or context.core_id == core_id:
                return context
            self._close(context)
            return None
        context = self._by_core.get((core, core_id)) if core_id is not None else None
        if context is None or ran_id is None or context.ran_id is None or context.ran_id == ran_id:
            return context
        return context if context.association != message.route.association else None

    def _released(self, context: UeContext, message: Message) -> None:
        """Close a context, unless it was left behind by a handover and lives on elsewhere."""
        if (context.association, context.ran_id) in {(message.association, message.ran_id), (message.association, None)}:
            self._close(context)
        elif message.ran_id is not None:
            self._lost_under(context, message.association, message.ran_id)

    def _close(self, context: UeContext) -> None:
        context.is_closed = True
        self._open.pop(id(context), None)
        for association, ran_id in context.places:
            self._lost_under(context, association, ran_id)
        self._drop_core(context)

    def _drop_core(self, context: UeContext) -> None:
        if context.core_id is not None and self._by_core.get((context.core, context.core_id)) is context:
            del self._by_core[context.core, context.core_id]

    def _found_under(self, context: UeContext, route: Route, ran_id: int) -> None:
        """Enter a context under a RAN id; beyond a few the oldest entry goes, so that no table grows for ever."""
        self._by_ran[route.association] = route.phones
        route.phones[ran_id] = context
        context.places += ((route.association, ran_id),)
        if context.ran_id is None:
            context.ran_id = ran_id
        if len(context.places) > MAX_PLACES:
            oldest, *rest = context.places
            context.places = tuple(rest)
            self._lost_under(context, *oldest)

    def _lost_under(self, context: UeContext, association: int, ran_id: int) -> None:
        by_ran = self._by_ran.get(association, {})
        if by_ran.get(ran_id) is context:
            del by_ran[ran_id]
            if not by_ran:
                del self._by_ran[association]

    def _learn(self, context: UeContext, nas: Nas) -> None:
        if nas.ciphering is not None:
            context.subscriber.ciphering = nas.ciphering
            if nas.ciphering:
                self._ciphering_cores.add(context.core)
        if nas.is_uplink:
            own, second, nested = nas.identity, nas.second_identity, nas.nested
            if own is not None:
                self._named(context, own)
            if second is not None:
                self._named(context, second)
            if nested is not None:
                for identity in nested.identities:
                    if identity != own:
                        self._named(context, identity)
        if nas.assigned:
            self._bind(context, nas.assigned, short_of(nas.assigned))

    def _named(self, context: UeContext, identity: Identity) -> None:
        if identity.temporary:
            if identity.temporary.count("-") == 3:
                self._presented(context, identity.temporary)
            elif context.location:
                self._presented(context, short_of(identity.temporary, context.location.plmn))
        elif identity.digits and identity.kind == "imei":
            context.imei = context.subscriber.imei = identity.digits
        elif identity.digits:
            self._identified(context, identity.digits)

    def _presented(self, context: UeContext, key: str) -> None:
        """Take a temporary identity that the phone used: known, it tells who this is; else it waits to be told."""
        known = self._known.get(key)
        if known is not None and context.subscriber.imsi is None and not context.keys:
            context.subscriber = known
            context.keys = (key,)
        elif known is not context.subscriber and (known is None or context.subscriber.imsi is not None):
            self._bind(context, key)

    def _identified(self, context: UeContext, imsi: str) -> None:
        """The phone said who it is: what it used before is this subscriber's too."""
        subscriber = self._known.get(imsi)
        if subscriber is None:
            # The temporary identity may have belonged to somebody else before: their record stays theirs.
            old = context.subscriber
            subscriber = old if old.imsi is None else Subscriber(imsi, ciphering=old.ciphering)
            subscriber.imsi = imsi
            self._remember(subscriber, (imsi,))
        if subscriber is not context.subscriber:
            subscriber.imei = context.imei or subscriber.imei
            context.subscriber = subscriber
            self._remember(subscriber, context.keys)

    def _bind(self, context: UeContext, *keys: str) -> None:
        if len(context.keys) < 16:
            context.keys += keys
        self._remember(context.subscriber, keys)

    def _remember(self, subscriber: Subscriber, keys: Iterable[str]) -> None:
        known = self._known
        for key in keys:
            if known.pop(key, None) is None:
                make_room(known, MAX_IDENTITIES)
            known[key] = subscriber
