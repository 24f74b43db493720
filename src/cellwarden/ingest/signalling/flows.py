"""One direction of an SCTP association: which TSNs came, and which fragments wait for more.

References: RFC 9260, 3.3.1 (TSN) and 6.9 (fragmentation).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from cellwarden.ingest.signalling.route import Phones, Route

MAX_SEEN_TSNS = 512
"""TSNs remembered a direction, at least: a retransmission comes within a window, not hours later."""
Ends = tuple[str, str, bytes]
"""Address of either end and both ports, in an order that does not depend on direction."""
_TSNS = 0xFFFFFFFF


class Fragment(NamedTuple):
    """A part of a user message."""

    flags: int
    """2: the first, 1: the last."""
    ppid: int
    """Payload protocol identifier; only that of the first fragment counts."""
    data: bytes


class Association:
    """Both directions of an association."""

    __slots__ = ("ends", "flows", "heads", "number", "phones")

    def __init__(self, number: int, ends: Ends) -> None:
        self.number, self.ends = number, ends
        self.heads: list[bytes | None] = [None, None]
        """Ports and verification tag that either end sends; None: nothing seen of it."""
        self.flows = 0
        """How many of its directions are known."""
        self.phones: Phones = {}
        """For its routes."""


class Flow:
    """One direction: what it sent lately and what waits for more. Defaults stand in the class, as those of `Message` do."""

    start: int = -1
    following: int = -1
    """The latest run of TSNs, and the one that follows it (or 1 << 32, which `repeats` takes for 0): nearly all there is to
    remember, for most come in order."""
    looked_at: int = -1
    """The TSN that followed when it was looked at for making room: if it still does, nothing came since."""
    recent: set[int] | None = None
    older: AbstractSet[int] = frozenset()
    """TSNs outside the run, in two generations: dropping the older one whole is cheaper than dropping one at a time."""
    fragments: dict[tuple[int, int, int], Fragment] | None = None
    """By stream, message and place; DATA has one place for all, its TSN. None until the first one comes."""
    route: Route | None = None
    addresses: bytes = b""
    """Of its route, as they stand in an IPv4 packet."""
    others: Mapping[tuple[str, str], Route] = MappingProxyType({})
    """Further routes by addresses: there are some in multihoming."""

    def __init__(self, association: Association) -> None:
        self.association = association

    def begin(self, tsn: int) -> None:
        """Expect this TSN as the first one."""
        self.start = self.following = tsn
        self.looked_at = (tsn + 1) & _TSNS

    def repeats(self, tsn: int) -> bool:
        """Say whether this TSN came before, and remember it."""
        start, following = self.start, self.following
        if tsn == following:
            self.following = (tsn + 1) & _TSNS
            return False
        if (tsn - start) & _TSNS < (following - start) & _TSNS:
            return True
        recent = self.recent
        if recent is not None and (tsn in recent or tsn in self.older):
            return True
        if following < 0:
            self.begin(tsn)
            self.following = self.looked_at
        elif (tsn - following) & _TSNS < 1 << 31:
            # Those between may still come, so the run that ends here is kept TSN by TSN.
            run = min((following - start) & _TSNS, MAX_SEEN_TSNS)
            for known in range(following - run, following):
                self._keep(known & _TSNS)
            self.start, self.following = tsn, (tsn + 1) & _TSNS
        else:
            self._keep(tsn)
        return False

    def _keep(self, tsn: int) -> None:
        if self.recent is None or len(self.recent) >= MAX_SEEN_TSNS:
            self.older, self.recent = self.recent or frozenset(), set()
        self.recent.add(tsn)
