"""A gate process: settings in, adapters up, until it is told to end. Ending drops no tunnel and shuts no door."""

from __future__ import annotations

import gc
import json
import logging
import os
import signal
import threading
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cellwarden.admission.blocks import Block
from cellwarden.admission.gate import Gate
from cellwarden.admission.registry import Registry
from cellwarden.admission.sessions import Bond
from cellwarden.foundation.clock import iso
from cellwarden.foundation.errors import CellwardenError, MissingPartError
from cellwarden.workflows.block_list import BlockListFile
from cellwarden.workflows.gate_evidence import GateEvidence
from cellwarden.workflows.gatehouse import Gatehouse
from cellwarden.workflows.registry_view import SealedSource, public_key, read_origins

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cellwarden.foundation.clock import Clock
    from cellwarden.interfaces.gate.settings import Management, Settings
    from cellwarden.workflows.gatehouse import House
    from cellwarden.workflows.registry_view import RegistrySource

REFRESH_S = 0.2
"""How often the registry is looked at and evidence is put on disk: a change must count within a second."""
REMIND_S = 60
"""How often whoever watches the log is told what is not enforced."""
_GARBAGE = 20_000
"""New containers between two looks for circles among them: a decision makes a hundred that go by themselves, and no circle."""
READY = "ready"
"""File in the gate's folder that is there while it serves."""
BLOCKS, BONDS = "blocks.json", "bonds.json"
"""Files in the gate's folder that outlive it: what may not join, and what each unit showed when it was let in last."""
log = logging.getLogger("cellwarden.gate")


class Service:
    """One process."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock
        self._stop = threading.Event()
        self._closers: list[Callable[[], None]] = []
        self._evidence = GateEvidence(settings.folder, settings.name)
        self._source: RegistrySource | None = None
        self._blocks = BlockListFile(settings.blocks) if settings.blocks is not None else None
        self._told: dict[str, str] = {}
        self._is_block_list_kept = True
        self.house: Gatehouse | None = None

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop.set())
        settings = self._settings
        settings.folder.mkdir(parents=True, exist_ok=True)
        try:
            house = self._asked()
            waiting = self._start(house)
            for each in waiting:
                while not each.wait(REFRESH_S) and not self._stop.is_set():
                    self._tend()
            gc.collect()
            gc.freeze()  # the registry and all code stay: to look through a quarter of a million units holds up who asks
            gc.set_threshold(_GARBAGE)
            (settings.folder / READY).touch()
            log.warning("gate_ready", extra={"gate": settings.name})
            self._tend_until_stopped()
        finally:
            (settings.folder / READY).unlink(missing_ok=True)
            for close in reversed(self._closers):
                close()
            self._save_bonds()
            self._evidence.close()

    def _asked(self) -> House:
        """Return who decides: a gate of this process, or one behind HTTP."""
        settings = self._settings
        if settings.engine is not None:
            from cellwarden.interfaces.gate.remote import RemoteHouse  # noqa: PLC0415 (only if asked for)

            token = settings.engine.token_file.read_text(encoding="utf-8").strip()
            return RemoteHouse(settings.engine.url, token, timeout_s=settings.engine.timeout_s)
        gate = Gate(Registry(), settings.policy)
        self._restore(gate)
        origins = read_origins(settings.origins) if settings.origins is not None else None
        self.house = Gatehouse(gate, self._evidence, self._clock, origins)
        self.house.on_block(self._save_blocks)
        if settings.sealed is not None and settings.key is not None:
            self._source = SealedSource(settings.sealed, public_key(settings.key))
        elif settings.records is not None:
            from cellwarden.workflows.registry_folder import FolderSource  # noqa: PLC0415 (readers take time to load)

            self._source = FolderSource(settings.records)
        elif settings.management is not None:
            self._source = _api_source(settings.management, self._clock)
        self._refresh()
        return self.house

    def _start(self, house: House) -> list[threading.Event]:
        """Start the adapters of the settings; return what to wait for."""
        from cellwarden.interfaces.gate import adapters  # noqa: PLC0415 (their libraries are an extra)

        waiting = []
        for start in adapters.STARTERS:
            started = start(self._settings, house, self._clock, self._stop, self._source)
            if started is not None:
                ready, close = started
                waiting.append(ready)
                self._closers.append(close)
        if not waiting:
            raise MissingPartError(
                "no section of the settings switches anything on", where=self._settings.name, fix="See docs/how-to/gate.md"
            )
        return waiting

    def _tend_until_stopped(self) -> None:
        remind = 0.0
        while not self._stop.wait(REFRESH_S):
            self._tend()
            remind -= REFRESH_S
            if remind <= 0 and self.house is not None:
                remind = REMIND_S
                for region in self.house.gate.policy.loose_regions(self._clock()):
                    log.warning(
                        "refusals_not_enforced", extra={"region": region.name, "mode": region.mode, "until": iso(region.until)}
                    )

    def _tend(self) -> None:
        self._refresh()
        if self.house is None:
            return
        self.house.tend()
        if not self._is_block_list_kept:
            self.house.keep_blocks()

    def _refresh(self) -> None:
        if self.house is None:
            return
        for event, source in (("registry_refused", self._source), ("block_list_refused", self._blocks)):
            if source is None:
                continue
            said = ""
            try:
                source.refresh(self.house)
            except CellwardenError as error:
                said = str(error)
                if said != self._told.get(event):  # said once, not five times a second
                    log.error(event, extra={"error": said})  # noqa: TRY400 (one line is enough)
            self._told[event] = said

    def _save_blocks(self, blocks: list[Block]) -> None:
        """Keep the block list at once: an order to shut something out must outlive a crash. What fails is tried again."""
        content = [[b.kind, b.value, b.reason, iso(b.until) if b.until else None] for b in blocks]
        try:
            _write(self._settings.folder / BLOCKS, content)
        except OSError:
            if self._is_block_list_kept:  # said once, not five times a second
                log.exception("block_list_not_kept")
            self._is_block_list_kept = False
        else:
            self._is_block_list_kept = True

    def _save_bonds(self) -> None:
        """Keep what each unit showed, over a restart."""
        if self.house is not None:
            _write(self._settings.folder / BONDS, self.house.gate.sessions.bonds())

    def _restore(self, gate: Gate) -> None:
        for kind, value, reason, until in _read(self._settings.folder / BLOCKS) or []:
            gate.registry.blocks.add(Block(kind, value, reason, datetime.fromisoformat(until) if until else None))
        for unit, bond in (_read(self._settings.folder / BONDS) or {}).items():
            gate.sessions.remember(unit, Bond(*bond))


def _api_source(section: Management, clock: Clock) -> RegistrySource:
    from cellwarden.workflows.registry_api import ApiSource, ManagementSystem  # noqa: PLC0415 (readers take time to load)

    token = section.token_file.read_text(encoding="utf-8").strip()
    system = ManagementSystem(section.url, token, clock, ca=section.ca, wait_s=section.wait_s)
    return ApiSource(system, period_s=section.period_s)


def _write(path: Path, content: object) -> None:
    """Replace a file as a whole; it is on disk when this returns."""
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        fresh.chmod(0o600)
        json.dump(content, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
