"""The examination as a whole: spells of what the detectors flag, who is left out, and what missing sources do."""

from datetime import timedelta

import pytest
from made_up_records import ABROAD, HOME, OTHER_HOME, Room, at, link, minutes, rich, touch, touches, version

from cellwarden.detect.catalogue import DETECTORS, EXPLANATIONS
from cellwarden.detect.fusion import GRADES

START = at("05 10:00")
MOMENT = timedelta(microseconds=1)
HOURS = timedelta(hours=1)
DELETED = [version(HOME, status="deleted"), version(OTHER_HOME)]
ROGUE = [link(HOME, START - minutes(5), serial="X1", tac=1, **ABROAD)]
"""With DELETED, enough to accuse."""


def spans(examined):
    ours = [each.spell for each in examined.suspects if (each.spell.key.cell, each.spell.key.cell_type) == (HOME, "home")]
    return [(spell.from_at, spell.to_at, spell.events) for spell in ours]


def test_an_empty_lake_accuses_nobody_and_names_who_could_not_look(room):
    examined = room.examine()
    assert (examined.findings, examined.suspects, examined.hands) == ([], [], [])
    assert examined.silent.keys() == {each.name for each in (*DETECTORS, *EXPLANATIONS)}
    assert examined.silent["setup_conflict"] == ["links"]
    assert examined.silent["inventory_row_without_order"][:2] == ["access", "equipment"]


def test_what_is_missing_is_named_on_every_suspect(room):
    (suspect,) = room.examine(access=touches(HOME, 3, START), equipment=DELETED, links=ROGUE).suspects
    assert {"payments", "equipment.lat", "links.certificate", "access.core"} <= set(suspect.missing_sources)
    assert "access" not in suspect.missing_sources


@pytest.mark.parametrize(
    ("gap", "spells"),
    [pytest.param(6 * HOURS, 1, id="six-hours"), pytest.param(6 * HOURS + MOMENT, 2, id="a-microsecond-more")],
)
def test_a_gap_of_more_than_six_hours_splits(room, gap, spells):
    access = [touch(HOME, 1, START), touch(HOME, 2, START + gap), touch(HOME, 2, START + gap + minutes(1))]
    found = spans(room.examine(access=access, equipment=DELETED, links=ROGUE))
    assert len(found) == spells
    assert (found[0][0], found[-1][1], sum(events for *_, events in found)) == (START, START + gap + minutes(1), 3)


def test_a_row_without_imsi_counts_and_so_do_rows_of_one_instant(room):
    access = [
        touch(HOME, 1, START),
        touch(HOME, 1, START),
        touch(HOME, None, START + 6 * HOURS),
        touch(HOME, 1, START + 12 * HOURS),
        touch(HOME, None, START + 13 * HOURS),
    ]
    assert spans(room.examine(access=access, equipment=DELETED, links=ROGUE)) == [(START, START + 13 * HOURS, 5)]


def test_a_null_kind_belongs_to_the_cell_where_the_registry_has_one_kind(room):
    access = [
        touch(HOME, 1, START),
        touch(HOME, 2, START + minutes(1), cell_type=None),
        touch(HOME, 3, START + minutes(2), cell_type="macro"),
    ]
    assert spans(room.examine(access=access, equipment=DELETED, links=ROGUE)) == [(START, START + minutes(1), 2)]


def test_what_comes_after_until_has_not_happened(room):
    examined = room.examine(until=START + minutes(1), access=touches(HOME, 5, START), equipment=DELETED, links=ROGUE)
    assert spans(examined) == [(START, START + minutes(1), 2)]


CLONE = {"source": "10.0.0.9"}


def cloned(*, serial):
    """A household on air all day; a van joins with the household's id from abroad, before noon."""
    return {
        "access": [
            *touches(HOME, 30, at("05 06:00"), every=minutes(20)),
            *(touch(HOME, 900 + number, at("05 11:00") + minutes(number), identity="imsi", procedure="attach", **CLONE) for number in range(20)),
            *(row for cell in range(1, 6) for row in touches(OTHER_HOME + cell, 15, START, first=2000 + 20 * cell, source=f"10.0.1.{cell}")),
        ],
        "equipment": [version(HOME), *(version(OTHER_HOME + cell) for cell in range(1, 6))],
        "links": [
            link(HOME, at("05 05:00")),
            link(HOME, at("05 10:50"), serial=serial, inner_ip=CLONE["source"], tac=9, **ABROAD),
            *(link(OTHER_HOME + cell, at("05 05:00"), source_ip=f"192.0.2.1{cell}", inner_ip=f"10.0.1.{cell}") for cell in range(1, 6)),
        ],
    }  # fmt: skip


@pytest.mark.parametrize("serial", ["X1", f"S{HOME}"], ids=["own-serial", "copied-serial"])
def test_of_a_cloned_cell_only_the_clones_rows_are_accused(room, serial):
    examined = room.examine(**cloned(serial=serial))
    accused = [each for each in examined.suspects if each.grade in ("rogue", "suspect")]
    assert [(each.spell.from_at, each.spell.to_at, each.spell.events) for each in accused] == [
        (at("05 11:00"), at("05 11:19"), 20)
    ]
    household = [each for each in examined.suspects if each.spell.from_at == at("05 06:00")]
    assert all(each.spell.unit != accused[0].spell.unit and each.grade in ("", "review", "explained") for each in household)


