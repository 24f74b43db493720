"""Show the shape of a value, never the value."""

import re

from hypothesis import given
from hypothesis import strategies as st

from cellwarden.foundation.redaction import mask_digits, redact


def test_redact_keeps_the_beginning_and_the_length():
    assert redact("450080000000001") == "45008…(15)"
    assert redact("45008") == "45008"
    assert redact("821012345678", keep=2) == "82…(12)"


def test_five_digits_stay_and_six_do_not():
    assert mask_digits("cause 12345, line 123456, then 1234567.") == "cause 12345, line ######, then #######."


@given(st.text(st.sampled_from("0123456789٣\uff13 ,-x한")))
def test_no_run_of_six_digits_survives_in_any_script(text):
    masked = mask_digits(text)
    assert re.search(r"\d{6,}", masked) is None
    assert len(masked) == len(text)


@given(st.text())
def test_what_is_no_digit_stays_as_it_is(text):
    assert re.sub(r"[\d#]", "", mask_digits(text)) == re.sub(r"[\d#]", "", text)


@given(st.text(st.sampled_from("0123456789"), min_size=6, max_size=16))
def test_an_identifier_is_never_readable_after_redaction(identifier):
    assert identifier not in redact(identifier)
    assert identifier not in mask_digits(f"x{identifier}y")
