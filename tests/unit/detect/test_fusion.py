import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_records import HOME, OTHER_HOME, PLMN, at, minutes

from cellwarden.detect import unit_membership
from cellwarden.detect.detector import CellKey, Finding
from cellwarden.detect.explanations.explanation import Excuse
from cellwarden.detect.families import FAMILIES, SECOND
from cellwarden.detect.fusion import GRADES, PRIOR, UNCHECKED, Spell, Suspect, fused, log_odds_of, worth_spells

KEY, OTHER_KEY = (CellKey(PLMN, "lte", "home", cell) for cell in (HOME, OTHER_HOME))
START, END = at("05 10:00"), at("05 20:00")
ENOUGH = 10.0
"""Makes any spell rogue."""


def finding(name, weight, *, key=KEY, hand=None, from_at=START, to_at=END, known_at=START, **parameters):
    return Finding(
        detector=name, version=1, subject_kind="cell", subject=str(key), key=key, hand=hand, from_at=from_at, to_at=to_at, known_at=known_at,
        weight=weight, evidence={"en": name, "ko": name}, query="q.sql", parameters=parameters,
    )  # fmt: skip


def excuse(*names, share=1.0, key=KEY, hand=None, from_at=START, to_at=END, explanation="inventory_lag"):
    return Excuse(
        explanation=explanation,
        key=key,
        hand=hand,
        from_at=from_at,
        to_at=to_at,
        detectors=names,
        share=share,
        evidence={"en": "", "ko": ""},
    )


def spell(*, key=KEY, unit="unit-1", hands=("X1",), addresses=(), from_at=START, to_at=END):
    return Spell(
        key=key, unit=unit, hands=frozenset(hands), addresses=frozenset(addresses), from_at=from_at, to_at=to_at, events=9
    )


def judged(findings, excuses=(), spells=None):
    return fused(spells or [spell()], list(findings), list(excuses))


def weight_of(findings, excuses=(), **of_spell):
    """Return what speaks against one spell in all, after explanations."""
    suspects = judged([finding("base", ENOUGH), *findings], excuses, [spell(**of_spell)])
    return pytest.approx(suspects[0].log_odds - PRIOR.value - ENOUGH)


def test_adds_detectors_and_takes_the_strongest_of_each():
    assert weight_of([finding("a", 2.0), finding("a", 3.0), finding("a", 3.0), finding("b", 1.0)]) == 4.0


def test_what_weighs_nothing_or_belongs_elsewhere_adds_nothing():
    early, late = (finding(name, 1.0, from_at=at(day), to_at=at(day)) for name, day in (("a", "05 09:59"), ("b", "05 20:01")))
    assert weight_of([early, late, finding("c", 0.0), finding("d", 1.0, key=OTHER_KEY), finding("e", 1.0, hand="X9")]) == 0.0
    assert weight_of([finding("a", 1.0, from_at=END, to_at=END), finding("b", 1.0, from_at=START, to_at=START)]) == 2.0


def test_a_serial_in_two_places_speaks_of_the_place_whose_address_it_names():
    split = [finding("a", 1.0, hand="S1", source_ip="198.51.100.50")]
    assert weight_of(split, hands=["S1 at 198.51.100.50"], addresses=["198.51.100.50"]) == 1.0
    assert weight_of(split, hands=["S1 at 192.0.2.1"], addresses=["192.0.2.1"]) == 0.0
    assert weight_of([finding("a", 1.0, hand="S1")], hands=["S1 at 192.0.2.1"]) == 1.0


@given(weight=st.floats(0, 6), share=st.floats(0, 1))
def test_an_explanation_takes_its_share_of_what_it_accounts_for_and_no_more(weight, share):
    findings = [finding("a", weight), finding("b", 2.0)]
    assert weight_of(findings, [excuse("a", share=share)]) == weight * (1 - share) + 2.0
    assert weight_of(findings, [excuse("a", share=share), excuse("a", share=share / 2)]) == weight * (1 - share) + 2.0


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"key": OTHER_KEY},
        {"hand": "X9"},
        {"from_at": at("05 09:00"), "to_at": at("05 09:59")},
        pytest.param({"from_at": at("05 10:00"), "to_at": at("05 11:00")}, id="an hour of the spell, but not the finding's"),
    ],
)
def test_an_explanation_of_something_else_takes_nothing(elsewhere):
    assert weight_of([finding("a", 2.0, from_at=at("05 15:00"))], [excuse("a", **elsewhere)]) == 2.0


