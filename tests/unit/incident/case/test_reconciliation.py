"""What an administrator wrote past the store has no line in the log, and is named."""

import pytest
from sqlalchemy import create_engine, text

from cellwarden.incident.case.reconciliation import unlogged
from cellwarden.incident.case.requests import Decide


def found(response):
    with response.store.reading(response.tokens["oh"]) as connection:
        return unlogged(connection, response.store.log_lines())


def wrote(response, act):
    engine = create_engine(response.store.url)
    with engine.begin() as connection:
        connection.execute(text(act))
    engine.dispose()


def test_a_store_that_only_commands_wrote_agrees_with_its_log(response):
    asked = response.ask("han", "containment", {"act": "block_cell"}, case_id=response.case())
    response.do("kim", Decide(request_id=asked, reason="seen the dry run"))
    assert found(response) == []


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (
            "UPDATE request SET state = 'approved', decided_by = 'lee', decided_at = asked_at WHERE state = 'asked'",
            "lee decided it",
        ),
        (
            "UPDATE request SET state = 'glass', glass_reason = 'a reason of more than twenty characters' WHERE state = 'asked'",
            "broken glass",
        ),
        (
            "INSERT INTO role_grant VALUES ('G-99', 'han', 'commander', NULL, '2025-09-05T03:00:00.000000Z', NULL, NULL)",
            "han became commander",
        ),
        (
            "INSERT INTO reveal_opening VALUES ('O-9', 'R-1', '2025-09-05T03:00:00.000000Z', 'han', 5, 'x')",
            "opening of the directory",
        ),
    ],
)
def test_what_was_written_past_the_store_is_named(response, act, says):
    response.ask("han", "containment", {"act": "block_cell"}, case_id=response.case())
    wrote(response, act)
    assert says in " ".join(found(response))
