"""Killed at any instant during case operations: no half act, and the log is whole; on both databases."""

from __future__ import annotations

import json
import os
import random  # noqa: TID251 (seeded: when to kill)
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "incident" / "case"))

from response import Response

from cellwarden.evidence.log import first_break
from cellwarden.incident.case import overview
from cellwarden.incident.case.reconciliation import unlogged
from cellwarden.incident.containment.acts import containments
from cellwarden.incident.containment.deliveries import deliveries

KILLS = max(3, int(os.environ.get("CELLWARDEN_KILLS", "10")) // 2)
OPERATIONS = 100
ENTRIES = 5
"""Findings that each case is opened with: they are all there, or the case is not."""
WORK = """
import json, sys
from datetime import UTC, datetime, timedelta
from cellwarden.incident.case.cases import OpenCaseFromResult
from cellwarden.incident.case.requests import Decide
from cellwarden.incident.case.store import opened_store
from cellwarden.incident.case.token import Token
from cellwarden.incident.containment.acts import AskContainment, Contain
url, tokens, done, most = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
at = datetime(2025, 9, 6, tzinfo=UTC)
store = opened_store(url, clock=lambda: at)
kim, lee = Token("kim", tokens["kim"]), Token("lee", tokens["lee"])
print("ready", flush=True)
while done < most:
    case = store.handle(OpenCaseFromResult(title=f"case {done}", name="result", sha256="a" * 64, queries=("q.sql",), rows=1,
        first_at=at, last_at=at, findings=tuple((at, f"finding {n}") for n in range(int(sys.argv[5])))), kim).case_id
    print("case", case, flush=True)
    request = store.handle(AskContainment(case_id=case, act="block_serial", target={"serial": "FC-1"}, until_at=at + timedelta(days=1),
        purpose="stop the rogue", dry_run={"caught": {"people": 1}}, deliver_to=("gate", "field", "notify")), kim).request_id
    print("asked", request, flush=True)
    store.handle(Decide(request_id=request, reason="seen the dry run"), lee)
    print("approved", request, flush=True)
    store.handle(Contain(request_id=request), kim)
    print("contained", request, flush=True)
    done += 4
"""


def examined(response, told):
    """Raise AssertionError at a half act, a line that does not fit, or something that was told as done and is not."""
    lines = response.store.log_lines()
    entries = [json.loads(line) for line in lines]
    assert first_break(lines) is None
    logged = {act: [e for e in entries if e["act"] == act] for act in {e["act"] for e in entries}}
    with response.store.reading(response.tokens["oh"]) as connection:
        assert unlogged(connection, lines) == []
        cases = {row["case_id"] for row in overview.cases(connection)}
        assert {each["case"] for each in logged.get("case_opened", [])} == cases
        in_force = set()
        for case_id in cases:
            held = overview.overview(connection, case_id)
            assert (len(held["timeline"]), len(held["evidence"])) == (ENTRIES, 1), "half a case"
            for row in containments(connection, case_id):
                in_force.add(row["request_id"])
                assert len(deliveries(connection, row["request_id"])) == 3, "half an act"
    assert {each["request_id"] for each in logged.get("contained", [])} == in_force
    known = {"case": cases, "contained": in_force}
    known["asked"] = {each["request_id"] for each in logged.get("requested", [])}
    known["approved"] = {each["request_id"] for each in logged.get("request_approved", [])}
    for word, name in told:
        assert name in known[word], f"{word} {name} was told as done"
    return len(entries)


def test_a_kill_leaves_no_half_act_and_the_log_whole(database_url):
    response = Response.made(database_url, {"kim": "commander", "lee": "commander", "oh": "auditor"})
    tokens = json.dumps({name: response.tokens[name].secret for name in ("kim", "lee")})
    chance, told, hits = random.Random(20250905), [], 0  # noqa: S311 (when to kill, nothing secret)
    try:
        for kill in range(KILLS + 1):
            is_last = kill == KILLS
            words = [sys.executable, "-c", WORK, database_url, tokens, str(len(told)), str(OPERATIONS), str(ENTRIES)]
            run = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
            assert run.stdout is not None
            assert run.stdout.readline() == "ready\n"
            if not is_last:
                told += [tuple(run.stdout.readline().split()) for _ in range(chance.randrange(OPERATIONS // KILLS))]
                time.sleep(chance.random() * 0.03)  # into the middle of an operation
                run.kill()
            told += [tuple(line.split()) for line in run.stdout if line.endswith("\n")]
            run.stdout.close()
            hits += run.wait() == -9
            examined(response, [each for each in told if each])
        assert hits >= KILLS - 1
        assert len(told) >= OPERATIONS
    finally:
        response.store.close()
