"""What a procedure, or the answer to one, does to the context of a phone: told once for each kind of message."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from cellwarden.ingest.signalling import ngap, s1ap
from cellwarden.ingest.signalling.message import KINDS
from cellwarden.ingest.signalling.nas_5gs import read as read_5gs
from cellwarden.ingest.signalling.nas_eps import read as read_eps

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from cellwarden.ingest.signalling.message import Nas

BOOKS: dict[str, ModuleType] = {"s1ap": s1ap, "ngap": ngap}
"""Procedure codes of each protocol."""
_READERS = {"eps": read_eps, "5gs": read_5gs}


@dataclass(frozen=True, slots=True)
class Course:
    """What a message of one protocol, kind and procedure does; fields of the same name as in `Message` mean the same."""

    protocol: str
    kind: str
    procedure: int
    is_uplink: bool
    """It is for the base station to send this, as far as its kind tells: needed where the ports do not."""
    is_setup: bool
    moves: bool
    """It may begin a context or bring it elsewhere."""
    ends: bool
    """It closes a context."""
    system: str
    """Whose NAS messages it carries: `eps` or `5gs`."""
    read_nas: Callable[[Nas, bytes, int | None, bool], None]
    """What reads those."""
    is_radio_side: bool
    """A NAS message alone, from a phone's own log."""


@cache
def course_of(protocol: str, kind: str = "", procedure: int = -1) -> Course:
    """Tell the course of a message, of one that cannot be read or has neither without the last two: there are some hundreds."""
    book = BOOKS.get(protocol)
    if book is None:
        system = protocol.removeprefix("nas-")
        return Course(
            protocol,
            kind,
            procedure,
            is_uplink=True,
            is_setup=False,
            moves=False,
            ends=False,
            system=system,
            read_nas=_READERS[system],
            is_radio_side=True,
        )
    system = "eps" if protocol == "s1ap" else "5gs"
    return Course(
        protocol,
        kind,
        procedure,
        is_uplink=(procedure in book.UPLINK) == (kind == KINDS[0]),
        is_setup=procedure == book.SETUP,
        moves=procedure in {book.SETUP, book.INITIAL_UE, *book.ARRIVALS},
        ends=procedure == book.CONTEXT_RELEASE and kind == KINDS[1],
        system=system,
        read_nas=_READERS[system],
        is_radio_side=False,
    )
