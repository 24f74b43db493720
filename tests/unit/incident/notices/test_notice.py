import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from told_people import DAY, PERSONS, SEOUL, START, exposure, facts, noticed, told

from cellwarden.incident.notices.notice import MOST_TIMES, reference_of, write

GOLDEN = Path(__file__).parents[3] / "golden" / "notices"


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("kind", sorted(PERSONS))
def test_a_notice_reads_as_the_golden_one(tmp_path, kind, language):
    text = noticed(tmp_path, kind, language).text()
    golden = GOLDEN / f"{kind}.{language}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_times_are_local_and_say_so(tmp_path):
    text = noticed(tmp_path, "confirmed", "en").text()
    assert "2025-08-11 02:00 \u2013 03:00" in text
    assert "(KST)" in text


def test_twenty_times_are_listed_and_the_rest_is_counted(tmp_path):
    rows = [exposure(at=START + timedelta(days=day)) for day in range(MOST_TIMES + 3)]
    notice = write(told(*rows)["a" * 16], facts(tmp_path), language="en", on=DAY, zone=SEOUL, case="C")
    (when,) = [section for section in notice.sections if section.element == "when"]
    assert sum(line.startswith("2025-") for line in when.lines) == MOST_TIMES
    assert any(line.startswith("and 3 more times") for line in when.lines)


def test_a_declined_payment_is_not_told_as_charged(tmp_path):
    person = PERSONS["confirmed"]()
    declined = replace(person, payments=tuple({**row, "status": "declined"} for row in person.payments))
    notice = write(declined, facts(tmp_path), language="en", on=DAY, zone=SEOUL, case="C")
    assert "payments" not in {section.element for section in notice.sections}


def test_nobody_is_named_in_a_notice(tmp_path):
    for kind in PERSONS:
        assert "a" * 16 not in noticed(tmp_path, kind).text()


def test_a_reference_says_nothing_and_changes_with_what_is_told():
    person = PERSONS["confirmed"]()
    first = reference_of("C-1", person)
    assert len(first) == 12
    assert first == reference_of("C-1", PERSONS["confirmed"]())
    assert first != reference_of("C-2", person)
    assert first != reference_of("C-1", replace(person, items=("imsi",)))


def test_a_payment_that_did_not_go_through_the_cell_is_not_called_confirmed_by_it(tmp_path):
    person = PERSONS["confirmed"]()
    late = {**person.payments[0], "meeting": "late", "payment_id": "P2"}
    for payments, stars, sentences in (((late,), 1, 1), ((*person.payments, late), 1, 2), (person.payments, 0, 1)):
        notice = write(replace(person, payments=payments), facts(tmp_path), language="en", on=DAY, zone=SEOUL, case="C")
        (section,) = [section for section in notice.sections if section.element == "payments"]
        assert sum(row[0].endswith(" *") for row in section.rows) == stars
        assert len(section.lines) == sentences
        assert ("went through" in section.lines[0]) is (payments != (late,))
