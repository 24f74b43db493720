"""What may not join, whatever else is true of it: enforced always, in monitor mode and on a stale registry too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cellwarden.admission.addresses import Network, address, is_within, network

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cellwarden.admission.facts import Facts
    from cellwarden.admission.registry import Version

KINDS = ("equipment_id", "certificate", "serial", "cell", "network", "installed_since")
"""What a block can name; `cell` is written `home:1001` or `macro:19753073`, `network` as CIDR of the outer address, `installed_since` as an
instant: it names every unit of which the registry had no word before."""


@dataclass(frozen=True, slots=True)
class Block:
    """One thing that may not join."""

    kind: str
    value: str
    reason: str
    """Why, for whoever reads the refusal; names no subscriber."""
    until: datetime | None = None
    """When it ends; None: when it is taken away."""

    def __post_init__(self) -> None:
        """Raise ValueError for a kind that is none, a network that is none, or an instant that is none."""
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is none of {', '.join(KINDS)}")
        if self.kind == "network":
            network(self.value)
        if self.kind == "installed_since" and datetime.fromisoformat(self.value).tzinfo is None:
            raise ValueError(f"{self.value!r} states no zone")

    def holds_at(self, at: datetime) -> bool:
        """Say whether it has not ended yet."""
        return self.until is None or at < self.until


class BlockList:
    """Blocks by what they name."""

    def __init__(self, blocks: Iterable[Block] = ()) -> None:
        self._blocks: dict[tuple[str, str], Block] = {}
        self._networks: dict[str, tuple[Network, Block]] = {}
        self._installs: dict[str, tuple[datetime, Block]] = {}
        for block in blocks:
            self.add(block)

    def __iter__(self) -> Iterator[Block]:
        """Yield every block, those that have ended too."""
        yield from self._blocks.values()
        for _, block in (*self._networks.values(), *self._installs.values()):
            yield block

    def __len__(self) -> int:
        """Count them, those that have ended too."""
        return len(self._blocks) + len(self._networks) + len(self._installs)

    def add(self, block: Block) -> None:
        """Add one; it replaces the one on the same thing."""
        if block.kind == "network":
            self._networks[block.value] = network(block.value), block
        elif block.kind == "installed_since":
            self._installs[block.value] = datetime.fromisoformat(block.value), block
        else:
            self._blocks[block.kind, block.value.lower() if block.kind == "certificate" else block.value] = block

    def remove(self, kind: str, value: str) -> Block | None:
        """Take one away; None if it was not there."""
        if kind in ("network", "installed_since"):
            held = self._networks.pop(value, None) if kind == "network" else self._installs.pop(value, None)
            return held[1] if held else None
        return self._blocks.pop((kind, value.lower() if kind == "certificate" else value), None)

    def on(self, facts: Facts, version: Version | None, history: Sequence[Version] = ()) -> Block | None:
        """Return the block that names this unit by what it shows, or by what the registry says of it.

        Args:
            facts: What it shows.
            version: What the registry says of it at that time.
            history: All that the registry ever said of it, the latest recorded first.
        """
        if not self._blocks and not self._networks and not self._installs:
            return None
        if self._installs and history:
            for since, held in self._installs.values():
                if held.holds_at(facts.at) and history[-1].recorded_at >= since:
                    return held
        for key in _keys(facts, version):
            block = self._blocks.get(key)
            if block is not None and block.holds_at(facts.at):
                return block
        if self._networks and facts.source_ip is not None and (where := address(facts.source_ip)) is not None:
            for span, block in self._networks.values():
                if block.holds_at(facts.at) and is_within(where, (span,)):
                    return block
        return None


def _keys(facts: Facts, version: Version | None) -> Iterator[tuple[str, str]]:
    if facts.equipment_id is not None:
        yield "equipment_id", facts.equipment_id
    if facts.certificate is not None:
        yield "certificate", facts.certificate
    if facts.serial is not None:
        yield "serial", facts.serial
    if facts.cell is not None and facts.cell_type is not None:
        yield "cell", f"{facts.cell_type}:{facts.cell}"
    if version is not None:
        yield "equipment_id", version.equipment_id
        yield "cell", f"{version.cell_type}:{version.cell}"
        if version.certificate is not None:
            yield "certificate", version.certificate
        if version.serial is not None:
            yield "serial", version.serial