def test_what_explains_a_days_count_explains_it_in_the_evening_too():
    """A core restarts before dawn, the count is of the day, and a cell that is switched off by day has a spell of its own at night."""
    days_count = finding("a", 4.0, from_at=at("05 00:00"), to_at=at("05 23:59"))
    before_dawn = excuse("a", share=0.75, from_at=at("05 03:00"), to_at=at("05 04:00"))
    assert weight_of([days_count], [before_dawn], from_at=at("05 19:00"), to_at=at("06 08:00")) == 1.0


def test_what_explains_one_night_of_a_finding_of_many_days_leaves_the_other_nights():
    of_weeks = finding("a", 4.0, from_at=at("01 00:00"), to_at=at("14 00:00"))
    one_night = excuse("a", from_at=at("03 22:00"), to_at=at("04 08:00"))
    assert weight_of([of_weeks], [one_night]) == 4.0


def test_an_explanation_of_one_day_leaves_the_other_days_finding():
    """A restart excuses the night on which it was; what the same detector saw on the next one stands."""
    findings = [finding("a", 4.0, to_at=at("05 11:00")), finding("a", 3.0, from_at=at("05 15:00"))]
    assert weight_of(findings, [excuse("a", to_at=at("05 12:00"))]) == 3.0


@given(
    weights=st.dictionaries(st.sampled_from([*sorted(member for each in FAMILIES for member in each.members), "other"]), st.floats(0, 7)),
    lost=st.sets(st.sampled_from(sorted(member for each in FAMILIES for member in each.members))),
)  # fmt: skip
def test_what_is_missing_never_accuses_more(weights, lost):
    """A lost source silences detectors; an explanation that cannot be asked leaves its findings lighter."""

    def log_odds(findings, unchecked=()):
        (found,) = fused([spell()], [finding("base", 9.0), *findings], [], unchecked=unchecked)
        return found.log_odds

    findings = [finding(name, weight) for name, weight in weights.items()]
    whole = log_odds(findings)
    assert log_odds([each for each in findings if each.detector not in lost]) <= whole + 1e-9
    assert log_odds(findings, lost) <= whole + 1e-9


def test_what_could_not_be_checked_loses_its_stated_share():
    (found,) = fused([spell()], [finding("base", ENOUGH), finding("a", 2.0)], [], unchecked=["a", "b"])
    assert found.log_odds == pytest.approx(PRIOR.value + ENOUGH + 2.0 * (1 - UNCHECKED.value))


def test_two_witnesses_of_one_fact_do_not_count_twice():
    assert weight_of([finding("unregistered_cell", 5.0), finding("revived_cell", 3.0)]) == 5.0 + 3.0 * SECOND.value
    assert weight_of([finding("unregistered_cell", 5.0), finding("foreign_source", 3.0)]) == 8.0


def test_an_explanation_of_every_cell_holds_for_this_one():
    assert weight_of([finding("a", 2.0)], [excuse("a", key=None)]) == 0.0


def graded(log_odds, *, unexplained=None, excuses=()):
    unexplained = log_odds if unexplained is None else unexplained
    return Suspect(spell=spell(), findings=[], excuses=list(excuses), log_odds=log_odds, unexplained_log_odds=unexplained).grade


def suspect_of_score(score):
    class Scored(Suspect):
        @property
        def score(self):
            return score

    return Scored(spell=spell(), findings=[], excuses=[], log_odds=0.0, unexplained_log_odds=-9.0)


@pytest.mark.parametrize(
    ("score", "grade"), [(0.9, "rogue"), (math.nextafter(0.9, 0), "suspect"), (0.5, "suspect"), (math.nextafter(0.5, 0), "review"), (0.1, "review"), (math.nextafter(0.1, 0), "")]
)  # fmt: skip
def test_grades_begin_exactly_at_their_bounds(score, grade):
    assert suspect_of_score(score).grade == grade


