import socket
import threading

import pytest
from radius_by_hand import ACCEPT, ACCOUNTED, SECRET, asks, check_answer, tells

from cellwarden.interfaces.gate.radius_accounting import Accounting
from cellwarden.interfaces.gate.radius_clients import Client
from cellwarden.interfaces.gate.radius_cuts import Cuts
from cellwarden.interfaces.gate.radius_exchange import Exchange
from cellwarden.interfaces.gate.radius_server import RadiusServer


@pytest.fixture
def server(house):
    client = Client(name="segw", address="127.0.0.1", secret=SECRET)
    cuts = Cuts(house, {})
    accounting = Accounting(house, cuts, clock=house.clock, suffix=".femto.example")
    exchange = Exchange(house, accounting, {"127.0.0.1": client}, clock=house.clock, suffix=".femto.example")
    made, stop = RadiusServer(exchange, authorise=("127.0.0.1", 0), accounting=("127.0.0.1", 0)), threading.Event()
    thread = threading.Thread(target=made.watch, args=(stop,))
    thread.start()
    yield made
    stop.set()
    thread.join()


def asked(port, *questions):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
        channel.settimeout(20)
        channel.connect(("127.0.0.1", port))
        for question in questions:
            channel.send(question)
        return channel.recv(4096)


def test_both_ports_answer_and_noise_before_a_question_harms_nobody(server, house):
    authorise, accounting = server.ports
    answer = asked(authorise, b"", b"noise", bytes(5000), asks())
    check_answer(answer, asks())
    assert answer[0] == ACCEPT
    assert asked(accounting, tells(1))[0] == ACCOUNTED
    assert [session.equipment_id for session in house.gate.sessions] == ["henb1"]


def test_a_question_that_fails_is_logged_and_the_next_is_answered(server, house, monkeypatch, caplog):
    with monkeypatch.context() as patch:
        patch.setattr(house, "ask", lambda _: 1 // 0)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
            channel.connect(("127.0.0.1", server.ports[0]))
            channel.send(asks())
            while "radius_question_failed" not in caplog.text:
                threading.Event().wait(0.005)
    assert asked(server.ports[0], asks(2, authenticator=b"b" * 16))[0] == ACCEPT
