"""Killed at any instant during case operations: no half act, and the log is whole; on both databases.

The operations are those of a whole response: a case, a block sent to its targets with the proof of its effect, seized equipment with the
restatement that it makes due, a revealed export, a forgotten subscriber, a report and a press sheet. What a kill left half done in a folder
(a draft, a directory) is ended by asking again, and then compared with the log.
"""

from __future__ import annotations

import json
import os
import random  # noqa: TID251 (seeded: when to kill)
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "incident" / "case"))
sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "incident" / "filing"))

from filed_matter import TOML_OF, filed_result
from response import Response

from cellwarden.evidence.log import first_break
from cellwarden.foundation.digest import sha256_of
from cellwarden.incident.case import overview
from cellwarden.incident.case.reconciliation import unlogged
from cellwarden.incident.containment.acts import containments
from cellwarden.incident.containment.deliveries import deliveries
from cellwarden.incident.filing.chain import DRAFT, read_chain
from cellwarden.incident.notices.release import Release
from cellwarden.incident.privacy.forgetting import subject_of
from cellwarden.lake.directory import Directory
from cellwarden.lake.key import LakeKey
from cellwarden.lake.pseudonyms import from_hex, in_hex
from cellwarden.lake.store import Lake
from cellwarden.workflows.case_export import export_case
from cellwarden.workflows.filing import file_report
from cellwarden.workflows.investigate import Request, investigate
from cellwarden.workflows.press import publish_press_sheet
from cellwarden.workflows.privacy import forget
from cellwarden.workflows.respond import Desk

