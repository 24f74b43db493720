"""What the S1 gate makes of each message of a unit: S1 Setup and eNB Configuration Update are asked about, all others pass.

Before S1 Setup was let through nothing passes, neither way. What claims to be one of the two and cannot be read is refused:
what a decoder does not understand, the core may understand. Before an AMF it is NG Setup and RAN Configuration Update.

References: TS 36.413, 8.7.3 (S1 Setup), 8.7.4 (eNB Configuration Update), 9.1.8.6, 9.1.8.9; TS 38.413, 8.7.1 (NG Setup), 8.7.2
(RAN Configuration Update), 9.2.6.3, 9.2.6.6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cellwarden.admission.facts import Facts, Stage
from cellwarden.ingest.signalling import ngap, s1ap
from cellwarden.ingest.signalling.aper import Reader, counted
from cellwarden.ingest.signalling.decoding import decode
from cellwarden.ingest.signalling.faults import DecodeError
from cellwarden.ingest.signalling.layouts import BOOKS
from cellwarden.ingest.signalling.route import Route
from cellwarden.interfaces.gate import s1_elements

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cellwarden.foundation.clock import Clock
    from cellwarden.ingest.signalling.message import Message
    from cellwarden.workflows.gatehouse import House

_ALTERNATIVE = 0xE0
"""Bits of the first octet that say which kind of PDU it is; the others are padding, which a core may overlook."""
_PADDING = 0x3F
"""Bits of the octet of a criticality that mean nothing."""
_NAME_CHARACTERS = 150
"""How many characters the name of a station has at most without an extension."""


class Dialect(NamedTuple):
    """How a protocol between station and core says what is asked about."""

    book: str
    """Whose layouts read it."""
    setup: int
    """Procedure code."""
    update: int
    name: bytes
    """Id of the element with the station's name."""
    choices: frozenset[int]
    """Ids of the elements of a setup or update that are one octet: an enumeration (X.691, 14)."""
    asked: Mapping[int, Callable[[Reader], object]]
    """Ids of the elements that are asked about, the station's id and its areas, and what reads them to their end."""
    beside: Mapping[int, Callable[[Reader], object]]
    """The same of all others."""
    refusal: str
    """Elements of a failure: cause, misc, unspecified; and time to wait, 60 s."""

    def failure(self, procedure: int) -> bytes:
        """Return the unsuccessful outcome of a procedure."""
        return bytes.fromhex(f"40{procedure:02x}000d000002{self.refusal}")


S1AP = Dialect(
    "s1ap",
    17,
    29,
    bytes.fromhex("003c"),
    frozenset({137, 228, 234}),
    {59: s1ap.global_station, 64: s1ap.supported_areas},
    s1_elements.S1AP,
    "00024001440041400150",
)
"""References: TS 36.413, 9.2.1.3 (cause), 9.2.1.61 (time to wait)."""
NGAP = Dialect(
    "ngap",
    21,
    35,
    bytes.fromhex("0052"),
    frozenset({21, 147, 204}),
    {27: ngap.global_station, 102: ngap.supported_areas},
    s1_elements.NGAP,
    "000f40018a006b400150",
)
"""References: TS 38.413, 9.3.1.2 (cause), 9.3.1.56 (time to wait)."""
DIALECTS = {each.book: each for each in (S1AP, NGAP)}
_ROUTE = Route("", 36412, "", 36412, 0)


class Passage(NamedTuple):
    """What to do with one message of a unit."""

    passes: bool
    answer: bytes = b""
    """What to answer in the core's place."""
    ends: bool = False
    """Whether the association ends after that."""


class Guard:
    """Stands on one association."""

    def __init__(self, house: House, *, inner_ip: str, core: str, key: str, clock: Clock, dialect: Dialect = S1AP) -> None:
        self._dialect = dialect
        self._house, self._inner_ip, self._core, self._key, self._clock = house, inner_ip, core, key, clock
        self.is_set_up = False

    def judge(self, data: bytes) -> Passage:
        """Say what to do with a message of the unit."""
        is_beginning = len(data) >= 2 and not data[0] & _ALTERNATIVE
        dialect = self._dialect
        if not is_beginning or data[1] not in {dialect.setup, dialect.update}:
            return Passage(self.is_set_up, ends=not self.is_set_up)
        stage = Stage.S1_SETUP if data[1] == dialect.setup else Stage.S1_UPDATE
        if stage is Stage.S1_UPDATE and not self.is_set_up:
            return Passage(passes=False, ends=True)
        is_plain = _says_each_thing_once(data, dialect)
        facts = self._facts(stage, decode(0, 0, _ROUTE, BOOKS[dialect.book], data)) if is_plain else None
        if facts is None or not self._house.ask(facts).allow:
            # A unit that was set up keeps its association when a change of its configuration is refused: nothing changed.
            return Passage(passes=False, answer=dialect.failure(data[1]), ends=stage is Stage.S1_SETUP)
        self.is_set_up = True
        return Passage(passes=True)

    def end(self) -> None:
        """Note that the association is gone."""
        if self.is_set_up:
            self.is_set_up = False
            self._house.part(self._core, self._key, self._inner_ip)

    def _facts(self, stage: Stage, message: Message) -> Facts | None:
        """Make facts of a message; None if it cannot be read for certain."""
        station = message.station
        areas = message.tracking_areas
        if message.faults or (stage is Stage.S1_SETUP and (station is None or not areas)):
            return None
        plmns = {plmn for _, broadcast in areas for plmn in broadcast}
        return Facts(
            stage=stage,
            at=self._clock(),
            gateway=self._core,
            key=self._key,
            inner_ip=self._inner_ip,
            cell=station.cell if station is not None else None,
            cell_type=station.cell_type if station is not None else None,
            plmn=(station.plmn if station is not None else None) or (min(plmns) if len(plmns) == 1 else None),
            tacs=tuple(sorted({tac for tac, _ in areas})) if areas else None,
            name=message.name,
        )


def _fills(name: bytes) -> bool:
    """Say whether the name of a station is as long as the element around it: of octets behind it, a core may make the next element.

    References: TS 36.413 and TS 38.413, 9.2 (PrintableString of 1 to 150 characters; one that is longer is refused); X.691, 30.
    """
    characters = (int.from_bytes(name[:2]) >> 7) + 1
    return characters <= _NAME_CHARACTERS and not name[1] & 0x7F and len(name) == 2 + characters


def _says_each_thing_once(data: bytes, dialect: Dialect) -> bool:
    """Say whether a PDU is written as the rules of encoding want it, each element once and nothing besides.

    Of two ids, a core may believe the one that was not checked; of padding that is not zero, it may make something else.
    """
    try:
        content, end = counted(data, 3)
        count, seen, at = int.from_bytes(content[1:3]), set[bytes](), 3
        padding = data[0] | data[2] & _PADDING | content[0]
        for _ in range(count):
            element = content[at : at + 2]
            number = int.from_bytes(element)
            seen.add(element)
            padding |= content[at + 2] & _PADDING
            value, at = counted(content, at + 3)
            if element == dialect.name and not _fills(value):
                return False
            # Of octets behind what we read, a core may make the next element.
            if number in dialect.choices and len(value) != 1:
                return False
            if (read := dialect.asked.get(number) or dialect.beside.get(number)) is not None:
                reader = Reader(value)
                read(reader)
                if not reader.is_spent:
                    return False
    except (DecodeError, IndexError):
        return False
    return not padding and len(seen) == count and at == len(content) and end == len(data)
