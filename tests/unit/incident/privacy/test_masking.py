"""What is hidden, what is kept, and that one person keeps one name."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellwarden.incident.privacy.masking import PSEUDONYM, Mask

ONE, TWO = "00000000deadbeef", "0123456789012345"
SHA = "ab12" * 16


@pytest.mark.parametrize(
    ("words", "masked"),
    [
        ("call 01012345678 back", "call ########### back"),
        ("call 010-1234-5678 or +82 10 1234 5678", "call ###-####-#### or +## ## #### ####"),
        ("IMSI 001010000000001", "IMSI ###############"),
        ("from 203.0.113.77 and 192.0.2.0/24", "from 203.0.113.x and 192.0.2.x/24"),
        ("write to kim.gildong@example.com", "write to …@…"),
        ("cell 0x12d6871 at 2025-08-05T03:00:00.123456Z", "cell 0x12d6871 at 2025-08-05T03:00:00.123456Z"),
        (f"hash {SHA}", f"hash {SHA}"),
        ("5,561 then 20,030 people, 45008", "5,561 then 20,030 people, 45008"),
        (f"{ONE} called, {TWO} did not, {ONE} again", "person-1 called, person-2 did not, person-1 again"),
    ],
)
def test_identifiers_are_hidden_and_figures_cells_hashes_and_times_stay(words, masked):
    assert Mask()(words) == masked


def test_lists_keys_and_values_are_masked_and_numbers_and_instants_stay():
    at = datetime(2025, 9, 5, tzinfo=UTC)
    content = {"people": [ONE, TWO], ONE: {"what": "01012345678", "rows": 123456789, "at": at, "none": None}}
    assert Mask()(content) == {"people": ["person-1", "person-2"], "person-1": {"what": "###########", "rows": 123456789, "at": at, "none": None}}  # fmt: skip


def test_only_whoever_is_revealed_has_a_name_and_a_mask_shows_none():
    mask = Mask(revealed={TWO: "001010000000002"})
    assert mask([ONE, TWO]) == ["person-1", "001010000000002"]
    assert "001010000000002" not in repr(mask)
    assert TWO not in repr(mask)


@given(st.lists(st.integers(min_value=0, max_value=2**64 - 1), min_size=1, max_size=6), st.text(max_size=40))
def test_no_pseudonym_survives_and_masking_is_stable(numbers, between):
    names = [f"{number:016x}" for number in numbers]
    words = f" {between.replace('_', ' ')} ".join(names)
    mask = Mask()
    shown = mask(words)
    assert not [name for name in names if name in PSEUDONYM.findall(shown)]
    assert mask(words) == shown
