from __future__ import annotations

import contextlib
import csv
import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.ingest.folder import find_inputs
from cellwarden.ingest.mapping import TableMapping
from cellwarden.ingest.tabular import IMSI_LENGTH, read_layout, read_table, short_imsi
from cellwarden.records.tables import ACCESS, EVENTS, SUBSCRIBERS, TABLES, USAGE, Table

EXAMPLE = Path(__file__).parents[3].parent / "shared/design/worked-example"
NAMES = ["at", "imsi", "procedure", "identity", "rat", "plmn", "tac", "cell", "cell_type"]
GOOD = ["2025-08-05T10:00:00Z", "450080000000014", "attach", "imsi", "lte", "45008", "5101", "19753073", "home"]
HEADER = ",".join(NAMES)


def line(**values: str) -> str:
    return ",".join({**dict(zip(NAMES, GOOD, strict=True)), **values}.values())


def read(
    path: Path, table: Table = ACCESS, *, file: str = "", batch_rows: int = 1000, **mapping: Any
) -> tuple[list[dict[str, Any]], list[Any], int]:
    """Return accepted rows, (row, reason) of rejections, and short IMSIs."""
    accepted, rejected, lengths = [], [], {}
    for batch in read_table(path, file=file or path.name, table=table, mapping=TableMapping(**mapping), batch_rows=batch_rows):
        assert batch.accepted.schema == table.clear_schema
        assert batch.accepted.num_rows <= batch_rows
        assert [each.row for each in batch.rejected] == sorted(each.row or 0 for each in batch.rejected)
        batch.accepted.validate(full=True)
        accepted += batch.accepted.to_pylist()
        rejected += batch.rejected
        for kind, count in batch.faults.items():
            lengths[kind] = lengths.get(kind, 0) + count
    return accepted, rejected, short_imsi(lengths)


def written(tmp_path: Path, *lines: str, name: str = "access.csv", header: str = HEADER, encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    octets = ("\n".join([header, *lines]) + "\n").encode(encoding)
    path.write_bytes(
        gzip.compress(octets) if name.endswith(".gz") else zstandard.compress(octets) if name.endswith(".zst") else octets
    )
    return path


@pytest.mark.parametrize("name", ["access.csv", "access.csv.gz", "access.csv.zst"])
def test_reads_csv_of_every_packing(tmp_path: Path, name: str):
    accepted, rejected, _ = read(written(tmp_path, line(), line(cell="0x12d6871"), name=name))
    assert rejected == []
    assert {name: accepted[1][name] for name in NAMES} == {
        **dict(zip(NAMES, GOOD, strict=True)), "at": datetime(2025, 8, 5, 10), "tac": 5101, "cell": 19753073,
    }  # fmt: skip
    assert accepted[0]["imei"] is None


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"at": "2025-08-05T20:10:00"}, "at: time without a zone"),
        ({"at": "2025-02-30T20:10:00Z"}, "at: impossible date"),
        ({"imsi": "45008000000X017"}, "imsi: not all digits"),
        ({"procedure": "location_update"}, "procedure: unknown value"),
        ({"rat": "LTE"}, "rat: unknown value"),
        ({"plmn": "4500"}, "plmn: not 5 to 6 digits"),
        ({"tac": ""}, "tac: required value missing"),
        ({"tac": "3.5"}, "tac: not a whole number"),
        ({"cell": "-19753073"}, "cell: negative"),
        ({"cell": "268435456"}, "cell: more than 28 bits in LTE"),
        ({"cell": "268435456", "rat": "nr"}, "cell: more than 28 bits in LTE"),
        ({"cell": "268435456", "cell_type": ""}, "cell: more than 28 bits in LTE"),
        ({"cell": "77158-113"}, "cell: written as eNB id and cell, but cell_type is not macro"),
        ({"cell_type": "tower"}, "cell_type: unknown value"),
        ({"cell_type": "tower", "imsi": "x", "tac": ""}, "imsi: not all digits"),
    ],
)
def test_the_first_failing_column_gives_the_reason(tmp_path: Path, values: dict[str, str], reason: str):
    text = line(**values)
    accepted, rejected, _ = read(written(tmp_path, line(), text, line()))
    assert len(accepted) == 2
    assert [(each.file, each.row, each.reason, each.raw) for each in rejected] == [("access.csv", 3, reason, text)]


def test_cells_are_held_against_their_kind(tmp_path: Path):
    accepted, rejected, _ = read(
        written(
            tmp_path,
            line(cell="77158-113", cell_type=""),
            line(cell="77158-113", cell_type="macro"),
            line(cell=str((1 << 36) - 1), cell_type="gnb", rat="nr"),
            line(cell=str((1 << 36) - 1), cell_type="", rat="nr"),
            line(cell=str((1 << 28) - 1)),
        )
    )
    assert rejected == []
    assert [(row["cell"], row["cell_type"]) for row in accepted] == [
        (19752561, "macro"), (19752561, "macro"), ((1 << 36) - 1, "gnb"), ((1 << 36) - 1, None), ((1 << 28) - 1, "home"),
    ]  # fmt: skip


