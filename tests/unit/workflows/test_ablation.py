import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cellwarden.foundation.errors import MalformedInputError, UsageError
from cellwarden.workflows.ablation import SOURCES, without

COMPLAINTS = "complaint_id,at,text\nK1,2025-08-06T01:00:00Z,charged\n"


@pytest.fixture
def records(tmp_path):
    """A record folder with three tables and the operator's file."""
    folder = tmp_path / "records"
    (folder / "access/date=2025-08-05").mkdir(parents=True)
    rows = {"imsi": ["001010000000001", "001010000000002"], "identity": ["imsi", "guti"]}
    content = pa.table({**rows, "rat": pa.array(["lte", "lte"]).dictionary_encode()})
    pq.write_table(content, folder / "access/date=2025-08-05/part-0.parquet", row_group_size=1)
    (folder / "complaints.csv").write_text(COMPLAINTS, encoding="utf-8")
    (folder / "links.csv").write_text("at,event\n2025-08-05T01:00:00Z,ike_up\n", encoding="utf-8")
    (folder / "operator.toml").write_text('currency = "KRW"\n', encoding="utf-8")
    return folder


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("source", [source for source in SOURCES if source != "identity"])
def test_one_table_is_left_out_and_the_others_are_the_same_bytes(records, tmp_path, source):
    left_out = without(records, source, tmp_path / "less")
    whole, less = files(records), files(tmp_path / "less")
    assert less == {name: content for name, content in whole.items() if not name.startswith(source)}
    assert left_out == [name for name in whole if name.startswith(source)]


def test_without_identity_every_row_says_unknown_and_nothing_else_changes(records, tmp_path):
    assert without(records, "identity", tmp_path / "less") == ["access/date=2025-08-05/part-0.parquet"]
    before, after = (
        pq.read_table(folder / "access/date=2025-08-05/part-0.parquet", partitioning=None).to_pylist()
        for folder in (records, tmp_path / "less")
    )
    assert after == [{**row, "identity": "unknown"} for row in before]


def test_identities_are_left_out_of_parquet_alone(records, tmp_path):
    (records / "access/part-1.csv").write_text("at,imsi\n", encoding="utf-8")
    with pytest.raises(MalformedInputError, match="Parquet"):
        without(records, "identity", tmp_path / "less")


def test_a_source_that_is_none_and_a_folder_in_use_are_refused(records, tmp_path):
    with pytest.raises(UsageError, match="links, equipment"):
        without(records, "luck", tmp_path / "less")
    with pytest.raises(UsageError, match="not empty"):
        without(records, "links", records)
