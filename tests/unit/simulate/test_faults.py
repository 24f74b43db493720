import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from cellwarden.simulate.faults import Breakage
from cellwarden.simulate.generator import simulate_scenario
from cellwarden.simulate.packed import Packed
from cellwarden.simulate.scenario import Fault


def breakage(town, *codes, share=0.05):
    return Breakage(replace(town[0], faults=tuple(Fault(code, share) for code in codes)), 7, town[2])


def rows_of(count=4_000):
    rng = np.random.default_rng(3)
    return Packed(*(rng.integers(0, most, count).astype(np.uint32) for most in (24 * 3_600_000, 900, 9, 1 << 24)))


@pytest.mark.parametrize(("code", "ratio"), [("F1", 1.05), ("F2", 0.95)])
def test_rows_are_doubled_and_lost_by_the_share(town, code, ratio):
    broken = breakage(town, code)
    hours = [hour.in_time_order() for hour in broken.rows(1, rows_of()).by_hour()]
    after = sum(len(hour) for hour in broken.hours(1, hours))
    assert after / 4_000 == pytest.approx(ratio, abs=0.025)
    assert {row["fault"] for row in broken.altered} == {code}


def test_what_is_chosen_does_not_depend_on_batches(town):
    whole = breakage(town, "F2", "F9").rows(1, rows_of())
    rows = rows_of()
    pieces = Packed.joined([breakage(town, "F2", "F9").rows(1, rows.cut(first, first + 500)) for first in range(0, 4_000, 500)])
    assert (whole.at == pieces.at).all()
    assert (whole.code == pieces.code).all()


def test_a_late_row_is_in_the_file_of_the_next_hour(town):
    hours = breakage(town, "F3").hours(1, [hour.in_time_order() for hour in rows_of().by_hour()])
    late = [(hour, row) for hour, rows in enumerate(hours) for row in rows.at // 3_600_000 if row != hour]
    assert late
    assert {hour - row for hour, row in late} == {1}


def test_broken_feeds_say_what_was_altered(generated):
    made = generated("S20")
    codes = Counter(row["fault"] for row in made.truth("altered"))
    assert set(codes) == {"F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "F10", "F11", "F12"}
    assert made.manifest["faults"] == sorted(codes)
    assert not (made.out / "records" / "links.parquet").exists()
    assert any(len(row["imsi"] or "") == 9 for row in made.rows("access"))
    times = [content.column("at").to_pylist() for content in made.files("access").values()]
    assert any(one != sorted(one) for one in times)


def test_cells_are_in_other_notations_in_every_table_and_still_the_same_ones(generated, tiny_scenario, tmp_path):
    made, wanted = generated("S20"), tiny_scenario("S20")
    plain = tmp_path / "plain"
    simulate_scenario(
        replace(wanted, faults=tuple(one for one in wanted.faults if one.code != "F12")), plain, seed=7, size="tiny"
    )
    without = made.of_other_folder(plain)
    assert {row["table"] for row in made.truth("altered") if row["fault"] == "F12"} == {
        "access",
        "equipment",
        "usage",
        "events",
    }
    for name in ("access", "equipment", "usage", "events"):
        assert made.table(name).column("cell").equals(without.table(name).column("cell")), name
    access = made.files("access")
    written = {file: content for file, content in access.items() if file.suffix == ".csv"}
    assert 0 < len(written) < len(access)
    for file in (*written, *(made.out / "records" / f"{name}.csv" for name in ("equipment", "usage"))):
        text = file.read_text(encoding="utf-8")
        assert all(re.search(pattern, text) for pattern in (r'"0x[0-9a-f]{7}"', r'"00\d{8}"', r'"\d+-\d+"')), file.name
    (day,) = [row["at"] for row in made.truth("altered") if row["fault"] == "F12" and row["table"] == "access"]
    for content in written.values():
        assert all(0 <= (at - day).total_seconds() < 86_400 for at in content.column("at").to_pylist())


def test_after_the_upgrade_a_column_has_another_name(generated):
    made = generated("S20")
    (upgrade,) = [row for row in made.truth("altered") if row["fault"] == "F8"]
    names = {}
    for content in made.files("access").values():
        names[content.column("at").to_pylist()[0]] = set(content.column_names)
    assert any("mme_name" in one for one in names.values())
    for at, one in names.items():
        assert ("mme_name" in one) == ("core" not in one)
        assert "mme_name" not in one or at >= upgrade["at"]


@pytest.mark.parametrize(("code", "core", "slip_ms"), [("F4", 1, 120_000), ("F5", 2, 9 * 3_600_000)])
def test_on_its_day_one_core_has_a_wrong_clock(town, code, core, slip_ms):
    broken = breakage(town, code)
    for day in range(town[2].days - 1):
        before, after = rows_of(), broken.rows(day, rows_of())
        slipped = after.at.astype(int) - before.at.astype(int)
        theirs = town[2].core[before.who]
        assert not slipped[theirs != core].any()
        assert set(slipped[(theirs == core) & (before.at < 24 * 3_600_000 - slip_ms)]) == (
            {slip_ms} if day == broken._day(code) else {0}
        )


def test_an_hour_is_lost_for_all_on_one_day(town):
    broken = breakage(town, "F7")
    hours = {day: len(broken.rows(day, rows_of()).by_hour()[14]) for day in range(town[2].days - 1)}
    assert [day for day, count in hours.items() if count == 0] == [broken._day("F7")]


def test_numbers_of_other_people_and_a_registry_with_errors(generated, tiny_scenario, tmp_path):
    made, wanted = generated("S20"), tiny_scenario("S20")
    simulate_scenario(replace(wanted, faults=()), tmp_path, seed=7, size="tiny")
    whole = made.of_other_folder(tmp_path)
    numbers = [row["msisdn"] for row in made.rows("subscribers")]
    assert 0 < len(numbers) - len(set(numbers)) < 0.03 * len(numbers)
    assert len({row["msisdn"] for row in whole.rows("subscribers")}) == len(numbers)
    key = {(row["cell"], row["cell_type"], row["status"], row["valid_from"]): row for row in whole.rows("equipment")}
    kept = [(row, key[row["cell"], row["cell_type"], row["status"], row["valid_from"]]) for row in made.rows("equipment")]
    assert 0.05 < 1 - len(kept) / len(key) < 0.15
    assert 0.05 < sum(row["lat"] != real["lat"] for row, real in kept) / len(kept) < 0.2
    late = [(row["recorded_at"] - real["recorded_at"]).days for row, real in kept if row["recorded_at"] != real["recorded_at"]]
    assert 0.05 < len(late) / len(kept) < 0.2
    assert 1 <= min(late) <= max(late) <= 90
