import socket
import threading

import pytest
from made_up_units import setup, tunnel

from cellwarden.foundation.errors import UsageError
from cellwarden.interfaces.gate.api import api
from cellwarden.interfaces.gate.remote import RemoteHouse
from cellwarden.interfaces.gate.web import WebServer, bound


def remote(client, **options):
    return RemoteHouse(str(client.base_url).rstrip("/"), "secret", **options)


def test_a_gate_in_another_process_decides_as_one_in_this(house, served):
    with served(api(house, "secret")) as client:
        asked = remote(client, timeout_s=20)
        assert asked.ask(tunnel(1)).allow
        assert asked.ask(setup(1)).allow
        clone = asked.ask(tunnel(1, key="clone", source_ip="203.0.113.9"))
        assert clone.codes == ("SOURCE_IP_NOT_INSTALLED_LINE", "DUPLICATE_SESSION")
        asked.part("mme", "assoc1", "10.9.0.1")
        assert house.gate.sessions.of_unit("henb1")[0].association is None
        asked.leave("segw", "sa1")
        assert len(house.gate.sessions) == 0
        asked.close()


def test_a_connection_that_was_closed_meanwhile_is_opened_anew(house, served):
    with served(api(house, "secret")) as client:
        asked = remote(client, timeout_s=20)
        assert asked.ask(tunnel(1)).allow
        asked._local.connection.sock.shutdown(socket.SHUT_RDWR)
        assert asked.ask(tunnel(2)).allow
        asked.close()


def test_no_answer_is_no(house, served):
    with served(api(house, "other")) as client:
        asked = remote(client, timeout_s=20)
        assert asked.ask(tunnel(1)).codes == ("DECISION_UNAVAILABLE",), "the wrong token"
        asked.close()
    assert remote(client).ask(tunnel(1)).codes == ("DECISION_UNAVAILABLE",), "nobody is there"
    remote(client).leave("segw", "sa1")
    with pytest.raises(UsageError):
        RemoteHouse("ftp://x", "secret")


@pytest.mark.parametrize(
    "said", [b"", b"HTTP/1.1 200 OK\r\n\r\n{", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", b"nonsense\r\n\r\n"]
)
def test_nonsense_is_no(said):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer():
            for _ in range(2):
                try:
                    channel, _ = server.accept()
                except OSError:
                    return
                with channel:
                    channel.recv(4096)
                    channel.sendall(said)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        asked = RemoteHouse(f"http://127.0.0.1:{server.getsockname()[1]}", "secret", timeout_s=2)
        assert asked.ask(tunnel(1)).codes == ("DECISION_UNAVAILABLE",)
        asked.close()


def test_a_hung_gate_is_no():
    with socket.create_server(("127.0.0.1", 0)) as server:
        asked = RemoteHouse(f"http://127.0.0.1:{server.getsockname()[1]}", "secret", timeout_s=0.2)
        assert asked.ask(tunnel(1)).codes == ("DECISION_UNAVAILABLE",)


def test_a_gate_may_be_behind_a_unix_socket(tmp_path, house):
    path = tmp_path / "gate.sock"
    server = WebServer(api(house, "secret"), bound(str(path), where="test"))
    server.start()
    asked = RemoteHouse(f"unix:{path}", "secret", timeout_s=20)
    assert asked.ask(tunnel(1)).allow
    asked._local.connection.close()
    server.stop()
