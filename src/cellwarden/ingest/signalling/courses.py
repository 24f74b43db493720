"""What a procedure, or the answer to one, does to the context of a phone: told once for each kind of message."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from cellwarden.ingest.signalling import ngap, s1ap
from cellwarden.ingest.signalling.message import KINDS

if TYPE_CHECKING:
    from types import ModuleType

BOOKS: dict[str, ModuleType] = {"s1ap": s1ap, "ngap": ngap}
"""Procedure codes of each protocol."""


@dataclass(frozen=True, slots=True)
class Course:
    """What a message of one protocol, kind and procedure does."""

    is_uplink: bool
    """It is for the base station to send this, as far as its kind tells: needed where the ports do not."""
    is_setup: bool
    moves: bool
    """It may begin a context or bring it elsewhere."""
    ends: bool
    """It closes a context."""
    is_eps: bool
    """NAS messages inside are of EPS."""
    is_radio_side: bool
    """A NAS message alone, from a phone's own log."""


@cache
def course_of(protocol: str, kind: str, procedure: int) -> Course:
    """Tell the course of a message: there are some hundreds."""
    book = BOOKS.get(protocol)
    if book is None:
        return Course(is_uplink=True, is_setup=False, moves=False, ends=False, is_eps=protocol == "nas-eps", is_radio_side=True)
    return Course(
        is_uplink=(procedure in book.UPLINK) == (kind == KINDS[0]),
        is_setup=procedure == book.SETUP,
        moves=procedure in {book.SETUP, book.INITIAL_UE, *book.ARRIVALS},
        ends=procedure == book.CONTEXT_RELEASE and kind == KINDS[1],
        is_eps=protocol == "s1ap",
        is_radio_side=False,
    )
