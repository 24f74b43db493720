import itertools
import math
import os
import subprocess
import sys

import numpy as np
import pytest
from made_up_records import HOME, MACRO, OTHER_HOME, accused, at, card, complaint, minutes, payment, touch
from scipy.optimize import minimize
from scipy.stats import poisson

from cellwarden.detect.detector import CellKey, Surroundings
from cellwarden.detect.fusion import GRADES, PRIOR, log_odds_of
from cellwarden.detect.victims.common_cell_of_victims import shared_blame
from cellwarden.records.operator import Operator

DETECTOR = card("common_cell_of_victims")
CHANCE = DETECTOR.threshold("chance_rate")
START = at("05 10:00")
PAID = START + minutes(30)


def place(number):
    return CellKey("00101", "lte", "home", number), "X1"


def likelihood(rates, cells, victims):
    """Log likelihood of who fell victim: Poisson with a victim's rate the sum of its cells' rates and chance."""
    total = -sum(rate * cells[each][1] for rate, each in zip(rates, cells, strict=True))
    for victim in victims:
        total += math.log(CHANCE + sum(rate for rate, each in zip(rates, cells, strict=True) if victim in cells[each][0]))
    return total


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param({1: ([1, 2, 3, 4], 20)}, id="one-cell"),
        pytest.param({1: ([1, 2, 3, 4], 20), 2: ([1, 2, 3, 4], 4000)}, id="a-guilty-cell-and-a-mast"),
        pytest.param({1: ([1, 2, 3], 20), 2: ([4, 5, 6], 30), 3: ([1, 2, 3, 4, 5, 6], 3000)}, id="two-guilty-cells-and-a-mast"),
        pytest.param({1: ([1, 2, 3], 30), 2: ([3, 4], 40), 3: ([1, 4, 5], 60)}, id="overlapping"),
    ],
)
def test_shared_blame_is_the_most_likely_one(cells):
    """Against a general-purpose maximiser started at several points."""
    named = {place(number): content for number, content in cells.items()}
    victims = {victim for ours, _ in cells.values() for victim in ours}
    best = max(
        (
            minimize(lambda rates: -likelihood(np.abs(rates), named, victims), start, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 20_000})
            for start in itertools.product((0.001, 0.1), repeat=len(cells))
        ),
        key=lambda result: -result.fun,
    )  # fmt: skip
    blame = shared_blame(named, chance=CHANCE)
    found = [blame[each] / named[each][1] for each in named]
    assert likelihood(found, named, victims) == pytest.approx(-best.fun, abs=0.05)


def test_what_everybody_passes_takes_no_blame_and_the_guilty_cell_takes_it():
    victims = list(range(10))
    blame = shared_blame({place(1): (victims, 40), place(2): (victims, 5000), place(3): (victims[:6], 2000)}, chance=CHANCE)
    assert blame[place(1)] > 9.5
    assert blame[place(2)] + blame[place(3)] < 0.5


def test_blame_is_never_more_than_the_victims():
    cells = {place(number): (list(range(number, number + 3)), 10) for number in range(5)}
    blame = shared_blame(cells, chance=CHANCE)
    assert 0 < sum(blame.values()) <= 7
    assert shared_blame({}, chance=CHANCE) == {}
    assert shared_blame({place(1): ([1, 1, 1], 0)}, chance=CHANCE)[place(1)] <= 1


def rows(victims, visitors, number=HOME, known_at=PAID):
    return [
        {"imsi": victim, "plmn": "00101", "rat": "lte", "cell_type": "home", "cell": number, "hand": "X1", "subscribers": visitors,
         "from_at": START, "to_at": START, "known_at": known_at + minutes(victim)}
        for victim in range(victims)
    ]  # fmt: skip


def weighed(rows):
    return [finding.weight for finding in DETECTOR.judge(DETECTOR, rows, Surroundings(operator=Operator()))]


def test_the_weight_is_the_poisson_ratio_less_the_price_of_looking():
    (weight,) = weighed(rows(3, 900))
    blame = shared_blame({place(HOME): (list(range(3)), 900)}, chance=CHANCE)[place(HOME)]
    ratio = blame * math.log(blame / (900 * CHANCE)) - blame + 900 * CHANCE
    assert weight == pytest.approx(ratio)
    exact = poisson.logpmf(3, 3) - poisson.logpmf(3, 900 * CHANCE)
    assert poisson.logpmf(2, 2) - poisson.logpmf(2, 900 * CHANCE) < weight < exact


def test_the_weight_grows_with_victims_and_falls_with_visitors():
    assert weighed(rows(3, 900))[0] < weighed(rows(4, 900))[0]
    assert sum(weighed(rows(3, 2000))) < weighed(rows(3, 900))[0]


