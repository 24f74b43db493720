"""Which flagged ids are one piece of hardware, and what the company of a rogue adds to a weak id.

Joined are hands with one serial, one certificate of their own, or one outer address where the serials do not contradict.
A certificate that a fleet shares joins nothing: in the public case every unit showed the same one. Where no link tells whose an inner
address was, the sessions of one id that follow one another are one device, since an id is issued to one; sessions that overlap are not.
Accused ids of nameless hardware are one unit where they relieve each other night after night.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from itertools import combinations, pairwise, product
from typing import TYPE_CHECKING

from cellwarden.detect.detector import CellKey, Threshold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from cellwarden.detect.detector import Row
    from cellwarden.detect.seized import Seizure

NAME, VERSION = "unit_membership", 1
LIFT = Threshold(4.0, "nats", "hardware that was rogue under one id is hardly honest under another")
EVIDENCE = {
    "en": "the hardware behind cell {cell} was also behind cell {other}, which is accused on its own evidence",
    "ko": "셀 {cell}의 장비는 독자적 근거로 지목된 셀 {other}에도 사용됨",
}

NAMELESS = ("inner ", "tac ")
"""How hands begin that are known by an inner address or a tracking area only (`base.sql`)."""
RELAYS = Threshold(2, "times", "once is chance where two units work one night")
RELAY_GAP = Threshold(30, "minutes", "to shut down, drive on and come up under another id")
Node = tuple[CellKey, str]
"""One cell in one hand."""


def grouped(hands: list[Row], *, fleet_certificates: Iterable[str], seized: Sequence[Seizure] = ()) -> dict[Node, str]:
    """Group hands into units.

    Args:
        hands: Rows of `hands.sql`, in order of first appearance.
        fleet_certificates: Certificates that more than one device rightly bears.
        seized: What was found together is one unit, also where serials differ: one van, several boxes or names.

    Returns:
        The unit label of each (cell, hand); labels are numbered in order of first appearance.
    """
    shared = set(fleet_certificates)
    leader: dict[Node, Node] = {node: node for node in ((CellKey.of(row), row["hand"]) for row in hands)}

    def root(node: Node) -> Node:
        while leader[node] != node:
            node = leader[node]
        return node

    bearers, serials = _bearers(hands, shared)
    # Serials and certificates first: what an address joins must not contradict what they have joined.
    for (kind, _), nodes in sorted(bearers.items(), key=lambda each: each[0][0] == "address"):
        for node in nodes[1:]:
            ours, theirs = root(nodes[0]), root(node)
            if ours == theirs or (kind == "address" and serials[ours] and serials[theirs]):
                continue  # one hardware already, or two serials behind one address: a shared line, not one box
            leader[theirs] = ours
            serials[ours] |= serials[theirs]
    for earlier, later in _successions(hands):
        leader[root(later)] = root(earlier)
    for seizure in seized:
        found = [(CellKey.of(row), row["hand"]) for row in hands if seizure.holds(row, shared)]
        for node in found[1:]:
            if root(node) != root(found[0]):
                leader[root(node)] = root(found[0])
    labels: dict[Node, str] = {}
    return {node: labels.setdefault(root(node), f"unit-{len(labels) + 1}") for node in leader}


def _bearers(hands: list[Row], shared: set[str]) -> tuple[dict[tuple[str, str], list[Node]], dict[Node, set[str]]]:
    """Return who bears each serial, certificate and address, and the serials of each."""
    bearers: dict[tuple[str, str], list[Node]] = defaultdict(list)
    serials: dict[Node, set[str]] = defaultdict(set)
    for row in hands:
        node = (CellKey.of(row), row["hand"])
        # A split hand is a serial in two places: the serial no longer tells which of them it is.
        if row["serial"] and row["hand"] == row["serial_hand"]:
            serials[node].add(row["serial"])
            bearers["serial", row["serial"]].append(node)
        if row["certificate"] and row["certificate"] not in shared:
            bearers["certificate", row["certificate"]].append(node)
        if row["source_ip"]:
            bearers["address", row["source_ip"]].append(node)
    return bearers, serials


def _successions(hands: list[Row]) -> list[tuple[Node, Node]]:
    """Return pairs of nameless sessions of one cell, one after the other; none of a cell in which any two overlap."""
    spans: dict[CellKey, dict[str, tuple[datetime, datetime]]] = defaultdict(dict)
    for row in hands:
        if row["hand"].startswith(NAMELESS):
            first, last = spans[CellKey.of(row)].get(row["hand"], (row["from_at"], row["to_at"]))
            spans[CellKey.of(row)][row["hand"]] = (min(first, row["from_at"]), max(last, row["to_at"]))
    pairs = []
    for key, by_hand in spans.items():
        turns = list(pairwise(sorted(by_hand.items(), key=lambda each: each[1])))
        if all(ended < began for (_, (_, ended)), (_, (began, _)) in turns):
            pairs += [((key, earlier), (key, later)) for (earlier, _), (later, _) in turns]
    return pairs


def relayed(shifts: Iterable[tuple[str, datetime, datetime]]) -> dict[str, str]:
    """Join units that relieve each other: never on the air together, and one begins where another has just ended, repeatedly.

    The tightest relays join first, and none that would bring two units together that were ever on the air at one time: where two vans
    work one night, each keeps its own. A chain counts by all its relays; a single one is chance.
    Meant for accused spells whose hardware no record names: honest cells are not asked, and so are not pulled in.

    Args:
        shifts: Unit, first and last row of each spell.

    Returns:
        For each unit the label that it shares, the least of those joined.
    """
    spans: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for unit, from_at, to_at in shifts:
        spans[unit].append((from_at, to_at))
    chain: dict[str, tuple[str, ...]] = {unit: (unit,) for unit in spans}
    relays: dict[str, int] = defaultdict(int)
    for _, one, other in sorted(_relays(spans)):
        mine, theirs = chain[one], chain[other]
        if mine != theirs:
            if _overlap([span for unit in mine for span in spans[unit]], [span for unit in theirs for span in spans[unit]]):
                continue
            joined = tuple(sorted({*mine, *theirs}, key=lambda unit: (len(unit), unit)))
            relays[joined[0]] = relays[mine[0]] + relays[theirs[0]]
            chain.update(dict.fromkeys(joined, joined))
        relays[chain[one][0]] += 1
    return {unit: held[0] if relays[held[0]] >= RELAYS.value else unit for unit, held in chain.items()}


def _relays(spans: dict[str, list[tuple[datetime, datetime]]]) -> Iterator[tuple[timedelta, str, str]]:
    """Yield how soon which unit began after which other had ended, if within the gap."""
    gap = timedelta(minutes=RELAY_GAP.value)
    for one, other in combinations(sorted(spans), 2):
        for mine, theirs in product(spans[one], spans[other]):
            pause = max(mine[0] - theirs[1], theirs[0] - mine[1])
            if timedelta() < pause <= gap:
                yield pause, one, other


def _overlap(some: list[tuple[datetime, datetime]], others: list[tuple[datetime, datetime]]) -> bool:
    return any(mine[0] <= theirs[1] and theirs[0] <= mine[1] for mine, theirs in product(some, others))
