"""httpx answers the challenges here: a client of its own, and the examples of RFC 7616 hold both."""

import hashlib
from datetime import timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_units import NOW

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.interfaces.gate.http_digest import Digest, _parts, read_passwords

USER, REALM, WORD = "00005E-SN-1", "cellwarden", "of this test"
HASH = hashlib.md5(f"{USER}:{REALM}:{WORD}".encode(), usedforsecurity=False).hexdigest()


class Clocked(Digest):
    now = NOW


@pytest.fixture
def digest():
    return made()


def made():
    digest = Clocked({USER: HASH}, REALM, lambda: digest.now)
    return digest


def headers(digest, *, user=USER, word=WORD, requests=1, path="/cwmp"):
    """Return the Authorization headers of requests in a row, as httpx writes them."""
    auth, written = httpx.DigestAuth(user, word), []
    for number in range(requests):
        flow = auth.auth_flow(httpx.Request("POST", f"http://10.20.0.3{path}"))
        request = next(flow)
        if number == 0:
            request = flow.send(httpx.Response(401, headers={"WWW-Authenticate": digest.challenge()}, request=request))
        written.append(request.headers["Authorization"])
    return written


def test_who_knows_the_password_is_known(digest):
    assert [digest.user("POST", header) for header in headers(digest, requests=3)] == [USER] * 3


@pytest.mark.parametrize("change", [{"word": "another"}, {"user": "00005E-SN-2"}, {"user": ""}])
def test_who_does_not_is_not(digest, change):
    assert digest.user("POST", headers(digest, **change)[0]) is None


def test_the_same_again_is_a_replay(digest):
    first, second = headers(digest, requests=2)
    assert digest.user("POST", second) == USER
    assert digest.user("POST", second) is None
    assert digest.user("POST", first) is None


def test_a_nonce_ends_and_one_of_another_process_is_none(digest):
    header = headers(digest)[0]
    digest.now = NOW + timedelta(seconds=301)
    assert digest.user("POST", header) is None
    assert made().user("POST", headers(digest)[0]) is None


def test_another_method_is_another_request(digest):
    assert digest.user("GET", headers(digest)[0]) is None


@pytest.mark.parametrize("header", [None, "", "Digest", "Basic YTpi", "Digest username", 'Digest nonce="a", nonce="b"'])
def test_what_is_no_digest_is_nobody(digest, header):
    assert digest.user("POST", header) is None


@given(st.text(max_size=100))
def test_nothing_that_is_made_up_is_anybody(text):
    assert made().user("POST", f"Digest {text}") is None


def test_the_example_of_the_rfc_is_read():
    """RFC 7616, 3.9.1."""
    said = _parts(
        'Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", algorithm=MD5, '
        'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, '
        'cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, response="8ca523f5e9506fed4657c9700eebdbec"'
    )
    digest = Digest(
        {"Mufasa": hashlib.md5(b"Mufasa:http-auth@example.org:Circle of Life", usedforsecurity=False).hexdigest()},
        "http-auth@example.org",
        lambda: NOW,
    )
    digest._is_fresh = lambda nonce: nonce == said["nonce"]
    header = "Digest " + ", ".join(f'{name}="{value}"' for name, value in said.items() if name not in {"nc", "qop"})
    assert digest.user("GET", f"{header}, nc={said['nc']}, qop={said['qop']}") == "Mufasa"


def test_passwords_are_those_of_the_realm(tmp_path):
    path = tmp_path / "passwords"
    path.write_text(f"{USER}:{REALM}:{HASH}\nother:elsewhere:{HASH}\n")
    assert read_passwords(path, REALM) == {USER: HASH}


@pytest.mark.parametrize("line", ["a:b", "a:b:c", f"a:b:{'A' * 32}", f"a:b:{HASH}:d"])
def test_a_line_that_is_none_is_named_without_its_hash(tmp_path, line):
    path = tmp_path / "passwords"
    path.write_text(line)
    with pytest.raises(MalformedInputError, match="passwords:1"):
        read_passwords(path, REALM)
