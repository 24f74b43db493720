from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellwarden.ingest.cells import NEGATIVE, TOO_WIDE, parse_cells


def read(*texts: str | None, notation: str = "auto") -> list[object]:
    values, verdict, _ = parse_cells(pa.array(texts, pa.string()), notation)
    return [verdict.reasons[code - 1] if code else value for value, code in zip(values.tolist(), verdict.codes, strict=True)]


def test_one_cell_in_every_notation():
    assert read("19753073", "0x12d6871", "0X12D6871", "77160-113", None, "0019753073", "0x00000000000012d6871", "00077160-0113") == [
        19753073, 19753073, 19753073, 19753073, 0, 19753073, 19753073, 19753073,
    ]  # fmt: skip


def test_only_enb_cell_names_a_macro_cell():
    _, _, is_macro = parse_cells(pa.array(["19753073", "0x12d6871", "77158-113", None, "1-"]))
    assert is_macro.tolist() == [False, False, True, False, False]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("-19753073", NEGATIVE),
        ("68719476736", TOO_WIDE),
        ("0x1000000000", TOO_WIDE),
        ("9" * 40, TOO_WIDE),
        ("0x" + "f" * 40, TOO_WIDE),
        ("1048576-0", "eNB id of more than 20 bits"),
        ("9" * 40 + "-1", "eNB id of more than 20 bits"),
        ("1-256", "cell of more than 8 bits"),
        ("12d6871", "not a cell number"),
        ("0x", "not a cell number"),
        ("1-2-3", "not a cell number"),
        ("1.0", "not a cell number"),
        ("+5", "not a cell number"),
        (" 5", "not a cell number"),
        ("\u0665", "not a cell number"),
    ],
)
def test_says_why_a_number_is_no_cell(text: str, why: str):
    assert read(text) == [why]
    assert read("0", text, "0x1", "1-1", None) == [0, why, 1, 257, 0]


def test_the_widest_cells_fit():
    assert read("68719476735", "0xFFFFFFFFF", "1048575-255", "0" * 40) == [(1 << 36) - 1, (1 << 36) - 1, (1 << 28) - 1, 0]


def test_a_stated_notation_is_the_only_one():
    assert read("12", "0x12", "1-2", notation="decimal") == [12, "not a decimal cell number", "not a decimal cell number"]
    assert read("12", "0x12", "1-2", notation="hex") == [18, 18, "not a hex cell number"]
    assert read("12", "0x12", "1-2", notation="enb-cell") == ["not an eNB id and a cell", "not an eNB id and a cell", 258]


@given(st.lists(st.integers(0, (1 << 36) - 1)))
def test_notations_round_trip(cells: list[int]):
    assert read(*map(str, cells)) == cells
    assert read(*map(hex, cells)) == cells
    small = [cell & (1 << 28) - 1 for cell in cells]
    assert read(*(f"{cell >> 8}-{cell & 255}" for cell in small)) == small
    mixed = [(str, hex)[index % 2](cell) for index, cell in enumerate(cells)]
    assert read(*mixed) == cells


@given(
    st.lists(st.none() | st.text("0123456789abcxX-. ", max_size=30)), st.sampled_from(["auto", "decimal", "hex", "enb-cell"])
)
def test_no_text_raises(texts: list[str | None], notation: str):
    assert len(read(*texts, notation=notation)) == len(texts)
