from datetime import datetime

from cellwarden.simulate.spoken import helpers


def test_the_robbed_of_a_scenario_speak_late_or_never(generated):
    made = generated("S02")
    robbed = {row["imsi"] for row in made.truth("fraud_payments")}
    told = [row for row in made.truth("complaints") if row["cause"] == "theft"]
    assert len(told) < 0.6 * len(robbed)


def test_planted_complaints_use_the_words_of_the_robbed_and_the_accounts_of_the_helpers(generated):
    made = generated("S18")
    planted = {row["complaint_id"] for row in made.truth("complaints") if row["cause"] == "poison"}
    rows = [row for row in made.rows("complaints") if row["complaint_id"] in planted]
    assert len({row["imsi"] for row in rows if row["imsi"]}) <= 6
    assert any(row["about_from"] for row in rows)
    assert any(row["about_from"] is None for row in rows)
    assert all(isinstance(row["at"], datetime) for row in rows)
    assert len({row["route"] for row in rows}) > 1


def test_helpers_are_the_same_whenever_asked(town):
    assert helpers(town[1], "unit-1").tolist() == helpers(town[1], "unit-1").tolist()
    assert helpers(town[1], "unit-1").tolist() != helpers(town[1], "unit-2").tolist()
