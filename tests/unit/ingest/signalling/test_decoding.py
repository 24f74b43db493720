"""A message says the same whether its elements are walked or found where they stood last time."""

from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cellwarden.ingest.signalling import layouts
from cellwarden.ingest.signalling.decoding import decode
from cellwarden.ingest.signalling.layouts import BOOKS
from cellwarden.ingest.signalling.route import Route

ATTACH = bytes.fromhex("07 41 71 08 09 10 10 00 00 00 00 10 02 e0e0 0004 0201d011")
ROUTE = Route("a", 1, "b", 36412, 1)


def told(message):
    """Everything that a message says, for comparing; an attribute that was set to its default says nothing."""
    return {name: value for name, value in vars(message).items() if name != "route" and value is not None}


@pytest.fixture(autouse=True)
def nothing_learnt():
    """Forget what other tests taught."""
    for book in layouts.BOOKS.values():
        book.layouts.clear()
        for tails in book.tails:
            tails.clear()


def pdus(wire):
    """Make messages of several layouts: numbers of every size, NAS short and long, with and without what comes behind."""
    nas = [b"\x07\x43", ATTACH, ATTACH + bytes(200)]
    made = [wire.initial(each, temporary=temporary) for each in nas for temporary in (None, b"\1\2\3\4")]
    made += [wire.nas(each, uplink=uplink, ran_id=ran) for each in nas for uplink in (True, False) for ran in (1, 300, 70_000)]
    return made


def walked(pdu):
    """Decode without any layout."""
    for book in layouts.BOOKS.values():
        book.layouts.clear()
    return told(decode(1, 0, ROUTE, BOOKS["s1ap"], pdu))


def test_the_second_message_of_a_layout_says_what_a_walk_says(wire):
    made = pdus(wire)
    expected = [walked(pdu) for pdu in made]
    for _ in range(3):
        assert [told(decode(1, 0, ROUTE, BOOKS["s1ap"], pdu)) for pdu in made] == expected
    assert layouts.BOOKS["s1ap"].layouts


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # the encoder keeps nothing between messages
@given(st.data())
def test_changed_octets_are_never_read_by_a_layout_that_does_not_fit(wire, data):
    made = pdus(wire)
    for pdu in made:
        decode(1, 0, ROUTE, BOOKS["s1ap"], pdu)
    changed = bytearray(data.draw(st.sampled_from(made)))
    for _ in range(data.draw(st.integers(1, 3))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    changed = bytes(changed[: data.draw(st.integers(1, len(changed)))])
    known = told(decode(1, 0, ROUTE, BOOKS["s1ap"], changed))
    assert known == walked(changed)


def test_octets_behind_the_last_element_are_not_taken_for_one(wire):
    area, cell = bytes.fromhex("0043 40 06 00 00f110 0001"), bytes.fromhex("0064 40 08 00 00f110 00001010")
    numbers = bytes.fromhex("0000 00 02 0002  0008 00 02 0061  001a 00 0c 0b 0753 08295c00eae3 88930d".replace("  ", ""))
    content = numbers + cell + area
    whole, one_less = (bytes([0, 13, 0x40, 3 + len(content), 0, 0, count]) + content for count in (5, 4))
    for pdu in (one_less, whole, whole, whole, one_less):
        message = decode(1, 0, ROUTE, BOOKS["s1ap"], pdu)
        assert message.location.tac == (1 if pdu is whole else None)


def test_a_phone_at_the_place_of_what_stations_repeat_is_neither_missed_nor_remembered(wire):
    usual = wire.initial(b"\x07\x43")
    for _ in range(2):
        decode(1, 0, ROUTE, BOOKS["s1ap"], usual)
    # The tracking area becomes a NAS message of its length, and the second NAS message must stand beside the first.
    place = next(place for place in range(len(usual)) if usual[place : place + 2] == b"\0\x43" and usual[place + 3] == 6)
    other = usual[: place + 1] + b"\x1a" + usual[place + 2 : place + 4] + b"\5\x07\x43\1\2\3" + usual[place + 10 :]
    message = decode(1, 0, ROUTE, BOOKS["s1ap"], other)
    assert message.nas_pdus == (b"\x07\x43", b"\x07\x43\1\2\3")
    assert not any(b"\5\x07\x43\1\2\3" in tail for tails in layouts.BOOKS["s1ap"].tails for tail in tails)


def test_another_element_at_the_place_of_the_last_one_is_not_taken_for_it(wire):
    usual = wire.initial(b"\x07\x43", temporary=b"\1\2\3\4")
    place = usual.index(bytes.fromhex("0060 40 06"))
    other = usual[:place] + b"\xff\xff" + usual[place + 2 :]
    for _ in range(2):
        assert decode(1, 0, ROUTE, BOOKS["s1ap"], usual).temporary == "01-01020304"
        assert decode(1, 0, ROUTE, BOOKS["s1ap"], other).temporary is None


def test_a_first_message_whose_nas_is_unusual_is_walked_each_time(wire):
    usual = wire.initial(b"\x07\x43\1")
    place = usual.index(b"\3\x07\x43\1")
    unusual = usual[:place] + b"\2" + usual[place + 1 :]  # one octet behind the NAS message, within its element
    assert [told(decode(1, 0, ROUTE, BOOKS["s1ap"], unusual)) for _ in range(3)] == [walked(unusual)] * 3


def test_nothing_that_tells_a_phone_is_remembered(wire):
    for pdu in pdus(wire):
        decode(1, 0, ROUTE, BOOKS["s1ap"], pdu)
        decode(1, 0, ROUTE, BOOKS["s1ap"], pdu)
    book = layouts.BOOKS["s1ap"]
    known = [layouts.Layout._make(each) for each in chain(*book.layouts.values())]
    kept = b"".join(
        [
            *chain(*book.tails),
            *book.layouts,
            *(each.first + each.second for each in known),
            *chain(*(each.rest.heads if each.rest.elements > 1 else (each.rest.heads,) for each in known if each.rest)),
        ]
    )
    assert bytes.fromhex("0060 40 06") in kept  # the head of the S-TMSI, of which the content stands in no layout
    assert b"\1\2\3\4" not in kept
    assert ATTACH[4:12] not in kept


@pytest.mark.parametrize("cut", range(0, 120, 7))
def test_a_message_cut_anywhere_keeps_what_was_read(wire, cut):
    pdu = wire.initial(ATTACH)
    message = decode(1, 0, Route("a", 1, "b", 36412, 1), BOOKS["s1ap"], pdu[:cut])
    assert message.faults or cut >= len(pdu)
    if cut > 1:
        assert message.procedure == 12


def test_an_element_that_reaches_beyond_the_message_is_refused(wire):
    pdu = bytearray(wire.nas(b"\x07\x43"))
    pdu[10] = 0x7F
    assert decode(1, 0, Route("a", 1, "b", 36412, 1), BOOKS["s1ap"], bytes(pdu)).faults
