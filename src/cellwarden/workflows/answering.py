"""Beside the notices: the answer to *was I affected?*, what is owed to whom, and packs for others who tell their own people."""

from __future__ import annotations

import csv
import json
from datetime import date
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from cellwarden.foundation.digest import canonical_json, sha256_of
from cellwarden.foundation.drafted import drafted
from cellwarden.foundation.errors import MalformedInputError, UsageError
from cellwarden.incident import lookup
from cellwarden.incident.entitlements import STAYED, Leaving, Subscriber, entitlements, read_rules
from cellwarden.incident.filing.covering import Pack, letter
from cellwarden.incident.filing.drawing import filing_pdf
from cellwarden.incident.filing.parts import said
from cellwarden.incident.handover import MVNO_COLUMNS, SERVICE_COLUMNS, mvno_packs, service_packs
from cellwarden.incident.notices.facts import LANGUAGES, Facts
from cellwarden.incident.notices.people import LINKED, people
from cellwarden.incident.phrases import LANGUAGES as SPOKEN
from cellwarden.incident.tries import counted
from cellwarden.workflows.notify import read_index, read_rows, read_subscribers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

Row = dict[str, Any]


def code_for(secret: bytes, subject: str, *, at: datetime) -> str:
    """Return the code to send to a line."""
    return lookup.code(secret, subject, at)


def answer_question(
    result: Path, rounds: Sequence[Path], secret: bytes, subject: str, typed: str, *, at: datetime, language: str, tries: Path
) -> lookup.Answer:
    """Answer *was I affected?* from all rounds of notices, oldest first; wrong codes are counted in the file `tries`."""
    if language not in LANGUAGES:
        raise UsageError(f"{language!r} is not spoken here", where="--language", fix="Say ko or en")
    summary = json.loads((result / "summary.json").read_text(encoding="utf-8"))
    texts = {row["subject"]: row["text"] for folder in rounds for row in read_index(folder)}
    touched = {row["imsi"] for row in read_rows(result, "exposures")}

    def ask(wrong: int) -> lookup.Answer:
        return lookup.answer(
            secret, subject, typed, at=at, notices=texts, touched=touched, window=lookup.window_of(summary), language=language, tries=wrong
        )  # fmt: skip

    return counted(tries, secret, subject, at=at, ask=ask)


def owed_to_all(
    result: Path, out: Path, *, on: date, rules: Path | None, lake: Path | None, leavers: Path | None = None
) -> dict[str, int]:
    """Write what is owed to every subscriber of the lake on a day; return how many each rule entitles.

    `leavers` is a CSV file with `subject`, `left_on` (ISO) and `ex_officio` (`yes` if the operator cancelled); without it nobody knows who left.
    """
    left = _leavers(leavers) if leavers else None
    known = read_subscribers(lake or result.with_name(result.name + ".lake"))
    exposed = {row["imsi"] for row in read_rows(result, "exposures")}
    charged = {
        row["imsi"]
        for row in read_rows(result, "payment_details")
        if row["probability"] >= LINKED and row["status"] in (None, "approved")
    }
    asked = read_rules(rules)
    counted = {rule["name"]: 0 for rule in asked}
    with out.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["subject", "rule", "is_owed", "because"])
        for subject in sorted(known.keys() | exposed | charged):
            facts = known.get(subject, {})
            subscriber = Subscriber(
                exposed=subject in exposed,
                charged=subject in charged,
                controller=facts.get("controller"),
                device_class=facts.get("device_class"),
                joined_on=facts.get("joined_on"),
                leaving=None if left is None else left.get(subject, STAYED),
            )
            for each in entitlements(subscriber, on, asked):
                counted[each.rule] += each.is_owed
                table.writerow([subject, each.rule, "yes" if each.is_owed else "no", "; ".join(each.because)])
    return counted


def _leavers(path: Path) -> dict[str, Leaving]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        if not {"subject", "left_on", "ex_officio"} <= set(reader.fieldnames or ()):
            raise MalformedInputError(
                "no columns subject, left_on and ex_officio", where=path.name, fix="Name them in the first line"
            )
        try:
            return {
                row["subject"]: Leaving(on=date.fromisoformat(row["left_on"]), ex_officio=row["ex_officio"] == "yes")
                for row in reader
            }
        except ValueError as error:
            raise MalformedInputError("a left_on is no date", where=path.name, fix="Write 2025-09-11") from error


def hand_over(result: Path, out: Path, *, facts: Path, on: date, lake: Path | None) -> dict[str, int]:
    """Write one folder a receiver: the rows, their digest and a letter; return how many rows each got."""
    if out.exists() and any(out.iterdir()):
        raise UsageError("the folder is not empty", where=out.name, fix="Choose a new --out")
    stated = Facts.read(facts)
    summary = json.loads((result / "summary.json").read_text(encoding="utf-8"))
    zone = ZoneInfo(summary["operator"]["time_zone"])
    known = read_subscribers(lake or result.with_name(result.name + ".lake"))
    persons = people(read_rows(result, "exposures"), read_rows(result, "suspects"), read_rows(result, "payment_details"), {})
    controllers = {subject: row.get("controller") for subject, row in known.items()}
    packs: list[tuple[str, str, tuple[str, ...], list[Row]]] = [
        ("mvno", name, MVNO_COLUMNS, rows) for name, rows in mvno_packs(persons, controllers).items()
    ]
    packs += [
        ("service", name, SERVICE_COLUMNS, rows) for name, rows in service_packs(read_rows(result, "login_links")).items()
    ]
    told: dict[str, int] = {}
    with drafted(out) as draft:
        for number, (kind, name, columns, rows) in enumerate(packs, start=1):
            folder = draft / f"{kind}-{number:02}"
            folder.mkdir()
            with (folder / "people.csv").open("w", newline="", encoding="utf-8") as file:
                table = csv.DictWriter(file, columns)
                table.writeheader()
                table.writerows(rows)
            digest = sha256_of(folder / "people.csv")
            window = (summary["window"]["from"], summary["window"]["to"])
            pack = Pack(kind=kind, receiver=name, rows=len(rows), columns=columns, sha256=digest, window=window)
            editions: dict[str, Any] = {
                language: (said("pack", "title", language), on.isoformat(), letter(pack, stated, zone, language))
                for language in SPOKEN
            }
            (folder / "letter.pdf").write_bytes(filing_pdf(stated.name, editions, on=on))
            about = {"receiver": name, "kind": kind, "rows": len(rows), "sha256": digest, "result": result.name}
            (folder / "pack.json").write_text(canonical_json(about), encoding="utf-8")
            told[name] = len(rows)
    return told
