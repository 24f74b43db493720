"""The subscriber directory: pseudonym -> identifier, sealed one by one; deleting a row forgets the person.

A SQLite file beside the lake. Each identifier is sealed with AES-256-GCM under a key derived from the lake's key, with
kind and pseudonym as associated data, so that rows cannot be swapped.
"""

from __future__ import annotations

import secrets
import sqlite3
from typing import TYPE_CHECKING, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cellwarden.foundation.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from types import TracebackType

    from cellwarden.lake.key import LakeKey

_NONCE = 12


class Directory:
    """Opened for one run; what is remembered becomes durable with `commit`."""

    def __init__(self, path: Path, key: LakeKey) -> None:
        self._name = path.name
        self._seal = AESGCM(key.derived("directory"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        self._db = sqlite3.connect(path)
        self._db.execute("PRAGMA secure_delete = ON")  # forgotten means overwritten, not unlinked
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS person (kind TEXT, pseudonym INTEGER, sealed BLOB NOT NULL, PRIMARY KEY (kind, pseudonym)) WITHOUT ROWID"
        )
        self._seen: set[tuple[str, int]] = set(self._db.execute("SELECT kind, pseudonym FROM person"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._db.close()

    def remember(self, kind: str, people: Iterable[tuple[int, str]]) -> None:
        """Seal the identifiers that are not yet known."""
        # In order of the key: a B-tree takes sorted rows several times faster than scattered ones.
        fresh = sorted((pseudonym, identifier) for pseudonym, identifier in people if (kind, pseudonym) not in self._seen)
        self._seen.update((kind, pseudonym) for pseudonym, _ in fresh)
        nonces = secrets.token_bytes(_NONCE * len(fresh))
        rows = []
        for place, (pseudonym, identifier) in enumerate(fresh):
            nonce = nonces[place * _NONCE : (place + 1) * _NONCE]
            sealed = nonce + self._seal.encrypt(nonce, identifier.encode(), f"{kind} {pseudonym}".encode())
            rows.append((kind, pseudonym, sealed))
        self._db.executemany("INSERT OR IGNORE INTO person VALUES (?, ?, ?)", rows)

    def commit(self) -> None:
        """Make what was remembered durable."""
        self._db.commit()

    def reveal(self, kind: str, pseudonyms: Iterable[int]) -> dict[int, str]:
        """Open the identifiers of these pseudonyms; a forgotten person is missing from the answer.

        Raises:
            RefusedError: The key is not the one they were sealed with.
        """
        opened = {}
        for pseudonym in pseudonyms:
            row = self._db.execute("SELECT sealed FROM person WHERE kind = ? AND pseudonym = ?", (kind, pseudonym)).fetchone()
            if row is None:
                continue
            try:
                plain = self._seal.decrypt(row[0][:_NONCE], row[0][_NONCE:], f"{kind} {pseudonym}".encode())
            except (InvalidTag, ValueError) as error:
                raise RefusedError(
                    "this key does not open the directory", where=self._name, fix="Give the lake's own key with --key FILE"
                ) from error
            opened[pseudonym] = plain.decode()
        return opened

    def sealed(self, kind: str, pseudonym: int) -> bytes | None:
        """Return the sealed octets of a person, to show later that they are gone; None of somebody unknown."""
        row = self._db.execute("SELECT sealed FROM person WHERE kind = ? AND pseudonym = ?", (kind, pseudonym)).fetchone()
        return None if row is None else bytes(row[0])

    def forget(self, kind: str, pseudonym: int) -> bool:
        """Forget a person for good; say whether the person was known."""
        gone = self._db.execute("DELETE FROM person WHERE kind = ? AND pseudonym = ?", (kind, pseudonym)).rowcount > 0
        self._db.commit()
        self._seen.discard((kind, pseudonym))
        return gone
