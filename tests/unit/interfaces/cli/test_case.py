"""`cellwarden case`: a case from opening to closing, typed."""

from cellwarden.foundation.errors import OutdatedError, UsageError


def test_a_case_from_opening_to_closing(typed):
    opened = typed.json("kim", "case", "open", "--title", "Rogue cell in the south")
    assert (opened["event"], opened["case_id"]) == ("case_opened", "C-1")
    entry = typed.json(
        "han", "case", "record", "C-1", "--happened", "2025-09-05T03:00:00+09:00", "--what", "pattern blocked", "--kind", "act"
    )
    assert entry["happened_at"] == "2025-09-04T18:00:00Z"
    task = typed.json("kim", "case", "task", "C-1", "--what", "ask police", "--to", "han")["task_id"]
    typed.text("han", "case", "end-task", "C-1", task, "--outcome", "asked")
    typed.text(
        "kim", "case", "decide", "C-1", "--what", "report now", "--why", "the pattern is no smishing", "--instead-of", "wait"
    )
    held = typed.json("oh", "case", "show", "C-1")
    assert (held["version"], held["tasks"][0]["state"], held["decisions"][0]["alternatives"]) == (5, "done", ["wait"])
    typed.text("kim", "case", "close", "C-1", "--why", "everything is done and told")
    typed.text("kim", "case", "reopen", "C-1", "--why", "a new victim called us")
    assert typed.json("oh", "case", "list")[0]["state"] == "open"


def test_times_are_shown_in_the_operators_zone_with_its_name(typed):
    typed.text("kim", "case", "open", "--title", "Rogue cell in the south")
    typed.text("kim", "case", "record", "C-1", "--happened", "2025-09-04T18:00:00Z", "--what", "blocked")
    assert "2025-09-05 03:00 KST" in typed.text("oh", "case", "timeline", "C-1", "--order", "known")
    assert "KST" in typed.text("oh", "case", "show", "C-1")


def test_a_time_without_zone_an_order_that_is_none_and_an_old_version_are_refused(typed):
    typed.text("kim", "case", "open", "--title", "Rogue cell in the south")
    note = ("case", "record", "C-1", "--what", "seen", "--happened")
    assert "without a zone" in typed.text("kim", *note, "2025-09-05T03:00:00", fails_with=UsageError)
    assert "is no time" in typed.text("kim", *note, "yesterday", fails_with=UsageError)
    typed.text("kim", "case", "timeline", "C-1", "--order", "size", fails_with=UsageError)
    typed.text("kim", *note, "2025-09-04T18:00:00Z", "--version", "1")
    typed.text("kim", *note, "2025-09-04T18:00:00Z", "--version", "1", fails_with=OutdatedError)
