"""The proxy between made-up ends; tests/scenario/gate/test_s1.py puts it between real ones."""

import queue
import sys
import threading
from pathlib import Path

import pytest
from made_up_units import NOW, tunnel

from cellwarden.admission.blocks import Block
from cellwarden.interfaces.gate.s1_guard import DIALECTS, NGAP
from cellwarden.interfaces.gate.s1_proxy import S1Proxy
from cellwarden.interfaces.gate.sctp import Piece

sys.path.insert(0, str(Path(__file__).parents[3] / "scenario" / "gate"))
pytest.importorskip("pycrate_asn1dir")

from ng_messages import ng_setup
from s1_messages import setup, uplink


class End:
    def __init__(self, peer=""):
        self.peer, self.inbox, self.sent, self.is_closed = peer, queue.Queue(), queue.Queue(), False

    def receive(self):
        return self.inbox.get(timeout=20)

    def send(self, piece):
        if self.is_closed:
            raise OSError("gone")
        self.sent.put(piece)

    def close(self):
        self.is_closed = True
        self.inbox.put(None)


class Stack:
    def __init__(self, core=None):
        self.core, self.waiting = core, queue.Queue()

    def listen(self, *_):
        return self

    def accept(self):
        return self.waiting.get(timeout=20)

    def close(self):
        self.waiting.put(None)

    def connect(self, *_):
        if self.core is None:
            raise OSError("nobody there")
        return self.core


@pytest.fixture(params=["s1ap"])
def proxied(house, request):
    house.ask(tunnel(1))
    stack, stop = Stack(End()), threading.Event()
    dialect = DIALECTS[request.param]
    proxy = S1Proxy(house, stack, listen=("x", 1), core=("y", 2), name="mme", clock=lambda: NOW, dialect=dialect)
    house.on_cut(proxy.cut)
    thread = threading.Thread(target=proxy.watch, args=(stop,), daemon=True)
    thread.start()
    unit = End("10.9.0.1")
    stack.waiting.put(unit)
    yield unit, stack.core, stack
    unit.close()
    stop.set()
    thread.join(5)


def test_messages_pass_untouched_both_ways_with_stream_and_protocol(proxied):
    unit, core, _ = proxied
    for piece in (Piece(0, 18, setup(cell=1001)), Piece(7, 18, uplink(5))):
        unit.inbox.put(piece)
        assert core.sent.get(timeout=20) == piece
    core.inbox.put(Piece(3, 18, b"\x20\x11answer"))
    assert unit.sent.get(timeout=20) == Piece(3, 18, b"\x20\x11answer")


@pytest.mark.parametrize("proxied", ["ngap"], indirect=True)
def test_before_an_amf_it_is_ng_setup_that_is_asked_about(proxied):
    unit, core, _ = proxied
    unit.inbox.put(Piece(0, 60, ng_setup(number=1002)))
    assert unit.sent.get(timeout=20) == Piece(0, 60, NGAP.failure(21))
    assert core.sent.empty()


def test_nothing_comes_down_before_s1_setup(proxied):
    unit, core, _ = proxied
    core.inbox.put(Piece(0, 18, b"early"))
    unit.inbox.put(Piece(0, 18, setup(cell=1002)))
    assert unit.sent.get(timeout=20).data[:2] == b"\x40\x11"
    assert core.sent.empty()


def test_when_one_end_goes_so_does_the_other(proxied, house):
    unit, core, _ = proxied
    unit.inbox.put(Piece(0, 18, setup(cell=1001)))
    core.sent.get(timeout=20)
    core.inbox.put(None)
    assert unit.inbox.get(timeout=20) is None or unit.is_closed


def test_a_session_that_is_cut_loses_its_association(proxied, house):
    unit, core, _ = proxied
    unit.inbox.put(Piece(0, 18, setup(cell=1001)))
    core.sent.get(timeout=20)
    assert house.block(Block("equipment_id", "henb1", "case 7"), by="duty officer") == 1
    assert unit.is_closed
    assert core.is_closed


def test_without_a_core_the_unit_is_turned_away(house):
    stack, stop = Stack(None), threading.Event()
    thread = threading.Thread(
        target=S1Proxy(house, stack, listen=("x", 1), core=("y", 2), name="mme", clock=lambda: NOW).watch,
        args=(stop,),
        daemon=True,
    )
    thread.start()
    unit = End("10.9.0.1")
    stack.waiting.put(unit)
    assert unit.inbox.get(timeout=20) is None
    stop.set()
    thread.join(5)
