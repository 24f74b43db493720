import hashlib
import json
from collections import Counter
from datetime import timedelta

import pytest

from cellwarden.foundation.errors import UsageError
from cellwarden.records.operator import Operator
from cellwarden.records.tables import TABLES, Kind
from cellwarden.simulate.city import build_city

SEED, SUBSCRIBERS, DAYS = 7, 1_200, 9
"""As in conftest.py."""


def digests(folder):
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_the_same_seed_gives_the_same_bytes(made, tmp_path):
    build_city(tmp_path, seed=SEED, subscribers=SUBSCRIBERS, days=DAYS)
    assert digests(tmp_path) == digests(made.out)


def test_another_seed_gives_another_city(made, tmp_path):
    build_city(tmp_path, seed=SEED + 1, subscribers=SUBSCRIBERS, days=DAYS)
    ours, theirs = digests(made.out), digests(tmp_path)
    constant = {"records/operator.toml"}
    assert {name for name in ours if ours[name] == theirs.get(name)} == constant


@pytest.mark.parametrize("size", [{"subscribers": 799}, {"days": 8}])
def test_a_city_too_small_for_its_stories_is_refused(tmp_path, size):
    with pytest.raises(UsageError, match="too few"):
        build_city(tmp_path, seed=1, **size)


def test_progress_grows_from_nothing_to_done(tmp_path):
    told = []
    build_city(tmp_path, seed=1, subscribers=800, days=9, progress=lambda what, share: told.append((what, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], told[-1]) == (0.0, ("done", 1.0))


@pytest.mark.parametrize("name", TABLES)
def test_every_row_obeys_the_contract(made, name):
    table, content = TABLES[name], made.table(name)
    assert content.schema.names == [column.name for column in table.columns]
    assert content.num_rows == made.report.rows[name] > 0
    for column in table.columns:
        values = content.column(column.name)
        if column.kind is Kind.TIMESTAMP:
            assert str(values.type) == "timestamp[us, tz=UTC]"
        else:
            assert values.type == column.kind.clear_arrow, column.name
        if column.required:
            assert values.null_count == 0, column.name
        if column.kind is Kind.ENUM:
            assert set(values.unique().to_pylist()) <= {*column.values, None}, column.name
        if column.kind is Kind.IMSI:
            assert all(value.startswith("450080000") and len(value) == 15 for value in values.unique().to_pylist() if value)


def test_access_lies_in_one_folder_a_utc_day(made):
    folders = sorted(path.name for path in (made.out / "records" / "access").iterdir())
    days = sorted({f"date={row['at'].date()}" for row in made.rows("access")})
    assert folders == days


def test_the_operator_says_who_it_is(made):
    operator = Operator.read(made.out / "records" / "operator.toml")
    assert (operator.own_plmns, operator.time_zone) == (("45008",), "Asia/Seoul")


def test_nothing_in_the_records_tells_the_truth(made):
    words = ("rogue", "decoy", "unit-", "stolen", "truth", "fraud")
    for name in TABLES:
        content = made.table(name)
        for column in content.schema.names:
            if str(content.schema.field(column).type) == "string":
                values = " ".join(str(value).lower() for value in content.column(column).unique().to_pylist())
                assert not [word for word in words if word in values], (name, column)


def test_rogue_rows_have_the_nulls_and_values_that_honest_rows_have(made):
    rogue = {(row["at"], row["imsi"]) for row in made.rogue_rows()}
    honest, theirs = [], []
    for row in made.rows("access"):
        if row["cell_type"] == "home":
            (theirs if (row["at"], row["imsi"]) in rogue else honest).append(row)
    for column in TABLES["access"].columns:
        share = [sum(row[column.name] is None for row in rows) / len(rows) for rows in (honest, theirs)]
        if column.name not in ("imsi", "cause", "ims_protection"):
            assert share[0] == pytest.approx(share[1], abs=0.06), column.name
        if column.kind is Kind.ENUM:
            assert {row[column.name] for row in theirs} <= {row[column.name] for row in made.rows("access")}, column.name


def test_the_city_sleeps_at_night(made):
    exposed = {row["imsi"] for row in made.truth("exposures")}
    ordinary = [row for row in made.rows("access") if row["imsi"] not in exposed]
    hours = Counter((row["at"] + timedelta(hours=9)).hour for row in ordinary)
    assert min(hours, key=hours.get) in (2, 3, 4, 5)
    assert max(hours.values()) > 4 * min(hours.values())


def test_ordinary_attaches_show_the_imsi_in_one_to_five_of_a_hundred(made):
    rogue = {
        (cell["cell"], source)
        for cell in made.truth("cells")
        for source in cell["source"]
        if cell["kind"] == "rogue" or cell["reason"] == "phone_shop"
    }
    restart = next(row for row in made.rows("events") if row["kind"] == "core_restart")
    rejected = {row["imsi"] for row in made.rows("access") if row["result"] == "reject"}
    attaches = [
        row
        for row in made.rows("access")
        if row["procedure"] == "attach"
        and (row["cell"], row["source"]) not in rogue
        and not restart["from_at"] <= row["at"] <= restart["to_at"]
        and row["imsi"] not in rejected
    ]
    assert 0.01 < sum(row["identity"] == "imsi" for row in attaches) / len(attaches) < 0.05


def test_a_core_restart_makes_its_phones_attach_by_imsi_everywhere(made):
    restart = next(row for row in made.rows("events") if row["kind"] == "core_restart")
    back = [
        row
        for row in made.rows("access")
        if restart["from_at"] <= row["at"] <= restart["to_at"] and row["procedure"] == "attach" and row["identity"] == "imsi"
    ]
    assert {row["core"] for row in back if row["core"] == restart["core"]} == {restart["core"]}
    assert sum(row["core"] == restart["core"] for row in back) > 0.3 * SUBSCRIBERS
    assert len({row["cell"] for row in back}) > 30


def test_the_manifest_holds_the_counts(made):
    manifest = json.loads((made.out / "truth" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["rows"] == made.report.rows
    assert manifest["exposed"] == len({row["imsi"] for row in made.truth("exposures")})
    assert manifest["thefts"] == len(made.truth("fraud_payments"))
