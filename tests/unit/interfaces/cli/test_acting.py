"""What commands of the response share: times with their zone, rows, events."""

from datetime import UTC, datetime

import pytest

from cellwarden.foundation.errors import UsageError
from cellwarden.incident.case.cases import CaseOpened
from cellwarden.interfaces.cli.acting import instant, print_rows, say


def test_a_time_states_its_zone():
    assert instant("2025-09-05T03:00:00+09:00", option="--at") == datetime(2025, 9, 4, 18, tzinfo=UTC)
    assert instant(None, option="--at") is None
    with pytest.raises(UsageError, match="--at"):
        instant("2025-09-05", option="--at")


def test_rows_are_shown_with_their_headings_and_no_markup(capsys):
    print_rows([{"a": "[bold]", "b": None, "c": [1]}], {"a": "first", "b": "second", "c": "third"}, zone="UTC", as_json=False)
    said = capsys.readouterr().out
    assert "first" in said
    assert "[bold]" in said
    assert "[1]" in said


def test_an_event_is_one_line_or_json(capsys):
    say(CaseOpened(case_id="C-1", title="남쪽"), as_json=False)
    assert capsys.readouterr().out == "case opened: case_id=C-1  title=남쪽\n"
    say(CaseOpened(case_id="C-1", title="남쪽"), as_json=True)
    assert '"title": "남쪽"' in capsys.readouterr().out
