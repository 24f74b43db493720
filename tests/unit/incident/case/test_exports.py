"""An export is an act of the case."""

import json
from datetime import timedelta

import pytest

from cellwarden.foundation.errors import MalformedInputError, RefusedError
from cellwarden.incident.case.exports import ExportCase
from cellwarden.incident.case.requests import Decide
from cellwarden.incident.privacy.reveals import AskReveal, OpenIdentifiers


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


def test_nobody_is_named_who_was_not_opened_by_this_person_under_this_reveal_of_this_case(response):
    case_id, other = response.case(), response.case()
    people = ("00000000000000aa", "00000000000000bb")
    until = response.clock.at + timedelta(hours=5)
    request = response.do("dho", AskReveal(case_id=case_id, purpose="the court asks", until_at=until, people=people)).request_id
    response.do("seo", Decide(request_id=request, reason="the order was read"))

    def export(who="dho", case=case_id, named=2, approval=request):
        return response.do(who, ExportCase(case_id=case, name="export", sha256="a" * 64, people=3, people_named=named, approval=approval))  # fmt: skip

    with pytest.raises(RefusedError, match="not opened for it"):
        export()
    response.do("dho", OpenIdentifiers(request_id=request, people=people, out="export"))
    assert export().people_named == 2
    for refused in ({"who": "kim"}, {"case": other}, {"named": 3}, {"approval": None}):
        with pytest.raises(RefusedError, match="not opened for it"):
            export(**refused)
