"""The block list that approved containment writes, read by the gate that enforces it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from cellwarden.admission.blocks import Block
from cellwarden.foundation.errors import MalformedInputError
from cellwarden.incident.containment.targets import UndeliveredError, read_block_list

if TYPE_CHECKING:
    from pathlib import Path

    from cellwarden.workflows.gatehouse import Gatehouse

BY = "containment"
"""Who blocked, in evidence; and how the reason of such a block begins, by which it is known again after a restart."""


class BlockListFile:
    """Follows a block list file: what is new on it is blocked, what was taken off it is let go.

    A file that is broken, or gone after it was there, changes nothing: whoever damages it must not lift a block.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int, int] | None = None

    def refresh(self, house: Gatehouse) -> None:
        """Bring the gate's block list up to the file, if that has changed.

        Raises:
            MalformedInputError: It is no block list, or an entry is none; what was blocked stays blocked.
        """
        try:
            status = self._path.stat()
        except FileNotFoundError:
            if self._seen is None:
                return  # nobody has blocked anything yet
            raise MalformedInputError(
                "the block list is gone; what it blocked stays blocked",
                where=self._path.name,
                fix="Put it back, or lift by an undo",
            ) from None
        seen = (status.st_ino, status.st_size, status.st_mtime_ns)
        if seen == self._seen:
            return
        wanted = self._wanted()
        for held in [each for each in house.gate.registry.blocks if each.reason.startswith(BY)]:
            if (held.kind, held.value) not in wanted:
                house.unblock(held.kind, held.value, by=BY)
        held_now = set(house.gate.registry.blocks)
        for block in wanted.values():
            if block not in held_now:
                house.block(block, by=BY)
        self._seen = seen

    def _wanted(self) -> dict[tuple[str, str], Block]:
        """Return the blocks of the file by what they name; of two on the same thing the one that lasts longer."""
        wanted: dict[tuple[str, str], Block] = {}
        try:
            for entry in read_block_list(self._path):
                until = datetime.fromisoformat(entry["until"]) if entry.get("until") else None
                block = Block(str(entry["kind"]), str(entry["value"]), f"{BY} {entry['request']}", until)
                other = wanted.get((block.kind, block.value))
                if other is None or (other.until is not None and (until is None or until > other.until)):
                    wanted[block.kind, block.value] = block
        except (UndeliveredError, ValueError, TypeError) as error:
            raise MalformedInputError(
                f"no block list ({error}); what it blocked stays blocked", where=self._path.name, fix="Deliver the blocks again"
            ) from error
        return wanted
