from __future__ import annotations

import gc
from datetime import datetime

import pytest

from cellwarden.ingest.signalling.courses import course_of
from cellwarden.ingest.signalling.message import _USUAL, Message, Nas, Station
from cellwarden.ingest.signalling.route import Route


@pytest.mark.parametrize(
    ("kind", "bits", "value", "cell"),
    [
        ("macro", 20, 0xABC, 0xABC00),
        ("home", 28, 0xABC, 0xABC),
        ("short_macro", 18, 1, 1 << 10),
        ("long_macro", 21, 1, 1 << 7),
        ("gnb", 22, 1, 1 << 14),
    ],
)
def test_a_station_stands_in_the_high_bits_of_its_cells(kind, bits, value, cell):
    station = Station("00101", kind, bits, value)
    assert station.cell == cell
    assert station.serves(cell)
    assert not station.serves(cell ^ 1 << (35 if kind == "gnb" else 27))


def test_a_message_tells_its_kind_and_size_but_nobody():
    message = Message(1, 1_500_000, Route("10.0.0.1", 1, "10.0.0.2", 2, 1), course_of("s1ap", "initiatingMessage", 12), 87)
    assert message.label == "S1AP initiatingMessage 12, 87 bytes"
    assert message.at == datetime(1970, 1, 1, 0, 0, 1, 500_000)


def test_objects_with_the_usual_fields_hold_no_dict_of_their_own():
    made = [(Message(1, 0, None, None, 9), Nas("eps", True, 0)) for _ in range(100)]
    for one, names in zip(made[-1], (_USUAL.split(), Nas.__annotations__), strict=True):
        for name in names:
            setattr(one, name, None)
        assert not any(isinstance(each, dict) for each in gc.get_referents(one))
