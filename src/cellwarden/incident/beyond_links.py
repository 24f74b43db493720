"""What the report says beside the linked payments: each channel against chance, payments days later, and whom others name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.incident.blocks import Column, Facts, Paragraph, Table
from cellwarden.incident.figures import ABSENT, number
from cellwarden.incident.phrases import phrase, word

if TYPE_CHECKING:
    from cellwarden.incident.blocks import Block, Text
    from cellwarden.incident.dossier import Row
    from cellwarden.incident.episodes import Episodes
    from cellwarden.incident.phrases import Language


def beyond_links(case: Episodes, language: Language) -> list[Block]:
    """Return the blocks; none where the summary does not speak of links."""
    links = case.summary.get("links")
    if not links or not links.get("channels"):
        return []
    facts: list[tuple[str, Text]] = []
    judged = [row for row in links.get("late_payments") or [] if row["probability"] > 0]
    if judged:
        told = {name: number(sum(row[name] for row in judged)) for name in ("found", "low", "high")}
        least = min(row["signs"] for row in judged)
        facts.append((phrase("links_late", language), phrase("links_late_value", language, signs=least, **told)))
    facts += [
        (phrase("links_disputed", language), number(links.get("disputed_not_exposed") or 0)),
        (phrase("links_alarms", language), number(links.get("complaint_alarms") or 0)),
        (phrase("links_leads", language), number(sum((links.get("leads") or {}).values()))),
    ]
    question = Paragraph(text=phrase("links_open_question", language), tone="note")
    return [_channels(links["channels"], language), question, Facts(rows=facts)]


def _channels(rows: list[Row], language: Language) -> Table:
    names = ("rows", "met", "by_chance", "linked")
    columns = [Column(title=phrase("column_channel", language), share=2.0)]
    columns += [Column(title=phrase(f"column_{name}", language), is_number=True, share=1.2) for name in names]
    return Table(caption=phrase("channels_caption", language), columns=columns, rows=[_channel(row, language) for row in rows])


def _channel(row: Row, language: Language) -> list[Text]:
    name = word("channel", row["channel"], language)
    if not row["payments"]:
        return [name, phrase("channel_not_searched", language), ABSENT, ABSENT, ABSENT]
    chance = phrase("chance_unknown", language)
    if row["expected"] is not None:
        told = {"expected": number(row["expected"]), "low": number(row["chance_low"]), "high": number(row["chance_high"])}
        chance = phrase("channel_chance", language, **told)
    return [name, number(row["payments"]), number(row["met"]), chance, number(row["linked"])]
