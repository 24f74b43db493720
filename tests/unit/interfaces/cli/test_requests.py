"""`cellwarden case`, requests: listed, approved, refused, taken back."""

from datetime import timedelta

from cellwarden.foundation.errors import RefusedError
from cellwarden.workflows.investigate import utc_now


def asked(typed):
    return typed.json("ahn", "case", "ask-role", "kim", "dpo", "--purpose", "stands in for a week")["request_id"]


def test_another_approves_what_was_read(typed):
    request = asked(typed)
    (row,) = typed.json("bae", "case", "requests", "--state", "asked")
    typed.text("ahn", "case", "approve", request, "--reason", "my own idea", fails_with=RefusedError)
    typed.text("bae", "case", "approve", request, "--reason", "I read it", "--digest", "0" * 64, fails_with=RefusedError)
    done = typed.json("bae", "case", "approve", request, "--reason", "I read it", "--digest", row["digest"])
    assert (done["event"], done["asked_by"]) == ("request_approved", "ahn")


def test_a_request_is_refused_or_taken_back(typed):
    typed.text("bae", "case", "refuse", asked(typed), "--reason", "not needed")
    typed.text("ahn", "case", "withdraw", asked(typed))
    states = [row["state"] for row in typed.json("ahn", "case", "requests")[-2:]]
    assert states == ["refused", "withdrawn"]


def test_the_list_is_masked_unless_somebody_has_to_read_what_is_asked(typed, tmp_path):
    typed.text("kim", "case", "open", "--title", "Rogue cell in the south")
    people = ("00000000000000aa", "00000000000000bb")
    (tmp_path / "people.txt").write_text("\n".join(people))
    until = (utc_now() + timedelta(days=1)).isoformat()
    ask = ("reveal", "ask", "C-1", "--purpose", f"{people[0]} is to be called", "--until", until)
    typed.text("han", *ask, "--people", tmp_path / "people.txt")
    shown = (
        typed.text("kim", "case", "requests", "--case", "C-1", "--json"),
        typed.text("kim", "case", "requests", "--case", "C-1"),
    )
    assert not [each for each in people for text in shown if each in text]
    assert "person-1 is to be called" in shown[0]
    (row,) = typed.json("kim", "case", "requests", "--case", "C-1", "--state", "asked", "--unmasked")
    assert row["content"]["people"] == list(people)
