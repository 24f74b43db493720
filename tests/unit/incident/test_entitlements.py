from datetime import date

import pytest

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.incident.entitlements import STAYED, Leaving, Subscriber, entitlements, read_rules

RULES = read_rules()


def owed(on, **facts):
    given = {
        "exposed": True,
        "charged": False,
        "controller": "own",
        "device_class": "phone",
        "joined_on": date(2020, 1, 1),
        **facts,
    }
    return {each.rule: each for each in entitlements(Subscriber(**given), on, RULES)}


def names(on, **facts):
    return {rule for rule, each in owed(on, **facts).items() if each.is_owed}


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2025, 9, 10), set()),
        (date(2025, 9, 11), {"sim_swap"}),
        (date(2025, 10, 30), {"sim_swap", "gift"}),
        (date(2025, 12, 30), {"sim_swap", "gift"}),
        (date(2025, 12, 31), {"sim_swap", "gift", "termination_fee_waiver"}),
        (date(2026, 1, 13), {"sim_swap", "gift", "termination_fee_waiver"}),
        (date(2026, 1, 14), {"sim_swap", "gift"}),
    ],
)
def test_rules_hold_from_their_first_day_to_their_last(on, expected):
    assert names(on) == expected


def test_who_left_since_september_gets_the_fee_back():
    day = date(2026, 1, 20)
    assert "termination_fee_refund" in names(day, leaving=Leaving(on=date(2025, 9, 1)))
    assert "termination_fee_refund" not in names(day, leaving=Leaving(on=date(2025, 8, 31)))
    assert owed(day, leaving=STAYED)["termination_fee_refund"].because == ("has not left since 2025-09-01",)
    assert owed(day, leaving=None)["termination_fee_refund"].because == ("leaving is not known",)


@pytest.mark.parametrize(
    ("facts", "because"),
    [
        ({"joined_on": date(2025, 9, 1)}, "joined from 2025-09-01 on"),
        ({"controller": "Example MVNO"}, "customer of another company"),
        ({"device_class": "iot"}, "line of a iot"),
        ({"leaving": Leaving(on=None, ex_officio=True)}, "cancelled by the operator"),
        ({"joined_on": None}, "joining date is not known"),
        ({"controller": None}, "controller is not known"),
        ({"device_class": None}, "device class is not known"),
    ],
)
def test_exclusions_say_why_and_what_is_not_known_is_never_a_yes(facts, because):
    assert owed(date(2026, 1, 5), **facts)["termination_fee_waiver"].because == (because,)


def test_the_waiver_was_for_everybody_and_the_swap_for_the_exposed():
    assert names(date(2026, 1, 5), exposed=False) == {"termination_fee_waiver"}


def test_whoever_was_charged_is_refunded_even_of_another_company():
    assert "refund" in names(date(2025, 9, 11), charged=True, controller="Example MVNO", exposed=False)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('[[rule]]\nname = "x"\nexclude_joind_from = 2025-09-01', "exclude_joind_from"),
        ('[[rule]]\nname = "x"\nfrom = 2025-09-01', "means, source is missing"),
        ('[[rule]]\nname = "x"\nfrom = "soon"', "x: from"),
        ("[[rule]", "not readable"),
    ],
)
def test_a_misspelt_rule_is_refused_since_it_would_entitle_everybody(tmp_path, text, what):
    (tmp_path / "rules.toml").write_text(text)
    with pytest.raises(MalformedInputError, match=what):
        read_rules(tmp_path / "rules.toml")
