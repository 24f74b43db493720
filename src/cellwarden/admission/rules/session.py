"""Rules on who is in already, and on what a unit calls itself towards the core."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.admission.facts import Stage
from cellwarden.admission.rule import Reason, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cellwarden.admission.registry import Version
    from cellwarden.admission.rule import Question
    from cellwarden.admission.sessions import Session

_S1 = (Stage.S1_SETUP, Stage.S1_UPDATE)
_TUNNELLED = ("femto", "small")
"""Kinds that join over lines which are not the operator's alone."""


def others(question: Question) -> list[Session]:
    """Return the live sessions of this unit that are not the one in question; looked at again, only earlier ones.

    To one that is taken up, and is not in the table yet, all of them are earlier.
    """
    facts, version, standing = question.facts, question.version, question.standing
    unit = facts.equipment_id or (version.equipment_id if version is not None else None)
    if unit is None:
        return []
    found = [each for each in question.sessions.of_unit(unit) if standing is None or each.place != standing.place]
    if question.is_review and standing is not None and question.sessions.at(*standing.place) is not None:
        return [each for each in found if (each.opened_at, each.place) < (standing.opened_at, standing.place)]
    return found


def is_restart(question: Question, other: Session) -> bool:
    """Say whether the newcomer comes from the very address of the live session: the unit itself, started again."""
    return (
        question.policy.takes_over
        and not question.is_review
        and question.facts.source_ip is not None
        and other.facts.source_ip == question.facts.source_ip
    )


def _alone(question: Question) -> Iterator[Reason]:
    facts, standing = question.facts, question.standing
    if facts.stage is Stage.CERTIFICATE:
        return  # a responder cannot tell a unit that was restarted from its clone: the tunnel is asked about next
    for other in others(question):
        if not is_restart(question, other):
            yield Reason("DUPLICATE_SESSION", 11, f"the unit is in already, from {other.facts.source_ip}")
            return
    if facts.stage is Stage.S1_SETUP and facts.cell is not None and facts.cell_type is not None and not question.is_review:
        holder = question.sessions.of_cell(facts.gateway, facts.cell_type, facts.cell)
        if holder is not None and (standing is None or holder.place != standing.place):
            yield Reason("DUPLICATE_S1", 11, "another tunnel has set up S1 under this id")
        elif holder is not None and holder.association != (facts.gateway, facts.key):
            yield Reason("DUPLICATE_S1", 11, "this unit has set up S1 by another association that still lives")


def _names_itself(question: Question) -> Iterator[Reason]:
    facts, version = question.facts, question.version
    if facts.stage in _S1 and question.standing is None and question.policy.needs_tunnel and _is_tunnelled(version):
        yield Reason("NO_TUNNEL", 12, "no unit that was let in has this inner address")
    if version is None:
        return
    if facts.cell is not None and facts.cell_type is not None and not _is_its_own(facts.cell, facts.cell_type, version):
        yield Reason("ENB_ID_NOT_OF_THIS_DEVICE", 12, f"it calls itself {facts.cell_type}:{facts.cell}")
    if facts.tacs is not None and version.tac is not None and set(facts.tacs) != {version.tac}:
        yield Reason("TAC_MISMATCH", 12, f"it claims {', '.join(map(str, facts.tacs[:4]))}, registered is {version.tac}")
    if facts.plmn is not None and version.plmn is not None and facts.plmn != version.plmn:
        yield Reason("PLMN_MISMATCH", 12, f"it claims {facts.plmn}, registered is {version.plmn}")


def _is_tunnelled(version: Version | None) -> bool:
    return version is None or version.kind in _TUNNELLED


def _is_its_own(cell: int, cell_type: str, version: Version) -> bool:
    """Compare ids of base stations: of a macro cell the high 20 bits are the eNB's (TS 36.413, 9.2.1.37)."""
    if cell_type != version.cell_type:
        return False
    return cell >> 8 == version.cell >> 8 if cell_type == "macro" else cell == version.cell


ONE_SESSION = Rule(
    11,
    "A unit is in once; whoever comes as a second one is refused, and both are reported",
    ("DUPLICATE_SESSION", "DUPLICATE_S1"),
    "the operator's policy; one tunnel an SCTP association",
    "clones ran for about ten months",
    (),
    _alone,
)
SAME_NAME_INSIDE = Rule(
    12,
    "Towards the core it is who it was at the security gateway, told by the address inside the tunnel",
    ("NO_TUNNEL", "ENB_ID_NOT_OF_THIS_DEVICE", "TAC_MISMATCH", "PLMN_MISMATCH"),
    "TS 33.320, 4.2.5 and 4.4.9",
    "ids inside were believed",
    (),
    _names_itself,
)
