"""HTTP Digest: a unit shows that it knows its password without sending it (RFC 7616, with MD5 as TR-069 units speak it).

Nonces carry their own time and signature, so that none is kept; a count that does not rise is a replay. Passwords lie as
`htdigest` writes them: one `user:realm:hash` a line, the hash being MD5 of `user:realm:password`.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections import OrderedDict
from typing import TYPE_CHECKING

from cellwarden.foundation.errors import MalformedInputError

if TYPE_CHECKING:
    from pathlib import Path

    from cellwarden.foundation.clock import Clock

_GOOD_FOR_S = 300
_MOST_NONCES = 100_000
_PART = re.compile(r'(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))(?:\s*,\s*|$)')
_HASH = re.compile(r"[0-9a-f]{32}")


class Digest:
    """Knows users and their passwords; for one thread."""

    def __init__(self, passwords: dict[str, str], realm: str, clock: Clock, *, key: bytes = b"") -> None:
        """Begin.

        Args:
            passwords: MD5 of `user:realm:password` in hex, by user.
            realm: As units are asked for.
            clock: Tells the age of a nonce.
            key: Signs nonces; empty: one that nobody knows.
        """
        self._passwords, self._realm, self._clock = passwords, realm, clock
        self._key = key or secrets.token_bytes(32)
        self._counts: OrderedDict[str, int] = OrderedDict()

    def challenge(self) -> str:
        """Return what to ask with."""
        return (
            f'Digest realm="{self._realm}", qop="auth", algorithm=MD5, nonce="{self._nonce(self._now(), secrets.token_hex(8))}"'
        )

    def user(self, method: str, header: str | None) -> str | None:
        """Return who has shown the right password for this request; None if nobody has."""
        said = _parts(header or "")
        user, nonce, count = said.get("username", ""), said.get("nonce", ""), said.get("nc", "")
        is_ours = said.get("realm") == self._realm and said.get("qop") == "auth" and said.get("algorithm", "MD5") == "MD5"
        if not is_ours or not self._is_fresh(nonce) or not re.fullmatch(r"[0-9a-fA-F]{8}", count):
            return None
        # The path is the unit's own word: a proxy between may have changed it, and every path is the same here.
        second = _md5(f"{method}:{said.get('uri', '')}")
        secret = self._passwords.get(user, "")
        expected = _md5(":".join((secret, nonce, count, said.get("cnonce", ""), "auth", second)))
        if not secret or not hmac.compare_digest(expected, said.get("response", "").lower()):
            return None
        return user if self._rises(nonce, int(count, 16)) else None

    def _rises(self, nonce: str, count: int) -> bool:
        if count <= self._counts.get(nonce, 0):
            return False
        self._counts[nonce] = count
        self._counts.move_to_end(nonce)
        if len(self._counts) > _MOST_NONCES:
            self._counts.popitem(last=False)
        return True

    def _now(self) -> int:
        return int(self._clock().timestamp())

    def _nonce(self, at: int, salt: str) -> str:
        return f"{at:x}.{salt}.{hmac.new(self._key, f'{at:x}.{salt}'.encode(), 'sha256').hexdigest()}"

    def _is_fresh(self, nonce: str) -> bool:
        at, _, rest = nonce.partition(".")
        if not re.fullmatch(r"[0-9a-f]{1,12}", at):
            return False
        is_own = hmac.compare_digest(nonce.encode(), self._nonce(int(at, 16), rest.partition(".")[0]).encode())
        return is_own and 0 <= self._now() - int(at, 16) <= _GOOD_FOR_S


def read_passwords(path: Path, realm: str) -> dict[str, str]:
    """Read a file of `htdigest`; lines of other realms are left out.

    Raises:
        MalformedInputError: A line is none.
    """
    found = dict[str, str]()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        parts = line.split(":")
        if len(parts) != 3 or not _HASH.fullmatch(parts[2]):
            raise MalformedInputError("not user:realm:hash", where=f"{path.name}:{number}", fix="Write it with htdigest")
        if parts[1] == realm:
            found[parts[0]] = parts[2]
    return found


def _parts(header: str) -> dict[str, str]:
    """Read the parameters of an Authorization header; nothing if it is not Digest, or one is there twice."""
    scheme, _, rest = header.partition(" ")
    if scheme.lower() != "digest":
        return {}
    found, place = dict[str, str](), 0
    rest = rest.strip()
    while place < len(rest):
        part = _PART.match(rest, place)
        if part is None or part[1].lower() in found:
            return {}
        found[part[1].lower()] = re.sub(r"\\(.)", r"\1", part[2]) if part[2] is not None else part[3]
        place = part.end()
    return found


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
