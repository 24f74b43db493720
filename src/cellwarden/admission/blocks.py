"""What may not join, whatever else is true of it: enforced always, in monitor mode and on a stale registry too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cellwarden.admission.addresses import Network, address, is_within, network

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from cellwarden.admission.facts import Facts
    from cellwarden.admission.registry import Version

KINDS = ("equipment_id", "certificate", "serial", "cell", "network")
"""What a block can name; `cell` is written `home:1001` or `macro:19753073`, `network` as CIDR of the outer address."""


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
        """Raise ValueError for a kind that is none, or a network that is none."""
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is none of {', '.join(KINDS)}")
        if self.kind == "network":
            network(self.value)

    def holds_at(self, at: datetime) -> bool:
        """Say whether it has not ended yet."""
        return self.until is None or at < self.until


class BlockList:
    """Blocks by what they name."""

    def __init__(self, blocks: Iterable[Block] = ()) -> None:
        self._blocks: dict[tuple[str, str], Block] = {}
        self._networks: dict[str, tuple[Network, Block]] = {}
        for block in blocks:
            self.add(block)

    def __iter__(self) -> Iterator[Block]:
        """Yield every block, those that have ended too."""
        yield from self._blocks.values()
        for _, block in self._networks.values():
            yield block

    def __len__(self) -> int:
        """Count them, those that have ended too."""
        return len(self._blocks) + len(self._networks)

    def add(self, block: Block) -> None:
        """Add one; it replaces the one on the same thing."""
        if block.kind == "network":
            self._networks[block.value] = network(block.value), block
        else:
            self._blocks[block.kind, block.value.lower() if block.kind == "certificate" else block.value] = block

    def remove(self, kind: str, value: str) -> Block | None:
        """Take one away; None if it was not there."""
        if kind == "network":
            held = self._networks.pop(value, None)
            return held[1] if held else None
        return self._blocks.pop((kind, value.lower() if kind == "certificate" else value), None)

    def on(self, facts: Facts, version: Version | None) -> Block | None:
        """Return the block that names this unit by what it shows, or by what the registry says of it."""
        if not self._blocks and not self._networks:
            return None
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
