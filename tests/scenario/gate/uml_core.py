"""The init of a user-mode Linux: loads the kernel's own SCTP and is a core behind it. Its root is the machine's, read only.

Started by `kernel_core.KernelCore`; everything it needs stands on the kernel's command line: ADDRESS/BITS, GATEWAY, PORT.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import traceback
from pathlib import Path

FINIT_MODULE = {"x86_64": 313, "aarch64": 273}[os.uname().machine]
MODULES = Path("/usr/lib/uml/modules")


def load(name: str, folder: Path) -> None:
    """Load a module, and what it stands on first, by `modules.dep`."""
    needs = {
        Path(line.partition(":")[0]).stem: line.replace(":", "").split()
        for line in (folder / "modules.dep").read_text().splitlines()
    }
    libc = ctypes.CDLL(None, use_errno=True)
    for path in reversed(needs.get(name, [])):  # what is not listed is part of the kernel itself
        descriptor = os.open(folder / path, os.O_RDONLY)
        if libc.syscall(FINIT_MODULE, descriptor, b"", 0) and ctypes.get_errno() != 17:  # EEXIST
            raise OSError(ctypes.get_errno(), f"{path}: {os.strerror(ctypes.get_errno())}")
        os.close(descriptor)


def run(address: str, gateway: str, port: str) -> None:
    """Be a core until the machine is ended."""
    subprocess.run(["mount", "-t", "proc", "proc", "/proc"], check=True)
    for name in ("hmac", "md5", "sctp"):  # SCTP signs its cookies, and nobody loads for it what it signs them with
        load(name, MODULES / os.uname().release)
    for words in (
        "link set lo up",
        f"addr add {address} dev vec0",
        "link set vec0 up",
        f"route add default via {gateway}",
    ):
        subprocess.run(["ip", *words.split()], check=True)
    host = address.partition("/")[0]
    peers = str(Path(__file__).with_name("s1_peers.py"))
    subprocess.run([sys.executable, peers, "kernel-core", host, port], check=True)


if __name__ == "__main__":
    try:
        run(*sys.argv[1:4])  # behind them stands what the kernel did not understand
    except Exception:  # noqa: BLE001 (an init tells what was the matter before it takes its machine down)
        traceback.print_exc(file=sys.stdout)
    finally:
        Path("/proc/sysrq-trigger").write_text("o")
