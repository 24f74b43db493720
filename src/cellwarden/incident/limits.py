"""What the records cannot show, and the appendices that let another person check all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.incident.blocks import Bullets, Code, Facts, Heading, Paragraph, Span
from cellwarden.incident.figures import ABSENT, stamp
from cellwarden.incident.opening import source_names
from cellwarden.incident.phrases import PHRASES, phrase, word
from cellwarden.incident.rules import innocent_causes, looks_for, title_of

if TYPE_CHECKING:
    from cellwarden.incident.blocks import Block, Text
    from cellwarden.incident.dossier import Row
    from cellwarden.incident.episodes import Episodes
    from cellwarden.incident.phrases import Language


def blind(case: Episodes, language: Language) -> list[Block]:
    """List the missing sources with what follows from each, then the windows and columns that are blind."""
    missing, gaps = case.summary.get("missing_sources") or [], case.summary.get("blind") or []
    gaps = [gap for gap in gaps if not (gap["kind"] == "missing_table" and gap["table"] in missing)]
    silent = case.summary.get("silent") or {}
    if not missing and not gaps and not silent:
        return [Paragraph(text=phrase("blind_none", language))]
    blocks: list[Block] = [Paragraph(text=phrase("blind_intro", language))]
    if missing:
        items: list[Text] = [_missing(name, language) for name in missing]
        blocks += [Heading(level=3, text=phrase("heading_missing", language), id=f"{language}-missing"), Bullets(items=items)]
    if silent:
        told: list[Text] = [
            phrase("silent_item", language, rule=title_of(name, language), sources=source_names(lacking, language))
            for name, lacking in sorted(silent.items())
        ]
        blocks += [Heading(level=3, text=phrase("heading_silent", language), id=f"{language}-silent"), Bullets(items=told)]
    if gaps:
        seen: list[Text] = [_gap(case, gap, language) for gap in gaps]
        blocks += [Heading(level=3, text=phrase("heading_gaps", language), id=f"{language}-gaps"), Bullets(items=seen)]
    return blocks


def _missing(name: str, language: Language) -> str:
    key = f"missing_{name}" if f"missing_{name}" in PHRASES else "missing_other"
    return phrase("missing_item", language, table=word("table", name, language), means=phrase(key, language))


def _gap(case: Episodes, gap: Row, language: Language) -> str:
    times = {name: stamp(gap.get(name), case.zone) for name in ("until", "from", "to")}
    known = {"table": word("table", gap.get("table"), language), "column": gap.get("column", ABSENT), **times}
    key = f"blind_{gap['kind']}"
    return phrase(key, language, **known) if key in PHRASES else ", ".join(f"{name} {value}" for name, value in gap.items())


def detectors(case: Episodes, language: Language) -> list[Block]:
    """Print the catalogue: what each detector looks for, its innocent causes, thresholds and references."""
    if not case.dossier.detectors:
        return [Paragraph(text=phrase("detectors_none", language))]
    blocks: list[Block] = [Paragraph(text=phrase("detectors_intro", language))]
    for row in case.dossier.detectors:
        anchor = f"{language}-detector-{row['name']}"
        blocks.append(Heading(level=3, text=title_of(row["name"], language), id=anchor))
        blocks.append(Facts(rows=_card(row, language)))
    return blocks


def _card(row: Row, language: Language) -> list[tuple[str, Text]]:
    lang = "" if language == "en" else "en"
    name = phrase("detector_version", language, name=row["name"], version=row["version"])
    facts: list[tuple[str, Text]] = [
        (word("column", "rule", language), Span(name, is_code=True)),
        (phrase("detector_looks_for", language), looks_for(row, language)),
    ]
    if row.get("innocent_causes"):
        facts.append((phrase("detector_innocent", language), innocent_causes(row, language)))
    if accounts_for := row.get("accounts_for"):
        accounted = ", ".join(title_of(name, language) for name in accounts_for)
        facts.append((phrase("detector_accounts_for", language), accounted))
    for threshold in row.get("thresholds") or []:
        label = phrase("detector_threshold", language, name=threshold["name"])
        said = {
            "value": ABSENT if threshold.get("value") is None else f"{threshold['value']:,.10g}",
            "unit": threshold.get("unit", ""),
            "reason": threshold.get("reason", ""),
        }
        facts.append((label, Span(phrase("detector_threshold_value", language, **said), lang=lang)))
    if references := row.get("references"):
        facts.append((phrase("detector_references", language), Span("; ".join(references), lang=lang)))
    return facts


def queries(case: Episodes) -> list[Block]:
    """Print every query whole, once for both languages."""
    return [Code(name=name, id=f"query-{name}", text=text.strip("\n")) for name, text in sorted(case.dossier.queries.items())]
