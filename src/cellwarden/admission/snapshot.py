"""A registry on paper: sealed by whoever keeps it, so that a gate can run for itself and believes nobody else.

A sealed registry is a signature (Ed25519, RFC 8032; 64 octets) and a Zstandard frame of JSON lines: a heading, then one line a
version. A heading with `follows` is a delta: it holds every version of the units that changed, and the digest of what it
changes; one that does not follow what a gate holds is refused, so that none is left out and none played twice.
"""

from __future__ import annotations

import hashlib
import io
import json
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import zstandard
from cryptography.exceptions import InvalidSignature

from cellwarden.admission.registry import Version
from cellwarden.foundation.clock import iso
from cellwarden.foundation.errors import MalformedInputError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_SIGNATURE_OCTETS = 64
_FORMAT = 1


class Sealed(NamedTuple):
    """What a sealed registry says of itself, and its versions."""

    as_of: datetime
    """When the management system confirmed it."""
    digest: str
    """SHA-256 of the whole file, hex: what the next delta follows."""
    follows: str
    """Digest of what this delta changes; empty: this is a whole registry."""
    versions: list[Version]


def seal(versions: Iterable[Version], *, as_of: datetime, key: Ed25519PrivateKey, follows: str = "") -> bytes:
    """Write and sign a registry, or with `follows` a delta of it."""
    heading = {"format": _FORMAT, "as_of": iso(as_of), "follows": follows}
    lines = [json.dumps(heading), *(json.dumps(_row(version), ensure_ascii=False) for version in versions)]
    frame = zstandard.compress(("\n".join(lines) + "\n").encode(), 3)
    return key.sign(frame) + frame


def unseal(content: bytes, key: Ed25519PublicKey, *, where: str) -> Sealed:
    """Read a sealed registry.

    Raises:
        RefusedError: The signature is not of this key.
        MalformedInputError: It is signed and cannot be read all the same.
    """
    signature, frame = content[:_SIGNATURE_OCTETS], content[_SIGNATURE_OCTETS:]
    try:
        key.verify(signature, frame)
    except InvalidSignature as error:
        raise RefusedError(
            "the registry is not signed by the key that this gate trusts", where=where, fix="Ask whoever sealed it"
        ) from error
    try:
        lines = _lines(frame)
        heading = json.loads(next(lines))
        if heading["format"] != _FORMAT:
            raise MalformedInputError(f"format {heading['format']}", where=where, fix="Update the gate")
        versions = [Version.of_row(json.loads(line)) for line in lines]
        as_of = datetime.fromisoformat(heading["as_of"])
    except (ValueError, KeyError, TypeError, StopIteration, zstandard.ZstdError) as error:
        raise MalformedInputError(f"not a registry ({type(error).__name__})", where=where, fix="Seal it again") from error
    return Sealed(as_of, hashlib.sha256(content).hexdigest(), heading["follows"], versions)


def _lines(frame: bytes) -> Iterator[str]:
    """Unpack as it is read: a registry as one text would be half of the memory."""
    with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(frame)) as unpacked:
        yield from io.TextIOWrapper(unpacked, encoding="utf-8", newline="\n")


def _row(version: Version) -> dict[str, object]:
    return {
        "equipment_id": version.equipment_id,
        "cell": version.cell,
        "cell_type": version.cell_type,
        "kind": version.kind,
        "status": version.status,
        "valid_from": iso(version.valid_from),
        "valid_to": None if version.valid_to is None else iso(version.valid_to),
        "recorded_at": iso(version.recorded_at),
        "tac": version.tac,
        "plmn": version.plmn,
        "serial": version.serial,
        "software": version.software,
        "certificate": version.certificate,
        "access_line": version.access_line,
        "source_networks": " ".join(map(str, version.networks)) or None,
        "lat": version.lat,
        "lon": version.lon,
    }
