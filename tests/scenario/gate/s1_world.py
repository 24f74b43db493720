"""What tests of the S1 gate share: the gate's process, a core that says what has come, and units behind their tunnels."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from network import CORE, ip, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from network import Network
    from world import World

PEERS, INIT = (str(Path(__file__).with_name(name)) for name in ("s1_peers.py", "uml_init.py"))
GATE, BEFORE_KERNEL = "10.20.0.1", "10.30.0.1"
"""Of the S1 gate; of the machine, as a user-mode Linux sees it."""
KERNEL_GATE = "10.20.0.9"
"""Of an S1 gate in a user-mode Linux: inside what tunnels may reach."""
S1_SETTINGS = """
[gate]
name = "s1"
folder = "s1"
[engine]
url = "http://127.0.0.1:8880"
token_file = "token"
timeout_s = 5
[s1]
listen = "10.20.0.1:36412"
core = "{core}:36412"
userland = true
"""


class Core:
    """The core's process, and what it says has come."""

    address = CORE

    def __init__(self, world: World) -> None:
        self.lines: list[str] = []
        self.process = self._started(world)
        threading.Thread(target=self._read, daemon=True).start()
        wait_for(lambda: "listens" in self.lines, "the core listens", seconds=60)

    def _started(self, world: World) -> subprocess.Popen[str]:
        return world.network.start(
            world.network.core, sys.executable, PEERS, "core", self.address, "36412", stdout=subprocess.PIPE
        )

    def _read(self) -> None:
        try:
            for line in self.process.stdout or ():
                self.lines.append(line.strip())
        except ValueError:
            return

    @property
    def came(self) -> list[list[str]]:
        """Stream, protocol and octets of each message."""
        return [line.split() for line in self.lines[self.lines.index("listens") + 1 :]]


class KernelCore(Core):
    """A core over the kernel's own SCTP, behind the core's namespace."""

    address = "10.30.0.2"

    def _started(self, world: World) -> subprocess.Popen[str]:
        network = world.network
        ip("route", "add", f"{self.address}/32", "via", CORE, namespace=network.segw)
        return kernel(network, network.core, self.address, sys.executable, PEERS, "kernel-core", self.address, "36412")


def kernel(network: Network, namespace: str, address: str, *command: str) -> subprocess.Popen[str]:
    """Run a command in a user-mode Linux that has this address, behind a namespace; what it says comes by standard output."""
    ip("tuntap", "add", "dev", "uml", "mode", "tap", namespace=namespace)
    ip(namespace=namespace, batch=f"addr add {BEFORE_KERNEL}/32 dev uml\nlink set uml up\nroute add {address}/32 dev uml\n")
    for setting in ("ip_forward", "conf.all.proxy_arp"):
        subprocess.run(
            ["ip", "netns", "exec", namespace, "sysctl", "-qw", f"net.ipv4.{setting}=1"], check=True, capture_output=True
        )
    return network.start(
        namespace, "linux.uml", "mem=256M", "rootfstype=hostfs", "rootflags=/", "ro", "quiet",
        "vec0:transport=tap,ifname=uml", "con=null", "con0=null,fd:1", f"init={sys.executable}",
        "--", INIT, f"{address}/32", BEFORE_KERNEL, *command, "END",
        stdout=subprocess.PIPE,
    )  # fmt: skip


def begin(made: World, core: Core) -> None:
    """Start the S1 gate before a core, and bring up the tunnels of two femtocells."""
    made.core = core  # type: ignore[attr-defined]
    (made.folder / "s1.toml").write_text(S1_SETTINGS.format(core=core.address))
    with (made.folder / "s1.log").open("w") as log:
        gate = made.network.start(
            made.network.segw, sys.executable, "-m", "cellwarden.interfaces.gate", "run", str(made.folder / "s1.toml"),
            stderr=log,
        )  # fmt: skip
    ready = made.folder / "s1/ready"
    wait_for(lambda: ready.exists() or gate.poll() is not None, "the S1 gate", seconds=60, more=made.folder / "s1.log")
    call(made)


def begin_in_kernel(made: World, core: Core) -> None:
    """Start the S1 gate as it runs in production, over the kernel's SCTP, before a core; bring up the tunnels."""
    made.core = core  # type: ignore[attr-defined]
    settings = S1_SETTINGS.format(core=core.address).replace("userland = true\n", "").replace(GATE, KERNEL_GATE)
    settings = settings.replace("127.0.0.1:8880", f"{BEFORE_KERNEL}:8880").replace('"s1"\n[engine]', '"/run/s1"\n[engine]')
    (made.folder / "s1.toml").write_text(settings)
    gate = kernel(
        made.network, made.network.segw, KERNEL_GATE,
        sys.executable, "-m", "cellwarden.interfaces.gate", "run", str(made.folder / "s1.toml"),
    )  # fmt: skip
    for line in gate.stdout or ():
        if "gate_ready" in line:
            break
    call(made)


def call(made: World) -> None:
    """Bring up the tunnels of two femtocells."""
    for number in (1, 2):
        made.genuine(number)
    made.settle()
    for number in (1, 2):
        assert made.units.call(f"henb{number}") == ""


def unit(world: World, number: int, messages: Iterable[tuple[int, bytes]], *, seconds: int = 3, gate: str = GATE) -> Any:
    """Send messages from a femtocell's tunnel; return the process."""
    inner = world.units.inner_of(f"henb{number}")
    assert inner
    process = world.network.start(
        world.network.units, sys.executable, PEERS, "unit", inner, gate, "36412", str(seconds),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.writelines(f"{stream} {data.hex()}\n" for stream, data in messages)
    process.stdin.close()
    process.stdin = None
    return process


def check_arrived(lines: list[list[str]], messages: list[tuple[int, bytes]]) -> None:
    """Hold what came against what was sent: byte for byte, and in order within each stream."""
    assert len(lines) == len(messages)
    for stream in range(16):
        expected = [data.hex() for number, data in messages if number == stream]
        assert [data for number, _, data in lines if int(number) == stream] == expected
    assert {protocol for _, protocol, _ in lines} == {"18"}
