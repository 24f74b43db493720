"""`cellwarden clock`: started, met late with its reason, an alarm set aside."""

import json

from typer.testing import CliRunner

from cellwarden.foundation.errors import MalformedInputError, RefusedError, UsageError
from cellwarden.interfaces.cli.main import app


def test_a_clock_from_start_to_a_late_end(typed):
    typed.text("kim", "case", "open", "--title", "Rogue cell in the south")
    known = ("--known", "2025-09-05T03:00:00+09:00", "--about", "night payments", "--why", "the pattern was blocked then")
    started = typed.json("kim", "clock", "start", "C-1", "intrusion_known", *known)
    assert started["clocks"] == ["K-1"]
    met = ("clock", "met", "C-1", "K-1", "--at", "2025-09-08T19:16:00+09:00", "--receipt", "report 1")
    typed.text("kim", *met, fails_with=MalformedInputError)
    done = typed.json("kim", *met, "--late-because", "taken for smishing until a victim's records were read")
    assert done["late_s"] == 64 * 3600 + 16 * 60
    (clock,) = typed.json("oh", "clock", "list", "C-1")["clocks"]
    assert (clock["article"], clock["due_at"]) == ("Act art. 48-3(1); Decree art. 58-2", "2025-09-05T18:00:00Z")
    assert "2025-09-06 03:00 KST" in typed.text("oh", "clock", "list", "C-1")


def test_a_duty_falls_away_with_its_reason(typed):
    typed.text("kim", "case", "open", "--title", "Rogue cell in the south")
    known = ("--known", "2026-11-20T00:00:00Z", "--about", "a letter", "--why", "it arrived that day")
    typed.text("kim", "clock", "start", "C-1", "charge_made", *known)
    assert (
        typed.json("kim", "clock", "stop", "C-1", "K-1", "--why", "the charge was taken back in full")["rule"]
        == "kr_billing_charge"
    )


def test_an_alarm_is_set_aside_with_answers(typed):
    typed.text("kim", "case", "open", "--title", "Rogue cell in the south")
    typed.text(
        "kim", "case", "record", "C-1", "--kind", "alarm", "--happened", "2025-09-05T03:00:00+09:00", "--what", "night payments"
    )
    assert "nobody judged alarm N-1" in typed.text("oh", "clock", "list", "C-1")
    aside = ("clock", "aside", "C-1", "N-1", "own_payment", "--why", "all of them said so on the telephone")
    typed.text("kim", *aside, "--answer", "customer_confirms", fails_with=UsageError)
    typed.text("kim", *aside, "--answer", "customer_confirms=yes", fails_with=RefusedError)
    done = typed.json("kim", *aside, "--answer", "customer_confirms=yes", "--answer", "same_cell=no")
    assert done["event"] == "alarm_set_aside"


def test_rules_triggers_and_causes_are_listed():
    listed = {
        each: json.loads(CliRunner().invoke(app, ["clock", each, "--json"]).stdout) for each in ("rules", "triggers", "causes")
    }
    assert {row["period"] for row in listed["rules"]} >= {"24 hours", "72 hours", "2 weeks", "3 days", "1 months", "at once"}
    assert len(listed["triggers"]) == len({row["trigger"] for row in listed["rules"]})
    assert {"smishing", "registry_gap"} <= {row["cause"] for row in listed["causes"]}
