"""Killed at any instant and run again, lake and result are the same bytes; Ctrl-C leaves no half-written result."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cellwarden.simulate.city import build_city

if TYPE_CHECKING:
    from pathlib import Path

KILLS = int(os.environ.get("CELLWARDEN_KILLS", "10"))
"""10 in the daily run; `CELLWARDEN_KILLS=50` before a release."""
SEED = 20250805
RUN = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from cellwarden.workflows.investigate import Request, investigate
records, out, key = map(Path, sys.argv[1:])
print("begun", flush=True)
investigate(Request(records=records, out=out, key=key), clock=lambda: datetime(2026, 1, 1, tzinfo=UTC))
"""


def start(place: Path) -> subprocess.Popen[str]:
    """Start an investigation and return once Python has loaded, so that a kill hits our own work."""
    root = place.parent
    run = subprocess.Popen(
        [sys.executable, "-c", RUN, root / "city/records", place / "result", root / "key"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert run.stdout is not None
    run.stdout.readline()
    return run


def ended(run: subprocess.Popen[str]) -> tuple[int, str]:
    """Wait for its end; return exit code and what it said on stderr."""
    _, said = run.communicate(timeout=300)
    return run.returncode, said


def content(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder by its path inside."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def left_over(place: Path) -> set[str]:
    """Return what lies beside result and lake, but for what is meant to."""
    meant = {"result", "result.lake", "result.lake.lock", "result.lake.directory", "result.lake.key", "result.lake.audit.jsonl"}
    return {path.name for path in place.iterdir()} - meant


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    root = tmp_path_factory.mktemp("kill")
    build_city(root / "city", seed=SEED, subscribers=1_500, days=9)
    key = root / "key"
    key.write_text("5a" * 32 + "\n")
    key.chmod(0o600)
    place = root / "undisturbed"
    place.mkdir()
    run = start(place)
    began = time.monotonic()
    code, said = ended(run)
    assert code == 0, said
    assert left_over(place) == set()
    return root, time.monotonic() - began, content(place / "result"), content(place / "result.lake")


@pytest.mark.parametrize("number", range(KILLS))
def test_a_run_after_a_kill_gives_the_same_bytes(undisturbed, number):
    root, duration, result, lake = undisturbed
    place = root / f"killed-{number}"
    place.mkdir()
    generator = np.random.default_rng([SEED, number])
    # One kill in each stretch of the run, and for every third run a second kill while it recovers.
    moments = [(number + generator.random()) / KILLS, *([generator.random()] if number % 3 == 0 else [])]
    for share in moments:
        run = start(place)
        time.sleep(share * duration)
        run.send_signal(signal.SIGKILL)
        ended(run)
        if (place / "result").exists():
            assert content(place / "result") == result, f"half a result after a kill at {share:.0%}"
    code, said = ended(start(place))
    assert code == 0, said
    assert differences(content(place / "result"), result) == []
    assert differences(content(place / "result.lake"), lake) == []
    assert left_over(place) == set()


def differences(found: dict[str, bytes], expected: dict[str, bytes]) -> list[str]:
    """Return the names of files that are missing, too many, or other."""
    return sorted(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))


def test_a_kill_keeps_the_result_that_was_there(undisturbed):
    root, duration, result, _ = undisturbed
    place = root / "kept"
    place.mkdir()
    assert ended(start(place))[0] == 0
    run = start(place)
    time.sleep(0.4 * duration)
    run.send_signal(signal.SIGKILL)
    ended(run)
    assert differences(content(place / "result"), result) == []


@pytest.mark.parametrize("share", [0.1, 0.5, 0.8])
def test_an_interruption_leaves_no_half_written_result_and_no_scratch(undisturbed, share):
    root, duration, result, _ = undisturbed
    place = root / f"interrupted-{share}"
    place.mkdir()
    run = start(place)
    time.sleep(share * duration)
    run.send_signal(signal.SIGINT)
    code, said = ended(run)
    if code == 0:  # it was faster than the interruption
        assert differences(content(place / "result"), result) == []
    else:
        assert "KeyboardInterrupt" in said
        assert not (place / "result").exists()
    assert left_over(place) == set()
    assert ended(start(place))[0] == 0
    assert differences(content(place / "result"), result) == []


def test_a_second_run_beside_the_first_is_told_to_wait(undisturbed):
    root, *_ = undisturbed
    place = root / "twice"
    place.mkdir()
    first = start(place)
    time.sleep(0.5)
    code, said = ended(start(place))
    assert code == 1
    assert "BusyError" in said
    assert ended(first)[0] == 0
