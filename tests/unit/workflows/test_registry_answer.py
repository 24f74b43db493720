"""Answers that are understood, and those that are not taken."""

import json

import pytest
from made_up_answers import change, everything, row
from made_up_units import NOW, later

from cellwarden.foundation.clock import iso
from cellwarden.foundation.errors import MalformedInputError
from cellwarden.workflows.registry_answer import read_answer


def read(answer, **more):
    return read_answer(json.dumps(answer).encode(), NOW, where="hems", **more)


def test_a_change_tells_every_row_of_a_unit_and_who_is_gone():
    told = read(change(row(1), row(1, cell=2001), gone=["henb2"]))
    assert (told.cursor, told.is_whole, told.gone) == ("2", False, ("henb2",))
    assert [(each.equipment_id, each.cell, each.tac, each.lat) for each in told.versions] == [
        ("henb1", 1001, 7, 37.5),
        ("henb1", 2001, 7, 37.5),
    ]


def test_a_clock_that_is_ahead_makes_no_registry_that_never_grows_stale():
    assert read(everything(as_of=iso(later(days=3650)))).as_of == NOW


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"", "not an answer"),
        (b"[" * 100_000, "not an answer"),
        ([], "not an answer"),
        (everything(cursor=""), "not an answer"),
        (everything(cursor=7), "not an answer"),
        (everything(as_of="2025-09-05T12:00:00"), "not an answer"),
        (everything(whole="yes"), "not an answer"),
        (everything(equipment=["henb1"]), "not an answer"),
        (everything(gone=[7]), "not an answer"),
        (everything(cursor="\ud800"), "not an answer"),
        (everything(row(1, vendor="\ud800")), "half a character"),
        (everything(as_of="9999-12-31T23:59:59-12:00"), "not an answer"),
        (everything(equipment=[]), "shut out every one"),
        (change(row(1)), "asked for everything"),
        (everything(row(1), gone=["henb1"]), "gone at once"),
        (everything(row(1), row(2, status="asleep")), "1 of 2 rows are not understood (status"),
        (everything(row(1, cell="x")), "1 of 1 rows are not understood (cell"),
        (everything(row(1, equipment_id=None)), "1 of 1 rows are not understood (equipment_id"),
        (everything(row(1, source_networks="nowhere")), "1 of 1 rows are not understood (source_networks"),
    ],
)
def test_an_answer_is_understood_as_a_whole_or_not_taken(answer, words):
    content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    with pytest.raises(MalformedInputError) as caught:
        read_answer(content, NOW, where="hems", is_first=True)
    assert words in str(caught.value)
