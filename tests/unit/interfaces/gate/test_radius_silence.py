from datetime import timedelta

from made_up_units import later

from cellwarden.interfaces.gate.radius_silence import Silence

FIRST, SECOND, ELSEWHERE = "segw-1\ts1", "segw-1\ts2", "segw-2\ts1"


def at(minutes):
    return later(minutes=minutes)


def told(silence, *keys, minutes):
    for minute in minutes:
        for key in keys:
            silence.hear("segw", key, at(minute))


def test_a_session_that_three_updates_are_missing_of_is_silent_once():
    silence = Silence(300)
    told(silence, FIRST, SECOND, minutes=(0, 5))
    told(silence, SECOND, minutes=(10, 15, 20))
    assert silence.fallen_silent(at(20)) == []
    told(silence, SECOND, minutes=(25,))
    assert silence.fallen_silent(at(25)) == [("segw", FIRST)]
    assert silence.fallen_silent(at(60)) == []


def test_a_session_has_its_own_rhythm():
    """Its gateway was configured to tell once an hour, whatever it was asked for."""
    silence = Silence(300)
    told(silence, FIRST, minutes=(0, 60))
    told(silence, SECOND, minutes=range(60, 240, 5))
    assert silence.fallen_silent(at(239)) == []
    told(silence, SECOND, minutes=range(240, 260, 5))
    assert silence.fallen_silent(at(259)) == [("segw", FIRST)]


def test_a_session_that_was_told_of_once_is_expected_no_more():
    silence = Silence(300)
    told(silence, FIRST, minutes=(0,))
    told(silence, SECOND, minutes=range(0, 100, 5))
    assert silence.fallen_silent(at(100)) == []


def test_a_gateway_that_was_cut_off_ends_nobody():
    silence = Silence(300)
    told(silence, FIRST, SECOND, minutes=(0, 5))
    assert silence.fallen_silent(at(100)) == []
    told(silence, SECOND, minutes=(120,))
    assert silence.fallen_silent(at(120)) == [], "the first has its turn yet"
    told(silence, SECOND, minutes=(125, 130, 135))
    assert silence.fallen_silent(at(135)) == []
    told(silence, SECOND, minutes=(140,))
    assert silence.fallen_silent(at(140)) == [("segw", FIRST)]


def test_another_gateway_behind_the_same_proxy_says_nothing_of_it():
    silence = Silence(300)
    told(silence, FIRST, minutes=(0, 5))
    told(silence, ELSEWHERE, minutes=range(0, 100, 5))
    assert silence.fallen_silent(at(100)) == []


def test_a_session_that_has_stopped_is_expected_no_more():
    silence = Silence(300)
    told(silence, FIRST, SECOND, minutes=(0, 5))
    silence.forget("segw", FIRST)
    told(silence, SECOND, minutes=range(10, 60, 5))
    assert silence.fallen_silent(at(60)) == []


def test_it_looks_once_an_interval():
    silence = Silence(300)
    told(silence, FIRST, SECOND, minutes=(0, 5))
    told(silence, SECOND, minutes=(10, 15, 20))
    assert silence.fallen_silent(at(20)) == []
    told(silence, SECOND, minutes=(22,))
    assert silence.fallen_silent(at(22) + timedelta(seconds=1)) == []
