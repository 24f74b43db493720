import numpy as np

from cellwarden.simulate.finish import draw_open, make_names
from cellwarden.simulate.rows import IDENTITY, NULL, OPEN, PROCEDURE, Rows


def test_names_are_unique_and_fictional():
    names = make_names(1, 5_000)
    assert len(set(names.imsi)) == len(set(names.msisdn)) == len(set(names.imei)) == 5_000
    assert all(imsi.startswith("450080000") and len(imsi) == 15 for imsi in names.imsi)
    assert all(14 <= len(imei) <= 16 for imei in names.imei)


def test_nothing_stays_open_and_what_was_set_is_kept():
    rows = Rows.of(
        np.arange(3_000.0),
        np.arange(3_000),
        0,
        PROCEDURE["attach"],
        identity=np.arange(3_000) % 2 * (IDENTITY["imei"] - OPEN) + OPEN,
    )
    draw_open(rows, 1)
    assert (rows.identity[1::2] == IDENTITY["imei"]).all()
    for column in (rows.identity, rows.result, rows.ciphering, rows.ims):
        assert not (column == OPEN).any()
    assert 0 < (rows.who == NULL).sum() < 60


def test_only_registrations_have_ims_protection(made):
    assert all(row["procedure"] == "ims_register" for row in made.rows("access") if row["ims_protection"])


def test_home_rows_show_the_address_of_their_tunnel(made):
    inner = {(row["cell"], row["inner_ip"]) for row in made.rows("links")}
    assert {(row["cell"], row["source"]) for row in made.rows("access") if row["cell_type"] == "home"} <= inner
