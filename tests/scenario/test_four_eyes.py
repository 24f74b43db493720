"""Random people give random commands: no sequence leads to an act without two people, a self-approval, or an opening without its line.

The judge reads nothing but the log, line by line, and works out for itself who held which role when.
"""

from __future__ import annotations

import itertools
import json
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "incident" / "case"))

from response import Response

from cellwarden.evidence.log import first_break
from cellwarden.foundation.errors import CellwardenError
from cellwarden.incident.case.evidence_items import EnterEvidence
from cellwarden.incident.case.exports import ExportCase
from cellwarden.incident.case.glass import BreakGlass, Review
from cellwarden.incident.case.people import Enrol, GrantRole, RenewToken, RevokeRole
from cellwarden.incident.case.places import Places
from cellwarden.incident.case.reconciliation import unlogged
from cellwarden.incident.case.requests import KINDS, Ask, Decide, Withdraw
from cellwarden.incident.case.restatements import WriteRestatement
from cellwarden.incident.case.roles import ROLES, Permission
from cellwarden.incident.case.token import Token
from cellwarden.incident.containment.acts import AskContainment, AskLifting, Contain, ExpireContainments, Lift
from cellwarden.incident.containment.effects import RecordEffect
from cellwarden.incident.notices.release import Release
from cellwarden.incident.privacy.forgetting import BeginForgetting, RecordForgotten, subject_of
from cellwarden.incident.privacy.reveals import AskReveal, OpenIdentifiers

TEAM = {"kim": "commander", "noh": "network", "cho": "care", "seo": "counsel", "dho": "dpo"}
PEOPLE = ("ahn", "bae", *TEAM, "new")
SUBSCRIBERS = ("00000000000000aa", "00000000000000bb")
PAPERS = [{"what": what, "sha256": "a" * 64} for what in ("report 1", "press sheet", "notices")]
"""What may go out: a report that is filed, a press sheet that is published, a round that is sent."""
GONE = {"rows_removed": 1, "rows_left": 0, "sealed_octets_left": 0}
WHY = "a reason of more than twenty characters"
ROLE_OF = {"ahn": "steward", "bae": "steward", **TEAM}
DRAWS = st.integers(0, 10_000)
NUMBERS = itertools.count()
SEEN: Counter[str] = Counter()
"""Acts of all logs that were judged: a walk that never gets anywhere proves nothing."""


