"""Notices: 30,000 people told, each with a PDF of their own.

    python -m bench.notices [PEOPLE [FIRST]]

The bar is ten minutes of wall clock on two cores that do nothing else. What is measured is CPU time, which other work on the machine
does not lengthen much, of both processes; over two cores it takes half of it. The digest over all PDFs is printed: two runs that agree made the
same bytes. FIRST lets a long run be cut into pieces: people are numbered.
"""

from __future__ import annotations

import hashlib
import resource
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.measured import table
from cellwarden.incident.notices.facts import Facts
from cellwarden.incident.notices.people import Person
from cellwarden.workflows.notify import _compose, _composed

BAR_S, CORES = 600, 2
FACTS = Path(__file__).parents[1] / "docs" / "tutorial" / "notice.toml"
START = datetime(2025, 8, 10, 17, tzinfo=UTC)


def person(number: int) -> Person:
    """Make up somebody: every third is confirmed, every fiftieth was robbed, one to four exposures each."""
    payment = {
        "payment_id": f"P{number}", "at": START + timedelta(minutes=number % 600), "merchant": "giftcards.example", "amount": 300_000,
        "currency": "KRW", "status": "approved", "probability": 0.9, "meeting": "through",
    }  # fmt: skip
    nights = (START + timedelta(days=night, hours=number % 200) for night in range(number % 4 + 1))
    return Person(
        subject=f"{number:016x}",
        kind="confirmed" if number % 3 == 0 else "possible",
        items=("imsi",) if number % 3 == 0 else ("temporary",),
        grounds=("imsi",) if number % 3 == 0 else ("guti",),
        times=tuple((night, night + timedelta(minutes=20)) for night in nights),
        payments=(payment,) if number % 50 == 0 else (),
    )


def cpu_s() -> float:
    """Return the CPU time of this process and of its children that ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def main(people: int = 30_000, first: int = 0) -> int:
    """Set them all with two workers, and the first hundred once more with one; print the table, return the exit code."""
    compose = partial(
        _compose, facts=Facts.read(FACTS), on=date(2026, 11, 20), zone=ZoneInfo("Asia/Seoul"), case="C-1", under=("pipa_34_1", "pipa_39_2"), law_of=date(2026, 11, 20)
    )  # fmt: skip
    asked = [(person(number), "en" if number % 10 == 0 else "ko") for number in range(first, first + people)]
    began, since, octets, faults, digests = cpu_s(), time.monotonic(), 0, 0, []
    with tempfile.TemporaryDirectory() as folder:
        for notice, drawn, lacks in _composed(compose, iter(asked), CORES):
            (Path(folder) / notice.reference).write_bytes(drawn)
            octets += len(drawn)
            faults += len(lacks)
            digests.append(hashlib.sha256(drawn).hexdigest())
    spent, wall = cpu_s() - began, time.monotonic() - since
    again = [hashlib.sha256(drawn).hexdigest() for _, drawn, _ in _composed(compose, iter(asked[:100]), 1)]
    same = again == digests[:100]
    rows = [
        ("notices", f"{people:,}"),
        ("faults found by the linter", f"{faults}"),
        ("wall seconds, other work included", f"{wall:.0f}"),
        ("CPU seconds", f"{spent:.0f}"),
        ("milliseconds a notice", f"{1000 * spent / people:.1f}"),
        (f"minutes for 30,000 on {CORES} cores", f"{30_000 * spent / people / CORES / 60:.1f} (bar {BAR_S // 60})"),
        ("kB a PDF", f"{octets / people / 1000:.0f}"),
        ("the first hundred have the same bytes again", "yes" if same else "NO"),
        ("SHA-256 over all PDFs", hashlib.sha256("".join(digests).encode()).hexdigest()[:16]),
    ]
    print(table("Notices", ["what", "measured"], [list(row) for row in rows]))
    return 0 if same and not faults and 30_000 * spent / people / CORES < BAR_S else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3])))
