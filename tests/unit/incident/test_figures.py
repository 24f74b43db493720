import math
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from cellwarden.incident.figures import Count, cell_name, cell_parts, duration, money, number, percent, stamp, support

SEOUL = ZoneInfo("Asia/Seoul")


def test_counts_pick_their_plural():
    assert f"{Count(1):cell|cells}" == "1 cell"
    assert f"{Count(1234):cell|cells}" == "1,234 cells"
    assert f"{Count(1234)}" == "1,234"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "\u2013"), (1234567, "1,234,567"), (2.0, "2"), (3.61, "3.6"), (0.04, "0.04"), (0.001, "< 0.01"), ("x", "x")],
)
def test_numbers_are_read_with_thousands(value, shown):
    assert number(value) == shown


@pytest.mark.parametrize(
    ("amount", "currency", "language", "shown"),
    [
        (1_230_000, "KRW", "en", "1,230,000 KRW"),
        (1_230_000, "KRW", "ko", "1,230,000원"),
        (123_456, "USD", "ko", "1,234.56 USD"),
        (5, None, "en", "5"),
        (None, "KRW", "en", "\u2013"),
    ],
)
def test_money_is_written_from_minor_units(amount, currency, language, shown):
    assert money(amount, currency, language) == shown


def test_times_are_read_on_the_wall_clock_of_the_zone():
    at = datetime(2025, 8, 5, 15, 30, tzinfo=UTC)
    assert stamp(at, SEOUL, named=True) == "2025-08-06 00:30 KST"
    assert stamp("2025-08-05T15:30:00Z", UTC) == "2025-08-05 15:30"
    assert stamp(None, UTC) == "\u2013"


def test_durations_name_their_two_largest_units():
    assert duration("2024-10-22T00:00:00Z", "2025-08-23T03:00:00Z", "en") == "305 days 3 h"
    assert duration("2025-08-05T00:00:00Z", "2025-08-05T01:10:00Z", "ko") == "1시간 10분"


def test_cells_split_as_their_kind_says():
    assert cell_parts("macro", 77158 << 8 | 113) == "77158-113"
    assert cell_parts("home", 77158 << 8 | 113) == ""
    assert cell_parts("gnb", 5) == ""
    assert cell_name({"cell": 77158 << 8 | 113, "cell_type": "macro"}) == "19752561 · 0x12d6671 · 77158-113"


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (1.9, "supports neither side"),
        (2.01, "weak support"),
        (99, "moderate support"),
        (101, "moderately strong support"),
        (1.1e6, "extremely strong support"),
    ],
)
def test_weights_are_put_in_the_words_of_the_guideline(ratio, words):
    assert support(math.log(ratio), "en")[0] == words


def test_a_weight_against_speaks_for_an_innocent_cell():
    assert support(-3.0, "en") == ("moderate support for an innocent cell", "20 times likelier if innocent (-3.00)")


def test_a_probability_never_rounds_to_certainty():
    assert percent(0.99999) == "> 99.9 %"
    assert percent(0.00001) == "< 0.1 %"
    assert percent(1 / 3) == "33.3 %"
