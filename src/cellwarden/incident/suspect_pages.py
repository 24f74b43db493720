"""One page a suspect, unit by unit; and those that are not accused, in a table."""

from __future__ import annotations

from datetime import UTC
from itertools import groupby
from typing import TYPE_CHECKING

from cellwarden.incident.blocks import Column, Drawing, Evidence, Facts, Heading, Paragraph, Reason, Span, Table
from cellwarden.incident.drawing import exposure_bar, timeline, track_map
from cellwarden.incident.figures import ABSENT, Count, cell_name, cell_parts, duration, instant, number, percent, stamp, support
from cellwarden.incident.opening import source_names
from cellwarden.incident.phrases import phrase, word
from cellwarden.incident.rules import innocent_causes, title_of

if TYPE_CHECKING:
    from cellwarden.incident.blocks import Block, Text
    from cellwarden.incident.dossier import Row
    from cellwarden.incident.episodes import Episodes
    from cellwarden.incident.phrases import Language

MOST_ROWS = 100
"""Rows of a table before it is cut."""
_MOST_FINDINGS = 12


def cut_note(shown: int, total: int, file: str, language: Language) -> str:
    """Say how many rows were left out and where they are; empty where none were."""
    rest = max(0, total - shown)
    return phrase("cut", language, shown=Count(shown), rest=Count(rest), file=file) if rest else ""


def suspects(case: Episodes, language: Language) -> list[Block]:
    """List the accused episodes, then give each its page, unit by unit."""
    if not case.accused:
        return [Paragraph(text=phrase("no_suspects" if case.has_access else "no_suspects_no_access", language))]
    blocks: list[Block] = [_overview(case, language)]
    number_of = {id(row): place for place, row in enumerate(case.accused, start=1)}
    for unit, rows in groupby(case.accused, key=case.unit):
        blocks += _unit(case, unit, list(rows), number_of, language)
    return blocks


def _overview(case: Episodes, language: Language) -> Table:
    rows: list[list[Text]] = []
    for place, row in enumerate(case.accused, start=1):
        census = case.census(row)
        rows.append(
            [
                Span(str(place), to=f"{language}-suspect-{place}"),
                cell_name(row),
                Span(case.unit(row), is_code=True),
                word("grade", row["grade"], language),
                percent(row.get("score")),
                stamp(row["from_at"], case.zone),
                stamp(row["to_at"], case.zone),
                number(census["people"]) if census else ABSENT,
            ]
        )
    shares = {"number": 0.5, "cell": 1.9, "unit": 1.0, "grade": 0.7, "score": 0.9, "first": 1.3, "last": 1.3, "people": 0.7}
    columns = [
        Column(title=phrase(f"column_{name}", language), is_number=name in ("number", "score", "people"), share=share)
        for name, share in shares.items()
    ]
    more = cut_note(MOST_ROWS, len(rows), "suspects.parquet", language)
    return Table(caption=phrase("suspects_overview", language), columns=columns, rows=rows[:MOST_ROWS], more=more)


def _unit(case: Episodes, unit: str, rows: list[Row], number_of: dict[int, int], language: Language) -> list[Block]:
    first, last = min(str(stamp(r["from_at"], case.zone)) for r in rows), max(str(stamp(r["to_at"], case.zone)) for r in rows)
    place = number_of[id(rows[0])]
    blocks: list[Block] = [
        Heading(level=3, text=phrase("unit_heading", language, unit=unit), id=f"{language}-unit-{place}", starts_page=True),
        Paragraph(
            text=phrase(
                "unit_summary",
                language,
                cells=Count(len({(r.get("plmn"), r.get("rat"), r.get("cell_type"), r["cell"]) for r in rows})),
                episodes=Count(len(rows)),
                span=phrase("span", language, first=first, last=last),
            )
        ),
    ]
    if shared := case.findings_of_unit(unit):
        blocks.append(Heading(level=4, text=phrase("heading_shared", language), id=f"{language}-unit-{place}-shared"))
        blocks += _evidence(shared, language)
    for row in rows:
        blocks += _episode(case, row, number_of[id(row)], language, starts_page=row is not rows[0])
    return blocks


