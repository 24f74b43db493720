"""Run every benchmark and print its table; `python -m bench NAME…` runs some."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from datetime import UTC, datetime

import bench
from bench.measured import machine

NOT_BENCHMARKS = ("__main__", "measured")

if __name__ == "__main__":
    names = sys.argv[1:] or [each.name for each in pkgutil.iter_modules(bench.__path__) if each.name not in NOT_BENCHMARKS]
    print(f"{datetime.now(UTC):%Y-%m-%d}, {machine()}\n")  # noqa: TID251 (says when it was measured)
    for name in names:
        print(importlib.import_module(f"bench.{name}").main(), flush=True)
