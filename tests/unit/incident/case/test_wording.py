"""What people write goes into a log for good: no subscriber's number gets in."""

import pytest

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.incident.case.wording import checked_words


@pytest.mark.parametrize(
    "text",
    ["call 01012345678", "010-1234-5678", "+82 10 1234 5678", "imsi 450081234567890", "(02-123-4567)", "imei:356938035643809"],
)
def test_what_reads_like_a_number_is_refused_and_not_repeated(text):
    with pytest.raises(MalformedInputError, match="subscriber's number") as caught:
        checked_words(text, where="what")
    assert "1234" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "blocked 2025-09-05 03:00",
        "20250905-0300",
        "cell 0x12d6871, 22,227 people",
        "pseudonym 00ab12cd34ef5678",
        "work order 77158-113",
    ],
)
def test_dates_cells_and_counts_stay(text):
    assert checked_words(f" {text} ", where="what") == text


@pytest.mark.parametrize(("text", "fix"), [("  ", "few words"), ("x" * 4001, "file")])
def test_length_has_bounds(text, fix):
    with pytest.raises(MalformedInputError, match=fix):
        checked_words(text, where="what")
