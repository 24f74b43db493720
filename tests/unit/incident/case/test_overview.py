"""A case as rows to show."""

import pytest
from response import START

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.incident.case import overview
from cellwarden.incident.case.timeline import RecordEntry


def test_everything_of_a_case_and_nothing_of_another(response):
    case_id, other = response.case("ours"), response.case("theirs")
    for number in range(11):
        response.do("han", RecordEntry(case_id=case_id, happened_at=START, kind="note", what=f"note {number}"))
    response.ask("han", "containment", {"act": "block_cell"}, case_id=other)
    with response.store.reading(response.tokens["oh"], case_id=case_id) as connection:
        held = overview.overview(connection, case_id)
    assert (held["title"], len(held["timeline"]), held["requests"]) == ("ours", 11, [])


def test_requests_come_in_the_order_of_their_numbers_with_readable_content(response):
    case_id = response.case()
    for number in range(11):
        response.ask("han", "containment", {"number": number}, case_id=case_id)
    with response.store.reading(response.tokens["oh"]) as connection:
        rows = overview.requests(connection, state="asked", case_id=case_id)
    assert [row["content"]["number"] for row in rows] == list(range(11))


def test_people_are_listed_without_their_tokens(response):
    with response.store.reading(response.tokens["oh"]) as connection:
        rows = overview.people(connection)
    assert {row["name"]: row["role"] for row in rows}["dho"] == "dpo"
    assert all("token_digest" not in row for row in rows)


def test_an_unknown_case_is_said(response):
    with response.store.reading(response.tokens["oh"]) as connection, pytest.raises(MalformedInputError, match="no such case"):
        overview.overview(connection, "C-9")
