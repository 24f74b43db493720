from datetime import datetime

import pytest
from made_up_units import NOW, gate, inform, ocsp, setup, tunnel

from cellwarden.admission.facts import Stage
from cellwarden.admission.link_rows import facts_of, result_of, row_of
from cellwarden.admission.policy import Policy, Region
from cellwarden.records.tables import LINKS


@pytest.mark.parametrize("facts", [tunnel(1), setup(1), inform(1)], ids=lambda facts: facts.stage.value)
def test_what_a_row_keeps_comes_back_as_facts(facts):
    row = row_of(facts, gate().ask(facts)[0].decision)
    back = facts_of(row)
    assert {**back.known(), "key": ""} == {**facts.known(), **back_filled(back, facts), "key": ""}


def back_filled(back, facts):
    """The row names the unit that the gate found, where the facts did not."""
    return {} if facts.equipment_id else {"equipment_id": back.equipment_id}


@pytest.mark.parametrize("facts", [tunnel(1), setup(1), inform(1), ocsp(1)], ids=lambda facts: facts.stage.value)
def test_a_row_has_columns_of_the_contract_and_an_event_of_it(facts):
    row = row_of(facts, gate().ask(facts)[0].decision)
    assert set(row) <= {column.name for column in LINKS.columns}
    assert row["event"] in LINKS.column("event").values


def test_events_that_end_something_ask_for_nothing():
    assert facts_of({"event": "ike_down", "at": NOW}) is None
    assert facts_of({"event": "s1_reset", "at": NOW}) is None


def test_times_of_the_records_are_utc_and_odd_neighbours_are_left_out():
    row = {"event": "ike_up", "at": datetime(2025, 1, 1), "certificate": "AB", "neighbours": "1 x 2²", "tac": 7}
    facts = facts_of(row)
    assert facts.at.utcoffset().total_seconds() == 0
    assert (facts.stage, facts.certificate, facts.neighbours, facts.tacs) == (Stage.TUNNEL, "ab", (1,), (7,))


def test_the_result_is_said_in_few_words():
    held = gate()
    assert result_of(held.ask(tunnel(1))[0].decision) == "ok"
    assert result_of(held.ask(tunnel(3, source_ip="x"))[0].decision) == "refused NOT_REGISTERED SOURCE_IP_UNREADABLE"
    held.policy = Policy(regions=(Region(name="a", mode="monitor", until=NOW.replace(year=2026)),))
    assert result_of(held.ask(tunnel(3))[0].decision) == "ok would-have NOT_REGISTERED"
