"""The key of a lake: 32 random bytes in a file of mode 0600 beside it; without it nobody is re-identified."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cellwarden.foundation.errors import MalformedInputError, RefusedError

if TYPE_CHECKING:
    from pathlib import Path

_BYTES = 32


class LakeKey:
    """One secret, and the keys derived from it (HKDF, RFC 5869): one a purpose, so that none tells of another."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def derived(self, purpose: str) -> bytes:
        """Return the 32-byte key of a purpose."""
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"cellwarden {purpose}".encode()).derive(self._secret)

    @property
    def mark(self) -> str:
        """What tells this key from another without telling the key: 16 hex digits."""
        return self.derived("mark")[:8].hex()

    @classmethod
    def read(cls, path: Path) -> LakeKey:
        """Read a key file.

        Raises:
            RefusedError: There is none, or others may read it.
            MalformedInputError: It holds something else.
        """
        if not path.is_file():
            raise RefusedError("there is no key", where=str(path.name), fix="Give the lake's key with --key FILE")
        if path.stat().st_mode & 0o077:
            raise RefusedError("others may read this key", where=path.name, fix="chmod 600 it, and ask who has read it")
        text = path.read_text(encoding="ascii", errors="replace").strip()
        try:
            secret = bytes.fromhex(text)
        except ValueError:
            secret = b""
        if len(secret) != _BYTES:
            raise MalformedInputError(
                f"a key is {_BYTES} bytes in hex", where=path.name, fix="Give the key made beside the lake"
            )
        return cls(secret)

    @classmethod
    def read_or_make(cls, path: Path) -> LakeKey:
        """Read the key, or make it: whole or not at all, whatever kills the process meanwhile."""
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.draft")
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(_BYTES) + "\n")
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(draft, path)  # unlike a rename it never overwrites the key of a run beside us
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return cls.read(path)
