"""Events as the `vici` package reads them; octets that are none end the connection and nothing else."""

import socket
import struct
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vici.protocol import FiniteStream, Message

from cellwarden.interfaces.gate.vici_events import Event, Events, is_up, message_of

NAMES = st.text("abc-1", min_size=1, max_size=20)
VALUES = st.binary(max_size=40)
MESSAGES = st.recursive(
    st.dictionaries(NAMES, VALUES | st.lists(VALUES, max_size=3), max_size=4),
    lambda inner: st.dictionaries(NAMES, inner | VALUES, max_size=4),
)


@given(MESSAGES)
def test_a_message_is_what_the_vici_package_makes_of_it(message):
    content = Message.serialize(message)
    assert message_of(content) == Message.deserialize(FiniteStream(content)) == message


@given(MESSAGES, st.integers(min_value=0), st.binary(max_size=3))
def test_a_message_that_is_damaged_is_refused_and_never_half_taken(message, place, more):
    content = Message.serialize(message)
    for damaged in (content[: place % (len(content) + 1)] + more, more):
        try:
            taken = message_of(damaged)
        except ConnectionError:
            continue
        assert Message.deserialize(FiniteStream(damaged)) == taken


@pytest.mark.parametrize(("message", "up"), [({"up": "yes", "a": {}}, True), ({"a": {}}, False), ({"up": "no"}, False)])
def test_what_came_up_is_told_without_taking_the_event_apart(message, up):
    assert is_up(framed(b"\x07\x0aike-updown" + Message.serialize(message))) is up
    assert not is_up(framed(b"\x07\x09ike-rekey" + Message.serialize(message)))


class Daemon:
    """Says what it is told to, in pieces, to whoever connects."""

    def __init__(self, folder, *pieces):
        self.path = folder / "vici"
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(self.path))
        self._listening.listen()
        self._thread = threading.Thread(target=self._say, args=pieces)
        self.heard = b""

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._thread.join()
        self._listening.close()

    def _say(self, *pieces):
        channel, _ = self._listening.accept()
        with channel:
            for piece in pieces:
                if not piece:
                    self.heard += channel.recv(1000)
                channel.sendall(piece)
            channel.shutdown(socket.SHUT_WR)
            while channel.recv(1000):
                pass


def framed(content):
    return struct.pack("!I", len(content)) + content


CONFIRM = framed(b"\x05")
ONE, TWO = (framed(b"\x07\x0aike-updown" + Message.serialize({"n": each})) for each in ("1", "2"))


def test_events_are_heard_from_the_registration_on_whole_or_in_pieces(tmp_path):
    with (
        Daemon(tmp_path, b"", CONFIRM, b"", ONE + CONFIRM + TWO[:3], TWO[3:20], TWO[20:]) as daemon,
        Events(daemon.path, "ike-updown", "ike-rekey") as events,
    ):
        assert [events.next(1).message() for _ in range(2)] == [{"n": b"1"}, {"n": b"2"}]
        with pytest.raises(ConnectionError, match="gone"):
            events.next(1)
    assert daemon.heard == framed(b"\x03\x0aike-updown") + framed(b"\x03\x09ike-rekey")


@pytest.mark.parametrize("pieces", [(ONE, TWO), (ONE + TWO,), (ONE[:4], ONE[4:] + TWO[:7], TWO[7:])])
def test_frames_are_what_the_daemon_sent_whole_or_in_pieces(tmp_path, pieces):
    early = framed(b"\x07\x0aike-updown" + Message.serialize({"n": "0"}))
    with (
        Daemon(tmp_path, b"", early + CONFIRM, b"", CONFIRM, *pieces) as daemon,
        Events(daemon.path, "ike-updown", "ike-rekey") as events,
    ):
        frames = list[bytes]()
        while len(frames) < 3:
            frames += events.frames(1)
        assert frames == [early, ONE, TWO]
        with pytest.raises(ConnectionError, match="gone"):
            events.frames(1)


def test_silence_is_no_event(tmp_path):
    wait = threading.Event()
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(tmp_path / "vici"))
    listening.listen()

    def silent():
        channel, _ = listening.accept()
        with channel:
            channel.sendall(CONFIRM)
            wait.wait(10)

    thread = threading.Thread(target=silent)
    thread.start()
    with Events(tmp_path / "vici", "log") as events:
        assert events.next(0.01) is None
        wait.set()
    thread.join()
    listening.close()


@pytest.mark.parametrize("said", [framed(b"\x06"), framed(b""), b"\xff\xff\xff\xff", ONE[:9], b""])
def test_a_daemon_that_does_not_confirm_is_lost(tmp_path, said):
    with Daemon(tmp_path, said) as daemon, pytest.raises(ConnectionError):
        Events(daemon.path, "ike-updown")


def test_a_daemon_that_is_not_there_is_lost(tmp_path):
    with pytest.raises(OSError, match="No such file"):
        Events(tmp_path / "none", "log")


@given(MESSAGES)
def test_an_event_is_its_name_and_its_message(message):
    packet = b"\x07\x0aike-updown" + Message.serialize(message)
    event = Event(packet)
    assert (event.name, event.message()) == ("ike-updown", message)


@given(MESSAGES, st.sets(NAMES))
def test_a_message_of_which_little_is_wanted_has_no_other_values(message, wanted):
    def kept(section):
        held = ((name, kept(value) if isinstance(value, dict) else value) for name, value in section.items())
        return {name: value for name, value in held if name in wanted or not isinstance(value, bytes)}

    assert message_of(Message.serialize(message), {name.encode() for name in wanted}) == kept(message)


@pytest.mark.parametrize("said", [framed(b""), b"\xff\xff\xff\xff"])
def test_a_frame_of_no_length_is_none(tmp_path, said):
    with Daemon(tmp_path, b"", CONFIRM, said) as daemon, Events(daemon.path, "log") as events, pytest.raises(ConnectionError):
        events.frames(1)
