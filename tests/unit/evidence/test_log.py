"""The hash-chained log: what was written can be neither changed nor taken out unseen."""

import json
import stat
from datetime import UTC, datetime, timedelta

import pytest

from cellwarden.evidence.log import START, append, broken_at, line_after
from cellwarden.foundation.errors import CellwardenError

AT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "audit.jsonl"
    for number in range(4):
        append(path, "identifiers_revealed", at=AT + timedelta(minutes=number), reason=f"이유 {number}", people=number)
    return path


def rewritten(path, change):
    lines = path.read_text(encoding="utf-8").splitlines()
    change(lines)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return broken_at(path)


def test_a_whole_log_holds_and_names_each_predecessor(log):
    assert broken_at(log) is None
    entries = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert entries[0]["previous"] == START
    assert [entry["previous"] for entry in entries[1:]] == [entry["digest"] for entry in entries[:-1]]
    assert entries[1]["at"] == "2026-01-01T00:01:00Z"


def test_append_returns_the_digest_of_its_line(log):
    digest = append(log, "act", at=AT)
    assert json.loads(log.read_text(encoding="utf-8").splitlines()[-1])["digest"] == digest


def test_only_the_owner_may_read_it(log):
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_a_changed_line_is_found(log):
    def change(lines):
        lines[1] = lines[1].replace('"people": 1', '"people": 9')

    assert rewritten(log, change) == 2


def test_a_changed_line_with_a_new_digest_breaks_the_next(log, tmp_path):
    other = tmp_path / "other.jsonl"
    append(other, "identifiers_revealed", at=AT, reason="invented", people=0)

    def change(lines):
        lines[0] = other.read_text(encoding="utf-8").strip()

    assert rewritten(log, change) == 2


@pytest.mark.parametrize(("gone", "line"), [(0, 1), (1, 2), (2, 3)])
def test_a_line_taken_out_is_found_where_it_was(log, gone, line):
    assert rewritten(log, lambda lines: lines.pop(gone)) == line


def test_lines_in_another_order_are_found(log):
    assert rewritten(log, lambda lines: lines.insert(1, lines.pop(2))) == 2


@pytest.mark.parametrize("foreign", ["", "[]", "{}", "no json", '{"digest": 5}', "null"])
def test_what_is_no_line_of_a_log_is_found(log, foreign):
    assert rewritten(log, lambda lines: lines.insert(2, foreign)) == 3


def test_facts_cannot_take_the_place_of_time_and_chain(tmp_path):
    path = tmp_path / "audit.jsonl"
    append(path, "act", at=AT, previous="f" * 64)
    assert broken_at(path) is None
    assert json.loads(path.read_text(encoding="utf-8"))["previous"] == START


@pytest.mark.parametrize("tail", ['{"at": "2026', "[]\n", "no json\n", '{"no": "digest"}\n'])
def test_nothing_is_appended_to_a_broken_log(log, tail):
    with log.open("a", encoding="utf-8") as file:
        file.write(tail)
    before = log.read_bytes()
    with pytest.raises(CellwardenError, match=r"audit\.jsonl: the last line is broken") as caught:
        append(log, "act", at=AT)
    assert caught.value.fix
    assert log.read_bytes() == before


def test_a_reason_may_hold_any_character(log):
    reason = "first\nsecond\u2028third\x85 'quoted' \\ \"더\""
    append(log, "act", at=AT, reason=reason)
    append(log, "act", at=AT)
    assert broken_at(log) is None
    assert json.loads(log.read_text(encoding="utf-8").split("\n")[-3])["reason"] == reason


def test_octets_that_are_no_text_are_found(log):
    with log.open("ab") as file:
        file.write(b"\xff\n")
    assert broken_at(log) == 5


def test_a_fact_cannot_take_the_name_of_the_digest(log):
    with pytest.raises(ValueError, match="digest"):
        append(log, "act", at=AT, digest="0" * 64)
    assert broken_at(log) is None


def test_what_keeps_the_place_of_the_digest_is_no_fact():
    with pytest.raises(ValueError, match="place"):
        line_after(START, "act", at=AT, facts={"digest": "\0", "key": "1"})


def test_a_digest_inside_a_fact_is_a_fact_like_any_other(tmp_path):
    path = tmp_path / "audit.jsonl"
    append(path, "act", at=AT, again={"digest": "f" * 64}, facts={"digest": "0" * 64, "note": '"digest": "\\u0000", '})
    assert broken_at(path) is None
