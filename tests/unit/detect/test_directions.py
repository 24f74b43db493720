"""Two searches that know nothing of each other."""

from datetime import datetime

import pytest

from cellwarden.detect.detector import CellKey, Finding
from cellwarden.detect.directions import side_by_side, without_victims
from cellwarden.detect.fusion import Spell, fused

START, END = datetime(2025, 8, 5, 10), datetime(2025, 8, 5, 11)
NAMES = {"cells": ("unregistered_cell", "foreign_source"), "victims": ("common_cell_of_victims",)}


def key(cell):
    return CellKey("00101", "lte", "home", cell)


def said(detector, cell, weight):
    return Finding(
        detector=detector, version=1, subject_kind="cell", subject=str(key(cell)), key=key(cell), hand=None, from_at=START, to_at=END,
        known_at=START, weight=weight, evidence={"en": "", "ko": ""}, query="x.sql",
    )  # fmt: skip


def seen(*findings):
    spells = [
        Spell(key=each, unit=f"unit-{each.cell}", hands=frozenset(), addresses=frozenset(), from_at=START, to_at=END, events=3)
        for each in sorted({finding.key for finding in findings})
    ]
    alone = fused(spells, without_victims(findings), [])
    return [
        (each.key.cell, each.found_by, each.by_cells, each.grade)
        for each in side_by_side(fused(spells, list(findings), []), alone, list(findings))
    ]


REGISTRY, ORIGIN = "unregistered_cell", "foreign_source"
DISPUTES = "common_cell_of_victims"


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        pytest.param([said(REGISTRY, 1, 6.5), said(ORIGIN, 1, 4.5)], [(1, "cells", "rogue", "rogue")], id="no-victim-is-needed"),
        pytest.param([said(REGISTRY, 1, 6.5), said(ORIGIN, 1, 4.5), said(DISPUTES, 1, 5.0)], [(1, "both", "rogue", "rogue")], id="both-find-it"),
        pytest.param([said(DISPUTES, 1, 5.0)], [(1, "victims", "", "review")], id="victims-alone-name-and-do-not-accuse"),
        pytest.param([said(REGISTRY, 1, 6.5), said(DISPUTES, 1, 5.0)], [(1, "victims", "review", "rogue")], id="victims-tip-the-scale"),
        pytest.param([said(REGISTRY, 1, 6.5)], [], id="review-without-a-victim-is-no-find"),
        pytest.param([], [], id="nothing"),
    ],
)  # fmt: skip
def test_says_which_direction_found_an_id(findings, expected):
    assert seen(*findings) == expected


def test_what_both_found_comes_first_and_then_the_heaviest():
    findings = [
        said(DISPUTES, 1, 5.0),
        *(said(name, 2, 6.0) for name in (REGISTRY, ORIGIN)),
        *(said(name, 3, 6.0) for name in (REGISTRY, ORIGIN, DISPUTES)),
    ]
    assert [cell for cell, *_ in seen(*findings)] == [3, 2, 1]


def test_the_findings_without_victims_are_all_others():
    findings = [said(name, 1, 1.0) for name in (REGISTRY, DISPUTES, "verification_through_cell", "complaint_surge", ORIGIN)]
    assert [each.detector for each in without_victims(findings)] == [REGISTRY, ORIGIN]