def test_whoever_copies_a_serial_does_not_make_its_owner_a_part_of_the_unit(room):
    """The owner's row has not come yet: a matter for review, and not more since a van shows the same serial under another id."""
    owner = OTHER_HOME + 1
    tables = cloned(serial=f"S{owner}")
    tables["equipment"] = [version(HOME, status="deleted"), *(version(OTHER_HOME + cell) for cell in range(2, 6))]
    tables["access"] = [row for row in tables["access"] if row["cell"] != HOME or row["source"] == CLONE["source"]]
    tables["access"] += touches(owner, 30, at("05 06:00"), every=minutes(20), first=2020, source="10.0.1.1")
    tables["links"] = [row for row in tables["links"] if row["cell"] != HOME or row["inner_ip"] == CLONE["source"]]
    suspects = room.examine(**tables).suspects
    assert {each.spell.key.cell for each in suspects if each.grade in ("rogue", "suspect")} == {HOME}
    assert all(each.lifted_by is None for each in suspects)


def test_an_installation_that_was_recorded_late_is_explained(room):
    late = version(HOME, recorded_at=at("07 09:00"), valid_from=START - minutes(60), work_order="WO-17")
    (suspect,) = room.examine(
        access=touches(HOME, 3, START), equipment=[late, version(OTHER_HOME)], links=[link(HOME, START - minutes(5))]
    ).suspects
    assert (suspect.grade, suspect.explained_by) == ("explained", "inventory_lag")


NOT_OF_A_DELETED_ID = {
    "two_places_at_once", "inventory_row_without_order", "kind_mismatch", "address_hopping", "id_not_of_this_device", "night_activity", "short_bursts",
    "complaint_surge", "tip_unexplained", "fleeting_cell",
}  # fmt: skip
"""What other cells of the rich case are found by."""


def test_everything_speaks_against_the_rich_case(room):
    examined = room.examine(**rich())
    (suspect,) = [each for each in examined.suspects if each.grade == "rogue"]
    assert suspect.spell.key.cell == HOME
    assert set(suspect.detectors) >= {each.name for each in DETECTORS} - NOT_OF_A_DELETED_ID
    assert examined.silent == {}
    assert suspect.alert_at == START


SOURCES = {
    **{table: (table, None) for table in ("links", "equipment", "payments", "subscribers", "events")},
    **{
        f"{table}.{column}": (table, column)
        for table, column in [
            ("access", "source"), ("access", "identity"), ("access", "core"), ("access", "cell_type"), ("links", "serial"), ("links", "certificate"),
            ("links", "source_ip"), ("links", "asn"), ("links", "country"), ("links", "tac"), ("equipment", "serial"), ("equipment", "certificate"),
            ("equipment", "lat"), ("equipment", "tac"), ("equipment", "work_order"), ("payments", "disputed_at"),
        ]
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def whole(engines):
    return {
        each.spell.key.cell: each.log_odds for each in Room(engines("duckdb"), engines("duckdb")).examine(**rich()).suspects
    }


@pytest.mark.parametrize("source", SOURCES)
def test_a_missing_source_makes_nobody_more_guilty(engines, whole, source):
    """On one engine: that both find the same is the contract's test."""
    table, column = SOURCES[source]
    tables = rich()
    if column is None:
        del tables[table]
    else:
        value = "unknown" if column == "identity" else None
        tables[table] = [{**row, column: value} for row in tables[table]]
    room = Room(engines("duckdb"), engines("duckdb"))
    for suspect in room.examine(**tables).suspects:
        cell = suspect.spell.key.cell
        assert suspect.log_odds <= whole.get(cell, -float("inf")) + 1e-9 or suspect.score < GRADES["suspect"], (
            cell,
            suspect.detectors,
        )


def test_ids_that_relieve_each_other_without_links_keep_their_rows_when_they_are_joined(room):
    """The census reads rows by unit: a label that fusion changes must reach them."""
    days = [("05 10:00", "05 11:30"), ("06 10:00", "06 11:30")]
    access = [
        row
        for number, day in enumerate(days)
        for cell, when in zip((HOME, OTHER_HOME), day, strict=True)
        for row in touches(cell, 60, at(when), first=100 * number + cell % 50, source=f"10.0.{number}.{cell % 200}", tac=9)
    ]
    placed = [version(cell, status="deleted", lat=37.5, lon=127.0) for cell in (HOME, OTHER_HOME)]
    examined = room.examine(access=access, equipment=placed)
    rows = room.engine.fetch("SELECT DISTINCT u.cell AS cell, u.unit AS unit FROM unit_access u").to_pylist()
    assert {(each.spell.key.cell, each.spell.unit) for each in examined.suspects} <= {
        (row["cell"], row["unit"]) for row in rows
    }
    assert {each.spell.key.cell for each in examined.suspects} == {HOME, OTHER_HOME}
