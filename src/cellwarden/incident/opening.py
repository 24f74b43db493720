"""The first pages: what the records are, the verdict, the headline numbers and what the words mean."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from cellwarden.incident.blocks import Card, Drawing, Facts, Headlines, Paragraph, Span
from cellwarden.incident.drawing import Spell, episodes_chart
from cellwarden.incident.episodes import key_of
from cellwarden.incident.figures import ABSENT, Count, instant, is_currency, money, number, stamp
from cellwarden.incident.phrases import phrase, word

if TYPE_CHECKING:
    from datetime import tzinfo

    from cellwarden.incident.blocks import Block, Text
    from cellwarden.incident.dossier import Row
    from cellwarden.incident.episodes import Episodes
    from cellwarden.incident.phrases import Language

_WORDS = ("exposed", "imsi", "possible", "guti", "grades", "episode", "unit", "alert", "weight")
_MOST_LINES = 30


def span_of(window: Row | None, zone: tzinfo, language: Language) -> str:
    """Write a window on one wall clock."""
    if not window or instant(window.get("from")) is None:
        return phrase("window_unknown", language)
    first, last = (stamp(window.get(end), zone) for end in ("from", "to"))
    return phrase("span", language, first=first, last=last)


def source_names(names: list[str], language: Language) -> str:
    """List sources by name; `access.source` is a column, left out where its whole table is listed."""
    return ", ".join(_source_name(name, language) for name in names if "." not in name or name.partition(".")[0] not in names)


def _source_name(name: str, language: Language) -> str:
    table, _, column = name.partition(".")
    known = word("table", table, language)
    return phrase("table_column", language, table=known, column=column) if column else known


def cover(case: Episodes, language: Language) -> list[Block]:
    """Say whose records these are, of when, and in which zone times are written."""
    summary, operator = case.summary, case.summary.get("operator", {})
    window = summary.get("window")
    rows: list[tuple[str, Text]] = [
        (phrase("operator", language), Span(operator.get("name") or phrase("operator_unnamed", language), is_strong=True)),
        (phrase("window_utc", language), span_of(window, UTC, language)),
        (phrase("window_local", language, zone=case.zone_name), span_of(window, case.zone, language)),
    ]
    if summary.get("until"):
        both = {"local": stamp(summary["until"], case.zone, named=True), "utc": stamp(summary["until"], UTC)}
        rows.append((phrase("known_until", language), phrase("fact_both_times", language, **both)))
    made = phrase("made_by_value", language, version=summary.get("version", ABSENT), engine=summary.get("engine", ABSENT))
    rows.append((phrase("made_by", language), made))
    rows += [(phrase("assumptions", language), Span(note, lang="en")) for note in operator.get("notes") or []]
    blocks: list[Block] = [Paragraph(text=phrase("revealed", language), tone="warning")] if summary.get("revealed") else []
    notes = [phrase("times_are", language, zone=case.zone_name), phrase("not_for_publication", language)]
    return [*blocks, Facts(rows=rows), *(Paragraph(text=note, tone="note") for note in notes)]


def verdict(case: Episodes, language: Language, *, blind_chapter: int) -> list[Block]:
    """Say in two or three sentences what was found, and what could not be looked at."""
    blocks: list[Block] = [Paragraph(text=_cells_sentence(case, language, blind_chapter), tone="lead")]
    people = case.summary.get("people_signal_exposed") or {}
    if case.accused:
        counts = {grade: Count(people.get(grade) or 0) for grade in ("total", "imsi", "possible", "guti")}
        key = "verdict_people" if counts["total"] else "verdict_people_none"
        blocks.append(Paragraph(text=phrase(key, language, **counts), tone="lead"))
        blocks.append(Paragraph(text=_money_sentence(case, language), tone="lead"))
    if missing := case.summary.get("missing_sources"):
        text = phrase("verdict_missing", language, sources=source_names(missing, language), chapter=blind_chapter)
        blocks.append(Paragraph(text=text, tone="warning"))
    if gaps := [gap for gap in case.summary.get("blind") or [] if gap["kind"] == "gap" and gap["table"] == "access"]:
        text = phrase("verdict_gaps", language, n=Count(len(gaps)), chapter=blind_chapter)
        blocks.append(Paragraph(text=text, tone="warning"))
    if case.accused:
        blocks.append(_glance(case, language))
    return blocks


def _cells_sentence(case: Episodes, language: Language, blind_chapter: int) -> str:
    # Cells, not episodes: one cell that came back five nights is one identity, under the worst grade that it reached.
    rogue_keys, suspect_keys, review_keys = (
        {key_of(row) for row in case.dossier.suspects if row["grade"] == grade} for grade in ("rogue", "suspect", "review")
    )
    rogue, suspect, review = Count(len(rogue_keys)), Count(len(suspect_keys - rogue_keys)), Count(len(review_keys))
    if not case.has_access and not case.accused:
        return phrase("verdict_no_access", language, chapter=blind_chapter)
    if not rogue and not suspect:
        said = [phrase("verdict_none", language)]
        said += [phrase("verdict_none_review", language, n=review)] if review else []
        return " ".join([*said, phrase("verdict_none_caution", language, chapter=blind_chapter)])
    said = [phrase("verdict_rogue" if rogue else "verdict_suspect", language, n=rogue or suspect)]
    said += [phrase("verdict_also_suspect", language, n=suspect)] if rogue and suspect else []
    said += [phrase("verdict_units", language, n=Count(units))] if (units := case.summary.get("units")) else []
    return " ".join(said)


def _money_sentence(case: Episodes, language: Language) -> str:
    linked = case.summary.get("payments_linked")
    if linked is None:
        return phrase("verdict_money_unknown", language)
    if not linked.get("rows"):
        return phrase("verdict_money_none", language)
    chance, amount = case.summary.get("chance_links_expected"), linked.get("approved_money")
    said = phrase(
        "verdict_money_mixed" if amount is None else "verdict_money",
        language,
        rows=Count(linked["rows"]),
        people=Count(linked.get("people") or 0),
        money=money(amount, linked.get("currency"), language),
    )
    by_chance = "verdict_chance_unknown" if chance is None else "verdict_chance"
    return f"{said} {phrase(by_chance, language, chance=number(chance))}"


def _glance(case: Episodes, language: Language) -> Drawing:
    spells = []
    for row in case.accused:
        first, last = instant(row["from_at"]), instant(row["to_at"])
        if first and last:
            spells.append(Spell(f"0x{int(row['cell']):x}", first, last, row["grade"] == "rogue"))
    svg, alt, left = episodes_chart(f"{language}-glance", spells, most_rows=_MOST_LINES, zone=case.zone, language=language)
    said = [phrase("draw_episodes_caption", language)]
    said += [phrase("draw_episodes_more", language, n=Count(left))] if left else []
    return Drawing(svg=svg, alt=alt, caption=" ".join(said))


def headlines(case: Episodes, language: Language) -> list[Block]:
    """Give every headline number with its unit, window, query and the sources it could not use."""
    cards = [_card(row, case, language) for row in case.summary.get("headlines") or []]
    return [Headlines(cards=cards)] if cards else [Paragraph(text=phrase("no_headlines", language))]


def _card(row: Row, case: Episodes, language: Language) -> Card:
    unit, value, query = str(row.get("unit") or ""), row.get("value"), str(row.get("query") or ABSENT)
    missing = source_names(row.get("missing_sources") or [], language)
    if value is None:
        shown, unit_word = phrase("headline_empty", language), ""
    elif is_currency(unit):
        shown, unit_word = money(value, unit, language), ""
    else:
        shown, unit_word = number(value), word("unit", unit, language)
    linked = Span(query, to=f"query-{query}" if query in case.dossier.queries else "", is_code=True)
    return Card(
        label=word("headline", row["name"], language),
        value=shown,
        unit=unit_word,
        basis=[
            (phrase("basis_window", language), span_of(row.get("window"), case.zone, language)),
            (phrase("basis_query", language), linked),
            (phrase("basis_missing", language), missing or phrase("nothing_missing", language)),
        ],
    )


def words(language: Language) -> list[Block]:
    """Explain the words that decide whom this report is about."""
    return [Facts(rows=[(phrase(f"word_{name}", language), phrase(f"word_{name}_means", language)) for name in _WORDS])]
