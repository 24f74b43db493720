"""The chapter on the inside question: who wrote which registry row, and which rows look written for somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.incident.blocks import Bullets, Column, Heading, Paragraph, Span, Table
from cellwarden.incident.figures import ABSENT, Count, cell_name, number, stamp
from cellwarden.incident.opening import source_names
from cellwarden.incident.phrases import phrase, word
from cellwarden.incident.suspect_pages import MOST_ROWS, cut_note

if TYPE_CHECKING:
    from cellwarden.incident.blocks import Block, Text
    from cellwarden.incident.dossier import Row
    from cellwarden.incident.episodes import Episodes
    from cellwarden.incident.phrases import Language


def registry(case: Episodes, language: Language) -> list[Block]:
    """Name the rows, compare the hands, excuse the imports, and say what could not be asked."""
    told = case.summary.get("registry_audit")
    if not told or "equipment" in told["lacking"]:
        return [Paragraph(text=phrase("registry_missing", language), tone="warning")]
    blocks: list[Block] = [Paragraph(text=phrase("registry_note", language))]
    named = told["rows_named"]
    if named:
        blocks += [
            Paragraph(text=phrase("registry_named", language, n=Count(len(named))), tone="warning"),
            _rows(case, named, language),
        ]
    else:
        blocks.append(Paragraph(text=phrase("registry_none", language)))
    blocks.append(Paragraph(text=phrase("registry_marked", language, n=Count(told["rows_marked"])), tone="note"))
    blocks += _hands(told["hands"], language)
    limits = _limits(case, told, language)
    return [*blocks, Bullets(items=limits)] if limits else blocks


def _rows(case: Episodes, named: list[Row], language: Language) -> Table:
    shares = {
        "equipment": 1.3,
        "cell": 1.7,
        "recorded_by": 1.1,
        "recorded_at": 1.2,
        "valid_from": 1.2,
        "marks": 2.4,
        "chance": 1.3,
    }
    return Table(
        caption=phrase("registry_rows_caption", language, zone=case.zone_name),
        columns=[Column(title=phrase(f"column_{name}", language), share=share) for name, share in shares.items()],
        rows=[
            [
                Span(str(row["equipment_id"]), is_code=True),
                cell_name(row),
                Span(row["recorded_by"] or ABSENT, is_code=True),
                stamp(row["recorded_at"], case.zone),
                stamp(row["valid_from"], case.zone),
                _marks(row["marks"], language),
                phrase("registry_chance", language, found=number(row["found"]), expected=number(row["expected"])),
            ]
            for row in named[:MOST_ROWS]
        ],
        more=cut_note(MOST_ROWS, len(named), "registry_rows.parquet", language),
    )


def _hands(hands: list[Row], language: Language) -> list[Block]:
    if not hands:
        return []
    rows: list[list[Text]] = []
    apart: list[Text] = []
    for hand in hands:
        name = hand["recorded_by"] or phrase("registry_nobody", language)
        marked = "; ".join(
            phrase(
                "registry_rate",
                language,
                mark=word("mark", rate["mark"], language),
                rows=number(rate["rows"]),
                expected=number(rate["expected"]),
            )
            for rate in hand["rates"]
            if rate["rows"]
        )
        rows.append([Span(name, is_code=True), number(hand["rows"]), number(hand["named"]), marked or ABSENT])
        apart += [
            phrase(
                "registry_apart",
                language,
                hand=name,
                mark=word("mark", rate["mark"], language),
                rows=Count(rate["rows"]),
                expected=number(rate["expected"]),
            )
            for rate in hand["rates"]
            if rate["differs"]
        ]
    shares = {"recorded_by": 1.2, "rows_written": 0.8, "rows_named": 0.8, "against_peers": 4.0}
    columns = [
        Column(title=phrase(f"column_{name}", language), is_number=name in ("rows_written", "rows_named"), share=share)
        for name, share in shares.items()
    ]
    caption = phrase("registry_hands_caption", language)
    table = Table(
        caption=caption, columns=columns, rows=rows[:MOST_ROWS], more=cut_note(MOST_ROWS, len(rows), "summary.json", language)
    )
    same: list[Block] = [Bullets(items=apart)] if apart else [Paragraph(text=phrase("registry_alike", language))]
    return [Heading(level=3, text=phrase("registry_hands", language), id=f"{language}-hands"), table, *same]


def _limits(case: Episodes, told: Row, language: Language) -> list[Text]:
    """Say which imports are held against nobody, and which marks say nothing here."""
    items: list[Text] = [
        phrase(
            "registry_import",
            language,
            hand=each["recorded_by"] or phrase("registry_nobody", language),
            at=stamp(each["import_at"], case.zone),
            n=Count(each["row_count"]),
            marks=_marks(each["excused"], language) or phrase("registry_import_nothing", language),
        )
        for each in told["imports"][:MOST_ROWS]
    ]
    items += [
        phrase("registry_common", language, kind=word("equipment_kind", kind, language), marks=_marks(marks, language))
        for kind, marks in told["common"].items()
    ]
    if told["few"]:
        kinds = ", ".join(word("equipment_kind", kind, language) for kind in told["few"])
        items.append(phrase("registry_few", language, kinds=kinds))
    if told["lacking"]:
        items.append(phrase("registry_lacking", language, sources=source_names(told["lacking"], language)))
    return items


def _marks(marks: list[str], language: Language) -> str:
    return ", ".join(word("mark", mark, language) for mark in marks)
