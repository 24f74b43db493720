"""Caught, hurt, unknown: counted by hand here, by SQL there, on both engines."""

from datetime import UTC, timedelta

from made_up_records import PLMN, at, call, link, minutes, payment, touch, version

from cellwarden.incident.containment.catalogue import act_of, checked_target
from cellwarden.incident.containment.dry_run import (
    dormant_units,
    payments_dry_run,
    people_dry_run,
    presence_dry_run,
    put_blocked,
)
from cellwarden.lake.pseudonyms import in_hex

ROGUE, HOUSE, MACRO = 1001, 2002, 19753073
NIGHT = at("05 02:00")
WINDOW = {"from_at": at("01 00:00").replace(tzinfo=UTC), "to_at": at("28 00:00").replace(tzinfo=UTC)}


def exposed(imsi, cell=ROGUE, start=NIGHT):
    from_at, to_at = (each.replace(tzinfo=UTC) for each in (start, start + minutes(30)))
    return {"imsi": in_hex(imsi), "plmn": PLMN, "rat": "lte", "cell": cell, "from_at": from_at, "to_at": to_at}


def home(imsi, when, *, source="10.0.0.1", cell=ROGUE):
    return touch(cell, imsi, when, source=source, cell_type="home")


def tried(room, act, target, exposures, **tables):
    room.fill(**tables)
    checked = checked_target(act_of(act), target)
    meant = put_blocked(room.engine, act_of(act), checked)
    return meant, presence_dry_run(room.engine, exposures, **WINDOW)


def people(counts):
    return {name: each["people"] for name, each in counts.items()}


def test_a_block_of_a_cell_catches_the_exposed_and_hurts_the_household_that_has_the_same_id(room):
    """Three exposed at the rogue, two of the household at its own address, one whom nothing speaks for or against."""
    access = [home(imsi, NIGHT + minutes(imsi)) for imsi in (1, 2, 3)]
    access += [home(imsi, NIGHT + minutes(imsi), source="10.0.0.9") for imsi in (11, 12)]
    registry = [version(ROGUE, cell_type="home")]
    target = {"cell_type": "home", "cell": str(ROGUE)}
    meant, counts = tried(room, "block_cell", target, [exposed(1), exposed(2), exposed(3)], access=access, equipment=registry)
    assert meant == 1
    assert people(counts) == {"caught": 3, "hurt": 2, "unknown": 0}
    assert {name: each["events"] for name, each in counts.items()} == {"caught": 3, "hurt": 2, "unknown": 0}


def test_a_cell_that_the_registry_does_not_know_hurts_nobody_that_we_know_of(room):
    target = {"cell_type": "home", "cell": str(ROGUE)}
    _, counts = tried(room, "block_cell", target, [exposed(1)], access=[home(1, NIGHT), home(2, NIGHT)])
    assert people(counts) == {"caught": 1, "hurt": 0, "unknown": 1}


def test_a_block_of_a_serial_spares_the_household_behind_another_address(room):
    access = [home(1, NIGHT), home(11, NIGHT, source="10.0.0.9")]
    links = [link(ROGUE, NIGHT - minutes(5), serial="VAN-1", inner_ip="10.0.0.1")]
    links += [link(ROGUE, NIGHT - minutes(9), serial="HOUSE-1", inner_ip="10.0.0.9")]
    meant, counts = tried(room, "block_serial", {"serial": "VAN-1"}, [exposed(1)], access=access, links=links)
    assert (meant, people(counts)) == (1, {"caught": 1, "hurt": 0, "unknown": 0})


def test_a_block_of_a_network_and_of_new_installs_mean_what_the_link_log_shows(room):
    links = [
        link(ROGUE, NIGHT, serial="VAN-1", inner_ip="10.0.0.1", source_ip="203.0.113.7"),
        link(HOUSE, NIGHT - timedelta(days=3), serial="HOUSE-1", inner_ip="10.0.0.9", source_ip="192.0.2.10"),
        link(HOUSE, NIGHT + timedelta(days=3), serial="HOUSE-1", inner_ip="10.0.0.9", source_ip=None),
    ]
    room.fill(links=links)
    for act, target in (
        ("block_source", {"network": "203.0.113.0/24"}),
        (
            "block_new_installs",
            {"since": "2025-08-04T00:00:00Z"},
        ),
    ):
        assert put_blocked(room.engine, act_of(act), checked_target(act_of(act), target)) == 1
        (row,) = room.engine.fetch("SELECT b.cell AS cell FROM blocked b").to_pylist()
        assert row["cell"] == ROGUE


