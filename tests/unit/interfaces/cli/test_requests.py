"""`cellwarden case`, requests: listed, approved, refused, taken back."""

from cellwarden.foundation.errors import RefusedError


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
