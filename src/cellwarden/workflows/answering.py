"""Beside the notices: the answer to *was I affected?*, what is owed to whom, and packs for others who tell their own people."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

from cellwarden.foundation.digest import canonical_json, sha256_of
from cellwarden.foundation.errors import UsageError
from cellwarden.incident import lookup
from cellwarden.incident.entitlements import Subscriber, entitlements, read_rules
from cellwarden.incident.handover import MVNO_COLUMNS, SERVICE_COLUMNS, mvno_packs, service_packs
from cellwarden.incident.notices.facts import LANGUAGES
from cellwarden.incident.notices.people import LINKED, people
from cellwarden.workflows.notify import read_index, read_rows, read_subscribers

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

Row = dict[str, Any]


def code_for(secret: bytes, subject: str, *, at: datetime) -> str:
    """Return the code to send to a line."""
    return lookup.code(secret, subject, at)


def answer_question(
    result: Path, folder: Path, secret: bytes, subject: str, typed: str, *, at: datetime, language: str, tries: int
) -> lookup.Answer:
    """Answer *was I affected?* from a round of notices."""
    if language not in LANGUAGES:
        raise UsageError(f"{language!r} is not spoken here", where="--language", fix="Say ko or en")
    summary = json.loads((result / "summary.json").read_text(encoding="utf-8"))
    texts = {row["subject"]: row["text"] for row in read_index(folder)}
    return lookup.answer(
        secret, subject, typed, at=at, notices=texts, window=lookup.window_of(summary), language=language, tries=tries
    )


def owed_to_all(result: Path, out: Path, *, on: date, rules: Path | None, lake: Path | None) -> dict[str, int]:
    """Write what is owed to every subscriber of the lake on a day; return how many each rule entitles."""
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
            )
            for each in entitlements(subscriber, on, asked):
                counted[each.rule] += each.is_owed
                table.writerow([subject, each.rule, "yes" if each.is_owed else "no", "; ".join(each.because)])
    return counted


def hand_over(result: Path, out: Path, *, lake: Path | None) -> dict[str, int]:
    """Write one folder a receiver with the rows and their digest; return how many rows each got."""
    if out.exists() and any(out.iterdir()):
        raise UsageError("the folder is not empty", where=out.name, fix="Choose a new --out")
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
    for number, (kind, name, columns, rows) in enumerate(packs, start=1):
        folder = out / f"{kind}-{number:02}"
        folder.mkdir(parents=True)
        with (folder / "people.csv").open("w", newline="", encoding="utf-8") as file:
            table = csv.DictWriter(file, columns)
            table.writeheader()
            table.writerows(rows)
        about = {
            "receiver": name,
            "kind": kind,
            "rows": len(rows),
            "sha256": sha256_of(folder / "people.csv"),
            "result": result.name,
        }
        (folder / "pack.json").write_text(canonical_json(about), encoding="utf-8")
        told[name] = len(rows)
    return told
