"""Errors that teach: where, what, what to do next."""

import re

import pytest

from cellwarden.foundation import errors
from cellwarden.foundation.errors import CellwardenError, MalformedInputError

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, CellwardenError)]


def test_an_error_reads_as_where_what_and_next_step():
    error = MalformedInputError("a time without a zone", where="access.csv:3", fix="State the zone in mapping.toml")
    assert str(error) == "access.csv:3: a time without a zone. State the zone in mapping.toml."
    assert (error.what, error.where, error.fix) == (
        "a time without a zone", "access.csv:3", "State the zone in mapping.toml",
    )  # fmt: skip


def test_an_error_without_place_or_fix_has_no_loose_punctuation():
    assert str(CellwardenError("no rows")) == "no rows."


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_the_picture_of_the_tree_tells_the_truth(kind):
    line = re.search(rf"{kind.__name__} +exit (\d+) +HTTP (\d+)", errors.__doc__ or "")
    assert line is not None
    assert (int(line[1]), int(line[2])) == (kind.exit_code, kind.http_status)