def test_explained_is_what_was_worth_a_review_and_has_an_explanation():
    review = log_odds_of(GRADES["review"])
    assert graded(-9.0, unexplained=review, excuses=[excuse("a")]) == "explained"
    assert graded(-9.0, unexplained=review - 0.01, excuses=[excuse("a")]) == ""
    assert graded(-9.0, unexplained=review) == ""


def test_is_explained_by_what_takes_away_most():
    findings = [finding("a", 5.0), finding("b", 6.0)]
    (found,) = judged(findings, [excuse("a", explanation="lesser"), excuse("b", explanation="greater")])
    assert (found.grade, found.explained_by) == ("explained", "greater")


def test_a_spell_of_no_weight_is_worth_no_line():
    assert judged([finding("a", 1.0)]) == []
    assert judged([]) == []
    assert fused([], [finding("a", 9.0)], []) == []


@pytest.mark.parametrize(
    ("weight", "unit", "vouching", "read"),
    [
        pytest.param(4.9, "unit-2", 20.0, True, id="worth a review alone"),
        pytest.param(4.7, "unit-2", 20.0, False, id="nothing alone"),
        pytest.param(4.7, "unit-1", 20.0, True, id="the hardware of what could be rogue"),
        pytest.param(4.7, "unit-1", 9.0, False, id="the hardware of what could not"),
    ],
)
def test_reads_rows_of_those_only_whom_they_could_give_a_line(weight, unit, vouching, read):
    units = {(KEY, "X1"): "unit-1", (OTHER_KEY, "X2"): unit}
    assert worth_spells({KEY: vouching, OTHER_KEY: weight}, units) == [KEY, *([OTHER_KEY] if read else [])]


class TestAlert:
    """`alert_at`: what was known by then already gave grade suspect."""

    def test_comes_when_the_evidence_known_by_then_suffices(self):
        (found,) = judged(
            [
                finding("a", 4.0, known_at=at("05 12:00")),
                finding("b", 4.0, known_at=at("05 14:00")),
                finding("c", 4.0, known_at=at("09 00:00")),
            ]
        )
        assert found.alert_at == at("05 14:00")

    def test_never_lies_before_the_first_row(self):
        (found,) = judged([finding("a", ENOUGH, known_at=START - minutes(60), from_at=START - minutes(60))])
        assert found.alert_at == START

    def test_an_explained_part_does_not_alert(self):
        findings = [finding("a", 6.0, known_at=at("05 11:00")), finding("b", 9.0, known_at=at("05 13:00"))]
        (found,) = judged(findings, [excuse("a")])
        assert found.alert_at == at("05 13:00")

    def test_there_is_none_below_suspect(self):
        (found,) = judged([finding("a", 6.0)])
        assert (found.grade, found.alert_at) == ("review", None)

    @given(st.lists(st.tuples(st.floats(0.01, 6), st.integers(0, 600)), min_size=2, max_size=8))
    def test_is_never_hindsight(self, steps):
        """Adding up what was known by the alert gives at least even odds; what was known before it does not."""
        findings = [
            finding(f"d{number}", weight, known_at=START + minutes(after)) for number, (weight, after) in enumerate(steps)
        ]
        for found in judged(findings):
            if found.alert_at is None:
                continue
            known = PRIOR.value + sum(each.weight for each in findings if each.known_at <= found.alert_at)
            before = PRIOR.value + sum(each.weight for each in findings if each.known_at < found.alert_at)
            assert known >= -1e-9
            assert before < 1e-9

    @pytest.mark.parametrize("order", [1, -1])
    def test_a_weak_id_is_alerted_on_once_the_other_was_rogue_not_merely_suspect(self, order):
        strong = [finding("a", 7.5, known_at=at("05 11:00")), finding("b", 3.0, known_at=at("05 13:00"))]
        weak = [finding("a", 4.0, key=OTHER_KEY, known_at=at("05 10:30"))]
        found = judged([*strong, *weak], (), [spell(), spell(key=OTHER_KEY)][::order])
        assert {each.spell.key: each.alert_at for each in found} == {KEY: at("05 11:00"), OTHER_KEY: at("05 13:00")}


