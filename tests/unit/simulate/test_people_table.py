from cellwarden.simulate.finish import make_names
from cellwarden.simulate.people_table import subscribers_table


def test_customers_are_listed_by_imsi_and_strangers_are_not(town):
    _, world, people = town
    names = make_names(7, people.count)
    names.imsi[5] = "99970" + names.imsi[5][5:]
    table = subscribers_table(world, people, names, "45008")
    listed = table.column("imsi").to_pylist()
    assert listed == sorted(listed)
    assert len(listed) == people.count - 1
    classes = dict(zip(listed, table.column("device_class").to_pylist(), strict=True))
    assert classes[names.imsi[int((people.device == 3).argmax())]] == "iot"
