import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made_up_truth import NAMED, found, write_result

from cellwarden.evaluate.found import read_result
from cellwarden.foundation.errors import MalformedInputError, RefusedError, UsageError
from cellwarden.lake.key import LakeKey
from cellwarden.lake.pseudonyms import Pseudonyms, in_hex

IMSI = "001010000000001"


def test_reads_a_third_partys_folder_without_manifest(tmp_path):
    said = read_result(write_result(tmp_path / "theirs", found(absent=("tracks",))))
    assert said.name == "theirs"
    assert said.suspects == NAMED
    assert said.absent == ("tracks",)
    assert said.name_of(IMSI) == IMSI


def test_a_revealed_result_has_real_identifiers(tmp_path):
    assert read_result(write_result(tmp_path / "r", found(manifest={"revealed": True}))).name_of(IMSI) == IMSI


def test_pseudonyms_are_made_with_the_key_beside_the_lake_of_the_result(tmp_path):
    folder = write_result(tmp_path / "r", found(manifest={"revealed": False}))
    secret = LakeKey.read_or_make(tmp_path / "r.lake.key")
    assert read_result(folder).name_of(IMSI) == in_hex(Pseudonyms(secret, "imsi").of(IMSI))


def test_or_with_the_key_that_is_given(tmp_path):
    folder = write_result(tmp_path / "r", found(manifest={"revealed": False}))
    secret = LakeKey.read_or_make(tmp_path / "other.key")
    assert read_result(folder, key=tmp_path / "other.key").name_of(IMSI) == in_hex(Pseudonyms(secret, "imsi").of(IMSI))


def test_without_a_key_nobody_can_be_compared(tmp_path):
    assert read_result(write_result(tmp_path / "r", found(manifest={"revealed": False}))).name_of is None


def test_a_given_key_that_is_not_there_is_said(tmp_path):
    folder = write_result(tmp_path / "r", found(manifest={"revealed": False}))
    with pytest.raises(RefusedError, match="no key"):
        read_result(folder, key=tmp_path / "none.key")


def test_a_folder_that_is_no_result_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"no suspects\.parquet"):
        read_result(tmp_path)


def test_a_table_without_a_column_of_the_contract_is_refused(tmp_path):
    folder = write_result(tmp_path / "r", found())
    pq.write_table(pa.table({"imsi": [IMSI]}), folder / "exposures.parquet")
    with pytest.raises(MalformedInputError, match="no column plmn"):
        read_result(folder)


def test_a_column_of_another_type_is_refused(tmp_path):
    folder = write_result(tmp_path / "r", found())
    table = pq.read_table(folder / "suspects.parquet")
    words = pa.array(["high"] * len(table))
    pq.write_table(table.set_column(table.column_names.index("score"), "score", words), folder / "suspects.parquet")
    with pytest.raises(MalformedInputError, match="another type"):
        read_result(folder)


def test_a_broken_manifest_is_refused(tmp_path):
    folder = write_result(tmp_path / "r", found())
    (folder / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(MalformedInputError, match="no JSON"):
        read_result(folder)
