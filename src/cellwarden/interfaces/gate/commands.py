"""The two processes of a gate as commands: the one that decides, and the one that only ever shuts the door."""

from __future__ import annotations

import contextlib
import logging
import signal
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cellwarden.foundation.errors import MissingPartError
from cellwarden.interfaces.gate.log_lines import lines

if TYPE_CHECKING:
    from collections.abc import Iterator


def run(settings: Annotated[Path, typer.Argument(help="Settings of this process; see docs/how-to/gate.md.")]) -> None:
    """Run one gate process until it is told to end; ending drops no tunnel."""
    logging.basicConfig(level=logging.WARNING, handlers=[lines()])
    with _needing_the_extra():
        from cellwarden.interfaces.gate.service import Service  # noqa: PLC0415 (other commands need no adapters)
        from cellwarden.interfaces.gate.settings import read_settings  # noqa: PLC0415

        Service(read_settings(settings), _now).run()


def sweep(
    *,
    socket: Annotated[Path, typer.Option("--socket", help="VICI socket of the charon to watch.")] = Path(
        "/var/run/charon.vici"
    ),
    table: Annotated[str, typer.Option("--table", help="Name of the nftables table.")] = "cellwarden",
    match: Annotated[str, typer.Option("--match", help="As for `gate firewall`.")] = 'iifname "ipsec*"',
    relay: Annotated[
        Path | None, typer.Option("--relay", help="Socket to make, where a gate follows what charon tells (its `sweeper`).")
    ] = None,
) -> None:
    """Shut the door behind every tunnel that goes down, also while the gate is dead; never opens it."""
    logging.basicConfig(level=logging.WARNING, handlers=[lines()])
    with _needing_the_extra():
        from cellwarden.interfaces.gate.nftables import Nftables  # noqa: PLC0415
        from cellwarden.interfaces.gate.relay import Relay  # noqa: PLC0415
        from cellwarden.interfaces.gate.sweeper import Sweeper  # noqa: PLC0415

        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        door = Nftables(table, match)
        with Relay(relay) if relay is not None else contextlib.nullcontext() as told:
            Sweeper(door, socket, told).watch(stop)


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 (the clock that is handed in)


@contextlib.contextmanager
def _needing_the_extra() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        raise MissingPartError(f"{error.name} is not installed", where="gate", fix="pip install 'cellwarden[gate]'") from error
