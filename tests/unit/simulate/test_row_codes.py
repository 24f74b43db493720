import numpy as np
import pytest

from cellwarden.simulate.counter import word
from cellwarden.simulate.packed import ATTACH, GUTI, IMS_REGISTER, IMSI, NONE, OK, SERVICE_REQUEST, Packed
from cellwarden.simulate.row_codes import Out, dress, put


def dressed(count, *given):
    rows = Packed.room(count)
    for row in range(count):
        rows.code[row] = dress(np.uint64(word(np.uint64(4), row)), *given)
    return rows


def test_what_is_given_stays():
    rows = dressed(500, ATTACH, IMSI, OK, 9, 0, -1)
    for name, code in (("procedure", ATTACH), ("identity", IMSI), ("result", OK), ("cause", 9), ("ims", 3), ("nameless", 0)):
        assert set(rows.field(name)) == {code}, name


def test_what_is_open_is_drawn_by_the_shares():
    rows = dressed(20_000, SERVICE_REQUEST, GUTI, -1, 255, 0, -1)
    assert (rows.field("result") == OK).mean() == pytest.approx(0.984, abs=0.005)
    assert (rows.field("ciphering") == 3).mean() == pytest.approx(0.16, abs=0.01)
    assert rows.field("imei").mean() == pytest.approx(0.45, abs=0.02)


def test_in_clear_means_null_ciphering_wherever_it_was_logged():
    assert set(dressed(200, SERVICE_REQUEST, GUTI, -1, 255, 1, -1).field("ciphering")) == {0, 3}


def test_protection_is_known_of_registrations_alone():
    assert set(dressed(50, IMS_REGISTER, NONE, -1, 255, 0, 2).field("ims")) == {2}
    assert set(dressed(50, SERVICE_REQUEST, GUTI, -1, 255, 0, 2).field("ims")) == {3}


@pytest.mark.parametrize(("at", "rows"), [(-0.001, 0), (0.0, 1), (86_399.9, 1), (86_400.0, 0)])
def test_only_rows_of_the_day_are_put(at, rows):
    room = Packed.room(1)
    assert put(Out(room.at, room.who, room.station, room.code), 0, at, 1, 2, 3) == rows
