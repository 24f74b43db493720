"""The init of a user-mode Linux: loads the kernel's own SCTP and runs a command over it. Its root is the machine's, read only.

Started by `s1_world.kernel`; what it needs stands on the kernel's command line: ADDRESS/BITS GATEWAY COMMAND... END
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


def run(address: str, gateway: str, *command: str) -> None:
    """Run a command until the machine is ended."""
    for kind, place in (("proc", "/proc"), ("tmpfs", "/run")):
        subprocess.run(["mount", "-t", kind, kind, place], check=True)
    for name in ("hmac", "md5", "sctp"):  # SCTP signs its cookies, and nobody loads for it what it signs them with
        load(name, MODULES / os.uname().release)
    for words in (
        "link set lo up",
        f"addr add {address} dev vec0",
        "link set vec0 up",
        f"route add {gateway} dev vec0",
        f"route add default via {gateway}",
    ):
        subprocess.run(["ip", *words.split()], check=True)
    subprocess.run(command, check=True, stderr=subprocess.STDOUT)


if __name__ == "__main__":
    try:
        run(*sys.argv[1 : sys.argv.index("END")])  # behind it stands what the kernel did not understand
    except Exception:  # noqa: BLE001 (an init tells what was the matter before it takes its machine down)
        traceback.print_exc(file=sys.stdout)
    finally:
        Path("/proc/sysrq-trigger").write_text("o")
