"""What the gate costs a gateway: stock charons as a farm of femtocells, a bare gateway against one with the gate beside it.

    python -m bench.gate_load [--strict] [COUNT…]       needs root and what `make gate` needs

With `--strict` both gateways ask a responder about every certificate: the bare one `openssl ocsp`, the other one the gate's.

Counted are processor seconds of charon, and of responder, gate and sweeper where they run, for each admission. Bare and gated rounds
alternate on the same machine, which of a pair comes first too; the middle of the pairs' ratios counts. One charon differs from the
next by a tenth in what it takes, so that few pairs tell nothing. The farm shares the machine, and asks for twenty tunnels at once.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import monotonic
from typing import Any, NamedTuple

from cryptography import x509

from bench.measured import cpu_of, table

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "scenario" / "gate"))
from network import ip, wait_for  # type: ignore[import-not-found] # beside the tests
from world import OCSP, World, parts_missing  # type: ignore[import-not-found]

CPU_BAR, RATE_BAR = 1.15, 0.9
RATE_BAR_AT = 200
ROUNDS = {200: 15, 1000: 5}
MOST_AT_ONCE = 20
PACE_S = 0.02
"""Between two looks at how many are up: each look costs the farm, not the gateway."""


class Round(NamedTuple):
    """One farm that came up."""

    charon_ms: float
    """Processor milliseconds of the gateway for each admission."""
    gate_ms: float
    """Of the gate, or of the responder in its stead; 0 where there is none."""
    sweeper_ms: float
    pace: float
    """Admissions a second."""

    @property
    def sum_ms(self) -> float:
        """All three."""
        return self.charon_ms + self.gate_ms + self.sweeper_ms


def farm(count: int, *, is_bare: bool, is_strict: bool) -> Round:
    """Bring up so many tunnels, and wait until the door is open for all of them."""
    with (
        tempfile.TemporaryDirectory() as folder,
        World(
            Path(folder),
            revocation="strict" if is_strict else "relaxed",
            is_bare=is_bare,
            watches_log=False,
            follows_sweeper=True,
        ) as world,
    ):
        if not is_strict:
            world.authority.ocsp = ""
        _prepare(world, count)
        watched = [world.segw.process]
        if is_bare and is_strict:
            watched.append(_responder(world))
        if not is_bare:
            world.settle()
            watched += [world.gate, world.sweeper]
        before, began = [cpu_of(each.pid) for each in watched], monotonic()
        for number in range(1, count + 1):
            for _ in world.units.session.initiate({"child": f"henb{number}", "timeout": "-1"}):
                pass
            if number % MOST_AT_ONCE == 0:
                wait_for(lambda: _up(world) >= number - MOST_AT_ONCE, "tunnels", seconds=60, pace_s=PACE_S)  # noqa: B023
        wait_for(lambda: _up(world) >= count, "all tunnels", seconds=120, pace_s=PACE_S)
        took = monotonic() - began
        if not is_bare:
            wait_for(lambda: world.door().count("10.9.") >= count, "all are let in", seconds=60, pace_s=PACE_S)
        spent = [(cpu_of(each.pid) - then) / count * 1000 for each, then in zip(watched, before, strict=True)]
        return Round(*[*spent, 0.0, 0.0][:3], pace=count / took)


def _prepare(world: Any, count: int) -> None:
    for number in range(1, count + 1):
        name, source = f"henb{number}", f"198.18.{number >> 8}.{number & 255}"
        own = world.issue(name)
        row = {"equipment_id": name, "cell": 1000 + number, "cell_type": "home", "kind": "femto", "status": "active"}
        row |= {"valid_from": "2025-01-01T00:00:00Z", "recorded_at": "2025-01-01T00:00:00Z"}
        world.registered[name] = {**row, "certificate": own.sha256, "source_networks": f"{source}/32"}
        world.units.prepare(name, name, own, source=source)
    world.register("nobody")
    ip("route", "add", "198.18.0.0/15", "dev", "outer", namespace=world.network.segw)


def _responder(world: Any) -> Any:
    """Start `openssl ocsp` for everything that was issued, where the gate's responder would be; wait until it listens."""
    issued = [x509.load_der_x509_certificate(path.read_bytes()) for path in (world.folder / "issued").iterdir()]
    lines = [f"V\t{each.not_valid_after_utc:%y%m%d%H%M%SZ}\t\t{_even(each.serial_number)}\tunknown\t/CN=x\n" for each in issued]
    (world.folder / "index.txt").write_text("".join(lines))
    (world.folder / "index.txt.attr").write_text("unique_subject = no\n")
    _, port = OCSP.split(":")
    words = {"-index": "index.txt", "-rsigner": "responder.pem", "-rkey": "responder.key", "-CA": "root.pem"}
    files = [word for option, name in words.items() for word in (option, str(world.folder / name))]
    process = world.network.start(world.network.segw, "openssl", "ocsp", "-port", port, "-nmin", "1", *files)
    wait_for(lambda: _listens(world, port), "the responder")
    return process


