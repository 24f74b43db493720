from datetime import timedelta

import pytest
from exposed_rows import END, START, exposure, hand_in, stolen
from made_up_records import HOME, OTHER_HOME, complaint, minutes, payment

from cellwarden.linkage.complaints import link_complaints


def told(name, start, end=None, **more):
    return complaint(name, END + timedelta(days=3), imsi=1, about_from=start, about_to=end, **more)


def linked(room, complaints, payments=(), exposures=None, bills=()):
    room.fill(complaints=complaints, payments=list(bills))
    hand_in(room, [exposure()] if exposures is None else exposures, payments)
    return link_complaints(room.engine)


def test_a_complaint_about_a_linked_payment_is_as_sure_as_the_payment(room):
    (link,) = linked(room, [complaint("C", END, payment_id="P")], [stolen("P", probability=0.97)])
    assert (link.subject, link.imsi, link.cell, link.probability) == ({"complaint_id": "C"}, 1, HOME, 0.97)


@pytest.mark.parametrize(
    ("start", "end", "meets"),
    [
        pytest.param(START, END, True, id="the same hour"),
        pytest.param(END + timedelta(hours=24), None, True, id="a day later"),
        pytest.param(END + timedelta(hours=24) + minutes(1), None, False, id="more than a day later"),
        pytest.param(START - minutes(20), START - minutes(1), False, id="before"),
        pytest.param(START - minutes(20), START, True, id="until the first touch"),
        pytest.param(None, None, False, id="no time told"),
    ],
)
def test_the_told_time_must_fall_into_the_exposure_or_the_day_after(room, start, end, meets):
    assert bool(linked(room, [told("C", start, end)])) is meets


def test_a_complaint_of_somebody_else_is_not_linked(room):
    assert linked(room, [told("C", START)], exposures=[exposure(imsi=2)]) == []


def test_each_complaint_is_linked_once_to_what_explains_it_best(room):
    links = linked(
        room, [told("C", START, payment_id="P")], [stolen("P", cell=OTHER_HOME)], [exposure(), exposure(cell=OTHER_HOME)]
    )
    assert [(link.cell, link.probability) for link in links] == [(OTHER_HOME, 0.9)]


def test_a_person_who_complains_every_day_is_believed_less(room):
    daily = [told(f"C{day:+d}", START + timedelta(days=day)) for day in range(-7, 8)]
    (once,) = linked(room, [told("C", START)])
    often = linked(room, daily)
    assert max(link.probability for link in often) < once.probability


def test_nothing_in_nothing_out(room):
    assert linked(room, [], exposures=[]) == []


@pytest.mark.parametrize(
    ("text", "after", "probability", "expected"),
    [
        pytest.param("저는 결제한 적이 없습니다", timedelta(days=20), 0.9, 0.81, id="the bill told them"),
        pytest.param("저는 결제한 적이 없습니다", timedelta(days=46), 0.9, None, id="too long after"),
        pytest.param("저는 결제한 적이 없습니다", timedelta(minutes=-1), 0.9, None, id="before the payment"),
        pytest.param("집에서 신호가 자주 끊깁니다", timedelta(days=2), 0.9, None, id="about something else"),
        pytest.param("저는 결제한 적이 없습니다", timedelta(days=2), 0.4, None, id="the payment is not linked"),
    ],
)
def test_a_victim_who_complains_of_theft_without_naming_a_payment_is_understood(room, text, after, probability, expected):
    paid = START + minutes(5)
    links = linked(
        room,
        [complaint("C", paid + after, imsi=1, text=text)],
        [stolen("P", probability=probability)],
        bills=[payment("P", 1, paid)],
    )
    assert [link.probability for link in links] == ([pytest.approx(expected)] if expected else [])
