"""Namespaces of a test: made, wired and taken away again. Nothing outside of them is touched.

                outer 192.0.2.0/24 and others              core 10.20.0.0/24
[cgN-units] ==== veth ==== [cgN-segw] ==== veth ==== [cgN-core]
"""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

_NUMBER = itertools.count()
SEGW, CORE = "192.0.2.254", "10.20.0.2"
"""Outer address of the security gateway; the core's own."""
POOL = "10.9.0.0/16"
"""Addresses inside tunnels."""


UNITS = Path(__file__).parents[3] / "docs/how-to/systemd"


def as_unit(name: str) -> list[str]:
    """Return the words before a command that give it the capabilities of one of our systemd units, and no others."""
    text = (UNITS / f"{name}.service").read_text()
    kept = re.findall(r"CAP_(\w+)", text[text.index("CapabilityBoundingSet=") :].splitlines()[0])
    return ["setpriv", "--no-new-privs", "--bounding-set", ",".join(["-all", *(f"+{each.lower()}" for each in kept)])]


def ip(*words: str, namespace: str = "", batch: str = "") -> str:
    """Run `ip`, inside a namespace if one is named; with `batch` its commands, one a line."""
    command = ["ip", *(["-n", namespace] if namespace else []), *words]
    if batch:
        command = ["ip", *(["-n", namespace] if namespace else []), "-force", "-b", "-"]
    return subprocess.run(command, input=batch or None, check=True, capture_output=True, text=True).stdout


def wait_for(
    holds: Callable[[], object], what: str, *, seconds: float = 30, more: Path | None = None, pace_s: float = 0.005
) -> None:
    """Wait until something holds; fail with what it was if it does not come."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            told = more.read_text()[-3000:] if more is not None else ""
            raise AssertionError(f"waited {seconds} s in vain: {what}\n{told}")
        time.sleep(pace_s)


class Network:
    """Three namespaces in a row."""

    def __init__(self) -> None:
        prefix = f"cg{os.getpid() % 100_000}-{next(_NUMBER)}"
        self.units, self.segw, self.core = (f"{prefix}{end}" for end in ("u", "s", "c"))
        self.processes: list[subprocess.Popen[str]] = []
        self.channels: list[socket.socket] = []

    def __enter__(self) -> Self:
        try:
            self._make()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for channel in self.channels:
            channel.close()
        for process in reversed(self.processes):
            stop(process)
        for name in (self.units, self.segw, self.core):
            with contextlib.suppress(subprocess.CalledProcessError):
                ip("netns", "del", name)

    def _make(self) -> None:
        for name in (self.units, self.segw, self.core):
            ip("netns", "add", name)
            ip("link", "set", "lo", "up", namespace=name)
        ip("link", "add", "outer", "netns", self.units, "type", "veth", "peer", "name", "outer", "netns", self.segw)
        ip("link", "add", "inner", "netns", self.segw, "type", "veth", "peer", "name", "inner", "netns", self.core)
        ip(namespace=self.segw, batch=f"addr add {SEGW}/24 dev outer\naddr add 10.20.0.1/24 dev inner\nlink set outer up\nlink set inner up\n"
           "route add 198.51.100.0/24 dev outer\nroute add 203.0.113.0/24 dev outer\n")  # fmt: skip
        ip(namespace=self.core, batch=f"addr add {CORE}/24 dev inner\nlink set inner up\nroute add {POOL} via 10.20.0.1\n")
        ip(namespace=self.units, batch="link set outer up\n")
        subprocess.run(
            ["ip", "netns", "exec", self.segw, "sysctl", "-qw", "net.ipv4.ip_forward=1"], check=True, capture_output=True
        )

    def address(self, outer: str) -> None:
        """Give the units' side one more outer address."""
        ip("addr", "replace", f"{outer}/32", "dev", "outer", namespace=self.units)
        with contextlib.suppress(subprocess.CalledProcessError):
            ip("route", "add", f"{SEGW}/32", "dev", "outer", namespace=self.units)

    def start(
        self, namespace: str, *command: str, environment: dict[str, str] | None = None, **popen: object
    ) -> subprocess.Popen[str]:
        """Start a process inside a namespace; it ends with the network."""
        process = subprocess.Popen(  # type: ignore[call-overload] # options of Popen pass through
            ["ip", "netns", "exec", namespace, *command],
            env={**os.environ, **(environment or {})},
            text=True,
            **({"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} | popen),
        )
        self.processes.append(process)
        return process


def stop(process: subprocess.Popen[str], *, seconds: float = 5) -> None:
    """End one process that this test started."""
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(18)  # SIGCONT: a stopped process cannot end
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


@contextlib.contextmanager
def inside(namespace: str) -> Iterator[None]:
    """Put the calling thread into a network namespace: sockets it makes there stay there."""
    import ctypes  # noqa: PLC0415

    libc = ctypes.CDLL(None, use_errno=True)
    before = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    there = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    try:
        if libc.setns(there, 0x40000000):
            raise OSError(ctypes.get_errno(), "setns")
        yield
    finally:
        libc.setns(before, 0x40000000)
        os.close(before)
        os.close(there)
