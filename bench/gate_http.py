"""The gate by HTTP: decisions against empty answers of the same server, in the same run.

    python -m bench.gate_http

The server is a process of its own, asked by several peers at once. Counted are the processor seconds of the server alone, and of
server and client together; rounds of both kinds alternate, and the middle of their ratios counts.
"""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import process_time

from bench.gate import NOW, tunnel, versions
from bench.measured import cpu_of, table
from cellwarden.admission.gate import Gate
from cellwarden.admission.registry import Registry
from cellwarden.interfaces.gate.api import api
from cellwarden.interfaces.gate.web import WebServer, bound
from cellwarden.workflows.gate_evidence import GateEvidence
from cellwarden.workflows.gatehouse import Gatehouse

BAR = 0.8
REQUESTS, ROUNDS, PEERS = 400, 9, 8
UNITS = REQUESTS * (ROUNDS + 1)
DECIDE, NOTHING = "/v1/decisions", "/v1/nothing"


def serve() -> None:
    """Child process: the gate's API with one endpoint more, which does nothing; ends with its standard input."""
    with tempfile.TemporaryDirectory() as folder:
        evidence = GateEvidence(Path(folder), "bench")
        app = api(Gatehouse(Gate(Registry(versions(UNITS), as_of=NOW)), evidence, lambda: NOW), "token")

        @app.post(NOTHING)
        async def nothing() -> dict[str, str]:
            return {}

        channel = bound("127.0.0.1:0", where="bench")
        server = WebServer(app, channel)
        server.start()
        print(channel.getsockname()[1], flush=True)
        sys.stdin.read()
        server.stop()
        evidence.close()


def requests(path: str, begin: int) -> list[bytes]:
    """Write requests as a peer sends them over a kept connection."""
    made = list[bytes]()
    for number in range(begin, begin + REQUESTS):
        facts = tunnel(number)
        asked = {"stage": "tunnel", "gateway": "segw", "key": str(number), "equipment_id": facts.equipment_id}
        content = json.dumps({**asked, "source_ip": facts.source_ip, "inner_ip": facts.inner_ip}).encode()
        head = f"POST {path} HTTP/1.1\r\nHost: gate\r\nAuthorization: Bearer token\r\nContent-Type: application/json\r\n"
        made.append(f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content)
    return made


def spent(channels: list[socket.socket], server: int, path: str, begin: int) -> tuple[float, float]:
    """Send one round; return milliseconds a request of the server, and of both."""
    waiting, own, its = requests(path, begin), process_time(), cpu_of(server)
    for number in range(0, REQUESTS, PEERS):
        for channel, request in zip(channels, waiting[number:], strict=False):
            channel.sendall(request)
        for channel in channels:
            answer = b""
            while not answer.endswith(b"}"):
                answer += channel.recv(1 << 16) or b"}"
            if not answer.startswith(b"HTTP/1.1 200") or (path == DECIDE and b'"allow": true' not in answer):
                raise SystemExit(f"refused: {answer!r}")
    its = cpu_of(server) - its
    return its / REQUESTS * 1000, (its + process_time() - own) / REQUESTS * 1000


def main() -> int:
    if sys.argv[1:] == ["serve"]:
        serve()
        return 0
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.gate_http", "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None  # noqa: S101 (a pipe was asked for)
    assert process.stdin is not None  # noqa: S101
    rounds: dict[str, list[tuple[float, float]]] = {DECIDE: [], NOTHING: []}
    where = "127.0.0.1", int(process.stdout.readline())
    with contextlib.ExitStack() as stack:
        channels = [stack.enter_context(socket.create_connection(where)) for _ in range(PEERS)]
        for path in rounds:
            spent(channels, process.pid, path, 0)  # what is loaded at the first request
        for number in range(1, ROUNDS + 1):
            for path, figures in rounds.items():
                figures.append(spent(channels, process.pid, path, number * REQUESTS))
    process.stdin.close()
    process.wait()
    ratios = [
        median(empty[place] / asked[place] for asked, empty in zip(rounds[DECIDE], rounds[NOTHING], strict=True))
        for place in (0, 1)
    ]
    rows = [
        [name, *(f"{1000 / median(each[place] for each in rounds[path]):,.0f}" for place in (0, 1))]
        for name, path in (("empty answer", NOTHING), ("decision", DECIDE))
    ]
    rows.append(["decision : empty", *(f"{ratio:.2f}" for ratio in ratios)])
    print(table("The gate by HTTP", ["", "a CPU-second of the server", "a CPU-second of server and client"], rows))
    return int(ratios[0] < BAR)


if __name__ == "__main__":
    sys.exit(main())
