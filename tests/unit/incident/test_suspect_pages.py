"""One page a suspect: what it was, when, where, why we think so, what else it could be, who was on it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from example_dossier import HOSTILE, START, VAN, VAN_TOO, example, finding, nothing, suspect
from read_blocks import facts_of, of_kind, spans, words

from cellwarden.incident.episodes import Episodes
from cellwarden.incident.phrases import LANGUAGES, PHRASES
from cellwarden.incident.suspect_pages import cleared, cut_note, spoken, suspects


def page(dossier, language="en"):
    """Return the blocks of the first suspect."""
    blocks = suspects(Episodes(dossier), language)
    starts = [
        place
        for place, block in enumerate(blocks)
        if getattr(block, "id", "") in {f"{language}-suspect-1", f"{language}-suspect-2"}
    ]
    return blocks[starts[0] : starts[1] if len(starts) > 1 else None]


def reasons(blocks):
    return [reason for block in of_kind(blocks, "evidence") for reason in block.reasons]


def one(row, *findings, **more):
    return replace(example(), suspects=[row], findings=list(findings), **more)


def test_a_page_shows_only_the_strongest_finding_of_each_detector():
    row = suspect(VAN, "rogue")
    told = [
        finding(1, row, "moving_cell", 2.0, "weaker"),
        finding(2, row, "moving_cell", 3.0, "stronger"),
        finding(3, row, "revived_cell", 4.0, "x"),
    ]
    assert [(each.name, each.sentence.text) for each in reasons(page(one(row, *told)))] == [
        ("revived_cell v1", "x"),
        ("moving_cell v1", "stronger"),
    ]


def test_a_page_keeps_to_the_findings_that_the_score_adds_up():
    row = suspect(VAN, "rogue", finding_ids=["f001"])
    told = [finding(1, row, "moving_cell", 2.0, "of this hand"), finding(2, row, "moving_cell", 3.0, "of another hand")]
    assert [each.sentence.text for each in reasons(page(one(row, *told)))] == ["of this hand"]


def test_two_units_on_one_cell_keep_their_people_apart():
    ours, theirs = suspect(VAN, "rogue", unit="unit-1"), suspect(VAN, "rogue", unit="unit-2")
    counted = [{**example().census[0], "unit": row["unit"], "people": people} for row, people in ((ours, 3), (theirs, 8))]
    table = of_kind(suspects(Episodes(replace(example(), suspects=[ours, theirs], census=counted)), "en"), "table")[0]
    assert {words(row[2]): row[-1] for row in table.rows} == {"unit-1": "3", "unit-2": "8"}


def test_many_findings_are_cut_and_it_is_said_where_the_rest_is():
    row = suspect(VAN, "rogue")
    blocks = page(one(row, *(finding(number, row, f"rule_{number}", 1.0, "x") for number in range(15))))
    assert len(reasons(blocks)) == 12
    assert "3 more findings of less weight: see findings.parquet." in words(blocks)


@pytest.mark.parametrize(
    ("language", "causes"),
    [
        ("en", "inventory lag; a van that is lawfully moved"),
        ("ko", "버스·기차·배에 실린 셀: 이동형으로 등록됨; 한 번 이사한 가정; 드문드문한 매크로 셀"),
    ],
)
def test_innocent_causes_are_named_for_every_finding_in_the_language_of_the_page(language, causes):
    row = suspect(VAN, "rogue")
    blocks = page(one(row, finding(1, row, "moving_cell", 3.0, "x")), language)
    assert {span.lang for span in spans(blocks) if span.text == causes} == {""}
    assert PHRASES["innocent_not_explained"][LANGUAGES.index(language)] in words(blocks)


def test_an_explanation_that_lowered_the_score_is_named():
    row = suspect(VAN, "suspect", explained_by="inventory_lag")
    assert "accounted for by “The registry was updated late”" in words(page(one(row, finding(1, row, "moving_cell", 3.0, "x"))))


def test_a_page_without_findings_says_that_none_was_handed_over():
    assert "No finding about this episode was handed over." in words(page(one(suspect(VAN, "rogue"))))


def test_without_a_place_a_census_or_activity_the_page_says_so():
    said = words(page(one(suspect(VAN, "rogue"), tracks=[], census=[], activity=[])))
    for text in ("Cannot tell where it was", "There is no census of this episode.", "was not handed over"):
        assert text in said


@pytest.mark.parametrize(
    ("alert_at", "said"),
    [
        (None, "never, from what the records showed at the time"),
        (START, "with the first record"),
        (START + timedelta(minutes=70), "1 h 10 min after the first record"),
    ],
)
def test_the_alert_is_told_from_the_first_record(alert_at, said):
    assert said in facts_of(page(one(suspect(VAN, "rogue", alert_at=alert_at))))["Alert time"]


def test_sources_that_could_not_be_used_stand_on_the_page():
    assert facts_of(page(one(suspect(VAN, "rogue", missing_sources=["links", "access.source"]))))[
        "Sources it could not use"
    ] == ("links, column “source” of access")
    assert facts_of(page(one(suspect(VAN, "rogue", missing_sources=None))))["Sources it could not use"] == "nothing missing"


def test_hostile_evidence_is_text_like_any_other():
    row = suspect(VAN, "rogue")
    (reason,) = reasons(page(one(row, finding(1, row, "moving_cell", 3.0, HOSTILE))))
    assert reason.sentence.text == HOSTILE


def test_an_episode_is_introduced_by_its_unit():
    said = words(suspects(Episodes(example()), "en"))
    assert "2 cell identities, 2 episodes, 2025-08-05 21:00 to 2025-08-07 02:00." in said
    assert said.index("Unit unit-1") < said.index(f"1. Cell {VAN}") < said.index(f"2. Cell {VAN_TOO}")


@pytest.mark.parametrize(
    ("dossier", "said"),
    [
        (nothing(), "Without access records no cell could be judged."),
        (replace(example(), suspects=[]), "There is no cell of grade rogue or suspect."),
    ],
    ids=["no-access", "nobody"],
)
def test_no_suspect_is_said_as_what_it_is(dossier, said):
    assert words(suspects(Episodes(dossier), "en")) == said


def test_without_access_records_no_cell_was_cleared_either():
    assert words(cleared(Episodes(nothing()), "en")) == "Without access records no cell could be judged."


def test_cells_that_are_not_accused_are_listed_with_what_stood_out_and_why_not():
    table = of_kind(cleared(Episodes(example()), "en"), "table")[0]
    assert [row[1] for row in table.rows] == ["review", "explained"]
    assert table.rows[1][-1] == "The registry was updated late"
    assert "A cell that moves" in table.rows[0][-2]


def test_what_stood_out_about_equipment_accuses_no_cell_and_denies_no_touch():
    blocks = cleared(Episodes(replace(example(), suspects=[])), "en")
    assert "There is no cell for review, and none was explained." in words(blocks)
    (table,) = of_kind(blocks, "table")
    assert words(table.rows[0][1]) == "HENB-00417"
    assert "this accuses no cell" in table.caption
    assert "touched" not in table.caption


@pytest.mark.parametrize(
    ("sentence", "language", "text", "lang"),
    [
        ({"en": "moves", "ko": "움직임"}, "ko", "움직임", ""),
        ({"en": "moves"}, "ko", "moves", "en"),
        ("moves", "en", "moves", ""),
        ("moves", "ko", "moves", "en"),
        (None, "en", "\u2013", ""),
    ],
)
def test_a_sentence_is_spoken_in_the_readers_language_or_marked(sentence, language, text, lang):
    span = spoken(sentence, language)
    assert (span.text, span.lang) == (text, lang)


def test_nothing_left_out_needs_no_note():
    assert cut_note(5, 5, "x.parquet", "en") == ""
    assert cut_note(5, 6, "x.parquet", "en") == "The first 5 are shown; 1 more are in x.parquet."
