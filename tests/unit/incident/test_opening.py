"""The first pages: the verdict in sentences, the headline numbers, and whose records these are."""

from dataclasses import replace

import pytest
from example_dossier import CLONE, HOSTILE, SHOP, VAN, example, nothing, suspect
from read_blocks import facts_of, of_kind, words

from cellwarden.incident.episodes import Episodes
from cellwarden.incident.opening import cover, headlines, source_names, verdict
from cellwarden.incident.opening import words as glossary
from cellwarden.incident.phrases import LANGUAGES


def judged(dossier, language="en"):
    return words(verdict(Episodes(dossier), language, blind_chapter=9))


def summed(dossier, **changes):
    return replace(dossier, summary={**dossier.summary, **changes})


def with_suspects(*suspects):
    return replace(example(), suspects=list(suspects))


def test_the_verdict_counts_cells_and_not_episodes():
    nights = [suspect(VAN, "rogue", hours=24 * night) for night in range(5)]
    said = judged(with_suspects(*nights))
    assert "used 1 cell identity on this network" in said
    assert "5 rogue or suspect episodes" in said


def test_a_cell_that_is_rogue_one_night_is_not_a_further_suspect_the_next():
    said = judged(with_suspects(suspect(VAN, "rogue"), suspect(VAN, "suspect", hours=24)))
    assert "1 cell identity" in said
    assert "suspected" not in said
    assert "1 further cell is suspected" in judged(with_suspects(suspect(VAN, "rogue"), suspect(CLONE, "suspect")))


def test_suspects_alone_are_not_called_certain():
    said = judged(with_suspects(suspect(CLONE, "suspect"), suspect(VAN, "suspect")))
    assert "No cell is certainly rogue, but 2 cells are more likely rogue than not." in said


def test_cells_for_review_are_counted_as_cells_too():
    said = judged(with_suspects(suspect(SHOP, "review"), suspect(SHOP, "review", hours=48)))
    assert "No cell in these records is more likely than not to be a rogue base station." in said
    assert "1 cell needs review." in said
    assert "This does not mean that there was none: chapter 9" in said


@pytest.mark.parametrize(
    ("language", "unknown", "acquittal"),
    [
        ("en", "it cannot be told whether there was a rogue base station", "No cell in these records"),
        ("ko", "불법 기지국이 있었는지 판단할 수 없습니다", "절반을 넘는 셀은 없습니다"),
    ],
)
def test_without_access_records_the_verdict_is_no_acquittal(language, unknown, acquittal):
    said = judged(nothing(), language)
    assert unknown in said
    assert acquittal not in said


def test_money_is_not_judged_without_payments():
    said = judged(summed(example(), payments_linked=None))
    assert "nothing can be said about money" in said
    assert "KRW" not in said


def test_no_linked_payment_is_said_in_words():
    assert "No payment was found linked" in judged(summed(example(), payments_linked={"rows": 0}))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"approved_money": 495_000, "currency": "KRW"}, "amount to 495,000 KRW."),
        ({"approved_money": 0, "currency": ""}, "amount to 0."),
        ({"approved_money": None, "currency": "KRW USD"}, "are in several currencies and are not added up."),
    ],
)
def test_money_is_summed_in_one_currency_or_not_at_all(changes, said):
    linked = {**example().summary["payments_linked"], **changes}
    assert said in judged(summed(example(), payments_linked=linked))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_about_chance_is_a_sentence_when_chance_is_unknown(language):
    said = judged(summed(example(), chance_links_expected=None), language)
    assert {"en": "cannot be told from records this short", "ko": "기록이 짧아 알 수 없습니다"}[language] in said
    assert "알 수 없음건" not in said
    assert "cannot tell would" not in said
    assert {"en": "By chance alone 0.04", "ko": "0.04건"}[language] in judged(example(), language)


def test_nobody_on_the_accused_cells_is_said():
    said = judged(summed(example(), people_signal_exposed={"total": 0, "imsi": 0, "possible": 0, "guti": 0}))
    assert "No subscriber is recorded on them." in said


