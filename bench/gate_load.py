"""What the gate costs a gateway: stock charons as a farm of femtocells, a bare gateway against one with the gate beside it.

    python -m bench.gate_load [COUNT]       needs root and what `make gate` needs

CPU-seconds of charon, and of the gate where it runs, for each admission; the rates are of the same run, on the same machine.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import httpx

from bench.measured import table
from cellwarden.admission.gate import Gate
from cellwarden.admission.registry import Registry
from cellwarden.interfaces.gate.api import api
from cellwarden.interfaces.gate.web import WebServer, bound
from cellwarden.workflows.gate_evidence import GateEvidence
from cellwarden.workflows.gatehouse import Gatehouse

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "scenario" / "gate"))
from bench.gate import NOW, tunnel, versions

CPU_BAR, RATE_BAR, HTTP_BAR = 1.15, 0.9, 0.8
MOST_AT_ONCE = 20


def farm(count: int, *, is_bare: bool) -> tuple[float, float]:
    """Bring up so many tunnels; return CPU-seconds of the gateway for each, and how many a second."""
    from network import cpu_s, wait_for  # type: ignore[import-not-found] # noqa: PLC0415 (beside the tests)
    from world import World  # type: ignore[import-not-found] # noqa: PLC0415

    with (
        tempfile.TemporaryDirectory() as folder,
        World(Path(folder), revocation="relaxed", is_bare=is_bare, watches_log=False) as world,
    ):
        world.authority.ocsp = ""
        for number in range(1, count + 1):
            name = f"henb{number}"
            source = f"198.18.{number >> 8}.{number & 255}"
            own = world.authority.issue(name)
            row = {"equipment_id": name, "cell": 1000 + number, "cell_type": "home", "kind": "femto", "status": "active"}
            row |= {"valid_from": "2025-01-01T00:00:00Z", "recorded_at": "2025-01-01T00:00:00Z"}
            world.registered[name] = {**row, "certificate": own.sha256, "source_networks": f"{source}/32"}
            world.units.prepare(name, name, own, source=source)
        world.register("nobody")
        _route(world)
        if not is_bare:
            world.settle()
        watched = [_charon(world)] + ([] if is_bare else [world.gate.pid])
        before, began = sum(map(cpu_s, watched)), time.monotonic()
        for number in range(1, count + 1):
            for _ in world.units.session.initiate({"child": f"henb{number}", "timeout": "-1"}):
                pass
            if number % MOST_AT_ONCE == 0:
                wait_for(lambda: _up(world) >= number - MOST_AT_ONCE, "tunnels", seconds=60)  # noqa: B023 (called at once)
        wait_for(lambda: _up(world) >= count, "all tunnels", seconds=120)
        took = time.monotonic() - began
        return (sum(map(cpu_s, watched)) - before) / count, count / took


def _route(world: object) -> None:
    from network import ip  # noqa: PLC0415

    ip("route", "add", "198.18.0.0/15", "dev", "outer", namespace=world.network.segw)  # type: ignore[attr-defined]


def _charon(world: object) -> int:
    """`ip netns exec` becomes the command itself, so its process is charon."""
    return int(world.segw.process.pid)  # type: ignore[attr-defined]


def _up(world: object) -> int:
    stats = world.segw.session.stats()  # type: ignore[attr-defined]
    return int(stats["ikesas"]["total"]) - int(stats["ikesas"]["half-open"])


def over_http(count: int) -> tuple[float, float]:
    """Return decisions and empty answers a CPU-second of the same server."""
    with tempfile.TemporaryDirectory() as folder:
        evidence = GateEvidence(Path(folder), "bench")
        house = Gatehouse(Gate(Registry(versions(2000), as_of=NOW)), evidence, lambda: NOW)
        app = api(house, "token")

        @app.post("/v1/nothing")
        async def nothing() -> dict[str, str]:
            return {}

        channel = bound("127.0.0.1:0", where="bench")
        server = WebServer(app, channel)
        server.start()
        headers, rates = {"Authorization": "Bearer token"}, []
        with httpx.Client(base_url=f"http://127.0.0.1:{channel.getsockname()[1]}", headers=headers, trust_env=False) as client:
            for path in ("/v1/decisions", "/v1/nothing"):
                contents = [{"stage": "tunnel", "gateway": "segw", "key": str(n), **_asked(n % 2000)} for n in range(count)]
                client.post(path, json=contents[0])
                began = time.process_time()
                for content in contents:
                    client.post(path, json=content)
                rates.append(count / (time.process_time() - began))
        server.stop()
        evidence.close()
        return rates[0], rates[1]


def _asked(number: int) -> dict[str, str | None]:
    facts = tunnel(number)
    return {"equipment_id": facts.equipment_id, "source_ip": facts.source_ip, "inner_ip": facts.inner_ip}


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    bare, gated = farm(count, is_bare=True), farm(count, is_bare=False)
    asked, empty = over_http(500)
    cpu, rate, http = gated[0] / bare[0], gated[1] / bare[1], asked / empty
    print(
        table(
            f"A farm of {count} femtocells",
            ["gateway", "CPU-ms an admission", "admissions a second"],
            [[name, f"{spent * 1000:.2f}", f"{pace:.0f}"] for name, (spent, pace) in (("bare", bare), ("with gate", gated))],
        )
    )
    print(f"CPU {cpu:.2f} times (at most {CPU_BAR}), rate {rate:.2f} times (at least {RATE_BAR} at 200)")
    print(
        f"HTTP: {asked:,.0f} decisions, {empty:,.0f} empty answers a CPU-second with their client: {http:.2f} (at least {HTTP_BAR})"
    )
    return int(cpu > CPU_BAR) + int(count == 200 and rate < RATE_BAR) + int(http < HTTP_BAR)


if __name__ == "__main__":
    sys.exit(main())
