from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.ingest import check as module
from cellwarden.ingest.check import check

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "at,imsi,service,rat,cell,vendor\n"


def row(at: str, imsi: str = "450080000000014") -> str:
    return f"2025-08-05T{at}Z,{imsi},data,lte,5,x\n"


def test_says_what_a_file_holds(tmp_path: Path):
    lines = [
        row("10:00:00"),
        row("10:00:00"),
        row("10:00:00", "x"),
        row("11:59:59"),
        row("15:30:00"),
        row("13:00:00", "4500800000001"),
    ]
    (tmp_path / "usage.csv").write_text(HEADER + "".join(lines))
    (found,) = check(tmp_path)
    assert (found.file, found.table, found.rows, found.accepted, found.rejected) == ("usage.csv", "usage", 6, 5, 1)
    assert found.first_at == datetime(2025, 8, 5, 10, tzinfo=UTC)
    assert found.last_at == datetime(2025, 8, 5, 15, 30, tzinfo=UTC)
    assert found.missing_hours == 2
    assert found.gaps == tuple(
        (datetime(2025, 8, 5, hour, tzinfo=UTC), datetime(2025, 8, 5, hour + 1, tzinfo=UTC)) for hour in (12, 14)
    )
    assert (found.duplicates, found.duplicates_estimated, found.short_imsi) == (1, False, 1)
    assert found.extra_columns == ("vendor",)
    assert "peer" in found.absent_columns
    assert found.reasons == {"imsi: not all digits": 1}
    assert found.problem == ""


def test_a_gap_of_many_hours_is_one_spell(tmp_path: Path):
    (tmp_path / "usage.csv").write_text(HEADER + row("00:00:00") + row("23:00:00"))
    (found,) = check(tmp_path)
    assert (found.missing_hours, len(found.gaps)) == (22, 1)


def test_only_the_first_gaps_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MAX_GAPS", 2)
    (tmp_path / "usage.csv").write_text(HEADER + "".join(row(f"{hour:02}:00:00") for hour in range(0, 24, 2)))
    (found,) = check(tmp_path)
    assert (found.missing_hours, len(found.gaps)) == (11, 2)


def test_tables_that_are_quiet_by_nature_miss_no_hours(tmp_path: Path):
    (tmp_path / "logins.csv").write_text("at,imsi,service,event\n2025-08-05T10:00:00Z,450080000000014,m,logged_out\n" * 1)
    (tmp_path / "subscribers.csv").write_text("imsi\n450080000000014\n")
    logins, subscribers = check(tmp_path)
    assert (logins.missing_hours, logins.first_at) == (0, datetime(2025, 8, 5, 10, tzinfo=UTC))
    assert (subscribers.rows, subscribers.first_at, subscribers.gaps) == (1, None, ())


def test_one_bad_file_does_not_hide_the_others(tmp_path: Path):
    (tmp_path / "access.parquet").write_bytes(b"garbage")
    (tmp_path / "usage.csv").write_text(HEADER + row("10:00:00"))
    access, usage = check(tmp_path)
    assert access.problem.startswith("access.parquet: no readable Parquet")
    assert (usage.rows, usage.problem) == (1, "")


def test_a_folder_without_tables_is_refused(tmp_path: Path):
    with pytest.raises(MalformedInputError):
        check(tmp_path)
