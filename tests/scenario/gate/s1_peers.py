"""Both ends of S1 for a test, each a process of its own: a femtocell behind its tunnel, and a core that takes everything.

python s1_peers.py unit SOURCE HOST PORT SECONDS     messages as `STREAM HEX` lines on standard input; answers on standard output
python s1_peers.py core HOST PORT                    answers S1 Setup, sends everything else back; says what came
python s1_peers.py kernel-core HOST PORT             the same over the kernel's SCTP
"""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING

from cellwarden.interfaces.gate.sctp import KernelSctp, Piece
from cellwarden.interfaces.gate.sctp_userland import UserlandSctp

if TYPE_CHECKING:
    from cellwarden.interfaces.gate.sctp import Stack

S1AP = 18
SETUP_RESPONSE = "201100170000020069000b000000f1100000800000000000005740010a"
"""An MME's answer: PLMN 001-01, group 0x8000, code 0; relative capacity 10."""


def say(line: str) -> None:
    """Write a line; it is out within a moment, many together."""
    sys.stdout.write(f"{line}\n")


def flush_often() -> None:
    """Let lines go without a system call for each."""
    while True:
        time.sleep(0.05)
        sys.stdout.flush()


def unit(source: str, host: str, port: str, seconds: str) -> None:
    """Send what comes in, say what comes back, until nothing comes for so long."""
    association = UserlandSctp().connect(host, int(port), source=source)
    lines = [line.split() for line in sys.stdin]

    def hear() -> None:
        while (piece := association.receive()) is not None:
            say(f"{piece.stream} {piece.protocol} {piece.data.hex()}")
        say("gone")

    thread = threading.Thread(target=hear, daemon=True)
    thread.start()
    for stream, text in lines:
        try:
            association.send(Piece(int(stream), S1AP, bytes.fromhex(text)))
        except OSError:
            break
    thread.join(float(seconds))
    association.close()


def core(host: str, port: str, stack: Stack | None = None) -> None:
    """Answer and tell."""
    listener = (stack or UserlandSctp()).listen(host, int(port))
    say("listens")
    while (association := listener.accept()) is not None:
        threading.Thread(target=answer, args=(association,), daemon=True).start()


def answer(association: object) -> None:
    """Serve one association."""
    while (piece := association.receive()) is not None:  # type: ignore[attr-defined]
        say(f"{piece.stream} {piece.protocol} {piece.data.hex()}")
        data = bytes.fromhex(SETUP_RESPONSE) if piece.data[:2] == b"\x00\x11" else piece.data
        association.send(piece._replace(data=data))  # type: ignore[attr-defined]


if __name__ == "__main__":
    threading.Thread(target=flush_often, daemon=True).start()
    kinds = {"unit": unit, "core": core, "kernel-core": lambda host, port: core(host, port, KernelSctp())}
    kinds[sys.argv[1]](*sys.argv[2:])
    sys.stdout.flush()
