"""The gate by HTTP: decisions against empty answers of the same server, in the same run.

    python -m bench.gate_http

The server is a process of its own, asked by several peers at once. Counted are the processor seconds of the server alone, and of
server and client together; rounds of all kinds alternate, and the middle of their ratios counts.

An empty answer can mean three things. The bar is held against the first, which is the framework's own and the cheapest it has:
- an endpoint that looks at nothing, neither token nor body, first in the list of routes;
- one that asks for the token and reads the same body, as every other endpoint of the gate does;
- one beside the framework, as the decision's lane is, that compares the token, reads the body and answers at once. Against this one
  the decision and its evidence are the whole difference; it shows what they cost, and no decision could come near it.
"""

from __future__ import annotations

import contextlib
import gc
import hmac
import json
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import process_time
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from bench.gate import NOW, tunnel, versions
from bench.measured import cpu_of, table
from cellwarden.admission.gate import Gate
from cellwarden.admission.registry import Registry
from cellwarden.interfaces.gate.api import api
from cellwarden.interfaces.gate.attempt import Attempt  # noqa: TC001 (the framework reads the annotation)
from cellwarden.interfaces.gate.decision_lane import DecisionLane
from cellwarden.interfaces.gate.web import WebServer, bound
from cellwarden.workflows.gate_evidence import GateEvidence
from cellwarden.workflows.gatehouse import Gatehouse

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Receive, Scope, Send

BAR = 0.8
REQUESTS, ROUNDS, PEERS = 400, 9, 8
UNITS = REQUESTS * (ROUNDS + 1)
DECIDE, NOTHING, GUARDED, BESIDE = "/v1/decisions", "/v1/nothing", "/v1/nothing/guarded", "/v1/nothing/beside"
EMPTY = {
    NOTHING: "empty: looks at nothing",
    GUARDED: "empty: token, same body",
    BESIDE: "empty: beside the framework",
}


class Beside:
    """Answers nothing to whoever shows the token and sends a body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["path"] != BESIDE or not hmac.compare_digest(dict(scope["headers"])[b"authorization"], b"Bearer token"):
            await self._app(scope, receive, send)
            return
        await receive()
        headers = [(b"content-length", b"2"), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{}"})


def add_empty(app: FastAPI) -> None:
    """Add the endpoints that do nothing; the first of them is looked for first."""

    @app.post(GUARDED)
    async def guarded(_: Attempt, shown: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]) -> dict[str, str]:
        assert hmac.compare_digest(shown.credentials, "token")  # noqa: S101 (a bench)
        return {}

    @app.post(NOTHING)
    async def nothing() -> dict[str, str]:
        return {}

    app.router.routes.insert(0, app.router.routes.pop())


def serve() -> None:
    """Child process: the gate's API with endpoints that do nothing; ends with its standard input."""
    with tempfile.TemporaryDirectory() as folder:
        evidence = GateEvidence(Path(folder), "bench")
        house = Gatehouse(Gate(Registry(versions(UNITS), as_of=NOW)), evidence, lambda: NOW)
        app = api(house, "token")

        add_empty(app)
        channel = bound("127.0.0.1:0", where="bench")
        gc.collect()
        gc.freeze()  # as the gate's process does once it serves
        gc.set_threshold(20_000)
        server = WebServer(Beside(DecisionLane(app, house, "token")), channel)
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
            if not answer.startswith(b"HTTP/1.1 200") or (path == DECIDE and b'"allow":true' not in answer):
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
    rounds: dict[str, list[tuple[float, float]]] = {path: [] for path in (DECIDE, *EMPTY)}
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
    rows = [row("decision", rounds[DECIDE])]
    for path, name in EMPTY.items():
        rows.append(
            [
                *row(name, rounds[path]),
                f"{ratio(rounds[DECIDE], rounds[path], 0):.2f}",
                f"{ratio(rounds[DECIDE], rounds[path], 1):.2f}",
            ]
        )
    head = ["", "a CPU-second of the server", "of server and client", "decision : this, server", "decision : this, both"]
    print(table("The gate by HTTP", head, [[*each, "", ""][:5] for each in rows]))
    return int(ratio(rounds[DECIDE], rounds[NOTHING], 0) < BAR)


def row(name: str, figures: list[tuple[float, float]]) -> list[str]:
    """Return how many a CPU-second."""
    return [name, *(f"{1000 / median(each[place] for each in figures):,.0f}" for place in (0, 1))]


def ratio(asked: list[tuple[float, float]], empty: list[tuple[float, float]], place: int) -> float:
    """Return the middle of the rounds' ratios."""
    return median(nothing[place] / decision[place] for decision, nothing in zip(asked, empty, strict=True))


if __name__ == "__main__":
    sys.exit(main())
