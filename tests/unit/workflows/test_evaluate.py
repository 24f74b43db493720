import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "evaluate"))

from made_up_truth import FIRST, NAMED, found, truth, tunnel, write_result, write_truth

from cellwarden.foundation.errors import UsageError
from cellwarden.records.results import RESULTS
from cellwarden.workflows.evaluate import HTML, JSON, baseline, evaluate

START = datetime(2025, 8, 5, 16, 10, tzinfo=UTC)


@pytest.fixture
def records(tmp_path):
    """A record folder: three people at a cell that no registry has."""
    folder = tmp_path / "records"
    folder.mkdir()
    rows = [
        {"at": START + timedelta(minutes=10 * number), "imsi": f"00101000000000{number}", "procedure": "attach", "identity": "imsi", "rat": "lte", "plmn": "00101", "tac": 1, "cell": FIRST, "cell_type": "home"}
        for number in (1, 2, 3)
    ]  # fmt: skip
    pq.write_table(pa.Table.from_pylist(rows), folder / "access.parquet")
    return folder


def said(records):
    rows = pq.read_table(records / "access.parquet").to_pylist()
    touched = [
        {
            **{name: row[name] for name in ("imsi", "plmn", "rat", "cell_type", "cell")},
            "unit": "van",
            "from_at": row["at"],
            "to_at": row["at"],
            "events": 1,
            "identity": "imsi",
        }
        for row in rows
    ]
    return truth(cells=[tunnel(FIRST, "05 16:00", "05 18:00")], exposures=touched, thefts=[])


def test_scores_and_writes_both_reports(tmp_path):
    folder = write_truth(tmp_path / "truth", truth())
    result = write_result(tmp_path / "result", found())
    less = write_result(tmp_path / "no-links", found(suspects=NAMED[:1]))
    scores = evaluate(folder, result, ablations=[less], out=tmp_path / "out")
    assert scores["cells"]["levels"]["suspect"]["cell"]["recall"] == 1.0
    assert [row["name"] for row in scores["ablations"]["results"]] == ["result", "no-links"]
    assert json.loads((tmp_path / "out" / JSON).read_text(encoding="utf-8"))["result"]["name"] == "result"
    assert "Examination: result" in (tmp_path / "out" / HTML).read_text(encoding="utf-8")


def test_without_out_nothing_is_written(tmp_path):
    folder = write_truth(tmp_path / "truth", truth())
    result = write_result(tmp_path / "result", found())
    before = sorted(tmp_path.rglob("*"))
    evaluate(folder, result)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_baseline_writes_a_result_that_can_be_scored(tmp_path, records):
    written = baseline("not_in_registry", records, tmp_path / "naive")
    assert written == {"suspects": 1, "exposures": 3, "payment_links": 0}
    for name in written:
        assert pq.read_schema(tmp_path / "naive" / f"{name}.parquet").names == RESULTS[name].names
    scores = evaluate(write_truth(tmp_path / "truth", said(records)), tmp_path / "naive")
    assert scores["cells"]["levels"]["suspect"]["cell"]["recall"] == 1.0
    assert scores["census"]["people"]["recall"] == 1.0
    assert scores["census"]["episodes"]["exact"] == 3


def test_baselines_may_share_a_lake_and_the_same_records_give_the_same_bytes(tmp_path, records):
    for name in ("one", "two"):
        baseline("not_in_registry", records, tmp_path / name, lake=tmp_path / "lake")
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_a_baseline_that_is_none_is_refused_before_anything_is_read(tmp_path):
    with pytest.raises(UsageError, match="no baseline"):
        baseline("clairvoyance", tmp_path / "nowhere", tmp_path / "out")
    assert list(tmp_path.iterdir()) == []
