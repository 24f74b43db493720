"""An export is an act of the case."""

import json

import pytest

from cellwarden.foundation.errors import MalformedInputError, RefusedError
from cellwarden.incident.case.exports import ExportCase


def test_an_export_is_logged_with_its_hash_and_how_many_are_named(response):
    case_id = response.case()
    told = response.do("han", ExportCase(case_id=case_id, name="export", sha256="a" * 64, people=3, people_named=0))
    assert (told.people, told.people_named, told.approval) == (3, 0, None)
    assert json.loads(response.store.log_lines()[-1])["act"] == "case_exported"


def test_a_case_that_is_not_there_or_may_not_be_read_is_not_exported(response):
    with pytest.raises(MalformedInputError, match="there is no cases"):
        response.do("han", ExportCase(case_id="C-9", name="export", sha256="a" * 64, people=0, people_named=0))
    case_id = response.case()
    with pytest.raises(RefusedError, match="may not"):
        response.do("ahn", ExportCase(case_id=case_id, name="export", sha256="a" * 64, people=0, people_named=0))
