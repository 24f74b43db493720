"""How the store knows who somebody is."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cellwarden.foundation.errors import RefusedError

if TYPE_CHECKING:
    from pathlib import Path

_TOKEN_BYTES = 24


@dataclass(frozen=True, slots=True)
class Token:
    """Who somebody is, and the secret that shows it; kept in a file of the person's own."""

    name: str
    secret: str = field(repr=False)

    @classmethod
    def made(cls, name: str) -> Token:
        """Make a new one."""
        return cls(name, secrets.token_urlsafe(_TOKEN_BYTES))

    @property
    def digest(self) -> str:
        """What the store keeps of it."""
        return hashlib.sha256(self.secret.encode()).hexdigest()

    @classmethod
    def read(cls, path: Path) -> Token:
        """Read a token file.

        Raises:
            RefusedError: There is none, others may read it, or it holds something else.
        """
        if not path.is_file():
            raise RefusedError("there is no token", where=path.name, fix="Name your token file with --me FILE")
        if path.stat().st_mode & 0o077:
            raise RefusedError(
                "others may read this token", where=path.name, fix="chmod 600 it and renew it: cellwarden case renew"
            )
        name, _, secret = path.read_text(encoding="utf-8", errors="replace").strip().rpartition(" ")
        if not name or not secret:
            raise RefusedError("this is no token", where=path.name, fix="Use the file as it was made for you")
        return cls(name, secret)

    def write(self, path: Path) -> None:
        """Write a token file that only its owner may read; one that is there is replaced as a whole."""
        draft = path.with_name(f"{path.name}.draft")
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(f"{self.name} {self.secret}\n")
        draft.replace(path)
