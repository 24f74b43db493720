from collections import defaultdict
from datetime import timedelta
from itertools import pairwise
from statistics import median

GAP = timedelta(hours=6)


def grade(rows):
    """The identity grade, written once more from records.md, "Identity grade"."""
    if any(row["identity"] in ("imsi", "suci_null") for row in rows):
        return "imsi"
    for row in rows:
        unprotected = row["procedure"] == "ims_register" and row["ims_protection"] in ("none", "integrity_only")
        if row["identity"] == "unknown" or row["ciphering"] == 0 or unprotected:
            return "possible"
    return "guti"


def recomputed(rogue_rows):
    by_cell = defaultdict(list)
    for row in sorted(rogue_rows, key=lambda row: row["at"]):
        by_cell[row["unit"], row["plmn"], row["rat"], row["cell_type"], row["cell"]].append(row)
    found = set()
    for (unit, plmn, rat, cell_type, cell), rows in by_cell.items():
        episode, before, people = 0, None, defaultdict(list)
        for row in rows:
            episode += before is not None and row["at"] - before > GAP
            before = row["at"]
            if row["imsi"] is not None:
                people[episode, row["imsi"]].append(row)
        for (_, imsi), mine in people.items():
            found.add((imsi, plmn, rat, cell_type, cell, unit, mine[0]["at"], mine[-1]["at"], len(mine), grade(mine)))
    return found


def test_the_exposures_follow_from_the_records_by_the_rules_of_the_contract(made):
    truth = [tuple(row.values()) for row in made.truth("exposures")]
    assert len(truth) == len(set(truth)) > 100
    assert set(truth) == recomputed(made.rogue_rows())


def test_every_grade_occurs_and_the_imsi_share_is_near_that_of_the_case(made):
    grades = [row["identity"] for row in made.truth("exposures")]
    assert set(grades) == {"imsi", "possible", "guti"}
    assert 0.18 < grades.count("imsi") / len(grades) < 0.4


def test_every_situation_of_an_id_is_there(made):
    rogue = [row for row in made.truth("cells") if row["kind"] == "rogue"]
    ids = {(row["unit"], row["cell"]): row["reason"] for row in rogue}
    assert sorted(reason for (unit, _), reason in ids.items() if unit == "unit-1") == [
        "cloned_id",
        "deleted_id",
        "deleted_id",
        "deleted_id",
        "never_issued_id",
    ]
    assert sorted(reason for (unit, _), reason in ids.items() if unit == "unit-2") == ["cloned_id", "lost_id"]
    decoys = {row["reason"] for row in made.truth("cells") if row["kind"] == "decoy"}
    assert decoys == {
        "always_open_venue",
        "dynamic_address",
        "house_move",
        "inventory_lag",
        "on_board_cell",
        "other_line",
        "phone_shop",
        "public_venue",
        "reissued_id",
        "temporary_cell",
    }


def test_the_truth_of_each_id_agrees_with_the_registry(made):
    versions = defaultdict(list)
    for row in made.rows("equipment"):
        if row["cell_type"] == "home":
            versions[row["cell"]].append(row)
    expected = {"deleted_id": "deleted", "lost_id": "lost", "cloned_id": "active"}
    for cell in (row for row in made.truth("cells") if row["kind"] == "rogue"):
        known = [row for row in versions[cell["cell"]] if row["recorded_at"] < cell["from_at"]]
        if cell["reason"] == "never_issued_id":
            assert not versions[cell["cell"]]
        else:
            assert max(known, key=lambda row: row["recorded_at"])["status"] == expected[cell["reason"]]
        if cell["reason"] == "deleted_id":
            assert cell["from_at"] - known[-1]["valid_from"] > timedelta(days=100)


def test_the_genuine_cell_lives_while_its_clone_is_up(made):
    homes = defaultdict(list)
    for row in made.rows("access"):
        if row["cell_type"] == "home":
            homes[row["cell"]].append(row)
    clones = [row for row in made.truth("cells") if row["reason"] == "cloned_id"]
    for clone in clones:
        rogue = {source for row in clones if row["cell"] == clone["cell"] for source in row["source"]}
        genuine = [row for row in homes[clone["cell"]] if row["source"] not in rogue]
        tunnels = [row for row in made.rows("links") if row["cell"] == clone["cell"] and row["inner_ip"] not in rogue]
        up = [row["event"] for row in tunnels if row["event"] in ("ike_up", "ike_down") and row["at"] < clone["from_at"]]
        assert up[-1] == "ike_up"
        assert genuine[0]["at"] < clone["from_at"]
        assert genuine[-1]["at"] > clone["to_at"]
        alive = sum(clone["from_at"] < row["at"] < clone["to_at"] for row in genuine)
        assert alive > 0
        taken = {row["tac"] for row in homes[clone["cell"]] if row["source"] in clone["source"]}
        assert not taken & {row["tac"] for row in genuine}


def test_thefts_are_of_exposed_people_at_that_cell_at_that_time(made):
    payments = {row["payment_id"]: row for row in made.rows("payments")}
    spells = defaultdict(list)
    for row in made.truth("exposures"):
        spells[row["imsi"], row["cell"], row["unit"]].append((row["from_at"], row["to_at"]))
    for theft in made.truth("fraud_payments"):
        paid = payments[theft["payment_id"]]
        assert paid["imsi"] == theft["imsi"]
        spans = spells[theft["imsi"], theft["cell"], theft["unit"]]
        assert any(first < paid["at"] < last + timedelta(minutes=30) for first, last in spans)


def test_a_unit_is_at_one_place_at_a_time(made):
    places = [(row["unit"], row["at"]) for row in made.truth("tracks")]
    assert len(places) == len(set(places)) > 500


def test_a_unit_is_followed_from_minute_to_minute(made):
    times = defaultdict(list)
    for row in made.truth("tracks"):
        times[row["unit"]].append(row["at"])
    assert {at.second for each in times.values() for at in each} == {0}
    apart = [later - earlier for each in times.values() for earlier, later in pairwise(sorted(each))]
    assert median(apart) == timedelta(minutes=1)
