from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_truth import FIRST, HONEST, NAMED, lines, suspect

from cellwarden.evaluate.grouping import adjusted_rand_index, b_cubed, grouping

PARTITIONS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=25)


def b_cubed_by_hand(pairs):
    """Follow the definition, item by item."""
    precisions, recalls = [], []
    for true, label in pairs:
        same_label = [other for other in pairs if other[1] == label]
        same_true = [other for other in pairs if other[0] == true]
        precisions.append(sum(other[0] == true for other in same_label) / len(same_label))
        recalls.append(sum(other[1] == label for other in same_true) / len(same_true))
    return sum(precisions) / len(pairs), sum(recalls) / len(pairs)


def rand_by_hand(pairs):
    """Count pairs of items that are together in both, in one, in none (Hubert and Arabie's four cells)."""
    a = b = c = d = 0
    for one, other in combinations(pairs, 2):
        is_true, is_label = one[0] == other[0], one[1] == other[1]
        a += is_true and is_label
        b += is_true and not is_label
        c += is_label and not is_true
        d += not is_true and not is_label
    below = (a + b) * (b + d) + (a + c) * (c + d)
    return 1.0 if below == 0 else 2 * (a * d - b * c) / below


@given(PARTITIONS)
def test_b_cubed_follows_its_definition(pairs):
    assert b_cubed(pairs) == pytest.approx(b_cubed_by_hand(pairs))


@given(PARTITIONS)
def test_the_rand_index_is_that_of_all_pairs(pairs):
    assert adjusted_rand_index(pairs) == pytest.approx(rand_by_hand(pairs), abs=1e-9)


@given(PARTITIONS)
def test_names_of_labels_do_not_matter(pairs):
    renamed = [(true, f"unit-{7 - label}") for true, label in pairs]
    assert b_cubed(renamed) == pytest.approx(b_cubed(pairs))
    assert adjusted_rand_index(renamed) == pytest.approx(adjusted_rand_index(pairs))


def test_a_small_case_computed_by_hand():
    pairs = [("A", 1), ("A", 1), ("B", 1), ("B", 2)]
    # precision: 2/3, 2/3, 1/3, 1; recall: 1, 1, 1/2, 1/2
    assert b_cubed(pairs) == (pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4), pytest.approx(3 / 4))
    # together in both: 1; true pairs 2, label pairs 3, of 6; expected 2 * 3 / 6 = 1
    assert adjusted_rand_index(pairs) == pytest.approx(0.0)


def test_ids_of_one_box_under_one_label_are_right():
    told = grouping(lines(NAMED))
    assert (told["ids"], told["true_units"], told["labels"]) == (3, 2, 2)
    assert told["b_cubed_f1"] == told["adjusted_rand_index"] == 1.0


def test_two_boxes_under_one_label_cost_precision():
    told = grouping(lines([row | {"unit": "unit-1"} for row in NAMED]))
    assert told["b_cubed_recall"] == 1.0
    assert told["b_cubed_precision"] == pytest.approx((2 / 3 + 2 / 3 + 1 / 3) / 3)


def test_one_box_under_two_labels_costs_recall():
    told = grouping(lines([NAMED[0], NAMED[1] | {"unit": "unit-9"}, NAMED[2]]))
    assert told["b_cubed_precision"] == 1.0
    assert told["b_cubed_recall"] == pytest.approx((0.5 + 0.5 + 1) / 3)


def test_an_id_torn_between_two_labels_costs_recall():
    torn = [suspect(FIRST, "05 16:05", "05 16:30"), suspect(FIRST, "05 17:05", "05 17:30", unit="unit-7")]
    assert grouping(lines(torn))["b_cubed_recall"] == 0.5


def test_an_honest_cell_under_a_rogues_label_costs_precision():
    told = grouping(lines([NAMED[0], NAMED[1], suspect(HONEST, "05 16:00", "05 17:00")]))
    assert told["true_units"] == 2
    assert told["b_cubed_precision"] < 1


def test_nobody_accused_has_no_grouping():
    told = grouping(lines([NAMED[0] | {"grade": "review"}]))
    assert (told["b_cubed_f1"], told["adjusted_rand_index"]) == (None, None)