class Desk(RuleBasedStateMachine):
    """A response team of whom anybody may try anything."""

    requests = Bundle("requests")
    url = staticmethod(lambda: ":memory:")

    @initialize()
    def team(self):
        self.response = Response.made(type(self).url(), TEAM)
        self.case_id = self.response.case()
        self.response.do(
            "kim", EnterEvidence(case_id=self.case_id, kind="result", name="result", sha256="a" * 64, source="investigate")
        )
        self.asked = {}
        self.made = len(self.response.store.log_lines())
        self.response.tokens["new"] = Token.made("new")
        self.attempt("ahn", Enrol(name="new", token_digest=self.response.tokens["new"].digest))

    def attempt(self, who, command):
        """Try a command; a refusal is an answer like any other, another error is not."""
        try:
            return self.response.do(who, command)
        except CellwardenError:
            return None

    def ends(self):
        return self.response.clock.at + timedelta(hours=3)

    def person(self, draw, able):
        """Return, more often than not, somebody who may; else anybody at all."""
        return able[draw % len(able)] if draw % 100 < 70 and able else PEOPLE[draw % len(PEOPLE)]

    def able(self, permission):
        return [name for name, role in ROLE_OF.items() if permission in ROLES[role]]

    @rule(target=requests, draw=DRAWS, kind=st.sampled_from(sorted(KINDS)), person=st.sampled_from(PEOPLE),
          role=st.sampled_from(sorted(ROLES)), earlier=st.integers(9, 20))  # fmt: skip
    def ask(self, draw, kind, person, role, earlier):
        return self.ask_for(draw, kind, person, role, earlier)

    def ask_for(self, draw, kind, person, role, earlier):
        case, ends = self.case_id, self.ends()
        command = {
            "containment": AskContainment(case_id=case, act="block_serial", target={"serial": "FC-1"}, until_at=ends, purpose=WHY,
                                          dry_run={"caught": {"people": 1}}, deliver_to=("gate",)),
            "lifting": AskLifting(case_id=case, lifts=f"R-{earlier}", purpose=WHY),
            "reveal": AskReveal(case_id=case, purpose=WHY, until_at=ends, people=SUBSCRIBERS[:1]),
            "forgetting": Ask(kind="forgetting", purpose=WHY, expires_at=ends, case_id=case,
                              content={"subject_sha256": subject_of(SUBSCRIBERS[0])}),
            "grant": Ask(kind="grant", purpose=WHY, expires_at=ends, content={"person": person, "role": role}),
            "notice": Ask(kind="notice", purpose=WHY, expires_at=ends, case_id=case, content=PAPERS[draw % 3]),
        }[kind]  # fmt: skip
        who = self.person(draw, self.able(KINDS[kind][0]))
        done = self.attempt(who, command)
        request = f"R-{earlier}" if done is None else done.request_id
        if done is not None:
            self.asked[request] = (kind, who)
        return request

    @rule(draw=DRAWS, request=requests, is_approved=st.sampled_from([True, True, True, False]))
    def decide(self, draw, request, is_approved):
        self.decide_on(draw, request, is_approved=is_approved)

    def decide_on(self, draw, request, *, is_approved):
        kind, asker = self.asked.get(request, ("containment", ""))
        who = asker if asker and draw % 5 == 0 else self.person(draw, self.able(KINDS[kind][1]))
        self.attempt(who, Decide(request_id=request, reason=WHY, is_approved=is_approved))

    @rule(draw=DRAWS, request=requests)
    def carry_out(self, draw, request):
        self.carry(draw, request)

    def carry(self, draw, request):
        kind, asker = self.asked.get(request, ("containment", ""))
        who = self.person(draw, [asker] if asker else [])
        commands = {
            "containment": Contain(request_id=request),
            "lifting": Lift(request_id=request),
            "grant": GrantRole(request_id=request),
            "reveal": OpenIdentifiers(request_id=request, people=SUBSCRIBERS[:1], out="calls.csv"),
            "forgetting": BeginForgetting(request_id=request, pseudonym=SUBSCRIBERS[0]),
            "notice": Release(request_id=request, what=PAPERS[draw % 3]["what"], sha256="a" * 64 if draw % 7 else "b" * 64),
        }
        any_other = list(commands.values())[draw % len(commands)]
        self.attempt(who, commands.get(kind, any_other) if draw % 4 else any_other)

    @rule(draw=DRAWS, request=requests, named=st.integers(0, 2))
    def export(self, draw, request, named):
        """Take the case out, masked or with names that somebody may or may not have opened."""
        _, asker = self.asked.get(request, ("", "dho"))
        command = ExportCase(
            case_id=self.case_id, name="export", sha256="c" * 64, people=2, people_named=named, approval=request
        )
        self.attempt(self.person(draw, [asker]), command)

    @rule(draw=DRAWS, number=st.integers(1, 3), is_entered=st.booleans())
    def seize_or_restate(self, draw, number, *, is_entered):
        self.seize(draw, number, is_entered=is_entered)

    def seize(self, draw, number, *, is_entered):
        """Enter seized equipment, or write a version of the census that may be due or not."""
        who = self.person(draw, self.able(Permission.WRITE))
        told = {side: {"people": {"total": 1}} for side in ("before", "after")} | {
            "changed": {},
            "why": {},
            "units": {"before": 1, "after": 1},
        }
        entered = EnterEvidence(case_id=self.case_id, kind="seized_equipment", name="list.txt", sha256="d" * 64, source="police",
                                identifiers={"serials": ["FC-1"]})  # fmt: skip
        written = WriteRestatement(case_id=self.case_id, restatements=(f"Z-{number}",), name="census", sha256="e" * 64, rows=1, first_at=None,
                                   last_at=None, restatement_sha256="f" * 64, told=told, places=Places(records="a", lake="b", result="c"))  # fmt: skip
        self.attempt(who, entered if is_entered else written)

    @rule(kind=st.sampled_from(sorted(KINDS)), number=st.integers(1, 3))
    def as_it_should_be(self, kind, number):
        """Let those act who may, in the right order: a walk of chance alone may never come to the later acts."""
        request = self.ask_for(1, kind, "new", "auditor", earlier=9)
        asker = self.asked.get(request, ("", ""))[1]
        other = next(name for name in self.able(KINDS[kind][1]) if name != asker)
        self.attempt(other, Decide(request_id=request, reason=WHY))
        self.carry(1, request)
        self.claim_of(1, request)
        self.seize(0, number, is_entered=True)
        self.seize(0, number, is_entered=False)

    @rule(draw=DRAWS, request=requests)
    def claim(self, draw, request):
        self.claim_of(draw, request)

    def claim_of(self, draw, request):
        """Say that an act worked, or that somebody is forgotten."""
        _, asker = self.asked.get(request, ("", "kim"))
        who = self.person(draw, [asker])
        claims = (
            RecordEffect(request_id=request, effect={"verdict": "holds"}),
            RecordForgotten(request_id=request, pseudonym=SUBSCRIBERS[0], proof=GONE),
        )
        for command in claims:
            self.attempt(who, command)

    @rule(draw=DRAWS, request=requests)
    def open_too_many(self, draw, request):
        assert (
            self.attempt(PEOPLE[draw % len(PEOPLE)], OpenIdentifiers(request_id=request, people=SUBSCRIBERS, out="all.csv"))
            is None
        )

    @rule(draw=DRAWS, request=requests, step=st.sampled_from([Withdraw, BreakGlass, Review]))
    def other_ends(self, draw, request, step):
        _, asker = self.asked.get(request, ("", "kim"))
        who = self.person(draw, ["seo", "dho"] if step is Review else [asker])
        more = {Withdraw: {}, BreakGlass: {"reason": WHY}, Review: {"words": WHY, "was_right": True}}[step]
        self.attempt(who, step(request_id=request, **more))

    @rule(draw=DRAWS, number=st.integers(1, 20), step=st.sampled_from(["revoke", "renew", "wait"]))
    def meanwhile(self, draw, number, step):
        who = PEOPLE[draw % len(PEOPLE)]
        if step == "revoke" and draw % 4 == 0:
            self.attempt(who, RevokeRole(grant_id=f"G-{number}" if number < 3 else f"G-{number}-by-request"))
        elif step == "renew":
            token = Token.made(who)
            if self.attempt(who, RenewToken(token_digest=token.digest)):
                self.response.tokens[who] = token
        elif step == "wait":
            self.response.clock.turn(minutes=(1, 1, 1, 90)[number % 4])
            self.attempt("cho", ExpireContainments())

    @rule(asking=DRAWS, deciding=DRAWS, doing=DRAWS, kind=st.sampled_from(sorted(KINDS)), person=st.sampled_from(PEOPLE),
          role=st.sampled_from(sorted(ROLES)), glass=st.booleans())  # fmt: skip
    def all_the_way(self, *, asking, deciding, doing, kind, person, role, glass):
        """Ask, decide and carry out in a row, each by somebody likely or by anybody."""
        request = self.ask_for(asking, kind, person, role, earlier=9 + asking % 12)
        if glass and deciding % 3 == 0:
            self.attempt(self.asked.get(request, ("", "kim"))[1], BreakGlass(request_id=request, reason=WHY))
        self.decide_on(deciding, request, is_approved=True)
        self.carry(doing, request)
        self.claim_of(doing, request)

    def teardown(self):
        if not hasattr(self, "response"):
            return
        lines = self.response.store.log_lines()
        try:
            entries = [json.loads(line) for line in lines]
            SEEN.update(each["act"] for each in entries[self.made :])
            judge(entries)
            assert first_break(lines) is None
            with self.response.store._engine.connect() as connection:
                assert unlogged(connection, lines) == []
        finally:
            self.response.store.close()


