from datetime import timedelta

import pytest
from made_up_units import NOW, later

from cellwarden.interfaces.gate.radius_memory import WINDOW, Memory
from cellwarden.interfaces.gate.radius_packets import Dropped

SOON, LATE = NOW + WINDOW, NOW + WINDOW + timedelta(seconds=1)


def why(memory, *words, **options):
    with pytest.raises(Dropped) as error:
        memory.recall(*words, **options)
    return error.value.why


@pytest.fixture
def memory():
    made = Memory()
    assert made.recall("segw", b"a", b"packet", NOW, ages=True) is None
    return made


def test_the_same_again_is_answered_the_same(memory):
    memory.keep("segw", b"a", b"packet", NOW, b"answer")
    assert memory.recall("segw", b"a", b"packet", SOON, ages=True) == b"answer"


def test_the_same_again_while_it_is_decided_on_is_dropped(memory):
    assert why(memory, "segw", b"a", b"packet", NOW, ages=True) == "duplicate"


def test_what_got_no_answer_is_new_again(memory):
    memory.forget("segw", b"a")
    assert memory.recall("segw", b"a", b"packet", NOW, ages=True) is None


def test_the_same_much_later_is_a_replay_unless_it_only_tells(memory):
    memory.keep("segw", b"a", b"packet", NOW, b"answer")
    assert why(memory, "segw", b"a", b"packet", LATE, ages=True) == "replayed"
    assert memory.recall("segw", b"a", b"packet", LATE, ages=False) == b"answer"


def test_another_packet_under_a_used_authenticator_is_a_replay(memory):
    assert why(memory, "segw", b"a", b"other", NOW, ages=True) == "replayed"
    assert why(memory, "segw", b"a", b"other", NOW, ages=False) == "replayed"


def test_clients_do_not_share_authenticators(memory):
    assert memory.recall("other", b"a", b"packet", NOW, ages=True) is None


def test_the_oldest_gives_way():
    memory = Memory(most=2)
    for name in (b"a", b"b", b"c"):
        memory.recall("segw", name, name, later(), ages=True)
    assert memory.recall("segw", b"a", b"a", NOW, ages=True) is None
    assert why(memory, "segw", b"c", b"c", NOW, ages=True) == "duplicate"
