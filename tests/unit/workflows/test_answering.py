import csv
import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "incident" / "notices"))

from made_up_round import A, B, C, a_result
from told_people import START

from cellwarden.foundation.digest import sha256_of
from cellwarden.foundation.errors import UsageError
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
    return answer_question(order.result, order.out, SECRET, subject, typed, at=NOW, language=language, tries=0)


def test_the_holder_of_a_line_reads_the_notice_that_was_sent(order):
    told = asked(order, A, code_for(SECRET, A, at=NOW))
    assert told.is_proven
    assert told.text.startswith("Notice: your personal information was exposed")


def test_a_stranger_learns_nothing(order):
    assert asked(order, A, "000000") == asked(order, "nobody", "000000")


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
    assert hand_over(order.result, tmp_path / "packs", lake=None) == {"Example MVNO": 1, "messenger.example": 1}
    folders = sorted((tmp_path / "packs").iterdir())
    assert [folder.name for folder in folders] == ["mvno-01", "service-02"]
    for folder in folders:
        about = json.loads((folder / "pack.json").read_text())
        assert about["sha256"] == sha256_of(folder / "people.csv")
    assert A not in (folders[0] / "people.csv").read_text()
    with pytest.raises(UsageError, match="not empty"):
        hand_over(order.result, tmp_path / "packs", lake=None)
