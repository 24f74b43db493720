"""What is learnt of a message fits messages of its kind and length, and no more of it is kept than a bound allows."""

from __future__ import annotations

import pytest

from cellwarden.ingest.signalling import decoding, layouts
from cellwarden.ingest.signalling.decoding import decode
from cellwarden.ingest.signalling.layouts import BOOKS, Layout
from cellwarden.ingest.signalling.route import Route

ROUTE = Route("a", 1, "b", 36412, 1)


@pytest.fixture(autouse=True)
def nothing_learnt():
    """Forget what other tests taught."""
    for book in layouts.BOOKS.values():
        book.layouts.clear()
        for tails in book.tails:
            tails.clear()


def learnt():
    return [Layout._make(layout) for some in layouts.BOOKS["s1ap"].layouts.values() for layout in some]


def test_numbers_and_nas_are_cut_where_they_stand(wire):
    pdu = wire.nas(b"\x07\x43", core_id=70_000, ran_id=300)
    decode(1, 0, ROUTE, BOOKS["s1ap"], pdu)
    (layout,) = learnt()
    core, _, ran, _, nas, repeated, others = layout.unpack(b"before" + pdu + b"behind", 6)
    assert (int.from_bytes(core), int.from_bytes(ran), nas, repeated, others) == (70_000, 300, b"\x07\x43", b"", b"")
    assert (layout.size, layout.has_core, layout.has_nas, layout.repeated, layout.rest) == (len(pdu), True, True, 0, None)


def test_a_message_that_could_not_be_read_teaches_nothing(wire):
    decode(1, 0, ROUTE, BOOKS["s1ap"], wire.nas(b"\x07\x43")[:-1])
    decode(1, 0, ROUTE, BOOKS["s1ap"], wire.nas(b"\x07\x43") + b"\0")
    assert learnt() == []


def test_what_is_remembered_has_a_bound(wire, monkeypatch):
    monkeypatch.setattr(layouts, "MAX_LAYOUTS", 4)
    monkeypatch.setattr(decoding, "MAX_TAILS", 2)
    for size in range(2, 60):
        for _ in range(2):
            decode(1, 0, ROUTE, BOOKS["s1ap"], wire.nas(b"\x07\x43" + bytes(size)))
    book = layouts.BOOKS["s1ap"]
    assert len(book.layouts) <= 4
    assert all(len(tails) <= 2 for tails in book.tails)
