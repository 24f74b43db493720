"""Which detectors look at one and the same fact, and must therefore not count twice.

Weights of independent evidence add up. Two detectors that one cause makes speak are not independent: a deleted id that comes back is
"unregistered" and "revived" by one and the same deletion. Within a family the strongest counts in full and every further one for a
part only; families are taken as independent of each other, given what the cell is.

Some families see what outsiders do at a cell, not what the cell is: who comes, what their phones say, what they complain about. A crowd
brings that about at an honest cell, and whoever wants to hide can buy it there. Together they stay a matter for review, however loud,
and beyond that count only as far as the registry, the way it joined or its place speaks too: a phone shop whose work order was lost has
both strangers and a hole in its papers.

Some detectors see a slip: a clerk's, who lost an order, or a customer's, who plugged in elsewhere or again. Slips are rare, and independent of
each other; but a fleet is large, and somewhere in it both have happened to one honest cell. They, too, stay a matter for review, also
where the public comes to that cell: a ward by night, behind another provider's line, whose row lost its order.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cellwarden.detect.detector import Threshold

if TYPE_CHECKING:
    from collections.abc import Mapping

SECOND = Threshold(
    0.4,
    "of its weight",
    "what a second witness of one fact adds; 0 would throw away that two records agree, 1 would count the fact twice",
)
OUTSIDERS = Threshold(
    6.5, "nats", "with the prior just short of an accusation: what a crowd can do, or a saboteur, must not condemn a hospital"
)
SUPPORT = Threshold(
    0.5, "of the other evidence", "as far as outsiders count beyond that: they confirm what is known, they do not stand for it"
)

SLIPS = Threshold(
    4.9,
    "nats",
    "with the prior one in nine, a matter for review: of 250,000 cells, one in 40 joins by another provider's line and one in 300 has such a hole in its papers; 20 have both",
)
SLIP = frozenset({"inventory_row_without_order", "revived_cell", "foreign_source"})
"""Detectors of what one careless hand brings about."""


@dataclass(frozen=True, slots=True)
class Family:
    """Detectors that one fact makes speak."""

    name: str
    reason: str
    """What they have in common."""
    members: frozenset[str]
    by_outsiders: bool = False
    """Whether others than the cell's owner can bring it about."""


FAMILIES = (
    Family(
        "standing",
        "the registry does not vouch for this id: never issued, retired, back from the dead, or let in by a row that nobody ordered",
        frozenset({"unregistered_cell", "revived_cell", "inventory_row_without_order"}),
    ),
    Family(
        "configuration",
        "the equipment states another configuration than the registered one",
        frozenset({"setup_conflict", "kind_mismatch", "tac_mismatch"}),
    ),
    Family(
        "credential",
        "the device goes by a credential or an id that is not its own",
        frozenset({"shared_certificate", "certificate_policy", "id_not_of_this_device", "ids_of_one_device"}),
    ),
    Family("origin", "it comes from an address where no customer is", frozenset({"foreign_source", "address_hopping"})),
    Family(
        "double",
        "one id is used by two devices at one time; seen by its addresses or by its visitors' places",
        frozenset({"two_places_at_once", "impossible_travel"}),
    ),
    Family("place", "its visitors place it elsewhere than where it stands", frozenset({"moving_cell", "misplaced_cell"})),
    Family(
        "crowd",
        "strangers come in numbers and at hours unlike those of a home",
        frozenset({"stranger_surge", "night_activity"}),
        by_outsiders=True,
    ),
    Family(
        "presence",
        "it is on the air for hours only, and nobody but its owner switches it on and off",
        frozenset({"short_bursts", "fleeting_cell"}),
    ),
    Family(
        "identities",
        "phones are made to say who they are",
        frozenset({"identity_exposure_excess", "reject_chain", "identity_response_without_request"}),
        by_outsiders=True,
    ),
    Family("protection", "phones are left without ciphering", frozenset({"protection_downgrade"})),
    Family(
        "victims",
        "people who lost money had been on it; disputes, verification legs and complaints tell of the same thefts",
        frozenset({"common_cell_of_victims", "verification_through_cell", "complaint_surge", "tip_unexplained"}),
        by_outsiders=True,
    ),
)
_OF = {member: family.name for family in FAMILIES for member in family.members}
_BY_OUTSIDERS = {family.name for family in FAMILIES if family.by_outsiders}


def family_of(detector: str) -> str:
    """Return the family of a detector; one that is in none is taken as independent, under its own name."""
    return _OF.get(detector, detector)


def together(weights: Mapping[str, float]) -> float:
    """Return what the detectors say together.

    Args:
        weights: Of each detector, at least 0.

    Returns:
        Natural log of the likelihood ratio. It grows with every weight, so that evidence taken away never accuses more.

    >>> together({"unregistered_cell": 6.0, "foreign_source": 2.0})
    8.0
    >>> together({"unregistered_cell": 6.0, "revived_cell": 2.0})
    6.8
    """
    families: dict[str, list[str]] = {}
    for detector in sorted(weights):
        families.setdefault(family_of(detector), []).append(detector)
    total = {name: _of_family([weights[each] for each in members]) for name, members in families.items()}
    slipped = {name for name, members in families.items() if SLIP.issuperset(members)}
    outsiders = math.fsum(weight for name, weight in total.items() if name in _BY_OUTSIDERS)
    slips = math.fsum(total[name] for name in sorted(slipped))
    others = math.fsum(weight for name, weight in total.items() if name not in _BY_OUTSIDERS | slipped)
    slips = min(slips, SLIPS.value)
    support = SUPPORT.value * others + min(SUPPORT.value * slips, OUTSIDERS.value - slips)
    return max(others + slips + min(outsiders, support), min(OUTSIDERS.value, others + slips + outsiders))


def _of_family(weights: list[float]) -> float:
    return max(weights) + SECOND.value * (sum(weights) - max(weights))
