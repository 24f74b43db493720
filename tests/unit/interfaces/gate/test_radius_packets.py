"""Packets are made and checked by hand here (`radius_by_hand`); FreeRADIUS reads and writes them in tests/scenario/gate."""

import pytest
import radius_by_hand as by_hand
from hypothesis import given
from hypothesis import strategies as st
from radius_by_hand import ACCEPT, ACCESS, ACCOUNTED, REJECT, SECRET, STATUS, access, accounting, check_answer

from cellwarden.interfaces.gate.radius_packets import Attribute, Dropped, read_request


def dropped(data, *, is_accounting=False, secret=SECRET):
    with pytest.raises(Dropped) as error:
        read_request(data, secret, is_accounting=is_accounting)
    return error.value.why


def test_a_signed_question_is_read():
    request = read_request(access([(1, "henb1"), (4, bytes([192, 0, 2, 9])), (46, 7)]), SECRET, is_accounting=False)
    assert request.text(Attribute.USER_NAME) == "henb1"
    assert request.address(Attribute.NAS_IP_ADDRESS) == "192.0.2.9"
    assert request.number(Attribute.ACCT_SESSION_TIME) == 7
    assert request.text(Attribute.NAS_IDENTIFIER) is None


def test_octets_behind_the_end_are_padding():
    assert read_request(access([(1, "henb1")]) + b"\0\0", SECRET, is_accounting=False).text(Attribute.USER_NAME) == "henb1"


@pytest.mark.parametrize("code", [ACCESS, STATUS])
def test_an_unsigned_question_is_dropped(code):
    assert dropped(access([(1, "henb1")], is_signed=False, code=code)) == "unsigned"


def test_a_question_under_another_secret_is_forged():
    assert dropped(access([(1, "henb1")], secret=b"x" * 16)) == "forged"
    assert dropped(accounting([(44, "1")], secret=b"x" * 16), is_accounting=True) == "forged"


def test_two_signatures_are_none():
    data = bytearray(access([(1, "henb1"), (80, bytes(16))]))
    assert dropped(bytes(data)) == "forged"


def test_a_short_signature_is_none():
    assert dropped(access([(80, b"short"), (1, "henb1")], is_signed=False)) == "forged"


@pytest.mark.parametrize("code", [2, 3, 4, 11, 40, 43, 255])
def test_what_is_no_question_is_dropped(code):
    assert dropped(access([(1, "henb1")], code=code)) in {"wrong_code", "forged"}


def test_questions_belong_to_their_port():
    assert dropped(accounting([(44, "1")])) == "wrong_code"
    assert dropped(access([(1, "henb1")]), is_accounting=True) == "wrong_code"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x01\x01\x00\x14",
        b"\x01\x01\x00\x13" + bytes(16),
        b"\x01\x01\x00\x15" + bytes(16) + b"\x01",
        b"\x01\x01\x00\x16" + bytes(16) + b"\x01\x00",
        b"\x01\x01\x00\x16" + bytes(16) + b"\x01\x01",
        b"\x01\x01\x00\x16" + bytes(16) + b"\x01\x09",
        b"\x01\x01\xff\xff" + bytes(65531),
    ],
)
def test_what_does_not_add_up_is_dropped(data):
    assert dropped(data) == "malformed"


def test_an_attribute_that_is_there_twice_says_nothing():
    request = read_request(access([(1, "henb1"), (1, "henb2")]), SECRET, is_accounting=False)
    assert request.text(Attribute.USER_NAME) is None
    assert request.has(Attribute.USER_NAME)


@pytest.mark.parametrize("octets", [b"\xff", b"", b"a\0", b"a\tb", "a\u202eb".encode()])
def test_a_text_that_is_none_says_nothing(octets):
    assert read_request(access([(1, octets)]), SECRET, is_accounting=False).text(Attribute.USER_NAME) is None


@pytest.mark.parametrize("octets", [b"", b"\0", b"\0" * 5])
def test_a_number_or_an_address_of_another_length_says_nothing(octets):
    request = read_request(access([(8, octets), (46, octets)]), SECRET, is_accounting=False)
    assert request.address(Attribute.FRAMED_IP_ADDRESS) is None
    assert request.number(Attribute.ACCT_SESSION_TIME) is None


@pytest.mark.parametrize("code", [ACCEPT, REJECT])
def test_an_answer_is_signed_first_thing_and_proxies_get_theirs_back(code):
    question = access([(1, "henb1"), (33, b"one"), (33, b"two")])
    answer = read_request(question, SECRET, is_accounting=False).answer(code, {Attribute.REPLY_MESSAGE: b"X" * 300})
    found = check_answer(answer, question)
    assert answer[0] == code
    assert found[0][0] == 80
    assert [each for number, each in found if number == 33] == [b"one", b"two"]
    assert dict(found)[18] == b"X" * 253


def test_accounting_is_answered():
    question = accounting([(40, 1), (44, "1")])
    answer = read_request(question, SECRET, is_accounting=True).answer(ACCOUNTED, {})
    assert check_answer(answer, question) == []


@given(st.binary(max_size=300), st.booleans())
def test_nothing_else_than_a_drop_comes_of_anything(data, is_accounting):
    with pytest.raises(Dropped):
        read_request(data, SECRET, is_accounting=is_accounting)


@given(st.lists(st.tuples(st.integers(1, 255), st.binary(max_size=253)), max_size=8), st.booleans())
def test_whatever_a_known_client_signs_is_read_or_dropped(attributes, is_accounting):
    made = accounting(attributes) if is_accounting else access(attributes)
    try:
        request = read_request(made, SECRET, is_accounting=is_accounting)
    except Dropped:
        assert any(number == 80 for number, _ in attributes)
        return
    for each in Attribute:
        request.text(each), request.number(each), request.address(each)
    check_answer(request.answer(5 if is_accounting else 2, {}), made)


@given(st.data())
def test_a_question_with_any_bit_turned_is_dropped(data):
    question = bytearray(by_hand.asks(session="s1"))
    place = data.draw(st.integers(0, len(question) * 8 - 1))
    question[place // 8] ^= 1 << place % 8
    with pytest.raises(Dropped):
        read_request(bytes(question), SECRET, is_accounting=False)
