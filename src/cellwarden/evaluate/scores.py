"""All scores of one result in one plain structure, with the quality bars beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cellwarden.evaluate.ablation import ablation_scores
from cellwarden.evaluate.bars import bars
from cellwarden.evaluate.calibration import calibration
from cellwarden.evaluate.cells import cell_scores, false_accusations
from cellwarden.evaluate.census import census_scores
from cellwarden.evaluate.delay import delays
from cellwarden.evaluate.grouping import grouping
from cellwarden.evaluate.innocent import explanation_scores
from cellwarden.evaluate.judging import Air, judged
from cellwarden.evaluate.links import complaint_scores, link_scores, victim_scores
from cellwarden.evaluate.place import place_scores

if TYPE_CHECKING:
    from cellwarden.evaluate.found import Found
    from cellwarden.evaluate.truth import Truth

NO_KEY = "the result speaks of people by pseudonyms and the key of its lake was not given"
NO_TRACKS = "the truth has no tracks"
NO_CELL_DAYS = "the truth does not say how many cell-days there were, and the records are not beside it"


def score(truth: Truth, found: Found, *, ablations: tuple[Found, ...] = ()) -> dict[str, Any]:
    """Score a result.

    Args:
        truth: What happened, people under their real identifiers.
        found: What a system says.
        ablations: Results of the same system on the same records less something.

    Returns:
        One entry a metric (a part that could not be measured is None), `not_measured` with why, and `bars`. Shares are in 0..1, money in
        minor units, times aware datetimes.
    """
    lines = judged(found.suspects, Air(truth.rogue))
    why: dict[str, str] = {}
    if found.name_of is None:
        why |= dict.fromkeys(("census", "victims"), NO_KEY)
    elif "exposures" in found.absent:
        why["census"] = "the result has no exposures"
    if "payment_links" in found.absent:
        why |= dict.fromkeys(("links", "victims"), "the result has no payment links")
    if "complaints" in truth.absent:
        why["complaints"] = "the truth has no causes of complaints"
    elif "complaint_links" in found.absent:
        why["complaints"] = "the result has no complaint links"
    if not truth.tracks:
        why["place"] = NO_TRACKS
    elif "tracks" in found.absent:
        why["place"] = "the result has no tracks"
    if truth.cell_days is None:
        why["false_accusations.per_100000"] = NO_CELL_DAYS
    told = truth.renamed(found.name_of) if found.name_of else truth
    scores = {
        "scenario": truth.scenario,
        "result": {"name": found.name, "version": found.manifest.get("version"), "until": found.manifest.get("until")},
        "cells": cell_scores(truth, lines),
        "false_accusations": false_accusations(truth, lines),
        "delay": delays(truth, lines),
        "grouping": grouping(lines),
        "census": None if "census" in why else census_scores(told, found, lines),
        "links": None if "links" in why else link_scores(truth, found),
        "victims": None if "victims" in why else victim_scores(told, found),
        "complaints": None if "complaints" in why else complaint_scores(truth, found),
        "place": None if "place" in why else place_scores(truth, found, lines),
        "calibration": calibration(truth, lines),
        "explanations": explanation_scores(truth, lines),
        "ablations": ablation_scores(truth, found, list(ablations)) if ablations else None,
        "not_measured": why,
    }
    return scores | {"bars": bars(scores)}
