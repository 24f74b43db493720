"""Tasks end once; decisions say who, when, why and what else."""

import pytest
from response import START

from cellwarden.foundation.errors import MalformedInputError, RefusedError, UsageError
from cellwarden.incident.case import overview
from cellwarden.incident.case.decisions import EndTask, SetTask, TakeDecision


def test_a_decision_keeps_who_when_why_and_the_alternatives(response):
    case_id = response.case()
    response.do(
        "kim",
        TakeDecision(case_id=case_id, what="block the cell", why="registry does not know it", alternatives=("watch it",)),
    )
    with response.store.reading(response.tokens["oh"], case_id=case_id) as connection:
        (row,) = overview.overview(connection, case_id)["decisions"]
    assert (row["decided_by"], row["decided_at"], row["why"], row["alternatives"]) == (
        "kim",
        START,
        "registry does not know it",
        ["watch it"],
    )


def test_a_decision_without_a_reason_is_none(response):
    with pytest.raises(MalformedInputError, match="why"):
        response.do("kim", TakeDecision(case_id=response.case(), what="block the cell", why=" yes "))


def test_a_task_ends_once_and_as_done_or_dropped(response):
    case_id = response.case()
    task = response.do("han", SetTask(case_id=case_id, what="ask for logs", assigned_to="noh")).task_id
    with pytest.raises(UsageError, match="no end"):
        response.do("han", EndTask(case_id=case_id, task_id=task, state="paused", outcome="later"))
    response.do("noh", EndTask(case_id=case_id, task_id=task, state="done", outcome="logs are here"))
    with pytest.raises(RefusedError, match="has ended"):
        response.do("noh", EndTask(case_id=case_id, task_id=task, state="dropped", outcome="no longer"))


def test_a_task_goes_to_somebody_known(response):
    with pytest.raises(MalformedInputError, match="no person 'nobody'"):
        response.do("han", SetTask(case_id=response.case(), what="ask for logs", assigned_to="nobody"))
