import http.client
import socket

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from cellwarden.foundation.errors import UsageError
from cellwarden.interfaces.gate.web import WebServer, bound, endpoint

APP = Starlette(routes=[Route("/", lambda _: PlainTextResponse("here"))])


def test_a_server_serves_until_it_is_stopped():
    channel = bound("127.0.0.1:0", where="test")
    port = channel.getsockname()[1]
    server = WebServer(APP, channel)
    server.start()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"here"
    connection.close()
    server.stop()
    with socket.socket() as again:
        assert again.connect_ex(("127.0.0.1", port)) != 0


def test_a_unix_socket_is_for_its_user_and_group(tmp_path):
    path = tmp_path / "gate.sock"
    for _ in range(2):  # one that was left behind is no hindrance
        bound(str(path), where="test").close()
    assert path.stat().st_mode & 0o777 == 0o660


@pytest.mark.parametrize("text", ["", "8880", "host:", "host:x", "host:99999", "host:²"])
def test_what_is_no_endpoint_is_said_to_be_none(text):
    with pytest.raises(UsageError, match="HOST:PORT"):
        endpoint(text, where="[http] listen")


def test_an_address_of_version_six_stands_in_brackets():
    assert endpoint("[::1]:88", where="x") == ("::1", 88)
