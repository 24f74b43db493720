import shutil
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "incident" / "filing"))

from filed_matter import KNOWN, TOML_OF, filed_result

from cellwarden.foundation.digest import sha256_of
from cellwarden.foundation.errors import RefusedError, UsageError
from cellwarden.incident.filing.chain import read_chain
from cellwarden.workflows.filing import Asked, draft_report, file_report, to_approve


@pytest.fixture
def asked(tmp_path):
    (tmp_path / "notice.toml").write_text(TOML_OF, encoding="utf-8")
    return Asked(
        result=filed_result(tmp_path, "one"), facts=tmp_path / "notice.toml", chain=tmp_path / "chain", kind="first", known_at=KNOWN,
        at=KNOWN + timedelta(hours=70),
    )  # fmt: skip


def agreed(what, sha256):
    """Stand for the store that finds the approval of another person."""


def filed(asked, **changed):
    asked = replace(asked, **changed)
    draft_report(asked)
    return file_report(asked.chain, at=asked.at, release=agreed)


def test_three_reports_become_a_chain_that_checks_out(asked, tmp_path):
    filed(asked)
    second = filed_result(tmp_path, "two", people_imsi=25, people_guti=20)
    told = filed(asked, result=second, kind="supplement", because={"all": "more was searched"}, at=KNOWN + timedelta(days=10))
    assert (told["number"], told["changes"]) == (2, 2)
    filed(asked, result=second, kind="final", at=KNOWN + timedelta(days=40))
    held = read_chain(asked.chain)
    assert [(each.number, each.kind) for each in held] == [(1, "first"), (2, "supplement"), (3, "final")]
    assert not (asked.chain / "draft").exists()
    for each in held:
        assert sorted(Path(name).suffix for name in each.files) == [".hwpx", ".pdf"]
        assert all(sha256_of(asked.chain / name) == digest for name, digest in each.files.items())


def test_the_same_filing_gives_the_same_bytes(asked, tmp_path):
    assert filed(asked) == filed(asked, chain=tmp_path / "again")


def test_a_draft_is_no_report_until_another_has_agreed_to_just_this_one(asked):
    told = draft_report(asked)
    assert read_chain(asked.chain) == []
    assert to_approve(asked.chain) == {"what": "report 1", "sha256": told["sha256"]}

    def nobody(what, sha256):
        raise RefusedError(f"{what} {sha256} is not approved", where="R-1", fix="Ask")

    with pytest.raises(RefusedError, match=f"report 1 {told['sha256']} is not approved"):
        file_report(asked.chain, at=asked.at, release=nobody)
    assert read_chain(asked.chain) == []


def test_another_draft_is_another_thing_to_agree_to(asked, tmp_path):
    first = draft_report(asked)["sha256"]
    assert draft_report(replace(asked, result=filed_result(tmp_path, "two", units=2)))["sha256"] != first


@pytest.mark.parametrize("name", ["report-01-first.pdf", "report-01-first.hwpx"])
def test_a_draft_that_was_changed_is_not_filed(asked, name):
    draft_report(asked)
    path = asked.chain / "draft" / name
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(RefusedError, match="changed after it was drafted"):
        file_report(asked.chain, at=asked.at, release=agreed)


def test_a_draft_does_not_jump_over_a_report_that_was_filed_meanwhile(asked, tmp_path):
    other = replace(asked, chain=tmp_path / "copy", result=filed_result(tmp_path, "two", units=2))
    draft_report(other)
    filed(asked)
    shutil.copytree(other.chain / "draft", asked.chain / "draft")
    with pytest.raises(RefusedError, match="another report was filed"):
        file_report(asked.chain, at=asked.at, release=agreed)


def test_a_kill_between_the_files_and_the_chain_is_healed_by_filing_again(asked):
    draft_report(asked)
    shutil.copyfile(asked.chain / "draft/report-01-first.pdf", asked.chain / "report-01-first.pdf")
    assert file_report(asked.chain, at=asked.at, release=agreed)["number"] == 1


@pytest.mark.parametrize("is_gone", [False, True])
def test_a_kill_before_the_draft_is_cleared_away_is_healed_and_files_nothing_twice(asked, tmp_path, is_gone):
    draft_report(asked)
    shutil.copytree(asked.chain / "draft", tmp_path / "left")
    told = file_report(asked.chain, at=asked.at, release=agreed)
    shutil.copytree(tmp_path / "left", asked.chain / "draft")
    if is_gone:  # half of it was cleared away
        (asked.chain / "draft/report-01-first.pdf").unlink()

    def again(what, sha256):
        raise AssertionError(f"{what} {sha256} was released before")

    with pytest.raises(RefusedError, match="filed already"):
        to_approve(asked.chain)
    assert file_report(asked.chain, at=asked.at, release=again) == told
    assert len(read_chain(asked.chain)) == 1
    assert not (asked.chain / "draft").exists()


def test_a_file_of_a_draft_that_is_gone_is_a_change(asked):
    draft_report(asked)
    (asked.chain / "draft/report-01-first.pdf").unlink()
    with pytest.raises(RefusedError, match="changed after it was drafted"):
        file_report(asked.chain, at=asked.at, release=agreed)


def test_a_late_first_report_needs_a_reason_and_leaves_nothing_without_one(asked):
    late = replace(asked, at=KNOWN + timedelta(hours=73))
    with pytest.raises(RefusedError, match="73 hours after it was known, 72 are allowed"):
        draft_report(late)
    assert not asked.chain.exists()
    assert filed(late, late_because="the alarm was taken for smishing")["number"] == 1


def test_a_draft_that_became_late_while_it_waited_is_not_filed_without_a_reason(asked):
    draft_report(asked)
    with pytest.raises(RefusedError, match="74 hours after it was known"):
        file_report(asked.chain, at=KNOWN + timedelta(hours=74), release=agreed)


def test_a_refused_supplement_leaves_the_chain_as_it_was(asked, tmp_path):
    filed(asked)
    before = sorted(path.name for path in asked.chain.iterdir())
    with pytest.raises(RefusedError, match="without a reason"):
        draft_report(replace(asked, result=filed_result(tmp_path, "two", units=2), kind="supplement"))
    assert sorted(path.name for path in asked.chain.iterdir()) == before


def test_there_is_nothing_to_file_without_a_draft(asked):
    with pytest.raises(UsageError, match="no draft of a report"):
        file_report(asked.chain, at=asked.at, release=agreed)


@pytest.mark.parametrize("change", [{"law": "moon"}, {"at": KNOWN - timedelta(minutes=1)}])
def test_a_call_that_contradicts_itself_is_refused(asked, change):
    with pytest.raises(UsageError):
        draft_report(replace(asked, **change))