def test_short_imsis_are_counted_over_the_whole_file(tmp_path: Path):
    path = written(tmp_path, *[line(imsi="1" * 13)] * 3, *[line()] * 4, *[line(imsi="")] * 9, line(imsi="1" * 14))
    assert read(path, batch_rows=2)[2] == 4
    assert short_imsi({}) == 0
    assert short_imsi({IMSI_LENGTH + "13": 2, IMSI_LENGTH + "15": 2, "other": 9}) == 2


def test_batches_keep_order_and_numbers(tmp_path: Path):
    lines = [
        line(tac="x") if number % 7 == 0 else "short" if number % 11 == 0 else line(tac=str(number)) for number in range(2, 500)
    ]
    accepted, rejected, _ = read(written(tmp_path, *lines), batch_rows=17)
    assert sorted([row["tac"] for row in accepted] + [each.row for each in rejected]) == list(range(2, 500))
    assert [each.reason for each in rejected if each.row == 11] == ["row: 1 field where 9 are named"]
    assert len(read(written(tmp_path, *["short"] * 100), batch_rows=10)[1]) == 100


def test_a_file_without_rows_has_none(tmp_path: Path):
    assert read(written(tmp_path)) == ([], [], 0)
    parquet.write_table(ACCESS.clear_schema.empty_table(), tmp_path / "a.parquet")
    assert read(tmp_path / "a.parquet") == ([], [], 0)


@pytest.mark.parametrize("name", ["access.csv", "access.parquet"])
def test_a_missing_required_column_is_refused_with_a_way_out(tmp_path: Path, name: str):
    header = HEADER.replace("cell,", "CELL,")
    path = written(tmp_path, line(), header=header)
    if name.endswith(".parquet"):
        parquet.write_table(pa.table({each: ["x"] for each in header.split(",")}), path := tmp_path / name)
    with pytest.raises(MalformedInputError, match=f"{name}: column cell of access is missing") as caught:
        read(path)
    assert '[access] columns = { cell = "CELL" }' in caught.value.fix


def test_a_file_without_header_shows_no_subscriber(tmp_path: Path):
    with pytest.raises(MalformedInputError) as caught:
        read(written(tmp_path, line(), header=line()))
    assert "450080000000014" not in str(caught.value)


def test_a_column_named_by_the_mapping_must_be_there_and_once(tmp_path: Path):
    with pytest.raises(MalformedInputError, match="column IMEI of access is missing"):
        read(written(tmp_path, line()), columns={"imei": "IMEI"})
    with pytest.raises(MalformedInputError, match="two columns are called tac"):
        read(written(tmp_path, line() + ",1", header=HEADER + ",tac"))


def test_the_layout_tells_extra_and_absent_columns(tmp_path: Path):
    path = written(tmp_path, line() + ",x", header=HEADER + ",vendor")
    found = read_layout(path, file="access.csv", table=ACCESS, mapping=TableMapping(constants={"core": "m"}))
    assert found.extra == ("vendor",)
    assert "imei" in found.absent
    assert not {"core", "at"} & set(found.absent)


def test_an_export_loads_through_a_mapping(tmp_path: Path):
    path = written(
        tmp_path,
        "20250805190000|ATT|12d6871|경기",
        "20250805190000|?|12d6871|서울",
        header="TIME|PROC|ECI|CITY",
        encoding="cp949",
    )
    accepted, rejected, _ = read(
        path,
        columns={"at": "TIME", "procedure": "PROC", "cell": "ECI", "core": "CITY"},
        constants={"identity": "unknown", "rat": "lte", "plmn": "45008", "tac": "7"},
        values={"procedure": {"ATT": "attach"}},
        time_zone=ZoneInfo("Asia/Seoul"),
        time_format="%Y%m%d%H%M%S",
        cell="hex",
        delimiter="|",
        encoding="cp949",
    )
    assert [(row["at"], row["cell"], row["plmn"], row["tac"], row["core"]) for row in accepted] == [
        (datetime(2025, 8, 5, 10), 19753073, "45008", 7, "경기")
    ]
    assert [(each.row, each.reason) for each in rejected] == [(3, "procedure: unknown value")]


def test_partition_folders_fill_columns_that_the_file_lacks(tmp_path: Path):
    path = written(tmp_path, line())
    accepted, _, _ = read(path, file="access/date=2025-08-05/core=mme%201/rat=nr/imei=__HIVE_DEFAULT_PARTITION__/part.csv")
    assert (accepted[0]["core"], accepted[0]["rat"], accepted[0]["imei"]) == ("mme 1", "lte", None)


