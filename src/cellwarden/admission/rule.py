"""A rule of the gate: what it asks, of which clause, what the robbed network lacked, and the sentence of a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cellwarden.admission.facts import Facts
    from cellwarden.admission.policy import Policy
    from cellwarden.admission.registry import Registry, Version
    from cellwarden.admission.sessions import Session, Sessions


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a unit is refused, or what should be known although it is not."""

    code: str
    """Upper case, stable: a name never changes once a decision carries it."""
    rule: int
    """Number of the rule; 0 is the block list."""
    detail: str = ""
    """What was compared; names no subscriber and no customer line."""


@dataclass(frozen=True, slots=True)
class Question:
    """All that a rule may look at."""

    registry: Registry
    sessions: Sessions
    policy: Policy
    facts: Facts
    """Of this stage, put together with what earlier stages knew."""
    version: Version | None
    """What the registry has in force for this unit; None: nothing."""
    standing: Session | None
    """The live session that this is about, where it is about one."""
    is_review: bool = False
    """Whether a live session is looked at again, since the registry changed: nothing new is asked for."""
    is_stale: bool = False
    """Whether the registry view is older than the policy allows."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule."""

    number: int
    name: str
    """What it demands."""
    codes: tuple[str, ...]
    """Reasons that refuse."""
    clause: str
    """Where it comes from."""
    lacked: str
    """What the robbed network did instead."""
    needs: tuple[str, ...]
    """Facts without which it cannot judge; it then says so and stays silent."""
    judge: Callable[[Question], Iterator[Reason]]
    findings: tuple[str, ...] = ()
    """Reasons that are told and refuse nobody."""
