"""A message tells what it does to the context of a phone by its protocol, kind and procedure."""

from __future__ import annotations

import pytest

from cellwarden.ingest.signalling.courses import course_of
from cellwarden.ingest.signalling.message import KINDS

BEGINS, SUCCEEDS, FAILS = KINDS


@pytest.mark.parametrize(
    ("protocol", "setup", "initial", "arrival", "release"), [("s1ap", 17, 12, 2, 23), ("ngap", 21, 15, 25, 41)]
)
def test_each_protocol_has_its_own_procedures(protocol, setup, initial, arrival, release):
    assert course_of(protocol, BEGINS, setup).is_setup
    assert all(course_of(protocol, BEGINS, each).moves for each in (setup, initial, arrival))
    assert not course_of(protocol, BEGINS, release).ends
    assert course_of(protocol, SUCCEEDS, release).ends
    assert course_of(protocol, BEGINS, release).system == {"s1ap": "eps", "ngap": "5gs"}[protocol]


def test_the_answer_goes_the_other_way():
    assert course_of("s1ap", BEGINS, 17).is_uplink
    assert not course_of("s1ap", SUCCEEDS, 17).is_uplink
    assert not course_of("s1ap", FAILS, 17).is_uplink
    assert course_of("s1ap", SUCCEEDS, 9).is_uplink


def test_a_message_from_a_phones_log_is_of_the_radio_side():
    assert course_of("nas-eps").is_radio_side
    assert (course_of("nas-eps").system, course_of("nas-5gs").system) == ("eps", "5gs")
