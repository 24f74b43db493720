"""What is due is sent; what fails is tried again later, and stays visible."""

import json
from datetime import timedelta

import pytest

from cellwarden.foundation.errors import RefusedError
from cellwarden.incident.case.requests import Decide
from cellwarden.incident.containment.acts import AskContainment, Contain, ExpireContainments
from cellwarden.incident.containment.deliveries import MOST_ATTEMPTS, RecordDelivery, deliveries, due_deliveries, send_due
from cellwarden.incident.containment.targets import UndeliveredError


class Recorder:
    """A target that takes messages, or does not."""

    def __init__(self):
        self.taken, self.is_broken = [], False

    def send(self, step, message, *, key):
        if self.is_broken:
            raise UndeliveredError("it answers 503", where="gate", fix="Tried again")
        self.taken.append((step, message["request"], key))


@pytest.fixture
def request_id(response):
    command = AskContainment(
        case_id="C-1",
        act="block_serial",
        target={"serial": "FC-1"},
        until_at=response.clock.at + timedelta(hours=48),
        purpose="stop the rogue in the south",
        dry_run={"caught": {"people": 1}},
        deliver_to=("gate",),
    )
    request = response.do("han", command).request_id
    response.do("kim", Decide(request_id=request, reason="seen the dry run"))
    response.do("han", Contain(request_id=request))
    return request


def send(response, target, *, even_failed=False):
    with response.store.reading(response.tokens["oh"]) as connection:
        due = due_deliveries(connection, at=response.clock.at, even_failed=even_failed)
    return send_due(due, {"gate": target}, lambda command: response.do("oh", command))


def rows(response, request):
    with response.store.reading(response.tokens["oh"]) as connection:
        return [(row["step"], row["state"], row["attempts"]) for row in deliveries(connection, request)]


def test_a_message_is_sent_once(response, request_id):
    gate = Recorder()
    assert [event.act for event in send(response, gate)] == ["delivered"]
    assert send(response, gate) == []
    assert gate.taken == [("apply", request_id, "V-1")]
    with pytest.raises(RefusedError, match="delivered already"):
        response.do("oh", RecordDelivery(delivery_id="V-1"))


def test_a_failure_is_logged_and_tried_again_after_a_pause_that_doubles(response, request_id):
    gate = Recorder()
    gate.is_broken = True
    (failed,) = send(response, gate)
    assert (failed.attempts, failed.is_given_up) == (1, False)
    assert send(response, gate) == []
    response.clock.turn(seconds=30)
    send(response, gate)
    response.clock.turn(seconds=59)
    assert send(response, gate) == []
    response.clock.turn(seconds=1)
    gate.is_broken = False
    (done,) = send(response, gate)
    assert (done.act, done.attempts) == ("delivered", 3)
    line = json.loads(response.store.log_lines()[-2])
    assert (line["act"], line["problem"]) == ("delivery_failed", "gate: it answers 503. Tried again.")


def test_after_a_day_it_is_given_up_visibly_and_a_person_can_try_again(response, request_id):
    gate = Recorder()
    gate.is_broken = True
    for _ in range(MOST_ATTEMPTS):
        send(response, gate)
        response.clock.turn(hours=4)
    assert rows(response, request_id) == [("apply", "failed", MOST_ATTEMPTS)]
    assert send(response, gate) == []
    gate.is_broken = False
    assert [event.act for event in send(response, gate, even_failed=True)] == ["delivered"]


def test_an_undo_does_not_overtake_the_block_that_it_takes_back(response, request_id):
    gate = Recorder()
    gate.is_broken = True
    send(response, gate)
    response.clock.turn(hours=48)
    response.do("oh", ExpireContainments())
    (failed,) = send(response, gate)
    assert (failed.step, failed.attempts) == ("apply", 2)
    gate.is_broken = False
    assert send(response, gate) == []
    response.clock.turn(hours=1)
    send(response, gate)
    assert [step for step, *_ in gate.taken] == ["apply", "undo"]


def test_a_target_that_is_not_set_up_is_a_failure_that_says_so(response, request_id):
    with response.store.reading(response.tokens["oh"]) as connection:
        due = due_deliveries(connection, at=response.clock.at)
    (failed,) = send_due(due, {}, lambda command: response.do("oh", command))
    assert "no target of this name" in failed.problem