def _episode(case: Episodes, row: Row, place: int, language: Language, *, starts_page: bool) -> list[Block]:
    anchor, name = f"{language}-suspect-{place}", f"0x{int(row['cell']):x}"
    findings = case.findings(row)

    def part(title: str) -> Heading:
        return Heading(level=5, text=phrase(f"heading_{title}", language), id=f"{anchor}-{title}")

    title = phrase("episode_heading", language, n=place, cell=cell_name(row))
    return [
        Heading(level=4, text=title, id=anchor, starts_page=starts_page),
        _facts(case, row, language),
        part("activity"),
        _timeline(case, row, anchor, name, language),
        part("where"),
        *_map(case, row, anchor, name, language),
        part("why"),
        *(_evidence(findings, language) if findings else [Paragraph(text=phrase("no_findings", language))]),
        part("innocent"),
        *_innocent(case, row, findings, language),
        part("who"),
        *_who(case, row, anchor, language),
    ]


def _facts(case: Episodes, row: Row, language: Language) -> Facts:
    cell, parts = int(row["cell"]), cell_parts(row.get("cell_type"), int(row["cell"]))
    key = "fact_cell_macro" if parts else "fact_cell_value"
    network = [row.get("plmn"), word("rat", row.get("rat"), language), word("type", row.get("cell_type"), language)]

    def both(value: object) -> str:
        local, utc = stamp(value, case.zone, seconds=True, named=True), stamp(value, UTC, seconds=True)
        return phrase("fact_both_times", language, local=local, utc=utc)

    alert = phrase("fact_alert_none", language)
    if instant(row.get("alert_at")):
        at_once = instant(row["alert_at"]) == instant(row["from_at"])
        after = duration(row["from_at"], row["alert_at"], language)
        alert = phrase("fact_alert_at_once" if at_once else "fact_alert_after", language, at=both(row["alert_at"]), after=after)
    grade = phrase("fact_grade_value", language, grade=word("grade", row["grade"], language), score=percent(row.get("score")))
    missing = source_names(list(row.get("missing_sources") or []), language)
    facts: list[tuple[str, Text]] = [
        (phrase("fact_cell", language), phrase(key, language, decimal=cell, hex=f"{cell:x}", parts=parts)),
        (phrase("fact_network", language), " · ".join(str(part) for part in network if part and part != "None")),
        (phrase("fact_grade", language), Span(grade, is_strong=True)),
        (phrase("fact_first", language), both(row["from_at"])),
        (phrase("fact_last", language), both(row["to_at"])),
        (phrase("fact_lasted", language), duration(row["from_at"], row["to_at"], language)),
        (phrase("fact_alert", language), alert),
        (phrase("fact_missing", language), missing or phrase("nothing_missing", language)),
    ]
    return Facts(rows=facts)


def _timeline(case: Episodes, row: Row, anchor: str, name: str, language: Language) -> Block:
    bins, minutes = case.bins(row)
    first, last = instant(row["from_at"]), instant(row["to_at"])
    if not bins or first is None or last is None:
        return Paragraph(text=phrase("activity_unknown", language), tone="note")
    svg, alt = timeline(
        f"{anchor}-timeline",
        name,
        bins,
        bin_minutes=minutes,
        span=(first, last),
        alert_at=instant(row.get("alert_at")),
        payments=case.payment_times(row),
        zone=case.zone,
        language=language,
    )
    caption = phrase("draw_timeline_caption", language, bin=_minutes(minutes, language), zone=case.zone_name)
    return Drawing(svg=svg, alt=alt, caption=caption)


def _map(case: Episodes, row: Row, anchor: str, name: str, language: Language) -> list[Block]:
    positions, total = case.positions(row)
    if not positions:
        return [Paragraph(text=phrase("where_unknown", language), tone="note")]
    places = [(p["lat"], p["lon"]) for p in case.dossier.places if p.get("lat") is not None and p.get("lon") is not None]
    svg, alt = track_map(f"{anchor}-map", name, positions, places, zone=case.zone, language=language)
    said = [phrase("draw_map_caption", language)]
    if total > len(positions):
        said.append(phrase("draw_map_thinned", language, n=Count(total), shown=Count(len(positions))))
    return [Drawing(svg=svg, alt=alt, caption=" ".join(said))]


def _evidence(findings: list[Row], language: Language) -> list[Block]:
    reasons = []
    for row in findings[:_MOST_FINDINGS]:
        words, times = support(row["weight"], language)
        reasons.append(
            Reason(
                title=title_of(row["detector"], language),
                name=f"{row['detector']} v{row['version']}",
                words=words,
                times=times,
                sentence=spoken(row["evidence"], language),
                basis=str(row.get("rows") or "")[:400],
            )
        )
    blocks: list[Block] = [Evidence(reasons=reasons)]
    if rest := len(findings) - len(reasons):
        blocks.append(Paragraph(text=phrase("findings_more", language, n=Count(rest)), tone="note"))
    return blocks


