from cellwarden.foundation.digest import sha256_of
from cellwarden.simulate.truth import REASONS
from cellwarden.simulate.truth_files import CODES


def test_the_manifest_lists_every_file_with_its_digest(generated):
    made = generated("S02")
    files = {
        path.relative_to(made.out).as_posix(): path
        for path in made.out.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert set(made.manifest["files"]) == set(files)
    assert all(made.manifest["files"][name]["sha256"] == sha256_of(path) for name, path in files.items())
    assert (made.manifest["scenario"], made.manifest["attacks"]) == ("S02", ["A1", "A11", "A5", "A9"])


def test_exposures_are_counted_from_the_records_as_written(generated):
    made = generated("S02")
    people = {row["imsi"] for row in made.truth("exposures")}
    assert people == {row["imsi"] for row in made.rogue_rows() if row["imsi"]}
    assert sum(row["events"] for row in made.truth("exposures")) == sum(row["imsi"] is not None for row in made.rogue_rows())


def test_units_add_up(generated):
    made = generated("S02")
    thefts = made.truth("fraud_payments")
    for unit in made.truth("units"):
        mine = [row for row in thefts if row["unit"] == unit["unit"]]
        assert unit["victims"] == len({row["imsi"] for row in mine})
        assert unit["stolen"] == sum(row["amount"] for row in mine if row["status"] == "approved")
        assert set(unit["cells"]) == {row["cell"] for row in made.truth("cells") if row["unit"] == unit["unit"]}


def test_decoys_have_reasons_of_the_list_and_codes(generated):
    for name in ("S02", "S14"):
        for row in generated(name).truth("cells"):
            assert row["codes"]
            assert row["kind"] == "rogue" or row["reason"] in REASONS
    assert set(CODES) <= set(REASONS)


def test_a_clone_names_the_addresses_of_its_owner(generated):
    made = generated("S03")
    clones = [row for row in made.truth("cells") if row["reason"] == "cloned_id"]
    assert clones
    assert all(row["genuine_source"] and not set(row["genuine_source"]) & set(row["source"]) for row in clones)


def test_late_thefts_say_how_late(generated):
    delays = [row["delay_s"] for row in generated("S10").truth("fraud_payments")]
    assert delays
    assert min(delays) > 0.9 * 86_400


def test_without_a_unit_the_truth_is_empty_and_all_there(generated):
    made = generated("S12")
    for name in ("units", "tracks", "exposures", "fraud_payments"):
        assert made.truth(name) == []
    assert {row["code"] for row in made.truth("confounders")} >= {"B12", "B13", "B18", "B16"}
