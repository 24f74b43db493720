"""What is counted is reconciled in sight of the reader, and what cannot be counted is no zero."""

from dataclasses import replace

import pytest
from example_dossier import HOSTILE, example, nothing, payment
from read_blocks import facts_of, of_kind, spans, words

from cellwarden.incident.counts import census, files, payments
from cellwarden.incident.episodes import Episodes


def summed(dossier, **changes):
    return replace(dossier, summary={**dossier.summary, **changes})


def table(blocks, caption):
    (found,) = [block for block in of_kind(blocks, "table") if block.caption.startswith(caption)]
    return found


def test_people_add_up_in_sight_of_the_reader():
    said = words(census(Episodes(example()), "en"))
    assert "Reconciliation: 20 = 14 imsi + 1 possible + 5 guti. It adds up." in said
    assert "24 rows of exposures" in said
    assert "17 records without a subscriber are counted as nobody" in said


@pytest.mark.parametrize(("language", "said"), [("en", "do not quote these numbers"), ("ko", "이 수치를 인용하지 마십시오")])
def test_people_who_do_not_add_up_are_a_warning(language, said):
    dossier = summed(example(), people_signal_exposed={"total": 21, "imsi": 14, "possible": 1, "guti": 5})
    (warning,) = [block for block in of_kind(census(Episodes(dossier), language), "paragraph") if block.tone == "warning"]
    assert said in warning.text


def test_controllers_that_do_not_add_up_are_called_out():
    by_controller = table(census(Episodes(example()), "en"), "People by controller")
    assert by_controller.totals == ["Sum (adds up)", "20"]
    dossier = summed(example(), people_by_controller={"own": 16})
    assert table(census(Episodes(dossier), "en"), "People by controller").totals == ["Sum (does not add up)", "16"]


def test_own_customers_come_first_then_the_controllers_with_most_people():
    dossier = summed(example(), people_by_controller={"A": 2, "B": 9, "own": 1})
    assert [row[0] for row in table(census(Episodes(dossier), "en"), "People by controller").rows] == [
        "own customers",
        "B",
        "A",
    ]


def test_a_technology_that_no_source_covers_is_not_recorded_rather_than_zero():
    rows = {row[0]: row[1:] for row in table(census(Episodes(example()), "en"), "People by technology").rows}
    assert rows["NR (5G)"] == ["0", "0", "0", "0"]
    assert rows["UTRA (3G)"] == ["not recorded", "\u2013", "\u2013", "\u2013"]


def test_without_access_records_nobody_is_not_a_count():
    said = words(census(Episodes(nothing()), "en"))
    assert "Without access records nobody can be counted." in said
    assert "Nobody is counted as exposed." not in said
    with_records = summed(nothing(), window={"from": "2025-08-01T00:00:00Z", "to": "2025-08-02T00:00:00Z"})
    assert "Nobody is counted as exposed." in words(census(Episodes(with_records), "en"))


def test_payments_that_are_absent_cannot_be_judged():
    said = words(payments(Episodes(nothing()), "en"))
    assert "Payments are not among the records: nothing can be said." in said


def test_payments_without_access_records_are_not_called_unlinked():
    dossier = summed(nothing(), payments_linked={"rows": 0, "approved_money": 0, "currency": ""})
    said = words(payments(Episodes(dossier), "en"))
    assert "Without access records no payment can be linked to any cell." in said
    assert "No linked payment was found." not in said


def test_found_payments_stand_beside_what_chance_would_give():
    told = facts_of(payments(Episodes(example()), "en"))
    assert (told["Found"], told["Expected by chance"]) == ("6 payments", "0.04")
    told = facts_of(payments(Episodes(summed(example(), chance_links_expected=None)), "ko"))
    assert told["우연히 예상되는 결제"] == "알 수 없음"


@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [
        (2_475_000, "KRW", "5 payments, 2,475,000 KRW"),
        (None, "EUR KRW", "5 payments, in several currencies, not added up"),
        (0, "", "5 payments, 0"),
    ],
)
def test_a_mix_of_currencies_is_never_a_sum_of_zero(amount, currency, said):
    linked = {**example().summary["payments_linked"], "approved_money": amount, "currency": currency}
    told = facts_of(payments(Episodes(summed(example(), payments_linked=linked)), "en"))
    assert told["Approved"] == said


def test_approved_and_undisputed_payments_come_first():
    shown = table(payments(Episodes(example()), "en"), "Linked payments")
    said = [words(row[4]) for row in shown.rows]
    assert [each.startswith("approved · call first") for each in said] == [True, True, True, False, False, False]
    assert "declined · disputed 2025-08-07 21:00" in said


@pytest.mark.parametrize(
    ("language", "said"), [("en", "served by the cell 3 minutes before"), ("ko", "결제 3분 전 인증 전화가")]
)
def test_why_a_payment_is_linked_is_said_in_the_readers_language(language, said):
    shown = table(payments(Episodes(example()), language), {"en": "Linked", "ko": "연관된"}[language])
    assert all(said in row[-1].text and row[-1].lang == "" for row in shown.rows)


def test_a_reason_in_english_alone_is_marked_as_english():
    dossier = replace(example(), payments=[payment(1, reason="in English alone")])
    row = table(payments(Episodes(dossier), "ko"), "연관된").rows[0]
    assert (row[-1].text, row[-1].lang) == ("in English alone", "en")


def test_rejected_rows_are_cut_and_it_is_said_where_the_rest_is():
    row = example().rejected[0]
    inputs = {"payments.csv": {"read": 9_000, "accepted": 8_000, "rejected": 1_000}}
    dossier = replace(summed(example(), files=inputs), rejected=[row] * 200)
    shown = table(files(Episodes(dossier), "en"), "Rejected rows")
    assert len(shown.rows) == 100
    assert shown.more == "The first 100 are shown; 900 more are in rejected.parquet."


def test_few_rejected_rows_are_not_cut():
    dossier = summed(example(), files={"payments.csv": {"read": 2, "accepted": 0, "rejected": 2}})
    assert table(files(Episodes(dossier), "en"), "Rejected rows").more == ""


def test_a_rejected_row_is_shown_as_it_came_and_its_reason_is_english():
    blocks = files(Episodes(example()), "ko")
    shown = table(blocks, "거부한 행")
    assert shown.rows[1][3].text == HOSTILE[:200]
    assert {row[2].lang for row in shown.rows} == {"en"}
    assert HOSTILE in {span.text for span in spans(blocks)}


def test_a_file_whose_rows_do_not_add_up_is_called_out():
    dossier = summed(example(), files={"a.csv": {"read": 3, "accepted": 1, "rejected": 1}})
    (row,) = table(files(Episodes(dossier), "en"), "Input files").rows
    assert (row[-1].text, row[-1].is_strong) == ("does not add up", True)


def test_a_repeated_file_is_said_to_count_once():
    inputs = {
        "a.csv": {"read": 3, "accepted": 3, "rejected": 0},
        "b.csv": {"read": 0, "accepted": 0, "rejected": 0, "same_content_as": "a.csv"},
    }
    shown = table(files(Episodes(summed(example(), files=inputs)), "en"), "Input files")
    assert words(shown.rows[1][-1]) == "same content as a.csv: counted once"
    assert shown.totals == ["Sum", "3", "3", "0", ""]


def test_data_faults_are_named_by_file():
    assert "payments.csv: 3 rows with a short IMSI" in words(files(Episodes(example()), "en"))
    assert "Data faults" not in words(files(Episodes(nothing()), "en"))
