import csv
import json
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "incident" / "filing"))

from filed_matter import KNOWN, TOML_OF, filed_result

from cellwarden.foundation.digest import sha256_of
from cellwarden.foundation.errors import RefusedError, UsageError
from cellwarden.incident.filing.chain import read_chain
from cellwarden.workflows.filing import Asked, file_report, make_press_sheet


@pytest.fixture
def asked(tmp_path):
    (tmp_path / "notice.toml").write_text(TOML_OF, encoding="utf-8")
    return Asked(
        result=filed_result(tmp_path, "one"), facts=tmp_path / "notice.toml", chain=tmp_path / "chain", kind="first", known_at=KNOWN,
        at=KNOWN + timedelta(hours=70),
    )  # fmt: skip


def test_three_reports_become_a_chain_that_checks_out(asked, tmp_path):
    file_report(asked)
    second = filed_result(tmp_path, "two", people_imsi=25, people_guti=20)
    told = file_report(
        replace(asked, result=second, kind="supplement", because={"all": "more was searched"}, at=KNOWN + timedelta(days=10))
    )
    assert (told["number"], told["changes"]) == (2, 2)
    file_report(replace(asked, result=second, kind="final", at=KNOWN + timedelta(days=40)))
    held = read_chain(asked.chain)
    assert [(each.number, each.kind) for each in held] == [(1, "first"), (2, "supplement"), (3, "final")]
    for each in held:
        assert sorted(Path(name).suffix for name in each.files) == [".hwpx", ".pdf"]
        assert all(sha256_of(asked.chain / name) == digest for name, digest in each.files.items())


def test_the_same_filing_gives_the_same_bytes(asked, tmp_path):
    assert file_report(asked) == file_report(replace(asked, chain=tmp_path / "again"))


def test_a_late_first_report_needs_a_reason_and_leaves_nothing_without_one(asked):
    late = replace(asked, at=KNOWN + timedelta(hours=73))
    with pytest.raises(RefusedError, match="73 hours after it was known, 72 are allowed"):
        file_report(late)
    assert not asked.chain.exists()
    assert file_report(replace(late, late_because="the alarm was taken for smishing"))["number"] == 1


def test_a_refused_supplement_leaves_the_chain_as_it_was(asked, tmp_path):
    file_report(asked)
    before = sorted(path.name for path in asked.chain.iterdir())
    with pytest.raises(RefusedError, match="without a reason"):
        file_report(replace(asked, result=filed_result(tmp_path, "two", units=2), kind="supplement"))
    assert sorted(path.name for path in asked.chain.iterdir()) == before


@pytest.mark.parametrize("change", [{"law": "moon"}, {"at": KNOWN - timedelta(minutes=1)}])
def test_a_call_that_contradicts_itself_is_refused(asked, change):
    with pytest.raises(UsageError):
        file_report(replace(asked, **change))


def test_the_press_sheet_is_a_pdf_and_the_same_in_data(asked, tmp_path):
    told = make_press_sheet(asked.result, asked.facts, tmp_path / "press", on=date(2025, 9, 11))
    assert (tmp_path / "press/press.pdf").read_bytes().startswith(b"%PDF-1.7")
    assert json.loads((tmp_path / "press/press.json").read_text()) == told
    assert set(told["sentences"]) == {"ko", "en"}


def test_the_tables_of_the_press_sheet_come_as_csv_without_small_counts(asked, tmp_path):
    make_press_sheet(asked.result, asked.facts, tmp_path / "press", on=date(2025, 9, 11))
    with (tmp_path / "press/census.csv").open(newline="") as file:
        rows = {(row["measure"], row["part"]): row for row in csv.DictReader(file)}
    assert rows["controller", "Example MVNO"] == {
        "measure": "controller", "part": "Example MVNO", "people": "18", "people_imsi": "withheld", "people_possible": "withheld",
        "people_guti": "withheld",
    }  # fmt: skip
    assert rows["technology", "nr"]["people"] == ""
    assert not any(measure == "cell" for measure, _ in rows)