def test_a_fleet_certificate_means_the_whole_fleet_and_says_how_many(room):
    shared = "ab" * 32
    links = [link(ROGUE, NIGHT, serial="VAN-1", inner_ip="10.0.0.1", certificate=shared)]
    links += [link(HOUSE + n, NIGHT, serial=f"HOUSE-{n}", inner_ip=f"10.0.1.{n}", certificate=shared.upper()) for n in range(5)]
    room.fill(links=links)
    act = act_of("block_certificate")
    assert put_blocked(room.engine, act, checked_target(act, {"certificate": shared})) == 6


def test_people_with_no_other_cell_that_day_are_counted_for_emergency_calls(room):
    access = [home(1, NIGHT), home(2, NIGHT), touch(MACRO, 2, NIGHT + minutes(50), cell_type="macro")]
    usage = [
        call(1, NIGHT + minutes(2), ROGUE, cell_type="home"),
        call(2, NIGHT + minutes(3), ROGUE, cell_type="home", peer="emergency:112"),
    ]
    target = {"cell_type": "home", "cell": str(ROGUE)}
    _, counts = tried(room, "block_cell", target, [exposed(1), exposed(2)], access=access, usage=usage)
    caught = counts["caught"]
    assert (caught["people"], caught["people_without_another_cell"]) == (2, 1)
    assert (caught["calls"], caught["emergency_calls"]) == (2, 1)


def test_empty_records_stop_nothing(room):
    _, counts = tried(room, "block_cell", {"cell_type": "home", "cell": str(ROGUE)}, [])
    assert people(counts) == {"caught": 0, "hurt": 0, "unknown": 0}


def test_payments_are_caught_if_linked_or_disputed_and_hurt_once_settled(room):
    end = WINDOW["to_at"].replace(tzinfo=None)
    old, new = end - timedelta(days=61), end - timedelta(days=59)
    payments = [
        payment("P1", 1, new, category="gift_card", amount=1000),
        payment("P2", 2, old, category="gift_card", amount=2000, disputed_at=new),
        payment("P3", 3, old, category="gift_card", amount=4000),
        payment("P4", 4, new, category="gift_card", amount=8000),
        payment("P5", 5, old, category="books", amount=16000),
        payment("P6", 6, old, category="gift_card", amount=32000, status="declined"),
    ]
    room.fill(payments=payments)
    window = {"from_at": (old - timedelta(days=1)).replace(tzinfo=UTC), "to_at": end.replace(tzinfo=UTC)}
    counts = payments_dry_run(room.engine, {"category": "gift_card"}, ["P1", "P1"], **window)
    assert {name: [(row["payments"], row["people"], row["amount"]) for row in rows] for name, rows in counts.items()} == {
        "caught": [(2, 2, 3000)],
        "hurt": [(1, 1, 4000)],
        "unknown": [(1, 1, 8000)],
    }
    alone = payments_dry_run(room.engine, {"subscriber": in_hex(5)}, [], **window)
    assert [(row["payments"], row["amount"]) for row in alone["hurt"]] == [(1, 16000)]


def test_people_are_reached_once_each_under_their_strongest_grade():
    exposures = [
        {"imsi": who, "identity": grade} for who, grade in (("a", "guti"), ("a", "imsi"), ("b", "guti"), ("c", "possible"))
    ]
    about = {"a": {"controller": "own", "device_class": "phone"}, "c": {"controller": "Other", "device_class": "car"}}
    reached = people_dry_run(exposures, about, ["imsi", "possible"])
    assert reached == {
        "people": 2,
        "by_grade": {"imsi": 1, "possible": 1},
        "of_other_controllers": 1,
        "not_phones": 1,
        "list": ["a", "c"],
    }


def test_a_unit_that_fell_silent_is_on_the_work_list_and_one_that_spoke_is_not(room):
    until = at("28 00:00")
    registry = [version(cell, equipment_id=f"F-{cell}", cell_type="home") for cell in (ROGUE, HOUSE, HOUSE + 1)]
    registry += [version(HOUSE + 2, equipment_id="F-gone", cell_type="home", status="scrapped")]
    access = [home(1, until - timedelta(days=2), cell=ROGUE), home(1, until - timedelta(days=20), cell=HOUSE)]
    room.fill(equipment=registry, access=access)
    units = dormant_units(room.engine, silent_days=10, until=until.replace(tzinfo=UTC))
    assert [(row["equipment_id"], row["last_seen_at"] is None) for row in units] == [
        (f"F-{HOUSE}", False),
        (f"F-{HOUSE + 1}", True),
    ]
