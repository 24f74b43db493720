"""The gate's decision: how many a second, how large a registry, and what a restart of a whole fleet asks of it.

    python -m bench.gate

The fleet restarts as after a power cut: every unit asks within a minute, each tunnel then sets up S1. Service times are
CPU time measured on this machine, decision by decision; the queue in front of one process follows from them and the times of arrival.
"""

from __future__ import annotations

import random  # noqa: TID251 (seeded)
import resource
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import process_time

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench.measured import measured, table
from cellwarden.admission.decisions import decide
from cellwarden.admission.facts import Facts, Stage
from cellwarden.admission.gate import Gate
from cellwarden.admission.registry import Registry, Version
from cellwarden.admission.sessions import Sessions
from cellwarden.admission.snapshot import seal, unseal

NOW = datetime(2025, 9, 5, 12, tzinfo=UTC)
UNITS, FLEET = 250_000, 232_000
RATE_BAR, MEMORY_BAR_MIB, LOAD_BAR_S = 20_000, 600, 10
SPREAD_S = 60
KEY = Ed25519PrivateKey.from_private_bytes(b"bench" * 6 + b"xx")


def line_of(number: int) -> str:
    return f"100.{64 + (number >> 16)}.{number >> 8 & 255}.{number & 255}"


def versions(count: int) -> list[Version]:
    """Make up so many units, each with its own certificate, line and cell."""
    row = {
        "cell_type": "home",
        "kind": "femto",
        "status": "active",
        "valid_from": NOW - timedelta(days=90),
        "recorded_at": NOW - timedelta(days=90),
        "tac": 7,
        "plmn": "00101",
        "software": "2.1",
    }
    return [
        Version.of_row(
            row
            | {
                "equipment_id": f"henb{number:06d}",
                "cell": 1_000_000 + number,
                "serial": f"SN{number:08d}",
                "certificate": f"{number:064x}",
                "source_networks": f"{line_of(number)}/32",
                "access_line": f"L{number:08d}",
                "lat": 37 + number / 1e6,
                "lon": 127 + number / 1e6,
            }
        )
        for number in range(count)
    ]


def tunnel(number: int) -> Facts:
    return Facts(
        stage=Stage.TUNNEL,
        at=NOW,
        gateway="segw",
        key=str(number),
        equipment_id=f"henb{number:06d}",
        source_ip=line_of(number),
        source_port=4500,
        inner_ip=f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}",
    )


def setup(number: int) -> Facts:
    return Facts(
        stage=Stage.S1_SETUP,
        at=NOW,
        gateway="mme",
        key=str(number),
        inner_ip=tunnel(number).inner_ip,
        cell=1_000_000 + number,
        cell_type="home",
        plmn="00101",
        tacs=(7,),
    )


def load() -> None:
    """Child process: unseal and hold the registry alone, so that its memory is the process's."""
    with open(sys.argv[2], "rb") as file:  # noqa: PTH123
        content = file.read()
    began = process_time()
    sealed = unseal(content, KEY.public_key(), where="bench")
    registry = Registry(sealed.versions, as_of=sealed.as_of)
    took = process_time() - began
    print(f"{len(registry)} {took} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}")


def rate(decide_one: object, count: int) -> float:
    began = process_time()
    for number in range(count):
        decide_one(number)  # type: ignore[operator]
    return count / (process_time() - began)


def queued(arrivals: list[float], service: list[float]) -> tuple[int, float, float, float]:
    """Return the longest queue, the median and the 99th percentile of waiting, and when the last was served."""
    free, waits, ends, longest, head = 0.0, [], [], 0, 0
    for at, takes in zip(arrivals, service, strict=True):
        begin = max(free, at)
        free = begin + takes
        waits.append(free - at)
        ends.append(free)
        while ends[head] <= at:
            head += 1
        longest = max(longest, len(ends) - head)
    waits.sort()
    return longest, waits[len(waits) // 2], waits[len(waits) * 99 // 100], free


def restart(registry: Registry) -> list[list[str]]:
    """Play the restart of the fleet through one gate."""
    gate, rng = Gate(registry), random.Random(1)  # noqa: S311 (no secret)
    order = list(range(FLEET))
    rng.shuffle(order)
    service, admitted = [], 0
    for number in order:
        first, second = tunnel(number), setup(number)
        began = process_time()
        admitted += gate.ask(first)[0].decision.allow  # type: ignore[union-attr]
        admitted += gate.ask(second)[0].decision.allow  # type: ignore[union-attr]
        service.append(process_time() - began)
    if admitted != 2 * FLEET:
        raise SystemExit(f"{2 * FLEET - admitted} genuine units were refused")
    rows = []
    for name, arrivals in (
        ("all in the same instant", [0.0] * FLEET),
        (f"within {SPREAD_S} s, at random", sorted(rng.random() * SPREAD_S for _ in range(FLEET))),
    ):
        longest, median, high, last = queued(arrivals, service)
        rows.append([name, f"{FLEET:,}", f"{longest:,}", f"{median:.3f}", f"{high:.3f}", f"{last:.1f}"])
    return rows


def main() -> int:
    if sys.argv[1:2] == ["load"]:
        load()
        return 0
    import tempfile  # noqa: PLC0415 (the child does not need it)

    units = versions(UNITS)
    with tempfile.NamedTemporaryFile(suffix=".sealed") as file:
        file.write(seal(units, as_of=NOW, key=KEY))
        file.flush()
        held, took, peak = map(float, measured("-m", "bench.gate", "load", file.name).output.split())
    registry = Registry(units, as_of=NOW)
    sessions = Sessions()
    tunnels = [tunnel(number) for number in range(20_000)]
    clones = [replace(facts, source_ip="203.0.113.9") for facts in tunnels]
    rates = {
        "genuine tunnel": rate(lambda number: decide(registry, sessions, tunnels[number]), 20_000),
        "clone from elsewhere": rate(lambda number: decide(registry, sessions, clones[number]), 20_000),
    }
    print(table("Decision, in process", ["question", "decisions a CPU-second"], [[n, f"{r:,.0f}"] for n, r in rates.items()]))
    print(
        table(
            "Registry from a sealed snapshot",
            ["units", "CPU-seconds to verify and load", "peak MiB of the process"],
            [[f"{held:,.0f}", f"{took:.1f}", f"{peak:.0f}"]],
        )
    )
    print(
        table(
            "Restart of a fleet: tunnel and S1 Setup of each unit, one process",
            ["units ask", "units", "longest queue", "median wait s", "p99 wait s", "last one in after s"],
            restart(registry),
        )
    )
    missed = [
        text
        for missed, text in (
            (min(rates.values()) < RATE_BAR, f"fewer than {RATE_BAR:,} decisions a second"),
            (took > LOAD_BAR_S, f"loading takes more than {LOAD_BAR_S} s"),
            (peak > MEMORY_BAR_MIB, f"more than {MEMORY_BAR_MIB} MiB"),
        )
        if missed
    ]
    print("\n".join(missed))
    return len(missed)


if __name__ == "__main__":
    sys.exit(main())
