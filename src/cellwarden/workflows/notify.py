"""From a result to notices: who is told what, held against the law, drawn, and delivered with receipts."""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from itertools import islice
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq

from cellwarden.foundation.digest import canonical_json
from cellwarden.foundation.errors import MalformedInputError, RefusedError, UsageError
from cellwarden.incident.notices.delivery import Letter, deliver, fallback, read_receipts
from cellwarden.incident.notices.drawing import notice_pdf
from cellwarden.incident.notices.facts import LANGUAGES, Facts
from cellwarden.incident.notices.linter import Fault, in_force, lint
from cellwarden.incident.notices.notice import Notice, write
from cellwarden.incident.notices.people import Person, Told, people
from cellwarden.incident.notices.posting import page, postings
from cellwarden.incident.phrases import LANGUAGES as SPOKEN
from cellwarden.lake.pseudonyms import in_hex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from cellwarden.foundation.clock import Clock
    from cellwarden.incident.notices.delivery import Adapter
    from cellwarden.incident.phrases import Language
    from cellwarden.workflows.load import Progress

Row = dict[str, Any]
INDEX, LINTED, RECEIPTS, WEB, POSTED = "notices.jsonl", "faults.json", "receipts.jsonl", "web.json", "web.html"
GDPR = "gdpr_34"
_CHUNK = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is asked."""

    result: Path
    facts: Path
    """notice.toml."""
    out: Path
    on: date
    """Local date of the notices."""
    case: str = ""
    """Number of the case; empty: the name of the result."""
    lake: Path | None = None
    """For language and controller of subscribers; None: RESULT + `.lake`, where it is there."""
    earlier: tuple[Path, ...] = ()
    """Folders of earlier rounds, oldest first: who was told what."""
    under: tuple[str, ...] = ()
    """Keys of laws; empty: those of Korea in force on the day."""
    language: str = "ko"
    """For whoever has none on file."""
    workers: int = 1


def read_rows(result: Path, table: str) -> list[Row]:
    """Return the rows of a result table.

    Raises:
        UsageError: There is none.
    """
    path = result / f"{table}.parquet"
    if not path.is_file():
        raise UsageError(f"no {path.name}", where=result.name, fix="Name the --out of an investigation of this version")
    rows: list[Row] = pq.read_table(path).to_pylist()
    return rows


def read_subscribers(lake: Path) -> dict[str, Row]:
    """Return language, controller, device class and joining date of each subscriber of a lake, by pseudonym."""
    columns = ["imsi", "language", "controller", "device_class", "joined_on", "district"]
    found: dict[str, Row] = {}
    for path in sorted((lake / "subscribers").glob("*.parquet")):
        for row in pq.read_table(path, columns=columns, partitioning=None).to_pylist():
            found[in_hex(row["imsi"])] = row
    return found


def told_in(rounds: Iterable[Path]) -> dict[str, Told]:
    """Return what each subscriber was told last, over rounds from old to new."""
    told: dict[str, Told] = {}
    for folder in rounds:
        for row in read_index(folder):
            told[row["subject"]] = Told(kind=row["kind"], on=row["on"], items=tuple(row["items"]))
    return told


def read_index(folder: Path) -> list[Row]:
    """Return the index of a round of notices."""
    try:
        lines = (folder / INDEX).read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]
    except (OSError, ValueError) as error:
        raise UsageError("no round of notices", where=folder.name, fix="Name an --out of notices make") from error


def make_notices(order: Order, *, progress: Progress) -> Row:
    """Write every notice into `out`: the PDFs, `notices.jsonl`, the page for the web, and what the linter found; return the counts.

    Notices with faults are written all the same, so that they can be read; `send` refuses them.

    Raises:
        UsageError: `out` holds something, or the result is none.
    """
    if order.out.exists() and any(order.out.iterdir()):
        raise UsageError(
            "the folder is not empty", where=order.out.name, fix="Choose a new --out: a round is never written over"
        )
    facts = Facts.read(order.facts)
    summary = json.loads((order.result / "summary.json").read_text(encoding="utf-8"))
    zone = ZoneInfo(summary["operator"]["time_zone"])
    lake = order.lake or order.result.with_name(order.result.name + ".lake")
    subscribers = read_subscribers(lake)
    under = order.under or tuple(key for key in in_force(order.on) if key != GDPR)
    law_of = date.max if order.under else order.on  # laws that somebody names are asked as they stand now
    persons = people(
        read_rows(order.result, "exposures"),
        read_rows(order.result, "suspects"),
        read_rows(order.result, "payment_details"),
        told_in(order.earlier),
    )
    ours, others = _by_controller(persons, subscribers, facts.handover)
    case = order.case or order.result.name
    order.out.mkdir(parents=True, exist_ok=True)
    faults: list[Fault] = []
    counted: Counter[str] = Counter()
    compose = partial(_compose, facts=facts, on=order.on, zone=zone, case=case, under=under, law_of=law_of)
    asked = ((person, _language(subscribers.get(person.subject), order.language)) for person in ours)
    with (order.out / INDEX).open("w", encoding="utf-8") as index:
        for number, (notice, drawn, lacks) in enumerate(_composed(compose, asked, order.workers), start=1):
            path = pdf_path(order.out, notice.reference)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(drawn)
            index.write(json.dumps(_entry(notice, drawn), ensure_ascii=False, sort_keys=True) + "\n")
            faults += lacks
            counted[notice.kind] += 1
            if number % _CHUNK == 0 or number == len(ours):
                progress("notices", number, len(ours), "notices")
    general: dict[Language, list[Notice]] = {
        language: postings(ours, facts, language=language, on=order.on, zone=zone, case=case) for language in SPOKEN
    }
    (order.out / POSTED).write_text(page(general, facts), encoding="utf-8")
    told = {
        "case": case,
        "on": order.on.isoformat(),
        "under": list(under),
        "notices": sum(counted.values()),
        "by_class": dict(sorted(counted.items())),
        "handed_over": {name: len(held) for name, held in sorted(others.items())},
        "faults": len(faults),
    }
    (order.out / LINTED).write_text(canonical_json({**told, "found": [asdict(fault) for fault in faults]}), encoding="utf-8")
    return told


def _by_controller(
    persons: list[Person], subscribers: Mapping[str, Row], handover: tuple[str, ...]
) -> tuple[list[Person], dict[str, list[Person]]]:
    """Split people into those that we tell and those whom their own controller tells."""
    others: dict[str, list[Person]] = {name: [] for name in handover}
    ours: list[Person] = []
    for person in persons:
        others.get((subscribers.get(person.subject) or {}).get("controller", ""), ours).append(person)
    return ours, {name: held for name, held in others.items() if held}


def _language(subscriber: Row | None, otherwise: str) -> str:
    language = (subscriber or {}).get("language")
    return language if language in LANGUAGES else otherwise


def _compose(
    asked: tuple[Person, Any], *, facts: Facts, on: date, zone: ZoneInfo, case: str, under: tuple[str, ...], law_of: date
) -> tuple[Notice, bytes, list[Fault]]:
    person, language = asked
    notice = write(person, facts, language=language, on=on, zone=zone, case=case)
    return notice, notice_pdf(notice, facts.name[language]), lint(notice, under=under, on=law_of)


def _composed(compose: Any, asked: Iterator[tuple[Person, str]], workers: int) -> Iterator[tuple[Notice, bytes, list[Fault]]]:
    """Compose in order; with several workers, chunk by chunk, so that no more than a few hundred PDFs are in memory."""
    if workers == 1:
        yield from map(compose, asked)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        while chunk := list(islice(asked, _CHUNK * workers * 4)):
            yield from pool.map(compose, chunk, chunksize=_CHUNK)


def _entry(notice: Notice, drawn: bytes) -> Row:
    return {
        "reference": notice.reference,
        "subject": notice.subject,
        "kind": notice.kind,
        "language": notice.language,
        "on": notice.on.isoformat(),
        "items": list(notice.items),
        "title": notice.title,
        "text": notice.text(),
        "pdf_sha256": hashlib.sha256(drawn).hexdigest(),
    }


def pdf_path(folder: Path, reference: str) -> Path:
    """Return where the PDF of a notice lies: 256 folders, so that none holds 30,000 files."""
    return folder / "pdf" / reference[:2] / f"{reference}.pdf"


def read_addresses(path: Path | None) -> dict[str, str]:
    """Return the address of each subscriber, named as in the result, from a CSV file with `subject` and `address`."""
    if path is None:
        return {}
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        if not {"subject", "address"} <= set(reader.fieldnames or ()):
            raise MalformedInputError("no columns subject and address", where=path.name, fix="Name them in the first line")
        return {row["subject"]: (row["address"] or "").strip() for row in reader}


def send_notices(folder: Path, adapter: Adapter, *, addresses: Path | None, clock: Clock, on: date) -> Row:
    """Deliver a round; return how many of each outcome, and write what must stand on the web for 30 days.

    Raises:
        RefusedError: The linter found faults, or a PDF is not the one that was linted.
    """
    index = read_index(folder)
    linted = json.loads((folder / LINTED).read_text(encoding="utf-8"))
    if linted["faults"]:
        first = linted["found"][0]
        raise RefusedError(
            f"{linted['faults']} faults, the first: {first['element']} {first['what']} ({first['law']} {first['article']})",
            where=folder.name,
            fix=f"Mend them and make the notices anew; all are in {LINTED}",
        )
    known = read_addresses(addresses)
    receipts = folder / RECEIPTS
    counted = deliver(_letters(folder, index, known), adapter, receipts, clock=clock)
    standing = fallback(read_receipts(receipts), [row["reference"] for row in index], on=on)
    (folder / WEB).write_text(canonical_json(standing), encoding="utf-8")
    return {**counted, "on_the_web": len(standing["references"]), "until": standing["until"]}  # type: ignore[arg-type]  # a list


def _letters(folder: Path, index: list[Row], addresses: Mapping[str, str]) -> Iterator[Letter]:
    for row in index:
        drawn = pdf_path(folder, row["reference"]).read_bytes()
        if hashlib.sha256(drawn).hexdigest() != row["pdf_sha256"]:
            raise RefusedError("the PDF was changed after it was made", where=row["reference"], fix="Make the round anew")
        yield Letter(
            reference=row["reference"],
            title=row["title"],
            text=row["text"],
            pdf=drawn,
            language=row["language"],
            address=addresses.get(row["subject"], ""),
        )
