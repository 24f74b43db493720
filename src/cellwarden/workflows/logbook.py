"""The audit log as a file: written out, signed, time-stamped and checked."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from cellwarden.evidence import checkpoint, timestamp
from cellwarden.evidence.log import lines_of
from cellwarden.foundation.clock import iso
from cellwarden.foundation.digest import canonical_json
from cellwarden.foundation.errors import MalformedInputError, RefusedError
from cellwarden.incident.case.reconciliation import unlogged
from cellwarden.incident.case.roles import Permission

if TYPE_CHECKING:
    from pathlib import Path

    from cellwarden.foundation.clock import Clock
    from cellwarden.workflows.respond import Desk


def export(at: Desk, log: Path) -> int:
    """Write the log of a store to a file, for bundles and checkpoints; return its number of lines.

    Raises:
        RefusedError: The person may not read the log, or the file holds another log.
    """
    with at.store.reading(at.me, Permission.READ_LOG):
        lines = at.store.log_lines()
    if log.exists() and (held := _lines(log)) != lines[: len(held)]:
        raise RefusedError("this file holds another log", where=log.name, fix="Keep it as evidence, and choose a new file")
    draft = log.with_name(f".{log.name}.draft")
    draft.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    draft.replace(log)
    return len(lines)


def sign(log: Path, key: Path, *, origin: str, clock: Clock) -> tuple[dict[str, Any], str]:
    """Sign a log file as it stands; return the new checkpoint and the verifier to hand out.

    Raises:
        RefusedError: The log does not hold: to sign it would cover that up.
    """
    lines, held = _lines(log), checkpoint.read_checkpoints(_beside(log))
    if found := checkpoint.problems(lines, held, None):
        raise RefusedError(found[0], where=log.name, fix="Look into it first: cellwarden log verify")
    signer = checkpoint.Signer.read_or_make(key, origin)
    made = checkpoint.entry(signer.note(lines), lines, at=clock())
    _write(log, [*held, made])
    return made, signer.verifier


def stamp_request(log: Path) -> bytes:
    """Return a time-stamp request for the last checkpoint of a log."""
    return timestamp.request(_last(log)["note"].encode())


def stamp_answer(log: Path, answer: bytes, roots: bytes) -> str:
    """Keep an authority's answer with the last checkpoint, if it holds; return when the authority saw it."""
    held = checkpoint.read_checkpoints(_beside(log))
    last = _last(log)
    at = timestamp.stamped_at(answer, last["note"].encode(), roots)
    _write(log, [*held[:-1], {**last, "timestamp": base64.b64encode(answer).decode(), "stamped_at": iso(at)}])
    return iso(at)


def verify(log: Path, *, verifier: str | None, roots: bytes | None = None, at: Desk | None = None) -> list[str]:
    """Return one line for each thing about a log that does not hold; empty: everything does.

    Args:
        log: The log file, with its checkpoints beside it.
        verifier: Public key that the reader holds; None: signatures are not checked.
        roots: Certificates of time-stamp authorities that the reader trusts; None: stamps are not checked.
        at: A desk: the log of the store goes on from this one, and its tables say what its log says.
    """
    lines, held = _lines(log), checkpoint.read_checkpoints(_beside(log))
    found = checkpoint.problems(lines, held, verifier)
    for each in held:
        if roots is not None and "timestamp" in each:
            try:
                timestamp.stamped_at(base64.b64decode(each["timestamp"]), each["note"].encode(), roots)
            except (RefusedError, MalformedInputError, ValueError):
                found.append(f"checkpoint of {each['at']}: its time stamp does not hold")
    if at is not None:
        with at.store.reading(at.me, Permission.READ_LOG) as connection:
            kept = at.store.log_lines()
            found += unlogged(connection, kept)
        found += [f"store: {problem}" for problem in checkpoint.problems(kept, held, None)]
        if kept[: len(lines)] != lines:
            found.append("the log of the store does not go on from this file")
    return found


def _last(log: Path) -> dict[str, Any]:
    held = checkpoint.read_checkpoints(_beside(log))
    if not held:
        raise MalformedInputError("there is no checkpoint", where=log.name, fix="Make one: cellwarden log checkpoint")
    return held[-1]


def _write(log: Path, held: list[dict[str, Any]]) -> None:
    draft = _beside(log).with_suffix(".draft")
    draft.write_text(canonical_json(held), encoding="utf-8")
    draft.replace(_beside(log))


def _lines(log: Path) -> list[str]:
    if not log.is_file():
        raise MalformedInputError("there is no log", where=log.name, fix="Write it first: cellwarden log export")
    return lines_of(log.read_text(encoding="utf-8", errors="replace"))


def _beside(log: Path) -> Path:
    return log.with_name(log.name.removesuffix(".jsonl") + ".checkpoints.json")
