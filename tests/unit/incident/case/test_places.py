"""Where a case's records and results lie."""

from cellwarden.incident.case.cases import OpenCaseFromResult
from cellwarden.incident.case.places import Places, places_of

FIRST = Places(records="/records", lake="/lake", result="/result")


def opened(response, places=None):
    command = OpenCaseFromResult(title="a case", name="result", sha256="a" * 64, queries=("q.sql",), rows=1, first_at=None, last_at=None, findings=(), places=places)  # fmt: skip
    return response.do("kim", command).case_id


def test_a_case_remembers_the_places_that_it_was_opened_with_and_no_log_holds_them(response):
    told, untold = opened(response, FIRST), opened(response)
    with response.store.reading(response.tokens["oh"]) as connection:
        assert places_of(connection, told) == FIRST
        assert places_of(connection, untold) is None
    assert not [line for line in response.store.log_lines() if "/records" in line]
