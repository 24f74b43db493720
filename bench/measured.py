"""Run a command and read what the system says of it."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from time import clock_gettime, perf_counter


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process with its children."""

    cpu_s: float
    """User and system seconds."""
    wall_s: float
    peak_mib: float
    """Largest resident set of the process or of any of its children."""
    output: str


def measured(*command: str, env: dict[str, str] | None = None) -> Run:
    """Run a Python command to its end; raise if it fails."""
    started = perf_counter()
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, text=True, env={**os.environ, **(env or {})})
    output = process.stdout.read() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"{command[:3]} failed")
    return Run(usage.ru_utime + usage.ru_stime, perf_counter() - started, usage.ru_maxrss / 1024, output)


def cpu_of(pid: int) -> float:
    """Return user and system seconds that a live process has used, all its threads, to the nanosecond (clock_getcpuclockid(3))."""
    return clock_gettime(~pid << 3 | 2)


def machine() -> str:
    """Name the machine as far as it matters."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}"


def table(title: str, header: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table."""
    lines = [f"### {title}", "", "| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows), ""])
