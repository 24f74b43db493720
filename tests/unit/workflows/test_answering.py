import csv
import json
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "incident" / "notices"))

from made_up_round import A, B, C, a_result
from told_people import START

from cellwarden.foundation.digest import sha256_of
from cellwarden.foundation.errors import MalformedInputError, UsageError
from cellwarden.workflows.answering import answer_question, code_for, hand_over, owed_to_all
from cellwarden.workflows.load import quiet
from cellwarden.workflows.notify import make_notices

NOW = datetime(2026, 11, 21, tzinfo=UTC)
SECRET = b"k" * 32
LOGIN = {"at": START, "service": "messenger.example", "event": "logged_out", "imsi": A, "cell": 7, "unit": "unit-1", "probability": 0.9, "reason": ""}  # fmt: skip


@pytest.fixture
def order(tmp_path):
    made = a_result(tmp_path, logins=[LOGIN])
    make_notices(made, progress=quiet)
    return made


def asked(order, subject, typed, language="en"):
    tries = order.out.with_name("tries")
    return answer_question(order.result, [order.out], SECRET, subject, typed, at=NOW, language=language, tries=tries)


def test_the_holder_of_a_line_reads_the_notice_that_was_sent(order):
    told = asked(order, A, code_for(SECRET, A, at=NOW))
    assert told.is_proven
    assert told.text.startswith("Notice: your personal information was exposed")


def test_a_stranger_learns_nothing(order):
    assert asked(order, A, "000000") == asked(order, "nobody", "000000")


def test_who_was_told_in_an_earlier_round_is_still_told(order, tmp_path):
    later = replace(order, out=tmp_path / "round-2", earlier=(order.out,))
    make_notices(later, progress=quiet)  # nobody is told again what still holds
    told = answer_question(
        order.result,
        [order.out, later.out],
        SECRET,
        A,
        code_for(SECRET, A, at=NOW),
        at=NOW,
        language="en",
        tries=tmp_path / "t",
    )
    assert told.text.startswith("Notice: your personal information was exposed")


def test_a_customer_of_another_company_hears_that_there_was_a_connection(order):
    assert "show a connection of your line" in asked(order, C, code_for(SECRET, C, at=NOW)).text


def test_after_five_wrong_codes_the_right_one_waits(order):
    for _ in range(5):
        assert not asked(order, A, "000000").is_proven
    assert not asked(order, A, code_for(SECRET, A, at=NOW)).is_proven


def test_who_left_gets_the_fee_back_only_where_leaving_is_on_file(order, tmp_path):
    leavers = tmp_path / "leavers.csv"
    leavers.write_text(f"subject,left_on,ex_officio\n{A},2025-09-03,no\n{B},2025-09-03,yes\n")
    owed = tmp_path / "owed.csv"
    owed_to_all(order.result, owed, on=date(2026, 1, 20), rules=None, lake=None, leavers=leavers)
    with owed.open(newline="") as file:
        because = {row["subject"]: row["because"] for row in csv.DictReader(file) if row["rule"] == "termination_fee_refund"}
    assert because[A] == "joining date is not known"
    assert "cancelled by the operator" in because[B]
    owed_to_all(order.result, owed, on=date(2026, 1, 20), rules=None, lake=None)
    assert "leaving is not known" in owed.read_text()


@pytest.mark.parametrize("content", ["subject\nx\n", "subject,left_on,ex_officio\nx,soon,no\n"])
def test_a_list_of_leavers_that_is_none_is_refused(order, tmp_path, content):
    (tmp_path / "leavers.csv").write_text(content)
    with pytest.raises(MalformedInputError, match="left_on"):
        owed_to_all(
            order.result, tmp_path / "owed.csv", on=date(2026, 1, 20), rules=None, lake=None, leavers=tmp_path / "leavers.csv"
        )


def test_a_language_that_is_not_spoken_is_said(order):
    with pytest.raises(UsageError, match="not spoken"):
        asked(order, A, "000000", language="fr")


def test_what_is_owed_is_listed_for_everybody_with_the_reason(order, tmp_path):
    told = owed_to_all(order.result, tmp_path / "owed.csv", on=date(2025, 11, 1), rules=None, lake=None)
    assert told == {"sim_swap": 3, "refund": 2, "gift": 2, "termination_fee_waiver": 0, "termination_fee_refund": 0}
    with (tmp_path / "owed.csv").open(newline="") as file:
        rows = {(row["subject"], row["rule"]): row for row in csv.DictReader(file)}
    assert rows[C, "gift"]["because"] == "customer of another company"
    assert rows[B, "refund"]["because"] == "not charged"


def test_each_receiver_gets_a_folder_of_its_own(order, tmp_path):
    assert hand_over(order.result, tmp_path / "packs", facts=order.facts, on=order.on, lake=None) == {
        "Example MVNO": 1,
        "messenger.example": 1,
    }
    folders = sorted((tmp_path / "packs").iterdir())
    assert [folder.name for folder in folders] == ["mvno-01", "service-02"]
    for folder in folders:
        about = json.loads((folder / "pack.json").read_text())
        assert about["sha256"] == sha256_of(folder / "people.csv")
        assert (folder / "letter.pdf").read_bytes().startswith(b"%PDF")
    assert A not in (folders[0] / "people.csv").read_text()
    with pytest.raises(UsageError, match="not empty"):
        hand_over(order.result, tmp_path / "packs", facts=order.facts, on=order.on, lake=None)