def spoken(sentence: object, language: Language) -> Span:
    """Return a sentence, given by language or in English alone, in the report's language where it has that."""
    by_language = sentence if isinstance(sentence, dict) else {"en": sentence}
    chosen = language if language in by_language else "en"
    return Span(str(by_language.get(chosen) or ABSENT), lang="" if chosen == language else chosen)


def _innocent(case: Episodes, row: Row, findings: list[Row], language: Language) -> list[Block]:
    names = dict.fromkeys([*(f["detector"] for f in findings), *(row.get("detectors") or [])])
    catalogue = {card["name"]: card for card in case.dossier.detectors if card.get("innocent_causes")}
    items: list[tuple[str, Text]] = [
        (title_of(name, language), innocent_causes(catalogue[name], language)) for name in names if name in catalogue
    ]
    if not items:
        return [Paragraph(text=phrase("innocent_none", language))]
    explained = _explanations(row, language)
    key = "innocent_explained" if explained else "innocent_not_explained"
    return [
        Paragraph(text=phrase("innocent_intro", language)),
        Facts(rows=items),
        Paragraph(text=phrase(key, language, explanation=explained)),
    ]


def _who(case: Episodes, row: Row, anchor: str, language: Language) -> list[Block]:
    census = case.census(row)
    if census is None:
        return [Paragraph(text=phrase("who_unknown", language), tone="note")]
    grades = {grade: int(census.get(grade) or 0) for grade in ("imsi", "possible", "guti")}
    counts = {grade: Count(people) for grade, people in grades.items()}
    total, events = Count(census.get("people") or 0), Count(census.get("events") or 0)
    text = phrase("who_sum", language, total=total, events=events, **counts)
    if not total:
        return [Paragraph(text=text)]
    svg, alt = exposure_bar(f"{anchor}-exposure", **grades, language=language)
    return [Paragraph(text=text), Drawing(svg=svg, alt=alt, caption="")]


def _explanations(row: Row, language: Language) -> str:
    names = [name.strip() for name in str(row.get("explained_by") or "").split(",")]
    return ", ".join(title_of(name, language) for name in names if name)


def _minutes(minutes: int, language: Language) -> str:
    if minutes < 60:
        return phrase("minutes", language, minutes=Count(minutes))
    if minutes < 1440:
        return phrase("hours", language, hours=Count(minutes // 60))
    return phrase("days", language, days=Count(minutes // 1440))


def cleared(case: Episodes, language: Language) -> list[Block]:
    """List the cells for review and those explained; none of them is accused."""
    apart = _apart(case, language)
    if not case.cleared:
        return [Paragraph(text=phrase("no_cleared" if case.has_access else "no_suspects_no_access", language)), *apart]
    rows: list[list[Text]] = []
    for row in case.cleared[:MOST_ROWS]:
        stood_out = ", ".join(title_of(name, language) for name in row.get("detectors") or [])
        rows.append(
            [
                cell_name(row),
                word("grade", row["grade"], language),
                percent(row.get("score")),
                stamp(row["from_at"], case.zone),
                stamp(row["to_at"], case.zone),
                stood_out or ABSENT,
                _explanations(row, language) or ABSENT,
            ]
        )
    shares = {"cell": 1.8, "grade": 0.7, "score": 0.9, "first": 1.1, "last": 1.1, "stood_out": 1.8, "explanation": 1.4}
    columns = [
        Column(title=phrase(f"column_{name}", language), is_number=name == "score", share=share)
        for name, share in shares.items()
    ]
    more = cut_note(len(rows), len(case.cleared), "suspects.parquet", language)
    table = Table(caption=phrase("cleared_caption", language), columns=columns, rows=rows, more=more)
    return [Paragraph(text=phrase("cleared_intro", language)), table, *apart]


def _apart(case: Episodes, language: Language) -> list[Block]:
    """List what was found about equipment and certificates that no subscriber touched; nothing where nothing was."""
    findings = case.findings_apart()
    if not findings:
        return []
    rows: list[list[Text]] = [
        [
            title_of(row["detector"], language),
            Span(str(row.get("subject") or ABSENT), is_code=True),
            stamp(row.get("from_at"), case.zone),
            stamp(row.get("to_at"), case.zone),
            spoken(row["evidence"], language),
        ]
        for row in findings[:MOST_ROWS]
    ]
    shares = {"stood_out": 1.3, "subject": 1.4, "first": 1.0, "last": 1.0, "evidence": 2.6}
    columns = [Column(title=phrase(f"column_{name}", language), share=share) for name, share in shares.items()]
    more = cut_note(len(rows), len(findings), "findings.parquet", language)
    return [Table(caption=phrase("apart_caption", language), columns=columns, rows=rows, more=more)]
