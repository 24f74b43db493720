"""The gate's registry from a sealed file with its deltas, and whose the networks are that units come from."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Protocol

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from cellwarden.admission.addresses import AddressBook, Origin, network
from cellwarden.admission.registry import Registry
from cellwarden.admission.snapshot import seal, unseal
from cellwarden.foundation.errors import InputChangedError, MalformedInputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from cellwarden.admission.registry import Version
    from cellwarden.workflows.gatehouse import Gatehouse

DELTAS = "*.delta"
"""Deltas lie beside the sealed registry; their names sort in the order in which they follow each other."""


def read_origins(path: Path) -> AddressBook:
    """Read a CSV of networks: `network` as CIDR, and any of `asn`, `country`, `access_line`.

    Raises:
        MalformedInputError: A line has no network or an AS number that is none; it is named, since a line that is left out
            would let a foreign address look like nobody's.
    """
    entries = list[tuple[str, Origin]]()
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            try:
                asn = int(row["asn"]) if row.get("asn") else None
                network(row["network"])
            except (ValueError, KeyError, TypeError) as error:
                raise MalformedInputError(
                    "no network, or no number of an AS",
                    where=f"{path.name}:{number}",
                    fix="Write network,asn,country,access_line",
                ) from error
            entries.append((row["network"], Origin(asn, row.get("country") or None, row.get("access_line") or None)))
    return AddressBook(entries)


def sealed_by(key: Path, versions: Iterable[Version], *, as_of: datetime) -> bytes:
    """Seal versions with the private key of a file."""
    return seal(versions, as_of=as_of, key=_private(key))


def public_key(path: Path) -> Ed25519PublicKey:
    """Read the public key of whoever seals the registry, PEM."""
    try:
        key = load_pem_public_key(path.read_bytes())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise MalformedInputError("no public key", where=path.name, fix="Give the Ed25519 public key as PEM") from error
    if not isinstance(key, Ed25519PublicKey):
        raise MalformedInputError("not an Ed25519 key", where=path.name, fix="Make one: openssl genpkey -algorithm ed25519")
    return key


def _private(path: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise MalformedInputError("no private key", where=path.name, fix="Give the Ed25519 private key as PEM") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise MalformedInputError("not an Ed25519 key", where=path.name, fix="Make one: openssl genpkey -algorithm ed25519")
    return key


class RegistrySource(Protocol):
    """Where a gate's registry comes from: a record folder, a sealed file, or a management system."""

    def refresh(self, house: Gatehouse) -> bool:
        """Bring the gate's registry up to date; return whether anything was new."""


class SealedSource:
    """A sealed registry and the deltas beside it; deltas may also be handed in."""

    def __init__(self, sealed: Path, key: Ed25519PublicKey) -> None:
        self._sealed, self._key = sealed, key
        self._seen: tuple[int, int] = (0, 0)
        self._taken = set[str]()
        self._last = ""

    def refresh(self, house: Gatehouse) -> bool:
        """Bring the gate's registry up to date; return whether anything was new."""
        try:
            stat = self._sealed.stat()
            is_new = (stat.st_mtime_ns, stat.st_size) != self._seen
            if is_new:
                self.take(self._sealed.read_bytes(), house, where=self._sealed.name)
                self._seen = stat.st_mtime_ns, stat.st_size
            waiting = [path for path in sorted(self._sealed.parent.glob(DELTAS)) if path.name not in self._taken]
            for path in waiting:
                self._taken.add(path.name)
                self.take(path.read_bytes(), house, where=path.name)
        except OSError:
            return False
        return is_new or bool(waiting)

    def take(self, content: bytes, house: Gatehouse, *, where: str) -> int:
        """Take a sealed registry or delta; return how many sessions that cut.

        Raises:
            RefusedError: Its signature is not of the key.
            MalformedInputError: It cannot be read.
            InputChangedError: A delta follows something else than what is held.
        """
        sealed = unseal(content, self._key, where=where)
        if not sealed.follows:
            cut = house.renew(Registry(sealed.versions, as_of=sealed.as_of))
        elif sealed.follows == self._last:
            cut = house.change(sealed.versions, as_of=sealed.as_of)
        else:
            raise InputChangedError(
                "the delta follows another registry than the one held", where=where, fix="Hand in the whole registry"
            )
        self._last = sealed.digest
        return cut
