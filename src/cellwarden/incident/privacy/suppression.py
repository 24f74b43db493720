"""What may not be published: small counts, and enough others that nobody can work them out from the sums.

A count from 1 to k - 1 is withheld (primary). A reader adds and subtracts, so others are withheld with it (complementary), until every small
count could have been any of at least k + 1 values for all that the published counts and their sums tell: a linear program says how low and how
high each could be. References: Cox, "Suppression methodology and statistical disclosure control" (JASA 75, 1980), whose audit this is.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from cellwarden.foundation.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

K = 10
"""Fewest people that a published count may stand for; the usual threshold for frequency tables of health and census offices."""
_NEAR = 1e-6
_UNBOUNDED = 3
"""Status of scipy's linprog."""

Name = tuple[str, ...]
"""What is counted, as `("district", "Gwangmyeong-si", "imsi")`."""


class Sum(NamedTuple):
    """A total and its parts. Where parts do not add up to it (one person on two days), the reader is taken to know by how much."""

    total: Name
    parts: tuple[Name, ...]


def withheld(counts: Mapping[Name, int], sums: Sequence[Sum], *, k: int = K, stated: Collection[Name] = ()) -> frozenset[Name]:
    """Return what may not be published.

    Zeros are published: that nobody is concerned is no secret.

    Args:
        counts: People by name, from 0; totals among them.
        sums: Every total that a reader can form; tables that share totals belong into one call.
        k: Fewest people of a published count.
        stated: Counts that a law wants told whatever they are. Beside a small one of these, small parts may stay narrow.

    Raises:
        UsageError: A count is negative.
    """
    if any(count < 0 for count in counts.values()):
        raise UsageError("a negative count", where="published table", fix="Give whole numbers from 0")
    small = [name for name, count in sorted(counts.items()) if 0 < count < k and name not in stated]
    audit = _Audit(counts, sums, frozenset(stated), set(small))
    for name in small:
        audit.close()
        while audit.is_narrow(name, k) and (more := audit.beside(name)) is not None:
            audit.hidden.add(more)
            audit.close()
    return frozenset(audit.hidden)


def reach(counts: Mapping[Name, int], sums: Sequence[Sum], hidden: Collection[Name], name: Name) -> tuple[float, float]:
    """Return how low and how high a withheld count could be, for a reader of all others who knows that zeros are never withheld."""
    return _Audit(counts, sums, frozenset(), set(hidden)).reach(name)


class _Audit:
    """What a reader can work out."""

    def __init__(self, counts: Mapping[Name, int], sums: Sequence[Sum], stated: frozenset[Name], hidden: set[Name]) -> None:
        self.counts, self.stated, self.hidden = counts, stated, hidden
        self.members = [tuple(name for name in (each.total, *each.parts) if counts[name]) for each in sums]
        self.totals = [each.total for each in sums]
        self.sums_of: dict[Name, list[int]] = {}
        for place, names in enumerate(self.members):
            for name in names:
                self.sums_of.setdefault(name, []).append(place)
        self.seen: dict[Name, tuple[float, float]] = {}
        """Values that a withheld count has taken in some table that fits: what was once possible stays so when more is withheld."""

    def close(self) -> None:
        """Withhold more, until no sum has one withheld member alone: that one is the others' difference."""
        while alone := [names for names in self.members if sum(name in self.hidden for name in names) == 1]:
            wanted: dict[Name, int] = {}
            for names in alone:
                for name in self._choices(names):
                    wanted[name] = wanted.get(name, 0) + 1
            if not wanted:
                return  # all that is left beside them are counts that a law wants told
            # One that helps two sums at once costs least; then a part rather than a total; then the fewest people.
            self.hidden.add(min(wanted, key=lambda name: (-wanted[name], name in self.totals, self.counts[name], name)))

    def _choices(self, names: tuple[Name, ...]) -> Iterator[Name]:
        return (name for name in names if name not in self.hidden and name not in self.stated)

    def beside(self, name: Name) -> Name | None:
        """Return what to withhold next for the sake of a count: of its own sums first; None where all is withheld already."""
        for near in (
            self.sums_of.get(name, ()),
            {place for each in self._linked(name) for place in self.sums_of.get(each, ())},
        ):
            choices = {each for place in near for each in self._choices(self.members[place])}
            if choices:
                return min(choices, key=lambda each: (each in self.totals, self.counts[each], each))
        return None

    def is_narrow(self, name: Name, k: int) -> bool:
        low, high = self.seen.get(name, (inf, -inf))
        if high - low >= k:
            return False
        low, high = self.reach(name)
        return high - low < k

    def reach(self, name: Name) -> tuple[float, float]:
        """Solve for the least and the greatest value of a withheld count."""
        names = sorted(self._linked(name))
        place_of = {each: place for place, each in enumerate(names)}
        entries: list[tuple[int, int, float]] = []
        values: list[float] = []
        for place in sorted({place for each in names for place in self.sums_of.get(each, ())}):
            inside = [each for each in self.members[place] if each in place_of]
            signs = [-1.0 if each == self.totals[place] else 1.0 for each in inside]
            entries += [(len(values), place_of[each], sign) for each, sign in zip(inside, signs, strict=True)]
            values.append(sum(sign * self.counts[each] for each, sign in zip(inside, signs, strict=True)))
        if not values:
            return 1.0, inf
        rows, columns, factors = zip(*entries, strict=True)
        equations = csr_array((factors, (rows, columns)), shape=(len(values), len(names)))
        aim = np.zeros(len(names))
        aim[place_of[name]] = 1.0
        ends = []
        for direction in (1.0, -1.0):
            found = linprog(direction * aim, A_eq=equations, b_eq=values, bounds=(1, None), method="highs")
            if found.status == _UNBOUNDED:
                ends.append(inf)
                continue
            ends.append(float(found.x[place_of[name]]))
            for each, value in zip(names, found.x, strict=True):
                low, high = self.seen.get(each, (inf, -inf))
                self.seen[each] = min(low, value), max(high, value)
        return float(np.ceil(ends[0] - _NEAR)), float(np.floor(ends[1] + _NEAR))

    def _linked(self, name: Name) -> set[Name]:
        """Return the withheld counts that stand in one sum with it, or with one that does, and so on."""
        linked, ahead = {name}, [name]
        while ahead:
            for place in self.sums_of.get(ahead.pop(), ()):
                found = {each for each in self.members[place] if each in self.hidden} - linked
                linked |= found
                ahead += sorted(found)
        return linked