def typed(count: int = 10) -> pa.Table:
    return pa.table(
        {
            "at": pa.array([datetime(2025, 8, 5, 10, tzinfo=UTC)] * count, pa.timestamp("ns", tz="UTC")),
            "imsi": pa.array([450080000000014] * count),
            "procedure": pa.array(["attach"] * count).dictionary_encode(),
            "identity": pa.array(["imsi"] * count, pa.large_string()),
            "rat": ["lte"] * count,
            "plmn": ["45008"] * count,
            "tac": pa.array([5101.0] * count),
            "cell": pa.array(range(-1, count - 1)),
            "extra": ["x"] * count,
        }
    )


def test_parquet_rows_are_numbered_from_zero(tmp_path: Path):
    parquet.write_table(typed(), tmp_path / "a.parquet", row_group_size=4)
    accepted, rejected, _ = read(tmp_path / "a.parquet", batch_rows=3)
    assert len(accepted) == 9
    assert accepted[0]["imsi"] == "450080000000014"
    assert [(each.row, each.reason) for each in rejected] == [(0, "cell: negative")]
    assert json.loads(rejected[0].raw)["cell"] == -1
    assert "450080000000014" not in str(rejected[0].masked())


def test_parquet_of_a_type_that_cannot_be_is_refused(tmp_path: Path):
    parquet.write_table(typed().set_column(0, "at", pa.array([1] * 10)), tmp_path / "a.parquet")
    with pytest.raises(MalformedInputError, match=r"column at is of type int64.*epoch_ms"):
        read(tmp_path / "a.parquet")


def test_tables_without_cell_type_take_cells_of_every_notation(tmp_path: Path):
    path = written(tmp_path, "77158-113,0x12d6871", "-1,", header="cell,new_cell", name="events.csv")
    accepted, rejected, _ = read(path, EVENTS)
    assert [(row["cell"], row["new_cell"]) for row in accepted] == [(19752561, 19753073)]
    assert [each.reason for each in rejected] == ["cell: negative"]


def test_csv_and_parquet_of_the_same_rows_are_the_same(tmp_path: Path):
    path = written(tmp_path, *[line(cell=str(number)) for number in range(50)])
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    table = pa.Table.from_pylist(rows)
    parquet.write_table(table, tmp_path / "text.parquet")
    at = pa.array([datetime(2025, 8, 5, 10)] * 50, pa.timestamp("us"))
    parquet.write_table(
        table.set_column(0, "at", at).cast(
            pa.schema(
                [("at", pa.timestamp("us")), *((n, pa.int64() if n in ("tac", "cell") else pa.string()) for n in NAMES[1:])]
            )
        ),
        tmp_path / "typed.parquet",
    )
    assert read(path) == read(tmp_path / "text.parquet") == read(tmp_path / "typed.parquet")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(), st.sampled_from(["a.csv", "a.csv.gz", "a.csv.zst", "a.parquet"]), st.booleans())
def test_nothing_but_malformed_input_comes_of_any_octets(tmp_path: Path, octets: bytes, name: str, with_header: bool):
    (tmp_path / name).write_bytes(b"imsi,msisdn\n" + octets if with_header else octets)
    with contextlib.suppress(MalformedInputError):
        read(tmp_path / name, SUBSCRIBERS)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.lists(
            st.sampled_from(
                [
                    "",
                    "1",
                    "450080000000014",
                    "x",
                    "2025-08-05T10:00:00Z",
                    "2025-08-05",
                    "lte",
                    "data",
                    "1-1",
                    "0x1",
                    'a"b',
                    "a\nb",
                    "é\0",
                ]
            ),
            max_size=7,
        )
    )
)
def test_every_record_is_accepted_or_rejected_once(tmp_path: Path, records: list[list[str]]):
    with (tmp_path / "usage.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["at", "imsi", "service", "rat", "cell", "peer"], *records])
    accepted, rejected, _ = read(tmp_path / "usage.csv", USAGE, batch_rows=3)
    written_records = [record for record in records if record]
    assert len(accepted) + len(rejected) == len(written_records)
    assert {each.row for each in rejected} <= set(range(2, len(written_records) + 2))


@pytest.mark.skipif(not EXAMPLE.exists(), reason="the worked example lies beside the checkout")
def test_the_worked_example_reads_as_expected():
    expected = json.loads((EXAMPLE / "expected/counts.json").read_text())
    with (EXAMPLE / "expected/rejected.csv").open() as file:
        rejections = {(row["file"], int(row["row"]), row["reason"]) for row in csv.DictReader(file)}
    found, shorts = set(), {}
    for each in find_inputs(EXAMPLE / "records").tables:
        accepted, rejected, short = read(each.path, TABLES[each.table], file=each.file)
        counts = {"read": len(accepted) + len(rejected), "accepted": len(accepted), "rejected": len(rejected)}
        assert counts == expected["files"].pop(each.file)
        found |= {(one.file, one.row, one.reason) for one in rejected}
        shorts |= {each.file: short} if short else {}
    assert expected["files"] == {}
    assert found == rejections
    assert shorts == expected["data_faults"]["short_imsi"]
