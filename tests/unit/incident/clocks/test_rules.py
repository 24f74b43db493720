"""Deadlines as the laws state them; expected instants are written out here, not computed."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from cellwarden.foundation.errors import UsageError
from cellwarden.incident.clocks.rules import Rule, rules, started_by, triggers

SEOUL, BERLIN = ZoneInfo("Asia/Seoul"), ZoneInfo("Europe/Berlin")


def at(text, zone=SEOUL):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("rule", "started", "zone", "due"),
    [
        ("kr_network_report", "2025-09-05T03:00", SEOUL, "2025-09-06T03:00"),
        ("kr_pipa_report", "2025-09-05T03:00", SEOUL, "2025-09-08T03:00"),
        ("kr_pipa_notice", "2025-02-27T12:00", SEOUL, "2025-03-02T12:00"),
        ("kr_billing_correction", "2025-09-05T00:00", SEOUL, "2025-09-20T00:00"),
        ("kr_billing_correction", "2025-09-05T23:59", SEOUL, "2025-09-20T00:00"),
        ("kr_billing_buyer", "2025-12-30T10:00", SEOUL, "2026-01-03T00:00"),
        ("eu_nis2_early_warning", "2025-10-25T12:00", BERLIN, "2025-10-26T11:00"),
        ("eu_gdpr_authority", "2025-03-29T12:00", BERLIN, "2025-04-01T13:00"),
        ("eu_nis2_final", "2025-01-31T15:00", BERLIN, "2025-03-01T00:00"),
        ("eu_nis2_final", "2025-11-15T15:00", BERLIN, "2025-12-16T00:00"),
    ],
)
def test_a_deadline_is_where_the_law_puts_it(rule, started, zone, due):
    """24 hours across the end of summer time end an hour earlier by the wall clock, 72 across its start an hour later."""
    assert rules()[rule].due_at(at(started, zone), zone) == at(due, zone)


def test_at_once_has_no_instant():
    assert rules()["kr_pipa_clearance"].due_at(at("2026-10-01T00:00"), SEOUL) is None
    assert rules()["kr_pipa_clearance"].period == "at once"


@pytest.mark.parametrize(
    ("trigger", "on", "names"),
    [
        ("leak_known", date(2025, 9, 5), ["kr_pipa_notice", "kr_pipa_report"]),
        ("possible_leak", date(2026, 9, 10), []),
        ("possible_leak", date(2026, 9, 11), ["kr_pipa_possible_leak"]),
        ("intrusion_known", date(2025, 9, 5), ["kr_network_report"]),
        ("intrusion_known", date(2026, 10, 1), ["kr_network_report", "kr_network_users"]),
        ("new_fact", date(2025, 9, 18), ["kr_network_new_fact"]),
        ("significant_incident", date(2025, 9, 5), ["eu_nis2_early_warning", "eu_nis2_notification"]),
    ],
)
def test_an_act_starts_the_rules_that_were_in_force_that_day(trigger, on, names):
    assert [rule.name for rule in started_by(trigger, on)] == names


def test_damages_and_mediation_are_asked_for_since_the_amendment():
    notice = rules()["kr_pipa_notice"]
    assert "damages_and_mediation" not in {each.key for each in notice.asked(date(2026, 9, 10))}
    assert "damages_and_mediation" in {each.key for each in notice.asked(date(2026, 9, 11))}


def test_urgent_containment_excuses_the_notice_and_neither_the_possible_leak_nor_the_report():
    """Decree art. 39(1) 1 has it; art. 39-3(1) and 40(1) name force majeure alone."""
    assert "urgent_containment" in rules()["kr_pipa_notice"].slips_for
    assert rules()["kr_pipa_possible_leak"].slips_for == rules()["kr_pipa_report"].slips_for == ("force_majeure",)


def test_an_unknown_trigger_is_refused_with_the_known_ones():
    with pytest.raises(UsageError, match="intrusion_known"):
        started_by("bad_day", date(2025, 9, 5))


@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: rule.name)
def test_every_rule_is_whole(rule: Rule):
    assert rule.trigger in triggers()
    assert rule.replaced_by is None or rule.replaced_by in rules()
    assert rule.article
    assert rule.source
    assert sum(bool(each) for each in (rule.hours, rule.days, rule.weeks, rule.months)) <= 1
    assert len({each.key for each in rule.content}) == len(rule.content) > 0
    assert all(each.ko and each.en for each in rule.content)


def test_every_trigger_starts_something_and_is_said_in_both_languages():
    assert {rule.trigger for rule in rules().values()} == set(triggers())
    assert all(said["ko"] and said["en"] for said in triggers().values())
