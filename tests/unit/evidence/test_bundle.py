import sys
from dataclasses import replace
from pathlib import Path

import bagit
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from bundle_parts import ABOUT, DAY, packed, parts

from cellwarden.evidence.bundle import pack
from cellwarden.evidence.verify import findings, seal
from cellwarden.foundation.errors import MalformedInputError, UsageError


def content(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_bundle_is_a_valid_bag_by_the_library_of_the_library_of_congress(tmp_path):
    bag = bagit.Bag(str(packed(tmp_path)))
    bag.validate()
    assert bag.info["Source-Organization"] == "Example Mobile"
    assert sorted(bag.algorithms) == ["sha256", "sha512"]


def test_it_holds_result_queries_records_logs_reports_and_the_verifier(tmp_path):
    assert set(content(packed(tmp_path))) == {
        "bagit.txt", "bag-info.txt", "verify.py", "manifest-sha256.txt", "manifest-sha512.txt", "tagmanifest-sha256.txt",
        "tagmanifest-sha512.txt", "data/result/summary.json", "data/result/manifest.json", "data/queries/exposure/people.sql",
        "data/records/access.csv", "data/log/audit.jsonl", "data/log/audit.checkpoints.json", "data/reports/first.pdf",
    }  # fmt: skip


def test_the_same_parts_give_the_same_bytes_and_the_same_seal(tmp_path):
    first, second = packed(tmp_path / "a"), packed(tmp_path / "b")
    assert content(first) == content(second)
    assert seal(first) == seal(second)


def test_the_seal_told_is_the_seal_found(tmp_path):
    told = pack(tmp_path / "bundle", parts(tmp_path / "parts"), on=DAY, about=ABOUT)
    assert told.seal == seal(tmp_path / "bundle")
    assert told.files == 7


def test_records_of_another_investigation_are_not_packed(tmp_path):
    given = parts(tmp_path / "parts")
    given.records["access.csv"].write_text("at,cell\n")
    with pytest.raises(MalformedInputError, match="not the file that the result was made from"):
        pack(tmp_path / "bundle", given, on=DAY, about=ABOUT)
    assert not (tmp_path / "bundle").exists()
    assert not list(tmp_path.glob(".*"))


def test_evidence_is_never_written_over(tmp_path):
    bundle = packed(tmp_path)
    before = content(bundle)
    with pytest.raises(UsageError, match="exists already"):
        pack(bundle, parts(tmp_path / "more"), on=DAY, about=ABOUT)
    assert content(bundle) == before


@pytest.mark.parametrize("about", [{"Source-Organization": "a\nPayload-Oxum: 1.1"}, {"A\rB": "c"}])
def test_a_fact_cannot_forge_another_line(tmp_path, about):
    with pytest.raises(UsageError, match="line break"):
        pack(tmp_path / "bundle", parts(tmp_path / "parts"), on=DAY, about=about)


def test_a_name_cannot_leave_the_bundle(tmp_path):
    given = parts(tmp_path / "parts")
    with pytest.raises(UsageError, match="leaves the bundle"):
        pack(tmp_path / "bundle", replace(given, queries={"../../verify.py": "x"}), on=DAY, about=ABOUT)
    assert not (tmp_path / "bundle").exists()


def test_without_records_the_rest_is_checked_all_the_same(tmp_path):
    given = parts(tmp_path / "parts")
    pack(tmp_path / "bundle", replace(given, records={}, logs={}), on=DAY, about=ABOUT)
    assert findings(tmp_path / "bundle") == []