def test_complaints_can_be_bought_so_alone_it_does_not_accuse():
    (weight,) = weighed(rows(50, 60))
    assert weight == DETECTOR.threshold("max_weight")
    assert PRIOR.value + weight < log_odds_of(GRADES["suspect"])


def test_is_known_once_enough_victims_have_disputed():
    (finding,) = DETECTOR.judge(DETECTOR, rows(5, 20), Surroundings(operator=Operator()))
    assert finding.known_at >= PAID + minutes(3)


def visit(cell, imsi, when=START, **more):
    return touch(cell, imsi, when, **more)


def disputed(count, **more):
    return [payment(f"P{number}", number, PAID, disputed_at=at("07 09:00"), **more) for number in range(count)]


CROWD = [visit(MACRO, number, cell_type="macro", source=None) for number in range(60)]


@pytest.mark.parametrize(
    ("access", "payments", "expected"),
    [
        pytest.param([visit(HOME, number) for number in range(6)], disputed(6), [HOME], id="rogue"),
        pytest.param([visit(HOME, number) for number in range(6)], disputed(2), [], id="rogue:blame-just-below-two"),
        pytest.param([visit(HOME, number) for number in range(6)], [payment(f"P{n}", n, PAID) for n in range(6)], [], id="innocent:nobody-disputes"),
        pytest.param([visit(HOME, number, PAID - minutes(48 * 60 + 1)) for number in range(6)], disputed(6), [], id="innocent:two-days-and-a-minute-before"),
        pytest.param([visit(HOME, number, PAID + minutes(1)) for number in range(6)], disputed(6), [], id="innocent:after-the-payment"),
        pytest.param([visit(HOME, number) for number in range(6)], disputed(1) * 6, [], id="innocent:one-dispute-told-six-times"),
        pytest.param([visit(HOME, None) for _ in range(6)], disputed(6), [], id="innocent:nobody-known"),
    ],
)  # fmt: skip
def test_reports_the_cell_that_accounts_for_disputed_payments(room, access, payments, expected):
    found = accused(room.findings(DETECTOR, access=[*CROWD, *access], payments=payments))
    assert [cell for cell in found if cell == HOME] == expected


def test_a_neighbour_whom_the_same_victims_pass_is_spared(room):
    access = [
        *CROWD,
        *(visit(HOME, number) for number in range(6)),
        *(visit(OTHER_HOME, number, source="10.0.0.2") for number in range(60)),
    ]
    found = room.findings(DETECTOR, access=access, payments=disputed(6))
    assert accused(found) == [HOME]
    assert "6 were on it" in found[0].evidence["en"]
    assert "방문자 6명" in found[0].evidence["ko"]


def test_a_news_day_on_which_everybody_complains_names_no_cell(room):
    """Thirty disputes of people from thirty homes have nothing in common but the mast."""
    access = [*CROWD, *(visit(OTHER_HOME + number, number, source=f"10.0.1.{number}") for number in range(30))]
    crowd = [visit(MACRO, number, START, cell_type="macro", source=None) for number in range(60, 400)]
    found = room.findings(DETECTOR, access=[*access, *crowd], payments=disputed(30))
    assert [cell for cell in accused(found) if cell != MACRO] == []
    assert all(PRIOR.value + finding.weight < log_odds_of(GRADES["suspect"]) for finding in found)


def test_a_complaint_that_names_the_payment_disputes_it(room):
    payments = [payment(f"P{number}", number, PAID) for number in range(6)]
    complaints = [complaint(f"C{number}", at("06 09:00"), payment_id=f"P{number}") for number in range(6)]
    (finding,) = room.findings(DETECTOR, access=[visit(HOME, n) for n in range(6)], payments=payments, complaints=complaints)
    assert finding.known_at == at("06 09:00")


def test_no_records_no_findings(room):
    assert room.findings(DETECTOR) == []
    assert room.findings(DETECTOR, payments=disputed(6)) == []


OVERLAPPING = """
from cellwarden.detect.detector import CellKey
from cellwarden.detect.victims.common_cell_of_victims import shared_blame

cells = {(CellKey("00101", "lte", "home", n), f"S{n}"): ([v for v in range(40) if (v * 7 + n * 3) % 5 < 2], 50 + n * 13) for n in range(12)}
print(list(shared_blame(cells, chance=0.0005).values()))
"""


def test_blame_is_the_same_to_the_last_digit_in_every_process():
    """Each process has its own order of sets, and sums of fractions differ with the order."""
    told = {
        subprocess.run(
            [sys.executable, "-c", OVERLAPPING], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(told) == 1
