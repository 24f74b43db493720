from dataclasses import replace

import numpy as np

from cellwarden.simulate.deceptions import deceived
from cellwarden.simulate.happening import Happenings
from cellwarden.simulate.payments import CATEGORIES
from cellwarden.simulate.scenario import Confounder


def test_a_wave_buys_vouchers_within_days_and_is_disputed(town):
    what = Happenings()
    (found,) = deceived(town[1], replace(town[0], confounders=(Confounder("B19"),)), what)
    assert set(found.category) == {CATEGORIES.index("gift_card")}
    assert np.ptp(found.at) < 4 * 86_400
    assert not np.isnan(found.disputed_at).any()
    assert set(found.capture) == {-1}
    assert [row["code"] for row in what.confounders] == ["B19"]


def test_quarrels_are_spread_over_the_window(town):
    (found,) = deceived(town[1], replace(town[0], confounders=(Confounder("B20"),)), Happenings())
    assert set(found.category) == {CATEGORIES.index("games")}
    assert found.at.min() >= 0


def test_nothing_happens_unasked(town):
    assert deceived(town[1], replace(town[0], confounders=()), Happenings()) == []
