from datetime import UTC, datetime, timedelta

import pytest

from cellwarden.incident.lookup import MOST_TRIES, VALID, answer, code, window_of

SECRET = b"s" * 32
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
NOTICES = {"a" * 16: "Your phone connected."}
TOUCHED = {"a" * 16, "c" * 16}
WINDOW = ("2025-08-04", "2025-08-15")


def asked(subject, typed, *, at=NOW, language="en", tries=0):
    return answer(
        SECRET, subject, typed, at=at, notices=NOTICES, touched=TOUCHED, window=WINDOW, language=language, tries=tries
    )


def test_whoever_proves_to_hold_the_line_reads_their_notice():
    told = asked("a" * 16, code(SECRET, "a" * 16, NOW))
    assert (told.is_proven, told.text) == (True, "Your phone connected.")


def test_without_a_notice_the_records_are_named_with_their_gaps_never_a_promise():
    told = asked("b" * 16, code(SECRET, "b" * 16, NOW))
    assert told.is_proven
    assert "2025-08-04 to 2025-08-15" in told.text
    assert "not proof" in told.text


def test_whoever_touched_and_is_told_by_another_company_is_not_told_that_they_did_not():
    told = asked("c" * 16, code(SECRET, "c" * 16, NOW))
    assert "show a connection of your line" in told.text
    assert "your contract" in told.text


def test_a_stranger_hears_the_same_whoever_they_ask_about():
    said = {
        asked(subject, typed)
        for subject in ("a" * 16, "b" * 16, "c" * 16, "", "no such line")
        for typed in ("000000", "", "x", "٣")
    }
    assert len(said) == 1
    assert not said.pop().is_proven


@pytest.mark.parametrize(("later", "holds"), [(timedelta(), True), (VALID - timedelta(seconds=1), True), (2 * VALID, False)])
def test_a_code_holds_for_ten_minutes_and_never_for_twenty(later, holds):
    assert asked("a" * 16, code(SECRET, "a" * 16, NOW), at=NOW + later).is_proven is holds


def test_a_code_is_of_one_line_and_one_key():
    mine = code(SECRET, "a" * 16, NOW)
    assert not asked("b" * 16, mine).is_proven
    assert not answer(
        b"t" * 32, "a" * 16, mine, at=NOW, notices=NOTICES, touched=TOUCHED, window=WINDOW, language="en", tries=0
    ).is_proven
    assert len(mine) == 6
    assert mine.isdigit()


def test_after_five_wrong_codes_even_the_right_one_waits():
    right = code(SECRET, "a" * 16, NOW)
    assert asked("a" * 16, right, tries=MOST_TRIES - 1).is_proven
    assert not asked("a" * 16, right, tries=MOST_TRIES).is_proven


def test_codes_of_a_million_lines_spread_over_all_codes():
    codes = {code(SECRET, str(line), NOW) for line in range(20_000)}
    assert len(codes) > 19_000  # as many as chance lets coincide


def test_the_window_is_told_in_days():
    assert window_of({"window": {"from": "2025-08-04T00:00:00Z", "to": None}}) == ("2025-08-04", "?")


def test_korean_is_answered_in_korean():
    assert "확인할 수 없습니다" in asked("a" * 16, "000000", language="ko").text