def judge(entries):  # noqa: C901, PLR0912, PLR0915 (one branch an act of the log)
    """Read a log and raise AssertionError at the first act that two people did not carry."""
    held: dict[str, tuple[str, str, str | None]] = {
        f"G-{n}": (name, "steward", None) for n, name in enumerate(entries[0]["founders"], 1)
    }
    asked, approved, glass, in_force, opened = {}, {}, {}, {}, {}
    acted, begun, due = set(), set(), set()
    for entry in entries[1:]:
        act, by, request, now = entry["act"], entry.get("by"), entry.get("request_id"), entry["at"]

        def may(permission, entry=entry):
            who, case = entry.get("by"), entry.get("case")
            return any(
                person == who and permission in ROLES[role] and where in (None, case) for person, role, where in held.values()
            )

        if act == "requested":
            assert may(KINDS[entry["kind"]][0]), entry
            asked[request] = entry
        elif act == "request_approved":
            assert by != asked[request]["by"], "a self-approval"
            assert may(KINDS[asked[request]["kind"]][1]), entry
            assert entry["content_sha256"] == asked[request]["content_sha256"]
            assert now < asked[request]["expires_at"]
            approved[request] = by
        elif act == "glass_broken":
            assert (by, asked[request]["kind"]) == (asked[request]["by"], "containment")
            assert may(Permission.BREAK_GLASS), entry
            glass[request] = by
        elif act == "glass_reviewed":
            assert by != glass[request]
        elif act == "contained":
            assert asked[request]["kind"] == "containment"
            assert request in approved or request in glass, "an unapproved act"
            assert request not in in_force
            in_force[request] = entry["until_at"]
            acted.add(request)
        elif act == "containment_lifted":
            assert asked[request]["kind"] == "lifting"
            assert request in approved
            del in_force[entry["lifted"]]
        elif act == "containments_expired":
            for over in entry["expired"]:
                assert in_force.pop(over) <= now
        elif act == "identifiers_opened":
            assert asked[request]["kind"] == "reveal"
            assert request in approved
            assert by == asked[request]["by"]
            assert may(Permission.SEE_IDENTIFIERS), entry
            assert now < asked[request]["expires_at"]
            opened[request, by] = max(entry["people"], opened.get((request, by), 0))
        elif act == "case_exported":
            assert may(Permission.READ), entry
            assert entry["people_named"] <= opened.get((entry.get("approval"), by), 0), "a name that nobody opened"
        elif act == "forgetting_begun":
            assert asked[request]["kind"] == "forgetting"
            assert request in approved
            begun.add(request)
        elif act == "subscriber_forgotten":
            assert request in begun, "forgotten without a beginning"
            assert entry["subject_sha256"] == asked[request]["content"]["subject_sha256"]
        elif act == "effect_measured":
            assert request in acted, "the effect of nothing"
            assert may(Permission.WRITE), entry
        elif act == "evidence_entered":
            assert may(Permission.WRITE), entry
        elif act == "restatement_due":
            due.add(entry["restatement_id"])
        elif act == "restatement_written":
            assert may(Permission.WRITE), entry
            assert due >= set(entry["restatements"]), "a version that nothing asked for"
            due -= set(entry["restatements"])
        elif act == "released":
            assert asked[request]["kind"] == "notice"
            assert request in approved
            assert may(Permission.ASK_NOTICE), entry
            assert {name: entry[name] for name in ("what", "sha256")} == asked[request]["content"]
            assert now < asked[request]["expires_at"]
        elif act == "role_granted":
            assert request in approved
            assert entry["person"] != approved[request], "a role approved by who gets it"
            held[entry["grant_id"]] = (entry["person"], entry["role"], asked[request].get("case"))
        elif act == "role_revoked":
            del held[entry["grant_id"]]
    assert len({person for person, role, where in held.values() if role == "steward" and where is None}) >= 2


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_no_sequence_of_commands_gets_past_the_second_person(database, request):
    examples, steps = (80, 50) if database == "sqlite" else (3, 40)
    machine = Desk
    if database == "postgresql":
        import psycopg  # noqa: PLC0415 (only where PostgreSQL is)

        server = request.getfixturevalue("postgres")

        def fresh():
            name = f"four_eyes_{next(NUMBERS)}"
            with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}")
            return f"{server}/{name}"

        machine = type("PostgresDesk", (Desk,), {"url": staticmethod(fresh)})
    checks = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        derandomize=True,
    )
    SEEN.clear()
    run_state_machine_as_test(machine, settings=checks)
    reached = {
        "request_approved",
        "contained",
        "identifiers_opened",
        "forgetting_begun",
        "released",
        "role_granted",
        "glass_broken",
        "command_refused",
        "case_exported",
        "subscriber_forgotten",
        "effect_measured",
        "restatement_written",
    }
    assert database == "postgresql" or reached <= set(SEEN), "the walk did not get far enough to prove anything"


def test_the_judge_sees_a_self_approval_an_unapproved_act_and_an_opening_without_approval():
    """The judge is tried on forged logs, so that its silence means something."""
    start = {"act": "store_made", "at": "2025-09-05T03:00:00Z", "founders": ["ahn", "bae"]}
    asked = {"act": "requested", "at": "2025-09-05T03:00:00Z", "by": "ahn", "request_id": "R-1", "kind": "grant"}
    asked |= {"content_sha256": "a", "expires_at": "2025-09-06T03:00:00Z"}
    approved = {
        "act": "request_approved",
        "at": "2025-09-05T03:00:00Z",
        "by": "ahn",
        "request_id": "R-1",
        "content_sha256": "a",
    }
    granted = {"act": "role_granted", "at": "2025-09-05T03:00:00Z", "by": "ahn", "request_id": "R-1", "grant_id": "G-9"}
    granted |= {"person": "bae", "role": "dpo"}
    judge([start, asked, {**approved, "by": "bae"}, {**granted, "person": "kim"}])
    for forged in ([start, asked, approved], [start, asked, granted], [start, asked, {**approved, "by": "bae"}, granted]):
        with pytest.raises(AssertionError):
            judge(forged)
