"""A management system that listens on this machine, asked as one in the field would be."""

import contextlib
import json
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from made_up_answers import change, everything, row
from made_up_units import NOW, later, tunnel

from cellwarden.admission.gate import Gate
from cellwarden.admission.registry import NEVER, Registry
from cellwarden.foundation.clock import iso
from cellwarden.foundation.errors import InputChangedError, MalformedInputError, RefusedError, UsageError
from cellwarden.workflows.gate_evidence import GateEvidence
from cellwarden.workflows.gatehouse import Gatehouse
from cellwarden.workflows.registry_api import CONFIRM, ApiSource, ManagementSystem, UnreachableError

TOKEN = "token-of-this-test"  # noqa: S105 (of nothing but this test)


class Listening(ThreadingHTTPServer):
    """Gives its answers one after the other, then says that nothing has changed; an answer is a status or JSON."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.asked = [], []
        self.is_idle = threading.Event()

    def url(self, scheme="http"):
        return f"{scheme}://127.0.0.1:{self.server_port}/equipment"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append({name: value[0] for name, value in parse_qs(urlsplit(self.path).query).items()})
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            answer = 401
        elif self.server.answers:
            answer = self.server.answers.pop(0)
        else:
            self.server.is_idle.set()
            time.sleep(0.02)
            answer = 204
        if isinstance(answer, int):
            self.send_response(answer)
            if answer == 302:
                self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()
            return
        content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def server():
    with Listening() as made:
        threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True).start()
        yield made
        made.shutdown()


@pytest.fixture
def house(tmp_path):
    evidence = GateEvidence(tmp_path / "gate", "test")
    yield Gatehouse(Gate(Registry()), evidence, lambda: NOW)
    evidence.close()


def system(server, *, token=TOKEN, clock=lambda: NOW, **more):
    return ManagementSystem(server.url(), token, clock, wait_s=1, **more)


def until(condition, source, house):
    """Tend the gate until something holds; a test that waits in vain ends at its own time limit."""
    end = time.monotonic() + 20
    while not condition():
        source.refresh(house)
        assert time.monotonic() < end
        time.sleep(0.005)


def test_the_whole_is_asked_for_once_and_then_what_has_changed(server, house):
    server.answers += [everything(), change(row(1, status="lost"), as_of=iso(later(minutes=-1)))]
    source = ApiSource(system(server), period_s=0)
    until(lambda: len(house.gate.registry) == 2, source, house)
    assert house.gate.registry.as_of == NOW
    assert house.gate.registry.history("henb1")[0].tac == 7
    until(lambda: house.gate.registry.history("henb1")[0].status == "lost", source, house)
    assert house.gate.registry.history("henb2")[0].status == "active"
    assert server.asked[:3] == [{}, {"since": "1", "wait_s": "1"}, {"since": "2", "wait_s": "1"}]


def test_a_unit_that_was_deleted_is_cut_and_cannot_come_back(server, house):
    server.answers.append(everything(row(1), row(1, cell=2001), row(2)))
    source = ApiSource(system(server), period_s=0)
    until(lambda: len(house.gate.registry) == 2, source, house)
    assert house.ask(tunnel(1)).allow
    server.answers.append(change(gone=["henb1", "henb9"]))
    until(lambda: not len(house.gate.sessions), source, house)
    assert "STATUS_DELETED" in house.ask(tunnel(1)).codes
    assert {each.status for each in house.gate.registry.history("henb1")} == {"deleted"}, "whichever of its cells it shows"
    assert house.ask(tunnel(2)).allow


def test_silence_about_changes_confirms_now_and_then(server, house):
    now = [NOW]
    server.answers.append(everything())
    source = ApiSource(system(server, clock=lambda: now[0]), period_s=0)
    until(lambda: server.is_idle.is_set() and len(server.asked) > 5, source, house)
    assert house.gate.registry.as_of == NOW, "each confirmation would be an entry of evidence"
    now[0] = NOW + CONFIRM
    until(lambda: house.gate.registry.as_of == now[0], source, house)


def test_a_cursor_that_is_too_old_begins_anew(server, house):
    server.answers += [everything(), 410, everything(row(3))]
    source = ApiSource(system(server), period_s=0)
    assert "too old" in said(source, house, InputChangedError)
    until_quiet(lambda: house.gate.registry.units() == {"henb3"}, source, house)
    assert server.asked[2] == {}


def said(source, house, kind):
    """Tend the gate until this error is raised; return it."""
    with pytest.raises(kind) as caught:
        until(lambda: False, source, house)
    return str(caught.value)


def until_quiet(condition, source, house):
    """Tend the gate until something holds, whatever is said meanwhile."""
    end = time.monotonic() + 20
    while not condition() and time.monotonic() < end:
        with contextlib.suppress(MalformedInputError, UnreachableError):
            source.refresh(house)
        time.sleep(0.005)
    assert condition()


def test_what_goes_wrong_is_said_until_something_goes_well(server, house):
    server.answers += [503, everything()]
    source = ApiSource(system(server), period_s=0)
    assert "it answers 503. Tried again." in said(source, house, UnreachableError)
    with pytest.raises(UnreachableError):
        source.refresh(house)
    assert house.gate.registry.as_of == NEVER
    until_quiet(lambda: len(house.gate.registry) == 2, source, house)
    assert source.refresh(house) is False


@pytest.mark.parametrize(("status", "fix"), [(403, "right"), (404, "url"), (500, "again"), (302, "again")])
def test_a_status_that_is_no_answer_says_what_to_do(server, status, fix):
    server.answers.append(status)
    with pytest.raises(UnreachableError, match=f"{status}.*{fix}"):
        system(server).ask("1")


def test_a_wrong_token_is_named_and_not_told(server):
    with pytest.raises(UnreachableError, match=r"401\. Renew the token") as caught:
        system(server, token=TOKEN[:-1]).ask("")
    assert TOKEN[:-1] not in str(caught.value)


def test_nobody_there_is_no_answer(server):
    server.server_close()
    with pytest.raises(UnreachableError, match="no answer"):
        system(server).ask("")


@pytest.mark.parametrize("url", ["http://192.0.2.1/x", "ftp://127.0.0.1/x", "file:///etc/passwd", "nowhere"])
def test_a_registry_crosses_no_network_in_clear(url):
    with pytest.raises(RefusedError, match="https"):
        ManagementSystem(url, TOKEN, lambda: NOW)


@pytest.mark.parametrize("token", ["", "a\nb", "토큰"])
def test_what_is_no_token_is_refused_at_once(token):
    with pytest.raises(UsageError, match="token_file"):
        ManagementSystem("https://hems.example/equipment", token, lambda: NOW)


def test_the_certificate_must_lead_to_the_roots_given(server, tmp_path):
    own, other = (certificate(tmp_path / name) for name in ("own", "other"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.answers.append(everything())
    assert len(ManagementSystem(server.url("https"), TOKEN, lambda: NOW, ca=own).ask("").versions) == 2
    with pytest.raises(UnreachableError, match="SSLCertVerificationError"):
        ManagementSystem(server.url("https"), TOKEN, lambda: NOW, ca=other).ask("")
    (tmp_path / "none").write_text("nonsense")
    with pytest.raises(UsageError, match=r"\[management\] ca"):
        ManagementSystem(server.url("https"), TOKEN, lambda: NOW, ca=tmp_path / "none")


def certificate(path):
    """Write a certificate of 127.0.0.1 with its key, as PEM; return where."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)  # noqa: TID251 (TLS looks at the clock of the machine)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=True)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(made.public_bytes(Encoding.PEM) + secret)
    return path