def _listens(world: Any, port: str) -> bool:
    command = ["ip", "netns", "exec", world.network.segw, "ss", "-Hltn", f"sport = :{port}"]
    return bool(subprocess.run(command, capture_output=True, check=True).stdout)


def _even(number: int) -> str:
    text = f"{number:X}"
    return text.zfill(len(text) + len(text) % 2)


def _up(world: Any) -> int:
    sas = world.units.session.stats()["ikesas"]
    return int(sas["total"]) - int(sas["half-open"])


def sum_of(rounds: list[Round]) -> float:
    """Return what rounds took together."""
    return sum(each.sum_ms for each in rounds)


def measured(count: int, *, is_strict: bool) -> bool:
    """Print the figures of one size; return whether they meet the bars."""
    bare, gated = list[Round](), list[Round]()
    for number in range(ROUNDS.get(count, 1)):
        for is_bare in (number % 2 == 0, number % 2 == 1):
            (bare if is_bare else gated).append(farm(count, is_bare=is_bare, is_strict=is_strict))
    ratios = [with_it.sum_ms / without.sum_ms for without, with_it in zip(bare, gated, strict=True)]
    cpu = median(ratios)
    pace = median(with_it.pace / without.pace for without, with_it in zip(bare, gated, strict=True))
    rows = [
        [
            name,
            *(f"{median(figures):.2f}" for figures in list(zip(*rounds, strict=True))[:3]),
            f"{median(r.pace for r in rounds):.0f}",
        ]
        for name, rounds in (("bare", bare), ("with gate and sweeper", gated))
    ]
    head = ["gateway", "charon, CPU-ms an admission", "gate or responder", "sweeper", "admissions a second"]
    kind = "strict revocation" if is_strict else "no revocation"
    print(table(f"A farm of {count} femtocells, {kind}, {len(bare)} rounds of each kind", head, rows))
    print(
        f"CPU {cpu:.2f} times (at most {CPU_BAR}), rate {pace:.2f} times (at least {RATE_BAR} at {RATE_BAR_AT})\n"
        f"of pairs from {min(ratios):.2f} to {max(ratios):.2f}, of all rounds' sums {sum_of(gated) / sum_of(bare):.2f}\n",
        flush=True,
    )
    return cpu <= CPU_BAR and (count != RATE_BAR_AT or pace >= RATE_BAR)


def main() -> int:
    if lacking := parts_missing():
        print(f"gate_load was left out: it needs {lacking}")
        return 0
    counts, is_strict = [int(each) for each in sys.argv[1:] if each.isdigit()], "--strict" in sys.argv
    results = [measured(count, is_strict=is_strict) for count in counts or ROUNDS]
    return results.count(False)


if __name__ == "__main__":
    sys.exit(main())