def test_missing_sources_and_gaps_stand_beside_the_verdict():
    said = judged(example())
    assert "Not available: links, tips. Chapter 9 says" in said
    assert "The access records have 1 gap, during which nothing can be seen: chapter 9." in said
    assert "gap" not in judged(summed(example(), blind=[{"kind": "gap", "table": "links", "from": None, "to": None}]))


def test_a_source_may_be_a_column():
    assert source_names(["links", "access.source"], "en") == "links, column “source” of access"
    assert source_names(["links", "access.source"], "ko").startswith("장비 연결 기록(links), 접속 기록(access)의")


def test_the_columns_of_a_missing_table_are_not_listed_beside_it():
    assert source_names(["access", "access.core", "links.asn"], "en") == "access, column “asn” of links"


def test_a_headline_leads_to_its_query_only_where_that_is_printed():
    (block,) = headlines(Episodes(example()), "en")
    assert {card.basis[1][1].to for card in block.cards} == {"query-census", "query-fusion"}
    (block,) = headlines(Episodes(replace(example(), queries={})), "en")
    assert {card.basis[1][1].to for card in block.cards} == {""}


def test_a_headline_that_is_not_known_is_no_zero():
    row = {**example().summary["headlines"][0], "value": None}
    (block,) = headlines(Episodes(summed(example(), headlines=[row])), "en")
    assert (block.cards[0].value, block.cards[0].unit) == ("cannot tell", "")


def test_no_headlines_are_said():
    assert words(headlines(Episodes(nothing()), "en")) == "There are no headline numbers."


def test_the_cover_says_what_was_assumed_and_until_when_it_was_known():
    rows = facts_of(cover(Episodes(summed(example(), until="2025-08-06T00:00:00Z")), "en"))
    assert rows["Uses only what was known by"] == "2025-08-06 09:00 KST (2025-08-06 00:00 UTC)"
    assert rows["Assumed, since not stated"] == "own PLMN not stated: 45008"
    assert rows["Window (Asia/Seoul)"] == "2025-08-01 09:00 to 2025-09-05 09:00"


def test_a_cover_without_records_says_that_the_window_is_not_known():
    rows = facts_of(cover(Episodes(nothing()), "en"))
    assert rows["Operator"] == "operator not named"
    assert rows["Window (UTC)"] == "unknown: there are no records"


def test_a_hostile_name_is_text_like_any_other():
    operator = {"name": HOSTILE, "time_zone": "Asia/Seoul", "notes": []}
    assert facts_of(cover(Episodes(summed(example(), operator=operator)), "en"))["Operator"] == HOSTILE


def test_the_glance_draws_a_line_a_cell_and_says_how_many_it_left_out():
    many = [suspect(0x12D6800 + number, "rogue", hours=number) for number in range(33)]
    (drawing,) = of_kind(verdict(Episodes(with_suspects(*many)), "en", blind_chapter=9), "drawing")
    assert "3 more cells not drawn." in drawing.caption
    assert drawing.svg.count("0x12d68") >= 30


def test_a_verdict_without_accusation_draws_nothing():
    calm = with_suspects(suspect(SHOP, "review", lasts=2))
    assert of_kind(verdict(Episodes(calm), "en", blind_chapter=9), "drawing") == []


def test_the_glossary_holds_the_words_that_decide_about_people():
    told = facts_of(glossary("en"))
    assert "Exposed is not defrauded" in told["Exposed"]
    assert "no gap over 6 hours" in told["Episode"]
    assert len(facts_of(glossary("ko"))) == len(told) == 9


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_with_real_identifiers_says_so_before_anything_else(language):
    first, *_ = cover(Episodes(summed(example(), revealed=True)), language)
    assert first.tone == "warning"
    assert ("식별자" if language == "ko" else "real subscriber identifiers") in first.text
    assert all(getattr(block, "tone", "") != "warning" for block in cover(Episodes(example()), language))
