from __future__ import annotations

from cellwarden.ingest.signalling.bounds import make_room, oldest


def test_a_table_with_room_keeps_all():
    table = dict.fromkeys(range(7))
    assert make_room(table, 8) == 0
    assert len(table) == 7


def test_of_a_full_table_the_oldest_eighth_goes():
    table = dict.fromkeys(range(16))
    assert make_room(table, 16) == 2
    assert list(table) == list(range(2, 16))


def test_even_of_a_short_table_one_goes():
    assert oldest({"a": 1, "b": 2}) == [("a", 1)]
    assert oldest({}) == []
