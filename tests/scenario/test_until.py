"""`--until`: the answer of that instant, as if nothing later had happened; and an alert is never hindsight."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta

import pyarrow.parquet as pq
import pytest

from cellwarden.workflows.investigate import Request, investigate

KNOWN_AT = {"equipment": "recorded_at", "events": "from_at", "subscribers": None}
TABLES = ("suspects", "findings", "exposures", "payment_links", "tracks")
SAME = (
    "people_signal_exposed", "people_by_technology", "people_by_day_local", "people_by_controller", "payments_linked",
    "suspects", "units", "silent", "missing_sources", "window",
)  # fmt: skip
A_1, B = datetime(2025, 8, 5, 10, 30, tzinfo=UTC), datetime(2025, 8, 5, 11, 20, tzinfo=UTC)
INSTANTS = [
    pytest.param(A_1 - timedelta(microseconds=1), id="before-A-1"),
    pytest.param(B - timedelta(seconds=1), id="after-A-1-before-B"),
    pytest.param(datetime(2025, 8, 5, 12, 5, tzinfo=UTC), id="within-G"),
    pytest.param(datetime(2025, 8, 6, 12, tzinfo=UTC), id="before-the-disputes"),
]


def run(records, out, **options):
    summary = investigate(
        Request(records=records, out=out, reveal="test", **options), clock=lambda: datetime(2026, 1, 1, tzinfo=UTC)
    )
    return summary, {name: pq.read_table(out / f"{name}.parquet").to_pylist() for name in TABLES}


def at_of(text):
    """Read a time; None of a row that is broken in this column (it is rejected either way)."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None


def cut(records, folder, until):
    """Copy a record folder, leaving out what was not known by an instant."""
    folder.mkdir()
    for path in sorted(records.iterdir()):
        table = path.stem
        if path.suffix != ".csv" or KNOWN_AT.get(table, "at") is None:
            (folder / path.name).write_bytes(path.read_bytes())
            continue
        with path.open(newline="", encoding="utf-8") as source:
            reader = csv.DictReader(source)
            kept = []
            for row in reader:
                known = at_of(row[KNOWN_AT.get(table, "at")])
                if known is not None and known > until:
                    continue
                if row.get("disputed_at") and (disputed := at_of(row["disputed_at"])) and disputed > until:
                    row["disputed_at"] = ""
                kept.append(row)
        with (folder / path.name).open("w", newline="", encoding="utf-8") as target:
            writer = csv.DictWriter(target, reader.fieldnames)
            writer.writeheader()
            writer.writerows(kept)
    return folder


@pytest.fixture(scope="module")
def records(shared):
    return shared / "design/worked-example/records"


@pytest.mark.parametrize("until", INSTANTS)
def test_the_answer_of_an_instant_is_that_of_the_records_cut_by_hand(records, tmp_path, until):
    summary, tables = run(records, tmp_path / "until", until=until)
    expected, by_hand = run(cut(records, tmp_path / "cut", until), tmp_path / "by-hand", key=tmp_path / "until.lake.key")
    assert {name: summary[name] for name in SAME} == {name: expected[name] for name in SAME}
    for name in ("suspects", "exposures", "payment_links", "tracks"):
        assert tables[name] == by_hand[name], name
    shown = ("detector", "subject", "from_at", "to_at", "weight", "evidence")
    assert [[row[name] for name in shown] for row in tables["findings"]] == [
        [row[name] for name in shown] for row in by_hand["findings"]
    ]


def test_at_each_alert_the_records_known_by_then_accuse_that_cell(records, tmp_path):
    _, tables = run(records, tmp_path / "all")
    accused = [row for row in tables["suspects"] if row["grade"] in ("suspect", "rogue")]
    assert len(accused) == 4
    for number, row in enumerate(accused):
        _, then = run(records, tmp_path / f"then-{number}", until=row["alert_at"])
        grades = {(each["cell"], each["from_at"]): each["grade"] for each in then["suspects"]}
        assert grades.get((row["cell"], row["from_at"])) in ("suspect", "rogue"), (row["cell"], row["alert_at"])
