from dataclasses import replace

import numpy as np

from cellwarden.simulate.attacks import plan_attacks
from cellwarden.simulate.beside import ENTRY_IMSI, ENTRY_REJECTED
from cellwarden.simulate.catching import catch, entries
from cellwarden.simulate.comings import Comings
from cellwarden.simulate.scenario import Attack


def caught(town, **how):
    wanted, world, _ = town
    attacks = plan_attacks(world, replace(wanted, attacks=(Attack(nights=5, **how),) if how is not None else ()), 4e5)
    return world, attacks, catch(world, attacks, Comings.none().stays())


def test_the_caught_are_at_the_stop_while_it_lasts(town):
    _, attacks, captures = caught(town)
    assert len(captures.who) > 20
    for who, first, last, number in zip(captures.who, captures.from_at, captures.to_at, captures.stop, strict=True):
        stop = attacks.plan.stops[number]
        assert stop.from_at < first < last < stop.to_at, who


def test_nobody_is_in_two_places_at_once(town):
    _, _, captures = caught(town)
    same = captures.who[1:] == captures.who[:-1]
    assert (captures.from_at[1:][same] > captures.to_at[:-1][same]).all()


def test_the_share_that_shows_the_imsi_is_what_was_asked_for(town):
    for share, low, high in ((0.28, 0.15, 0.42), (0.9, 0.8, 1.0), (0.005, 0.0, 0.04)):
        world, attacks, captures = caught(town, imsi_share=share)
        entry, clear, _, _ = entries(world, attacks, captures)
        assert low <= np.isin(entry, (ENTRY_IMSI, ENTRY_REJECTED)).mean() <= high
        assert share >= 0.05 or not clear.any()


def test_by_person_who_shows_the_imsi_shows_it_whenever_caught(town):
    world, attacks, captures = caught(town, imsi_share=0.5, by_person=True)
    entry, *_ = entries(world, attacks, captures)
    shown = np.isin(entry, (ENTRY_IMSI, ENTRY_REJECTED))
    times = [shown[captures.who == who] for who in np.unique(captures.who)]
    assert max(len(each) for each in times) > 1
    assert all(each.all() or not each.any() for each in times)


def test_without_a_unit_nobody_is_caught(town):
    wanted, world, _ = town
    attacks = plan_attacks(world, replace(wanted, attacks=()), 4e5)
    captures = catch(world, attacks, Comings.none().stays())
    assert not len(captures.who)
    assert [len(column) for column in entries(world, attacks, captures)] == [0, 0, 0, 0]