class TestCompany:
    """What the other ids of the same hardware add."""

    STRONG = finding("a", ENOUGH)
    WEAK = finding("a", 4.0, key=OTHER_KEY)

    def found(self, findings, *, excuses=(), units=("unit-1", "unit-1")):
        spells = [spell(unit=units[0]), spell(key=OTHER_KEY, unit=units[1])]
        return {each.spell.key: each for each in judged(findings, excuses, spells)}

    def test_a_rogue_vouches_against_the_weak_ids_of_its_unit(self):
        found = self.found([self.STRONG, self.WEAK])
        assert found[OTHER_KEY].lifted_by is found[KEY]
        assert found[OTHER_KEY].log_odds == PRIOR.value + 4.0 + unit_membership.LIFT.value
        assert found[OTHER_KEY].detectors == ["a", "unit_membership"]

    def test_not_against_those_of_another_unit(self):
        assert KEY in self.found([self.STRONG, self.WEAK], units=("unit-1", "unit-2"))
        assert OTHER_KEY not in self.found([self.STRONG, self.WEAK], units=("unit-1", "unit-2"))

    def test_a_suspect_or_an_excused_rogue_vouches_for_nobody(self):
        assert OTHER_KEY not in self.found([finding("a", 8.0), self.WEAK])
        assert OTHER_KEY not in self.found([finding("a", 20.0), finding("b", 1.0), self.WEAK], excuses=[excuse("b")])

    def test_two_weak_ids_do_not_lift_each_other(self):
        assert self.found([finding("a", 6.0), finding("a", 6.0, key=OTHER_KEY)])[KEY].lifted_by is None

    def test_another_spell_of_the_same_id_does_not_vouch(self):
        spells = [spell(), spell(from_at=at("09 10:00"), to_at=at("09 20:00"))]
        found = judged([self.STRONG, finding("a", 5.5, from_at=at("09 10:00"), to_at=at("09 20:00"))], (), spells)
        assert [each.lifted_by for each in found] == [None, None]

    def test_accused_ids_of_nameless_hardware_that_relieve_each_other_are_one_unit(self):
        def nights(key, unit, hour, hand):
            return [spell(key=key, unit=unit, hands=[hand], from_at=at(f"{day} {hour}:00"), to_at=at(f"{day} {hour}:50")) for day in ("05", "06")]  # fmt: skip

        def labels(hand):
            evidence = [finding("a", ENOUGH, key=each, to_at=at("07 00:00")) for each in (KEY, OTHER_KEY)]
            spells = [*nights(KEY, "unit-1", 12, "inner 10.0.0.1"), *nights(OTHER_KEY, "unit-2", 13, hand)]
            return {each.spell.unit for each in judged(evidence, (), spells)}

        assert labels("inner 10.0.0.2") == {"unit-1"}
        assert labels("X2") == {"unit-1", "unit-2"}, "its serial is known, and another"

    def test_an_honest_neighbour_of_an_accused_unit_is_not_pulled_in(self):
        """It begins each night where the van has just left; but nothing accuses it on its own."""
        van = [spell(hands=["inner 1"], from_at=at(f"{day} 12:00"), to_at=at(f"{day} 12:50")) for day in ("05", "06")]
        home = [spell(key=OTHER_KEY, unit="unit-2", hands=["inner 2"], from_at=at(f"{day} 13:00"), to_at=at(f"{day} 13:50")) for day in ("05", "06")]  # fmt: skip
        evidence = [finding("a", ENOUGH, to_at=at("07 00:00")), finding("b", 6.0, key=OTHER_KEY, to_at=at("07 00:00"))]
        found = judged(evidence, (), [*van, *home])
        assert {(each.spell.key, each.spell.unit, each.grade) for each in found} == {
            (KEY, "unit-1", "rogue"),
            (OTHER_KEY, "unit-2", "review"),
        }