RECORDS = Path(__file__).parents[2] / "docs/tutorial/records"
KILLS = max(3, int(os.environ.get("CELLWARDEN_KILLS", "10")) // 2)
OPERATIONS = 100
ENTRIES = 5
"""Findings that each case is opened with: they are all there, or the case is not."""
AT = datetime(2025, 9, 6, tzinfo=UTC)
TEAM = {"kim": "commander", "lee": "commander", "dho": "dpo", "seo": "counsel", "oh": "auditor"}
WORK = """
import json, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from cellwarden.incident.case.cases import OpenCaseFromResult
from cellwarden.incident.case.evidence_items import EnterEvidence
from cellwarden.incident.case.places import Places
from cellwarden.incident.case.requests import Ask, Decide
from cellwarden.incident.case.restatements import WriteRestatement, due_restatements
from cellwarden.incident.case.store import opened_store
from cellwarden.incident.case.token import Token
from cellwarden.incident.containment.acts import AskContainment, Contain
from cellwarden.incident.containment.effects import RecordEffect
from cellwarden.incident.containment.targets import BlockListTarget, FileTarget
from cellwarden.incident.notices.release import Release
from cellwarden.incident.privacy.forgetting import AskForgetting
from cellwarden.incident.privacy.reveals import AskReveal
from cellwarden.lake.store import Lake
from cellwarden.workflows.case_export import export_case
from cellwarden.workflows.contain import deliver
from cellwarden.workflows.filing import Asked, draft_report, file_report, to_approve
from cellwarden.workflows.press import draft_press_sheet, press_to_approve, publish_press_sheet
from cellwarden.workflows.privacy import forget
from cellwarden.workflows.respond import Desk
url, tokens, place, people, done, most, entries = sys.argv[1], *map(json.loads, sys.argv[2:])
place, at, ends, told = Path(place), datetime(2025, 9, 6, tzinfo=UTC), datetime(2025, 9, 7, tzinfo=UTC), done
store = opened_store(url, clock=lambda: at)
kim, lee, dho, seo = (Desk(store=store, me=Token(name, tokens[name]), now=lambda: at) for name in ("kim", "lee", "dho", "seo"))
targets = {"gate": BlockListTarget(place / "blocks.json"), "field": FileTarget(place / "field.jsonl"), "notify": FileTarget(place / "notify.jsonl")}
def say(word, name):
    global told
    told += 1
    print(word, name, flush=True)
def agreed(asker, other, command):
    request = asker.do(command).request_id
    say("asked", request)
    other.do(Decide(request_id=request, reason="read and agreed"))
    say("approved", request)
    return request
def notice(case, content):
    return agreed(kim, lee, Ask(kind="notice", purpose="it is due by law", expires_at=ends, case_id=case, content=content))
def let_go(request):
    return lambda what, sha256: kim.do(Release(request_id=request, what=what, sha256=sha256))
print("ready", flush=True)
while told < most:
    case = kim.do(OpenCaseFromResult(title="a case", name="result", sha256="a" * 64, queries=("q.sql",), rows=1,
        first_at=at, last_at=at, findings=tuple((at, f"finding {n}") for n in range(entries)))).case_id
    say("case", case)
    request = agreed(kim, lee, AskContainment(case_id=case, act="block_serial", target={"serial": "FC-1"}, until_at=ends,
        purpose="stop the rogue", dry_run={"caught": {"people": 1}}, deliver_to=tuple(targets)))
    kim.do(Contain(request_id=request))
    say("contained", request)
    deliver(kim, targets)
    say("sent", request)
    kim.do(RecordEffect(request_id=request, effect={"verdict": "holds"}))
    say("effect", request)
    seized = kim.do(EnterEvidence(case_id=case, kind="seized_equipment", name="list.txt", sha256="b" * 64, source="police",
        identifiers={"serials": ["FC-1"]}))
    say("seized", seized.evidence_id)
    sides = {side: {"people": {"total": 1}} for side in ("before", "after")}
    with store.reading(kim.me, case_id=case) as connection:
        due = tuple(row["restatement_id"] for row in due_restatements(connection, case))
    kim.do(WriteRestatement(case_id=case, restatements=due, name="census-2", sha256="c" * 64, rows=1, first_at=at, last_at=at,
        restatement_sha256="d" * 64, told={**sides, "changed": {}, "why": {}, "units": {"before": 1, "after": 1}},
        places=Places(records="records", lake="lake", result="result")))
    say("restated", case)
    number = int(case[2:]) % (len(people) // 2)
    request = agreed(dho, seo, AskReveal(case_id=case, purpose="the court asks", until_at=ends, people=(people[-1 - number],)))
    export_case(dho, case, place / f"export-{case}-{request}", approval=request, lake=Lake(place / "result.lake"))
    say("exported", case)
    request = agreed(dho, seo, AskForgetting(case_id=case, purpose="no duty to keep it", until_at=ends, pseudonym=people[number]))
    forget(dho, request, Lake(place / "result.lake"), people[number])
    say("forgotten", request)
    chain, press = place / f"chain-{case}", place / f"press-{case}"
    draft_report(Asked(result=place / "one", facts=place / "notice.toml", chain=chain, kind="first", known_at=at, at=at))
    file_report(chain, at=at, release=let_go(notice(case, to_approve(chain))))
    say("filed", case)
    draft_press_sheet(place / "one", place / "notice.toml", press, on=at.date())
    publish_press_sheet(press, release=let_go(notice(case, press_to_approve(press))))
    say("published", case)
"""


def examined(response, place, told):
    """Raise AssertionError at a half act, a line that does not fit, or something that was told as done and is not."""
    lines = response.store.log_lines()
    logged = by_act(lines)
    assert first_break(lines) is None
    with response.store.reading(response.tokens["oh"]) as connection:
        assert unlogged(connection, lines) == []
        cases = {row["case_id"] for row in overview.cases(connection)}
        assert {each["case"] for each in logged.get("case_opened", [])} == cases
        in_force, written, sent = set(), set(), set()
        for case_id in cases:
            held = overview.overview(connection, case_id)
            restated = [row["state"] for row in held["restatements"]]
            seized = [row for row in held["evidence"] if row["kind"] == "seized_equipment"]
            assert len(restated) == len(seized), "a seizure without a restatement that is due or written"
            assert len(held["timeline"]) == ENTRIES + restated.count("written"), "half a case"
            assert len(held["evidence"]) == 1 + len(seized) + 2 * restated.count("written"), "half a version"
            written |= {case_id} if "written" in restated else set()
            for row in containments(connection, case_id):
                in_force.add(row["request_id"])
                due = deliveries(connection, row["request_id"])
                assert len(due) == 3, "half an act"
                sent |= {row["request_id"]} if {each["state"] for each in due} == {"done"} else set()
                for each in due:
                    assert each["state"] != "done" or arrived(place, each) == 1, "sent, and not there once"
    assert {each["request_id"] for each in logged.get("contained", [])} == in_force
    assert {each["case"] for each in logged.get("restatement_written", [])} == written
    known = {"case": cases, "contained": in_force, "restated": written, "sent": sent}
    known["asked"] = {each["request_id"] for each in logged.get("requested", [])}
    known["approved"] = {each["request_id"] for each in logged.get("request_approved", [])}
    known["effect"] = {each["request_id"] for each in logged.get("effect_measured", [])}
    known["seized"] = {each["evidence_id"] for each in logged.get("evidence_entered", [])}
    known["exported"] = {each["case"] for each in logged.get("case_exported", [])}
    known["forgotten"] = {each["request_id"] for each in logged.get("subscriber_forgotten", [])}
    known["filed"] = {each.name.removeprefix("chain-") for each in place.glob("chain-*") if read_chain(each)}
    known["published"] = {each.parent.name.removeprefix("press-") for each in place.glob("press-*/press.json")}
    for word, name in told:
        assert name in known[word], f"{word} {name} was told as done"
    for what, done in (("report 1", known["filed"]), ("press sheet", known["published"])):
        assert done <= {each["case"] for each in logged.get("released", []) if each["what"] == what}, "out without a line"


def ended(response, place, people):
    """End by asking again what a kill left half done in a folder, and raise AssertionError where that gives another thing than was logged."""
    kim, dho = (Desk(store=response.store, me=response.tokens[name], now=response.clock) for name in ("kim", "dho"))
    lake, logged = Lake(place / "result.lake"), by_act(response.store.log_lines())
    for each in logged.get("case_exported", []):
        if not (place / each["name"]).exists():
            before = response.store.log_lines()
            export_case(dho, each["case"], place / each["name"], approval=each["approval"], lake=lake)
            assert response.store.log_lines() == before, "logged twice"
        assert sha256_of(place / each["name"] / "case.json") == each["sha256"]
    assert {path.name for path in place.glob("export-*")} == {each["name"] for each in logged.get("case_exported", [])}
    forgotten = {each["request_id"] for each in logged.get("subscriber_forgotten", [])}
    with Directory(lake.directory_path, LakeKey.read(lake.key_path)) as directory:
        for each in logged.get("forgetting_begun", []):
            person = next(name for name in people if subject_of(name) == each["subject_sha256"])
            if each["request_id"] not in forgotten:
                forget(dho, each["request_id"], lake, person)
            assert directory.sealed("imsi", from_hex(person)) is None, "told as forgotten, and still known"
    for each in logged.get("released", []):

        def release(what, sha256, *, request=each["request_id"]):
            return kim.do(Release(request_id=request, what=what, sha256=sha256))

        out = place / f"{'chain' if each['what'] == 'report 1' else 'press'}-{each['case']}"
        if (out / DRAFT).exists() and each["what"] == "report 1":
            file_report(out, at=AT, release=release)
        elif (out / DRAFT).exists():
            publish_press_sheet(out, release=release)
        assert not (out / DRAFT).exists()
        assert len(read_chain(out)) == 1 if each["what"] == "report 1" else (out / "press.json").exists()


def by_act(lines):
    acts = {}
    for entry in map(json.loads, lines):
        acts.setdefault(entry["act"], []).append(entry)
    return acts


def arrived(place, delivery):
    """Count how often a target has a message."""
    if delivery["target"] == "gate":
        return sum(
            each["request"] == delivery["request_id"] for each in json.loads((place / "blocks.json").read_text())["blocks"]
        )
    lines = map(json.loads, (place / f"{delivery['target']}.jsonl").read_text().splitlines())
    return sum(line["key"] == delivery["delivery_id"] for line in lines)


@pytest.fixture
def place(tmp_path):
    """Give a folder with a result that a report can be made of, and a lake whose directory knows people."""
    filed_result(tmp_path, "one")
    (tmp_path / "notice.toml").write_text(TOML_OF, encoding="utf-8")
    investigate(Request(records=RECORDS, out=tmp_path / "result"), clock=lambda: AT)
    return tmp_path


def test_a_kill_leaves_no_half_act_and_the_log_whole(database_url, place):
    response = Response.made(database_url, TEAM)
    response.clock.at = AT
    tokens = json.dumps({name: each.secret for name, each in response.tokens.items()})
    with Directory(Lake(place / "result.lake").directory_path, LakeKey.read(Lake(place / "result.lake").key_path)) as directory:
        people = sorted(in_hex(number) for kind, number in directory._seen if kind == "imsi")
    chance, told, hits = random.Random(20250905), [], 0  # noqa: S311 (when to kill, nothing secret)
    try:
        for kill in range(KILLS + 1):
            is_last = kill == KILLS
            given = (place.as_posix(), people, len(told), OPERATIONS if is_last else sys.maxsize, ENTRIES)
            words = [sys.executable, "-c", WORK, database_url, tokens, *map(json.dumps, given)]
            run = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
            assert run.stdout is not None
            assert run.stdout.readline() == "ready\n"
            if not is_last:
                told += [tuple(run.stdout.readline().split()) for _ in range(chance.randrange(2 * OPERATIONS // KILLS))]
                time.sleep(chance.random() * 0.1)  # into the middle of an operation
                run.kill()
            told += [tuple(line.split()) for line in run.stdout if line.endswith("\n")]
            run.stdout.close()
            hits += run.wait() == -9
            told = [each for each in told if each]
            examined(response, place, told)
            ended(response, place, people)
        assert hits == KILLS
        assert len(told) >= OPERATIONS
    finally:
        response.store.close()
