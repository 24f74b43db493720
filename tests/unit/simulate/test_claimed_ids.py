from dataclasses import replace

from cellwarden.simulate.attacks import plan_attacks
from cellwarden.simulate.scenario import Attack


def test_no_number_is_claimed_twice(town):
    wanted, world, _ = town
    ids = ("deleted_id",) * 9 + ("lost_id",) * 9 + ("cloned_id",) * 3 + ("never_issued_id",) * 9
    attacks = plan_attacks(world, replace(wanted, attacks=(Attack(ids=ids, rotation="all", nights=1),)), 4e5)
    numbers = [cell.number for cell in attacks.plan.cells]
    assert len(numbers) == len(set(numbers)) == len(ids)


def test_an_owner_beside_whom_the_unit_stands_is_unplugged(generated):
    made = generated("S19")
    clone = next(row for row in made.truth("cells") if row["reason"] == "cloned_id")
    honest = [
        row["at"]
        for row in made.rows("access")
        if row["cell"] == clone["cell"] and row["cell_type"] == "home" and row["source"] not in clone["source"]
    ]
    assert honest
    assert max(honest) < clone["from_at"]
