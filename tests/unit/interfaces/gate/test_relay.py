"""What a sweeper hears reaches the gate as the daemon said it; a sweeper that is gone or hangs is noticed; nobody holds it up."""

import socket
import threading

import pytest
from vici.protocol import Message

from cellwarden.interfaces.gate import relay as relaying
from cellwarden.interfaces.gate.relay import Relay, RelayedEvents, SweeperLostError
from cellwarden.interfaces.gate.vici_events import Event

UP = Event(b"\x07\x0aike-updown" + Message.serialize({"up": "yes", "segw": {"uniqueid": "7"}}))
REKEY = Event(b"\x07\x09ike-rekey" + Message.serialize({"segw": {"old": {"uniqueid": "7"}}}))


def framed(event):
    return len(event.packet).to_bytes(4) + event.packet


@pytest.fixture
def daemon():
    """Give both ends of the connection on which a sweeper hears a daemon: its own, and the daemon's."""
    heard, says = socket.socketpair()
    with heard, says:
        yield heard, says


@pytest.fixture
def relay(tmp_path, daemon):
    with Relay(tmp_path / "relay") as made:
        made.begin(daemon[0])
        yield made


@pytest.fixture
def follower(relay, tmp_path):
    with RelayedEvents(tmp_path / "relay") as events:
        yield events


def test_events_come_as_the_daemon_said_them_and_in_order(relay, follower):
    for each in (UP, REKEY, UP):
        relay.tell(framed(each))
    assert [follower.next(1), *follower.waiting()] == [UP, REKEY, UP]
    assert follower.next(0.01) is None


def test_every_follower_hears_everything(relay, follower, tmp_path):
    with RelayedEvents(tmp_path / "relay") as second:
        relay.tell(framed(UP))
        assert follower.next(1) == second.next(1) == UP


def test_a_sweeper_that_leaves_unread_what_the_daemon_said_is_lost(follower, daemon):
    daemon[1].send(b"something")
    with pytest.raises(SweeperLostError, match="passes nothing on"):
        follower.next(5)


def test_a_sweeper_that_reads_and_has_nothing_to_pass_on_is_not_lost(follower, daemon):
    heard, says = daemon
    says.send(b"something")
    reading = threading.Timer(relaying.HANGS_S / 5, heard.recv, [100])
    reading.start()
    assert follower.next(5) is None
    reading.join()


def test_what_was_passed_on_counts_although_the_daemon_says_more(relay, follower, daemon):
    daemon[1].send(b"something")
    relay.tell(framed(UP))
    assert follower.next(1) == UP


def test_a_sweeper_that_ends_or_loses_its_daemon_is_lost(relay, follower):
    relay.end()
    with pytest.raises(SweeperLostError, match="gone"):
        follower.next(1)


def test_a_sweeper_that_has_no_daemon_takes_nobody(tmp_path):
    with Relay(tmp_path / "relay"), pytest.raises(SweeperLostError, match="hears nothing"):
        RelayedEvents(tmp_path / "relay")


def test_a_sweeper_that_hangs_from_the_beginning_takes_nobody(tmp_path):
    with socket.socket(socket.AF_UNIX) as hanging:
        hanging.bind(str(tmp_path / "relay"))
        hanging.listen()
        with pytest.raises(TimeoutError):
            RelayedEvents(tmp_path / "relay")


def test_a_sweeper_that_is_not_there_takes_nobody(tmp_path):
    with pytest.raises(FileNotFoundError):
        RelayedEvents(tmp_path / "relay")


def test_a_gate_that_does_not_read_holds_nobody_up_and_learns_that_it_missed_something(relay, follower, tmp_path):
    large = Event(b"\x07\x0aike-updown" + bytes(60_000))
    with RelayedEvents(tmp_path / "relay") as reading:
        for _ in range(2 * relaying._ROOM // 60_000):
            relay.tell(framed(large))
            assert reading.next(1) == large
    with pytest.raises(SweeperLostError, match="gone"):
        follower.waiting()


def test_a_gate_that_went_away_is_forgotten(relay, tmp_path):
    RelayedEvents(tmp_path / "relay").__exit__()
    for _ in range(2):
        relay.tell(framed(UP))
    assert relay._followers == []


def test_only_its_owner_may_follow_and_nothing_is_left_behind(tmp_path, daemon):
    path = tmp_path / "relay"
    path.touch()  # what a crash left
    with Relay(path):
        assert path.stat().st_mode & 0o777 == 0o600
    assert not path.exists()


def test_a_gate_of_the_daemon_itself_and_one_at_second_hand_read_the_same(relay, follower):
    relay.tell(framed(UP))
    assert follower.next(1).message() == {"up": b"yes", "segw": {"uniqueid": b"7"}}
