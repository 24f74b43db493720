"""The chain of filings: first, supplements, final; each names the one before by its digest, and what changed since and why.

In the public case three reports went out: 5,561 people, then 20,030, then 22,227. Nobody could read from the third why the first
had been wrong. Here a figure that changed without a stated reason is not filed.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cellwarden.foundation.clock import iso
from cellwarden.foundation.digest import canonical_json, sha256_of
from cellwarden.foundation.errors import DamagedLakeError, RefusedError, UsageError
from cellwarden.incident.phrases import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

KINDS = ("first", "supplement", "final")
CHAIN = "chain.json"
DRAFT = "draft"
"""Folder within the chain: the next filing, until another person has agreed to it."""
PAPER = "draft.json"
"""What is agreed to: its digest covers every file of the draft."""
LIMIT_H = {"pipa": 72, "network": 24}
"""Hours to report after knowing: PIPA Decree 40, Network Act 48-3(1)."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One figure that is not what the filing before said."""

    name: str
    before: float | int | None
    after: float | int | None
    because: dict[str, str]
    """The reason by language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """One filing of the chain."""

    number: int
    kind: str
    on: str
    """Local date, ISO."""
    result: str
    """Name of the result that its figures come from."""
    manifest_sha256: str
    """Of that result's manifest: which records, rules and version."""
    figures: dict[str, float | int | None]
    """By the name of the headline."""
    changes: list[Change] = field(default_factory=list)
    previous: str = ""
    """Digest of the filing before; empty in the first."""
    files: dict[str, str] = field(default_factory=dict)
    """SHA-256 of each file of this filing."""

    def digest(self) -> str:
        """Return the SHA-256 over everything above."""
        return hashlib.sha256(canonical_json(asdict(self)).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A filing that nobody has agreed to yet."""

    filing: Filing
    known_at: datetime
    """When the operator knew, aware."""
    law: str
    late_because: str

    def in_time(self, at: datetime) -> None:
        """Refuse a first filing that comes late without a reason.

        Raises:
            RefusedError: It does.
        """
        hours = (at - self.known_at).total_seconds() / 3600
        if self.filing.kind == "first" and hours > LIMIT_H[self.law] and not self.late_because.strip():
            raise RefusedError(
                f"{hours:.0f} hours after it was known, {LIMIT_H[self.law]} are allowed",
                where="--late-because",
                fix="Draft it with the reason; late is explained, never hidden",
            )


def read_chain(folder: Path) -> list[Filing]:
    """Return the filings of a folder in order; none where there is no chain yet.

    Raises:
        DamagedLakeError: A filing does not follow from the one before.
    """
    path = folder / CHAIN
    if not path.exists():
        return []
    try:
        held = [_filing(row) for row in json.loads(path.read_text(encoding="utf-8"))]
    except (ValueError, TypeError, KeyError) as error:
        raise DamagedLakeError(
            "no chain of filings", where=path.name, fix="Restore it from the bundle of the last filing"
        ) from error
    for place, filing in enumerate(held):
        if filing.number != place + 1 or filing.previous != (held[place - 1].digest() if place else ""):
            raise DamagedLakeError(f"filing {place + 1} does not follow from the one before", where=path.name, fix="Restore it from the bundle of the last filing")  # fmt: skip
    return held


def write_draft(folder: Path, draft: Draft) -> None:
    """Write the paper of a draft beside its files."""
    told = {**asdict(draft), "known_at": iso(draft.known_at)}
    (folder / DRAFT / PAPER).write_text(canonical_json(told), encoding="utf-8")


def read_draft(folder: Path) -> Draft:
    """Return the draft of a chain.

    Raises:
        UsageError: There is none, or it is not one.
        RefusedError: A file is not the one that was drafted, or another filing came in between.
    """
    draft = _paper(folder)
    held = read_chain(folder)
    if held and draft.filing == held[-1]:
        raise RefusedError("this draft is filed already", where=folder.name, fix="Draft the next report")
    if (draft.filing.number, draft.filing.previous) != (len(held) + 1, held[-1].digest() if held else ""):
        raise RefusedError(
            "another report was filed after this draft", where=folder.name, fix="Draft the report anew, and ask anew"
        )
    for name, digest in draft.filing.files.items():
        path = folder / DRAFT / name
        if not path.is_file() or sha256_of(path) != digest:
            raise RefusedError("changed after it was drafted", where=name, fix="Draft the report anew, and ask anew")
    return draft


def cleared_after_filing(folder: Path) -> Filing | None:
    """Clear away a draft that is the last filing already, which a kill left behind; return that filing, or None where there is none such."""
    held = read_chain(folder)
    if not held or not (folder / DRAFT / PAPER).exists() or _paper(folder).filing != held[-1]:
        return None
    _clear(folder)
    return held[-1]


def _paper(folder: Path) -> Draft:
    try:
        told = json.loads((folder / DRAFT / PAPER).read_text(encoding="utf-8"))
        return Draft(**{**told, "known_at": datetime.fromisoformat(told["known_at"]), "filing": _filing(told["filing"])})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise UsageError("no draft of a report", where=folder.name, fix="Make one with report draft") from error


def file_draft(folder: Path, draft: Draft) -> None:
    """Make the draft the next filing; done again after a kill, it is the same."""
    for name in draft.filing.files:
        shutil.copyfile(folder / DRAFT / name, folder / name)
    write_chain(folder, [*read_chain(folder), draft.filing])
    _clear(folder)


def _clear(folder: Path) -> None:
    """Take a draft away, its paper last: as long as that is there, the clearing can be done again."""
    for path in (folder / DRAFT).iterdir():
        if path.name != PAPER:
            path.unlink()
    shutil.rmtree(folder / DRAFT)


def next_filing(
    held: list[Filing],
    kind: str,
    *,
    on: str,
    result: str,
    manifest_sha256: str,
    figures: dict[str, float | int | None],
    because: Mapping[str, str],
) -> Filing:
    """Return the filing that follows, without its files.

    Args:
        held: The filings so far.
        kind: One of `KINDS`.
        on: Local date, ISO.
        result: Name of the result.
        manifest_sha256: Digest of its manifest.
        figures: Headlines by name.
        because: Why each figure changed, by its name; `all` stands for every figure without a reason of its own. `NAME.ko` is the reason
            in Korean; a reason that is given in one language only stands in both.

    Raises:
        RefusedError: A changed figure has no reason.
        UsageError: The kind does not follow.
    """
    if kind not in KINDS:
        raise UsageError(f"{kind!r} is no kind of filing", where="--kind", fix=f"Say one of {', '.join(KINDS)}")
    if (kind == "first") is bool(held):
        fix = "Say supplement or final" if held else "Say first"
        raise UsageError(f"a {kind} filing after {len(held)} others", where="--kind", fix=fix)
    if held and held[-1].kind == "final":
        raise UsageError(
            "the chain is closed by a final filing", where="--kind", fix="Begin a new chain, and say what it corrects"
        )
    changes = []
    before = held[-1].figures if held else {}
    for name, value in figures.items():
        if held and before.get(name) != value:
            reason = {language: _reason(because, name, language) for language in LANGUAGES}
            if not any(reason.values()):
                raise RefusedError(
                    f"{name} was {before.get(name)} and is {value}, without a reason",
                    where="--because",
                    fix=f"Write --because '{name}=…', or all=… for every changed figure",
                )
            changes.append(
                Change(
                    name=name,
                    before=before.get(name),
                    after=value,
                    because={each: text or next(filter(None, reason.values())) for each, text in reason.items()},
                )
            )
    return Filing(
        number=len(held) + 1,
        kind=kind,
        on=on,
        result=result,
        manifest_sha256=manifest_sha256,
        figures=figures,
        changes=changes,
        previous=held[-1].digest() if held else "",
    )


def _filing(row: Row) -> Filing:
    return Filing(**{**row, "changes": [Change(**change) for change in row["changes"]]})


def _reason(because: Mapping[str, str], name: str, language: str) -> str:
    keys = (f"{name}.{language}", name, f"all.{language}", "all")
    return next((because[key].strip() for key in keys if because.get(key, "").strip()), "")


def write_chain(folder: Path, held: list[Filing]) -> None:
    """Write the chain; the old one is there until the new one is whole."""
    draft = folder / f".{CHAIN}"
    draft.write_text(canonical_json([asdict(each) for each in held]), encoding="utf-8")
    draft.replace(folder / CHAIN)
