"""The report's input: everything gathered, nothing to look up."""

from datetime import timedelta

from made_up_investigation import END, START, exposure, finding, investigated, key, name_of, payment, summary, suspect

from cellwarden.detect import unit_membership
from cellwarden.detect.catalogue import DETECTORS, EXPLANATIONS
from cellwarden.foundation.clock import aware
from cellwarden.workflows.dossier import SHOWN_REJECTIONS, make_dossier, queries
from cellwarden.workflows.tables import result_tables


def dossier(rejected=(), **more):
    held = investigated(**{"payments": [], **more})
    return make_dossier(held, summary(held), result_tables(held, name_of), list(rejected), name_of)


def test_every_query_that_the_summary_names_is_printed_whole():
    made = dossier()
    assert {each["query"] for each in made.summary["headlines"]} <= set(made.queries)
    assert {each.script.name for each in (*DETECTORS, *EXPLANATIONS)} <= set(made.queries)
    assert all("SELECT" in text for text in made.queries.values())


def test_no_two_queries_share_a_name():
    names = [script.name for script in queries()]
    assert len(names) == len(set(names))


def test_rejections_are_cut_and_keep_their_order():
    rows = [{"file": "a.csv", "row": number, "reason": "r", "raw": ""} for number in range(SHOWN_REJECTIONS + 1)]
    assert dossier(rows).rejected == rows[:200]


def test_only_payments_that_count_as_linked_are_told():
    made = dossier(payments=[payment("p1", probability=0.5), payment("p2", probability=0.4999)])
    (told,) = made.payments
    assert (told["payment_id"], told["imsi"], told["at"]) == ("p1", name_of(1), aware(START))
    assert told["reason"] == {"en": "through it", "ko": "거침"}
    assert told["disputed_at"] is None


def test_when_a_payment_was_disputed_is_an_aware_time():
    (told,) = dossier(payments=[payment(disputed_at=END)]).payments
    assert told["disputed_at"] == aware(END)


def test_a_finding_speaks_both_languages():
    assert dossier(findings=[finding()]).findings[0]["evidence"] == {"en": "it moves", "ko": "움직임"}


def test_people_are_counted_by_episode_and_grade():
    exposures = [exposure(1, identity="imsi"), exposure(2), exposure(3), exposure(1, unit="unit-2", identity="possible")]
    counted = {row["unit"]: row for row in dossier(exposures=exposures).census}
    assert {name: counted["unit-1"][name] for name in ("people", "imsi", "possible", "guti", "events")} == {
        "people": 3,
        "imsi": 1,
        "possible": 0,
        "guti": 2,
        "events": 6,
    }
    assert (counted["unit-2"]["people"], counted["unit-2"]["from_at"]) == (1, aware(START))


def test_a_suspect_names_the_findings_that_its_score_adds_up():
    ours, theirs = finding(hand="X1"), finding(hand="X2", weight=5.0)
    copies = [suspect(findings=[ours]), suspect(unit="unit-2", findings=[theirs])]
    made = dossier(findings=[theirs, ours], suspects=copies)
    by_hand = {row["finding_id"]: hand for row, hand in zip(made.findings, ("X2", "X1"), strict=True)}
    assert {row["unit"]: [by_hand[each] for each in row["finding_ids"]] for row in made.suspects} == {
        "unit-1": ["X1"],
        "unit-2": ["X2"],
    }


def test_what_the_company_of_a_rogue_added_is_among_them():
    vouching = suspect(of=key(8))
    lifted = suspect(lifted_by=vouching)
    vouched = finding(unit_membership.NAME)
    later = finding(unit_membership.NAME, from_at=START + timedelta(days=1))
    made = dossier(findings=[later, vouched], suspects=[vouching, lifted])
    told = {row["cell"]: row["finding_ids"] for row in made.suspects}
    assert told == {7: [made.findings[1]["finding_id"]], 8: []}


def test_activity_lies_on_its_ten_minutes():
    row = {
        "plmn": "00101", "rat": "lte", "cell_type": "", "cell": 7, "unit": "unit-1", "episode_from": START,
        "hour_at": START, "tenth": 3, "events": 4, "people": 2,
    }  # fmt: skip
    (told,) = dossier(activity=[row]).activity
    assert (told["at"], told["from_at"], told["cell_type"]) == (aware(START + timedelta(minutes=30)), aware(START), None)


def test_the_catalogue_is_handed_over_whole():
    assert [card["name"] for card in dossier().detectors] == [card.name for card in (*DETECTORS, *EXPLANATIONS)]
