"""The door shuts behind whoever leaves and behind whoever left unseen; it never opens; a real charon is watched in tests/scenario/gate."""

import contextlib
import socket
import threading
from time import monotonic, sleep

import pytest
from vici.protocol import Message

from cellwarden.interfaces.gate import sweeper as sweeping
from cellwarden.interfaces.gate.relay import Relay, RelayedEvents
from cellwarden.interfaces.gate.sweeper import Sweeper

COMMAND, RESPONSE, REGISTER, UNREGISTER, CONFIRM, EVENT = 0, 1, 3, 4, 5, 7
SOON_S = 10


def framed(kind, name="", content=None):
    packet = bytes((kind,)) + (bytes((len(name),)) + name.encode() if name else b"") + Message.serialize(content or {})
    return len(packet).to_bytes(4) + packet


def sa(inner_ip):
    return {"segw": {"uniqueid": "7", "remote-vips": [inner_ip]}}


class Charon:
    """Says by VICI who is in, and what it is told to say."""

    def __init__(self, path, *live):
        self.live, self.listeners, self.asked = live, [], []
        path.unlink(missing_ok=True)
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(path))
        self._listening.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def say(self, content):
        for each in self.listeners:
            each.sendall(framed(EVENT, "ike-updown", content))

    def go(self):
        for each in (self._listening, *self.listeners):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                channel, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=[channel], daemon=True).start()

    def _serve(self, channel):
        with contextlib.suppress(OSError), channel, channel.makefile("rb") as said:
            while length := said.read(4):
                packet = said.read(int.from_bytes(length))
                kind, name = packet[0], packet[2 : 2 + packet[1]].decode()
                if kind == COMMAND:
                    for inner_ip in self.live:
                        channel.sendall(framed(EVENT, "list-sa", sa(inner_ip)))
                    channel.sendall(framed(RESPONSE))
                elif kind in (REGISTER, UNREGISTER):
                    self.asked.append(name)
                    channel.sendall((1).to_bytes(4) + bytes((CONFIRM,)))
                    if name == "ike-updown":
                        self.listeners.append(channel)


class Door:
    def __init__(self, *inside):
        self.inside, self.shut = set(inside), threading.Event()

    def close(self, inner_ip):
        self.inside.discard(inner_ip)
        self.shut.set()

    def admitted(self):
        return set(self.inside)


@contextlib.contextmanager
def watching(door, path, relay=None):
    """Watch until the end; gives what is set whenever a sweeper begins to listen."""
    stop, ready = threading.Event(), threading.Semaphore(0)
    thread = threading.Thread(target=Sweeper(door, path, relay).watch, args=[stop, ready.release], daemon=True)
    thread.start()
    try:
        assert ready.acquire(timeout=SOON_S)
        yield ready
    finally:
        stop.set()
        thread.join(SOON_S)
        assert not thread.is_alive()


def followed(path):
    """Follow as a gate does, again and again until the sweeper takes it: it does so once it has swept."""
    until = monotonic() + SOON_S
    while True:
        try:
            return RelayedEvents(path)
        except OSError:
            assert monotonic() < until
            sleep(0.01)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "charon.vici"


@pytest.fixture
def charon(path):
    made = Charon(path, "10.9.0.1")
    yield made
    made.go()


def test_who_left_while_nobody_watched_finds_the_door_shut(charon, path):
    door = Door("10.9.0.1", "10.9.0.2")
    with watching(door, path):
        assert door.admitted() == {"10.9.0.1"}


def test_the_door_shuts_behind_whoever_leaves_and_behind_nobody_else(charon, path):
    door = Door("10.9.0.1")
    charon.live = ("10.9.0.1", "10.9.0.2")
    with watching(door, path):
        door.inside.add("10.9.0.2")
        charon.say({"up": "yes", **sa("10.9.0.1")})
        charon.say(sa("10.9.0.2"))
        assert door.shut.wait(SOON_S)
        assert door.admitted() == {"10.9.0.1"}


def test_a_gateway_that_comes_again_is_looked_through_again(charon, path, monkeypatch):
    monkeypatch.setattr(sweeping, "_RETRY_S", 0.01)
    door = Door("10.9.0.1")
    with watching(door, path) as ready:
        charon.go()
        renewed = Charon(path)
        assert ready.acquire(timeout=SOON_S)
        assert door.admitted() == set()
        renewed.go()


def test_alone_it_asks_for_no_more_than_it_needs(charon, path):
    with watching(Door(), path):
        assert {"ike-updown"} == {name for name in charon.asked if name.startswith("ike-")}


def test_what_it_hears_is_passed_on_once_the_door_is_shut(charon, path, tmp_path):
    door = Door("10.9.0.1")
    with Relay(tmp_path / "relay") as relay, watching(door, path, relay):
        assert {"ike-updown", "ike-rekey"} <= set(charon.asked)
        with followed(tmp_path / "relay") as follower:
            charon.say(sa("10.9.0.1"))
            event = follower.next(SOON_S)
            assert event.message()["segw"]["remote-vips"] == [b"10.9.0.1"]
            assert door.admitted() == set()
