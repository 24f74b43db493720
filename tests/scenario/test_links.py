"""Links on made-up cities: the bars of the design, and what chance gives where nobody stole."""

import shutil
from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest
from scipy.stats import poisson

from cellwarden.simulate.generator import simulate
from cellwarden.workflows.evaluate import evaluate
from cellwarden.workflows.investigate import Request, investigate


def investigated(place, scenario, seed):
    simulate(scenario, place / "city", seed=seed, size="xs")
    asked = Request(records=place / "city/records", out=place / "result")
    return investigate(asked, clock=lambda: datetime(2026, 1, 1, tzinfo=UTC))


def rows(place, table):
    return pq.read_table(place / f"result/{table}.parquet").to_pylist()


def test_thefts_within_the_hour_are_linked_and_nothing_else_is(tmp_path):
    summary = investigated(tmp_path, "S02", 1)
    scores = evaluate(tmp_path / "city/truth", tmp_path / "result")
    assert scores["links"]["true"] >= 20
    assert scores["links"]["precision"] >= 0.99
    assert scores["links"]["recall_within_hour"] >= 0.99
    assert scores["complaints"]["precision"] >= 0.99
    details = [row for row in rows(tmp_path, "payment_details") if row["probability"] >= 0.5]
    assert {row["factor_given"] for row in details} == {"yes"}
    assert all({"name", "birth_date"} <= set(row["factors_not_given"]) for row in details)
    assert summary["links"]["channels_not_searched"] == ["other"]
    assert summary["links"]["charged_not_disputed"] == sum(
        row["kind"] == "charged_not_disputed" for row in rows(tmp_path, "contacts")
    )


def test_payments_days_later_are_linked_with_less_confidence(tmp_path):
    investigated(tmp_path, "S10", 1)
    scores = evaluate(tmp_path / "city/truth", tmp_path / "result")
    late = [row for row in rows(tmp_path, "payment_details") if row["meeting"] == "late" and row["probability"] >= 0.5]
    assert scores["links"]["recall"] >= 0.9
    assert all(row["probability"] < 0.9 for row in late)
    assert all(0 <= row["low"] <= row["high"] for row in rows(tmp_path, "late_payments"))


@pytest.mark.slow
def test_where_nobody_stole_every_channel_meets_what_chance_gives_in_each_city_and_in_all(tmp_path):
    outside, met, expected = [], 0, 0.0
    for seed in range(1, 21):
        place = tmp_path / str(seed)
        investigated(place, "S07", seed)
        searched = [row for row in rows(place, "payment_channels") if row["searched"]]
        assert searched
        outside += [(seed, row) for row in searched if not row["chance_low"] <= row["met"] <= row["chance_high"]]
        met, expected = met + sum(row["met"] for row in searched), expected + sum(row["expected"] for row in searched)
        assert [row for row in rows(place, "payment_links") if row["probability"] >= 0.5] == []
        shutil.rmtree(place)
    assert outside == []
    low, high = poisson.interval(0.95, expected)  # one city expects less than one: all of them together can be too few, too
    assert 1 <= low <= met <= high, (met, expected)
