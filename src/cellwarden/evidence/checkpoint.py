"""Signed checkpoints: how long the log was, and what its root was, in the form of transparency logs.

A chain alone can be written anew by whoever holds all of it. A checkpoint that left the house (a regulator, a time stamp) cannot: every
later log has to begin with the log that it names. The note is that of C2SP's `signed-note` and `tlog-checkpoint`, with Ed25519
(RFC 8032), so that tools for transparency logs read it:

    cellwarden-0123456789abcdef
    42
    base64 of the root

    — cellwarden-0123456789abcdef base64 of (4 octets that name the key, signature)
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from cellwarden.evidence import merkle
from cellwarden.evidence.log import first_break
from cellwarden.foundation.clock import iso
from cellwarden.foundation.errors import MalformedInputError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

_DASH = "\N{EM DASH} "
_ED25519 = 1
"""Signature type of a signed note."""
_KEY_OCTETS = 32


class Checkpoint(NamedTuple):
    """What a note states."""

    origin: str
    size: int
    root: bytes


class Signer:
    """The key that signs checkpoints of one origin."""

    def __init__(self, origin: str, key: Ed25519PrivateKey) -> None:
        self.origin, self._key = origin, key

    @property
    def verifier(self) -> str:
        """The public half as a signed note writes it: `origin+hash+key`; to be told to whoever checks."""
        public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return f"{self.origin}+{_key_hash(self.origin, public).hex()}+{base64.b64encode(bytes([_ED25519]) + public).decode()}"

    def note(self, lines: Sequence[str]) -> str:
        """Return the signed note of a log as it stands."""
        body = f"{self.origin}\n{len(lines)}\n{base64.b64encode(merkle.root([line.encode() for line in lines])).decode()}\n"
        public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        signed = _key_hash(self.origin, public) + self._key.sign(body.encode())
        return f"{body}\n{_DASH}{self.origin} {base64.b64encode(signed).decode()}\n"

    @classmethod
    def read_or_make(cls, path: Path, origin: str) -> Signer:
        """Read the key file (32 octets in hex, mode 0600), or make it.

        Raises:
            RefusedError: Others may read it.
            MalformedInputError: It holds something else.
        """
        if not path.exists():
            made = Ed25519PrivateKey.generate().private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(made.hex() + "\n")
        if path.stat().st_mode & 0o077:
            raise RefusedError(
                "others may read this key", where=path.name, fix="chmod 600 it, and make a new one if it was read"
            )
        try:
            secret = bytes.fromhex(path.read_text(encoding="ascii", errors="replace"))
            if len(secret) == _KEY_OCTETS:
                return cls(origin, Ed25519PrivateKey.from_private_bytes(secret))
        except ValueError:
            pass
        raise MalformedInputError(
            f"a signing key is {_KEY_OCTETS} octets in hex", where=path.name, fix="Give the key of this log"
        )


def opened(note: str, verifier: str) -> Checkpoint:
    """Return what a note states, if the signature of that verifier is on it.

    Raises:
        MalformedInputError: It is no note, or the verifier is none.
        RefusedError: The signature is not the verifier's.
    """
    try:
        origin, key_hash, encoded = verifier.split("+", 2)  # base64 has a plus too, a name has none
        kind, public = base64.b64decode(encoded, validate=True)[:1], base64.b64decode(encoded, validate=True)[1:]
        body, _, signatures = note.partition("\n\n")
        said_origin, size, root = body.split("\n")
        stated = Checkpoint(said_origin, int(size), base64.b64decode(root, validate=True))
        key = Ed25519PublicKey.from_public_bytes(public)
    except (ValueError, binascii.Error) as error:
        raise MalformedInputError(
            "this is no signed checkpoint", where="checkpoint", fix="Give note and verifier as they were written"
        ) from error
    ours = _key_hash(origin, public)
    if kind == bytes([_ED25519]) and key_hash == ours.hex() and said_origin == origin:
        for line in signatures.splitlines():
            name, _, signed = line.removeprefix(_DASH).rpartition(" ")
            if name == origin and _is_signed(key, ours, signed, f"{body}\n"):
                return stated
    raise RefusedError(
        "the signature is not of this verifier", where="checkpoint", fix="Ask for the verifier of this log again"
    )


def entry(note: str, lines: Sequence[str], *, at: datetime) -> dict[str, Any]:
    """Return a checkpoint as `NAME.checkpoints.json` keeps it: `size` and hex `root` for whoever has no Ed25519, and the note."""
    return {"at": iso(at), "size": len(lines), "root": merkle.root([line.encode() for line in lines]).hex(), "note": note}


def problems(lines: Sequence[str], checkpoints: Sequence[dict[str, Any]], verifier: str | None) -> list[str]:
    """Return one line for each thing about a log that does not hold; empty: everything does.

    Args:
        lines: The log, oldest first.
        checkpoints: As `entry` writes them.
        verifier: The public key that the reader holds; None: signatures are not checked.
    """
    found = []
    if (number := first_break(lines)) is not None:
        found.append(f"line {number} does not follow from the line before it")
    leaves = [line.encode() for line in lines]
    for each in checkpoints:
        size = each["size"]
        if size > len(leaves):
            found.append(
                f"the log has {len(leaves)} lines, and had {size} at its checkpoint of {each['at']}: lines were taken out"
            )
            continue
        if merkle.root(leaves[:size]).hex() != each["root"]:
            found.append(f"the first {size} lines are not those of the checkpoint of {each['at']}")
        if verifier is not None:
            try:
                stated = opened(each["note"], verifier)
            except (MalformedInputError, RefusedError) as error:
                found.append(f"checkpoint of {each['at']}: {error.what}")
                continue
            if (stated.size, stated.root.hex()) != (size, each["root"]):
                found.append(f"checkpoint of {each['at']}: its note states another log than it says")
    return found


def read_checkpoints(path: Path) -> list[dict[str, Any]]:
    """Return the checkpoints beside a log; none if there is no file."""
    if not path.exists():
        return []
    try:
        held: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        is_whole = all({"at", "size", "root", "note"} <= set(each) for each in held)
    except (ValueError, TypeError):
        is_whole = False
    if not is_whole:
        raise MalformedInputError("these are no checkpoints", where=path.name, fix="Keep the file as evidence and move it away")
    return held


def _key_hash(origin: str, public: bytes) -> bytes:
    return hashlib.sha256(f"{origin}\n".encode() + bytes([_ED25519]) + public).digest()[:4]


def _is_signed(key: Ed25519PublicKey, key_hash: bytes, signed: str, body: str) -> bool:
    try:
        octets = base64.b64decode(signed, validate=True)
        key.verify(octets[4:], body.encode())
    except (ValueError, InvalidSignature):
        return False
    return octets[:4] == key_hash and base64.b64encode(octets).decode() == signed  # base64 has spare bits: one spelling alone
