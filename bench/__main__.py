"""Run every benchmark, each in a process of its own; `python -m bench NAME…` runs some. Each prints a Markdown table."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

from bench.measured import machine

BENCHMARKS = ("investigate", "verdict", "decode", "charging", "simulate", "gate", "gate_http", "gate_load", "notices")

if __name__ == "__main__":
    print(f"{datetime.now(UTC):%Y-%m-%d}, {machine()}\n", flush=True)  # noqa: TID251 (says when it was measured)
    failed = [
        name
        for name in sys.argv[1:] or BENCHMARKS
        if subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode
    ]
    sys.exit(f"missed its bar or failed: {', '.join(failed)}" if failed else 0)
