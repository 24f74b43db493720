"""From a record folder to a result: pseudonyms, reveals, the same bytes."""

import json
import re
from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest

from cellwarden.evidence.log import broken_at
from cellwarden.foundation.errors import RefusedError, UsageError
from cellwarden.workflows.investigate import Request, investigate

STOPPED = datetime(2026, 1, 1, tzinfo=UTC)


def run(example, place, **options):
    asked = Request(records=example, out=place / "result", **options)
    return investigate(asked, clock=lambda: STOPPED)


def content(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def example(shared):
    return shared / "design/worked-example/records"


@pytest.fixture(scope="module")
def place(example, tmp_path_factory):
    place = tmp_path_factory.mktemp("plain")
    run(example, place)
    return place


@pytest.fixture(scope="module")
def people(example):
    text = "".join((example / f"{name}.csv").read_text() for name in ("access", "subscribers", "equipment"))
    found = set(re.findall(r"\b(?:4500800\d{6,8}|8210\d{8}|02000000\d\d)\b", text))
    assert len(found) > 30
    return found


def test_without_a_reveal_no_identifier_is_in_any_file_of_result_or_lake(place, people):
    for folder in (place / "result", place / "result.lake"):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                text = path.read_bytes().decode("latin-1")
                if path.suffix == ".parquet":
                    text += str(pq.read_table(path, partitioning=None).to_pylist())
                assert {each for each in people if each in text} == set(), path.name


def test_without_a_reveal_people_are_16_hex_digits(place):
    for name in ("exposures", "payment_links"):
        found = pq.read_table(place / f"result/{name}.parquet")["imsi"].to_pylist()
        assert found
        assert all(re.fullmatch(r"[0-9a-f]{16}", each) for each in found)


def test_the_manifest_holds_no_clock_and_no_absolute_path(place):
    text = (place / "result/manifest.json").read_text(encoding="utf-8")
    assert str(place) not in text
    assert not re.search(r'"/[a-z]', text)
    assert "2026" not in json.dumps({key: value for key, value in json.loads(text).items() if key not in ("inputs", "outputs")})


def test_two_runs_give_the_same_bytes(example, place, tmp_path):
    run(example, tmp_path, key=place / "result.lake.key")
    assert content(tmp_path / "result") == content(place / "result")
    assert content(tmp_path / "result.lake") == content(place / "result.lake")
    run(example, tmp_path, key=place / "result.lake.key")
    assert content(tmp_path / "result") == content(place / "result")


def test_a_reveal_is_real_and_logged(example, place, tmp_path, people):
    run(example, tmp_path, reveal="case 7")
    revealed = pq.read_table(tmp_path / "result/exposures.parquet")["imsi"].to_pylist()
    assert set(revealed) <= people
    audit = tmp_path / "result.lake.audit.jsonl"
    assert broken_at(audit) is None
    (line,) = [json.loads(each) for each in audit.read_text(encoding="utf-8").splitlines()]
    assert (line["reason"], line["at"], line["result"]) == ("case 7", "2026-01-01T00:00:00Z", "result")
    assert line["people"] >= len(set(revealed))
    assert not any(each in audit.read_text() for each in people)
    assert not (place / "result.lake.audit.jsonl").exists()


def test_a_reveal_without_the_key_is_refused_and_writes_nothing(example, tmp_path):
    run(example, tmp_path)
    before = content(tmp_path / "result")
    (tmp_path / "result.lake.key").unlink()
    with pytest.raises(RefusedError):
        run(example, tmp_path, reveal="case 7")
    assert content(tmp_path / "result") == before
    assert not (tmp_path / "result.lake.audit.jsonl").exists()


def test_a_time_without_zone_is_refused_before_anything_is_read(tmp_path):
    with pytest.raises(UsageError, match="without a zone"):
        run(tmp_path / "none", tmp_path, until=datetime(2025, 8, 5))
    assert list(tmp_path.iterdir()) == []
