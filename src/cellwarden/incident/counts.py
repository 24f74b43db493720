"""What is counted: people, payments and rows, each reconciled in sight of the reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.incident.beyond_links import beyond_links
from cellwarden.incident.blocks import Bullets, Column, Drawing, Facts, Heading, Paragraph, Span, Table
from cellwarden.incident.drawing import exposure_bar
from cellwarden.incident.figures import ABSENT, Count, instant, money, number, percent, stamp
from cellwarden.incident.phrases import phrase, word
from cellwarden.incident.suspect_pages import MOST_ROWS, cut_note, spoken
from cellwarden.records.vocabulary import IDENTITY_GRADES

if TYPE_CHECKING:
    from cellwarden.incident.blocks import Block, Text
    from cellwarden.incident.dossier import Row
    from cellwarden.incident.episodes import Episodes
    from cellwarden.incident.phrases import Language


def census(case: Episodes, language: Language) -> list[Block]:
    """Count people by grade, technology, local day and controller, with the line that reconciles them."""
    summary = case.summary
    people = summary.get("people_signal_exposed") or {}
    grades = {grade: int(people.get(grade) or 0) for grade in IDENTITY_GRADES}
    total = int(people.get("total") or 0)
    blocks: list[Block] = []
    if total or any(grades.values()):
        svg, alt = exposure_bar(f"{language}-census", **grades, language=language)
        blocks += [_by_grade(total, grades, language), Drawing(svg=svg, alt=alt, caption="")]
    elif case.has_access:
        blocks.append(Paragraph(text=phrase("census_none", language)))
    else:
        blocks.append(Paragraph(text=phrase("census_no_access", language), tone="warning"))
    adds_up = total == sum(grades.values())
    counts = {grade: Count(people) for grade, people in grades.items()}
    line = phrase("reconciles" if adds_up else "reconciles_not", language, total=Count(total), **counts)
    blocks.append(Paragraph(text=line, tone="" if adds_up else "warning"))
    if summary.get("exposure_rows"):
        basis = {
            "rows": summary["exposure_rows"],
            "events": summary.get("events_in_exposures") or 0,
            "without": summary.get("access_rows_in_accused_episodes_without_imsi") or 0,
        }
        text = phrase("census_basis", language, **{name: Count(value) for name, value in basis.items()})
        blocks.append(Paragraph(text=text, tone="note"))
    if technologies := summary.get("people_by_technology"):
        blocks.append(_by_technology(technologies, language))
    if controllers := summary.get("people_by_controller"):
        blocks.append(_by_controller(controllers, total, language))
    if days := summary.get("people_by_day_local"):
        blocks.append(_by_day(days, case.zone_name, language))
    return blocks


def _by_grade(total: int, grades: dict[str, int], language: Language) -> Table:
    rows: list[list[Text]] = [
        [phrase(f"word_{grade}", language), number(people), percent(people / total if total else None)]
        for grade, people in grades.items()
    ]
    return Table(
        caption=phrase("census_by_grade", language),
        columns=_columns(language, grade=2.0, people=1.0, share=1.0),
        rows=rows,
        totals=[phrase("column_total", language), number(total), ""],
    )


def _by_technology(technologies: Row, language: Language) -> Table:
    rows: list[list[Text]] = []
    for name, people in technologies.items():
        if isinstance(people, dict):
            cells = [number(people.get(grade) or 0) for grade in ("total", *IDENTITY_GRADES)]
        else:
            cells = [phrase("not_recorded", language) if people == "not recorded" else number(people), ABSENT, ABSENT, ABSENT]
        rows.append([word("rat", name, language), *cells])
    columns = _columns(language, technology=2.0, total=1.4)
    columns += [Column(title=phrase(f"word_{grade}", language), is_number=True, share=1.4) for grade in IDENTITY_GRADES]
    return Table(caption=phrase("census_by_technology", language), columns=columns, rows=rows)


def _by_controller(controllers: dict[str, int], total: int, language: Language) -> Table:
    ordered = sorted(controllers.items(), key=lambda item: (item[0] != "own", -item[1], item[0]))
    rows: list[list[Text]] = [
        [phrase("controller_own", language) if name == "own" else name, number(people)] for name, people in ordered
    ]
    together = sum(controllers.values())
    check = phrase("check_good" if together == total else "check_bad", language)
    return Table(
        caption=phrase("census_by_controller", language),
        columns=_columns(language, controller=3.0, people=1.0),
        rows=rows[:MOST_ROWS],
        totals=[f"{phrase('sum', language)} ({check})", number(together)],
        more=cut_note(MOST_ROWS, len(rows), "exposures.parquet", language),
    )


def _by_day(days: dict[str, int], zone: str, language: Language) -> Table:
    rows: list[list[Text]] = [[day, number(people)] for day, people in sorted(days.items())]
    return Table(
        caption=phrase("census_by_day", language, zone=zone),
        columns=_columns(language, day=3.0, people=1.0),
        rows=rows[:MOST_ROWS],
        more=cut_note(MOST_ROWS, len(rows), "exposures.parquet", language),
    )


def _columns(language: Language, **shares: float) -> list[Column]:
    texts = {"grade", "technology", "controller", "day", "file", "check", "reason", "raw"}
    return [
        Column(title=phrase(f"column_{name}", language), is_number=name not in texts, share=share)
        for name, share in shares.items()
    ]


def payments(case: Episodes, language: Language) -> list[Block]:
    """Show the linked payments beside what chance would give; those nobody has disputed yet come first."""
    linked = case.summary.get("payments_linked")
    note = Paragraph(text=phrase("payments_note", language))
    if linked is None:
        return [note, Paragraph(text=phrase("payments_missing", language), tone="warning")]
    chance = case.summary.get("chance_links_expected")

    def count(name: str) -> str:
        return phrase("payments_count", language, n=Count(linked.get(name) or 0))

    amount = linked.get("approved_money")
    summed = phrase("money_mixed", language) if amount is None else money(amount, linked.get("currency"), language)
    approved = phrase("payments_approved_value", language, n=Count(linked.get("approved") or 0), money=summed)
    expected = (
        phrase("chance_unknown", language) if chance is None else phrase("payments_chance_value", language, n=number(chance))
    )
    facts: list[tuple[str, Text]] = [
        (phrase("payments_found", language), Span(count("rows"), is_strong=True)),
        (phrase("payments_chance", language), expected),
        (phrase("payments_people", language), number(linked.get("people") or 0)),
        (phrase("payments_approved", language), approved),
        (phrase("payments_declined", language), count("declined")),
        (phrase("payments_disputed", language), count("disputed")),
        (phrase("payments_call_first", language), Span(count("not_disputed_approved"), is_strong=True)),
    ]
    blocks: list[Block] = [note, Facts(rows=facts), *beyond_links(case, language)]
    if not case.dossier.payments:
        none = "payments_none" if case.has_access else "payments_no_access"
        return [*blocks, Paragraph(text=phrase(none, language))]
    return [*blocks, _payment_table(case, language)]


def _calls_first(row: Row) -> bool:
    return row.get("status") == "approved" and not row.get("disputed_at")


def _payment_table(case: Episodes, language: Language) -> Table:
    ordered = sorted(
        case.dossier.payments, key=lambda row: (not _calls_first(row), str(instant(row["at"])), str(row.get("imsi")))
    )
    shares = {"when": 1.1, "subscriber": 1.5, "bought": 1.4, "amount": 1.0, "status": 1.1, "probability": 0.8, "link": 2.0}
    columns = [
        Column(title=phrase(f"column_{name}", language), is_number=name in ("amount", "probability"), share=share)
        for name, share in shares.items()
    ]
    total = max(len(ordered), int((case.summary.get("payments_linked") or {}).get("rows") or 0))
    shown = ordered[:MOST_ROWS]
    return Table(
        caption=phrase("payments_caption", language),
        columns=columns,
        rows=[_payment(case, row, language) for row in shown],
        more=cut_note(len(shown), total, "payment_links.parquet", language),
    )


def _payment(case: Episodes, row: Row, language: Language) -> list[Text]:
    status = word("status", row.get("status"), language)
    if _calls_first(row):
        said: Text = Span(f"{status} · {phrase('call_first', language)}", is_strong=True)
    elif row.get("disputed_at"):
        said = f"{status} · {phrase('disputed_on', language, at=stamp(row['disputed_at'], case.zone))}"
    else:
        said = f"{status} · {phrase('not_disputed', language)}"
    bought = [row.get("merchant"), word("channel", row.get("channel"), language), word("kind", row.get("kind"), language)]
    cell = f" · {row['unit']} · 0x{int(row['cell']):x}" if row.get("cell") is not None else ""
    return [
        stamp(row["at"], case.zone),
        Span(f"{row.get('imsi') or ABSENT}{cell}", is_code=True),
        " · ".join(dict.fromkeys(str(part) for part in bought if part and part != "None")),
        money(row.get("amount"), row.get("currency"), language),
        said,
        percent(row.get("probability")),
        spoken(row.get("reason"), language),
    ]


def files(case: Episodes, language: Language) -> list[Block]:
    """Account for every row read: accepted or rejected; then name data faults and the rejected rows."""
    inputs = case.summary.get("files") or {}
    blocks: list[Block] = [Paragraph(text=phrase("files_note", language))]
    blocks.append(_file_table(inputs, language) if inputs else Paragraph(text=phrase("files_none", language)))
    if faults := (case.summary.get("data_faults") or {}).get("short_imsi"):
        items: list[Text] = [
            phrase("fault_short_imsi", language, file=name, n=Count(rows)) for name, rows in sorted(faults.items())
        ]
        blocks += [Heading(level=3, text=phrase("heading_faults", language), id=f"{language}-faults"), Bullets(items=items)]
    blocks.append(Heading(level=3, text=phrase("heading_rejected", language), id=f"{language}-rejected"))
    if not case.dossier.rejected:
        return [*blocks, Paragraph(text=phrase("rejected_none", language))]
    return [*blocks, _rejected_table(case, language)]


def _file_table(inputs: dict[str, Row], language: Language) -> Table:
    names = ("read", "accepted", "rejected")
    rows: list[list[Text]] = []
    for file, counted in sorted(inputs.items()):
        adds_up = counted["read"] == counted["accepted"] + counted["rejected"]
        check: Text = phrase("check_good", language) if adds_up else Span(phrase("check_bad", language), is_strong=True)
        if same := counted.get("same_content_as"):
            check = phrase("same_content", language, file=same)
        rows.append([Span(file, is_code=True), *(number(counted[name]) for name in names), check])
    sums: list[Text] = [number(sum(counted[name] for counted in inputs.values())) for name in names]
    return Table(
        caption=phrase("files_caption", language),
        columns=_columns(language, file=3.0, read=1.2, accepted=1.2, rejected=1.0, check=1.2),
        rows=rows[:MOST_ROWS],
        totals=[phrase("sum", language), *sums, ""],
        more=cut_note(MOST_ROWS, len(rows), "manifest.json", language),
    )


def _rejected_table(case: Episodes, language: Language) -> Table:
    shown = case.dossier.rejected[:MOST_ROWS]
    counted = sum(int(file.get("rejected") or 0) for file in (case.summary.get("files") or {}).values())
    return Table(
        caption=phrase("rejected_caption", language),
        columns=_columns(language, file=1.6, row=0.7, reason=2.2, raw=3.0),
        rows=[
            [
                Span(str(row["file"]), is_code=True),
                number(row.get("row")),
                Span(str(row["reason"]), lang="en"),
                Span(str(row.get("raw") or "")[:200], is_code=True),
            ]
            for row in shown
        ],
        more=cut_note(len(shown), max(counted, len(case.dossier.rejected)), "rejected.parquet", language),
    )
