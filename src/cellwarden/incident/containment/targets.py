"""Where acts go: a file that somebody works off, a web hook, or the block list that the gate reads. Each takes a message once.

A target is told a key with each message. It may hear the same key again after a kill; then it does nothing more.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import ipaddress
import json
import os
import tomllib
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from cellwarden.foundation.digest import canonical_json
from cellwarden.foundation.errors import CellwardenError, MalformedInputError, RefusedError

if TYPE_CHECKING:
    from pathlib import Path

_WAIT_S = 10.0


class UndeliveredError(CellwardenError):
    """A target did not take a message; it is tried again."""

    http_status = 502


class Target(Protocol):
    """Something that acts are delivered to."""

    def send(self, step: str, message: dict[str, Any], *, key: str) -> None:
        """Take a message.

        Args:
            step: `apply`, `undo` or `tell`.
            message: What it is about.
            key: The same for the same message, however often it is sent.

        Raises:
            UndeliveredError: It was not taken.
        """


@dataclass(frozen=True, slots=True)
class FileTarget:
    """A file of JSON lines, one a message; a work list for people or for a system that reads files."""

    path: Path

    def send(self, step: str, message: dict[str, Any], *, key: str) -> None:
        """Append the line, unless it is there."""
        try:
            held = self.path.read_text(encoding="utf-8") if self.path.exists() else ""
            if any(f'"key": "{key}"' in line for line in held.splitlines()):
                return
            gap = "" if not held or held.endswith("\n") else "\n"  # a line that a kill cut off stays, on a line of its own
            line = json.dumps({"key": key, "step": step, **message}, ensure_ascii=False, sort_keys=True)
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "a", encoding="utf-8") as file:
                file.write(f"{gap}{line}\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise UndeliveredError(
                f"{type(error).__name__}", where=self.path.name, fix="Make room or mend the rights"
            ) from error


@dataclass(frozen=True, slots=True)
class WebhookTarget:
    """A web hook: JSON by POST, with the key as `Idempotency-Key` and, where a secret is shared, an HMAC-SHA256 of the body."""

    url: str
    secret: bytes = b""

    def __post_init__(self) -> None:
        """Refuse to send acts in clear over a network."""
        parts = urlsplit(self.url)
        if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(parts.hostname or "")):
            raise RefusedError(
                "acts go over https, or stay on this machine", where=parts.hostname or "webhook", fix="Write https://…"
            )

    def send(self, step: str, message: dict[str, Any], *, key: str) -> None:
        """Post it; any answer but 2xx is a failure."""
        body = json.dumps({"key": key, "step": step, **message}, ensure_ascii=False, sort_keys=True).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        if self.secret:
            headers["X-Cellwarden-Signature"] = "sha256=" + hmac.new(self.secret, body, hashlib.sha256).hexdigest()
        request = urllib.request.Request(self.url, data=body, headers=headers, method="POST")  # noqa: S310 (https, or loopback)
        opener = urllib.request.build_opener(_NoRedirect())
        try:
            with opener.open(request, timeout=_WAIT_S) as answer:
                answer.read()
        except urllib.error.HTTPError as error:
            error.close()
            raise UndeliveredError(
                f"it answers {error.code}", where=urlsplit(self.url).hostname or "", fix="Tried again"
            ) from error
        except (OSError, http.client.HTTPException) as error:
            raise UndeliveredError(type(error).__name__, where=urlsplit(self.url).hostname or "", fix="Tried again") from error


@dataclass(frozen=True, slots=True)
class BlockListTarget:
    """The block list of the gate: a JSON file of `kind`, `value`, `reason`, `until`, replaced as a whole."""

    path: Path

    def send(self, step: str, message: dict[str, Any], *, key: str) -> None:  # noqa: ARG002 (a list takes the same entry once anyhow)
        """Put the block on the list, or take it off."""
        block = message.get("block")
        if block is None:
            raise UndeliveredError(f"the gate cannot {message.get('act')}", where=self.path.name, fix="Name another target")
        try:
            blocks = read_block_list(self.path)
            kept = [each for each in blocks if each["request"] != message["request"]]
            if step == "apply":
                kept.append(
                    {
                        **block,
                        "reason": f"containment {message['request']}",
                        "until": message["until"],
                        "request": message["request"],
                    }
                )
            draft = self.path.with_name(f".{self.path.name}.draft")
            with draft.open("w", encoding="utf-8") as file:
                file.write(canonical_json({"format": 1, "blocks": kept}))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.path)
        except OSError as error:
            raise UndeliveredError(
                f"{type(error).__name__}", where=self.path.name, fix="Make room or mend the rights"
            ) from error


def read_block_list(path: Path) -> list[dict[str, Any]]:
    """Return the entries of a block list; none if there is no file.

    Raises:
        UndeliveredError: It is no block list: to write over it would lift every block on it.
    """
    if not path.exists():
        return []
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        blocks = list(content["blocks"])
        is_ours = all({"kind", "value", "request"} <= set(each) for each in blocks)
    except (ValueError, KeyError, TypeError):
        is_ours = False
    if not is_ours:
        raise UndeliveredError("this is no block list", where=path.name, fix="Move it away, then deliver again")
    return blocks


def read_targets(path: Path) -> dict[str, Target]:
    """Read a targets file: one table a target, with `kind` (`file`, `webhook`, `block_list`) and `path` or `url`.

    Raises:
        MalformedInputError: It cannot be read as that.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        return {name: _target(name, entry, path.parent) for name, entry in content.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise MalformedInputError(
            f"no targets file ({type(error).__name__})", where=path.name, fix="See docs/how-to/network-security.md"
        ) from error


def _target(name: str, entry: dict[str, Any], folder: Path) -> Target:
    match entry["kind"]:
        case "file":
            return FileTarget(folder / entry["path"])
        case "block_list":
            return BlockListTarget(folder / entry["path"])
        case "webhook":
            secret = _secret(name, folder / entry["secret_file"]) if "secret_file" in entry else b""
            return WebhookTarget(entry["url"], secret)
    raise ValueError("kind")


def _secret(name: str, path: Path) -> bytes:
    """Return what a web hook signs with; an empty secret would send acts that look unsigned on purpose."""
    try:
        secret = path.read_bytes().strip()
    except OSError as error:
        raise MalformedInputError(
            f"no secret for target {name} ({type(error).__name__})",
            where=path.name,
            fix=f"Write the secret that its receiver knows into it (openssl rand -hex 32 > {path.name}), or take secret_file out",
        ) from error
    if not secret:
        raise MalformedInputError(
            f"the secret of target {name} is empty", where=path.name, fix="Write the one that its receiver knows"
        )
    return secret


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect could lead acts elsewhere, in clear: it counts as a failure."""

    def redirect_request(self, *_: Any) -> None:
        """Follow none."""
