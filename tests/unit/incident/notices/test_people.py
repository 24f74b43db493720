from datetime import timedelta

import pytest
from told_people import START, exposure, payment, suspect, told

from cellwarden.incident.notices.people import CLASSES, Told

A = "a" * 16


@pytest.mark.parametrize(
    ("row", "kind", "items"),
    [
        pytest.param(exposure(identity="imsi"), "confirmed", ("imsi",), id="the identity was readable"),
        pytest.param(exposure(identity="possible"), "possible", ("imsi",), id="it may have been"),
        pytest.param(exposure(identity="guti"), "possible", ("temporary",), id="a temporary number: cannot be ruled out"),
        pytest.param(
            exposure(identity="guti", content_exposed="yes"), "confirmed", ("content",), id="content without protection"
        ),
        pytest.param(exposure(identity="guti", msisdn_exposed="possible"), "possible", ("msisdn",), id="perhaps the number"),
        pytest.param(
            exposure(identity="imsi", content_exposed="possible"),
            "confirmed",
            ("imsi",),
            id="only what is certain is called so",
        ),
    ],
)
def test_the_class_is_what_the_evidence_carries(row, kind, items):
    person = told(row)[A]
    assert (person.kind, person.items) == (kind, items)


def test_a_cell_that_is_only_suspected_confirms_nothing():
    person = told(exposure(identity="imsi"), suspects=[suspect("suspect")])[A]
    assert (person.kind, person.items, person.grounds) == ("possible", ("imsi",), ("suspect",))


def test_a_verification_call_through_the_cell_is_content_that_went_through_it():
    assert told(exposure(identity="guti"), payments=[payment()])[A].kind == "confirmed"
    assert told(exposure(identity="guti"), payments=[payment(meeting="late")])[A].kind == "possible"


def test_the_strongest_exposure_counts_and_every_time_is_told_in_order():
    later = exposure(identity="imsi", at=START + timedelta(days=1))
    person = told(later, exposure(identity="imsi"))[A]
    assert [first for first, _ in person.times] == [START, START + timedelta(days=1)]


def test_payments_that_do_not_count_as_linked_are_not_told():
    assert told(exposure(), payments=[payment(probability=0.4)])[A].payments == ()


@pytest.mark.parametrize(
    ("row", "earlier", "kind"),
    [
        pytest.param(exposure(), Told(kind="possible", on="2026-11-01", items=("temporary",)), "upgrade", id="possible, now confirmed"),
        pytest.param(exposure(imei_exposed="yes"), Told(kind="confirmed", on="2026-11-01", items=("imsi",)), "upgrade", id="more than was known"),
        pytest.param(exposure(), Told(kind="confirmed", on="2026-11-01", items=("imsi",)), None, id="told already"),
        pytest.param(exposure(identity="guti"), Told(kind="possible", on="2026-11-01", items=("temporary",)), None, id="possible still"),
        pytest.param(exposure(identity="guti"), Told(kind="confirmed", on="2026-11-01", items=("imsi",)), None, id="no news beside what is certain"),
        pytest.param(exposure(identity="possible"), Told(kind="possible", on="2026-11-01", items=("temporary",)), "possible", id="more may have been exposed"),
        pytest.param(exposure(), Told(kind="cleared", on="2026-11-01"), "confirmed", id="cleared, and exposed after all"),
    ],
)  # fmt: skip
def test_a_later_round_tells_what_is_new(row, earlier, kind):
    found = told(row, earlier={A: earlier})
    assert (found[A].kind if found else None) == kind


def test_whoever_was_told_and_is_not_exposed_is_cleared_once():
    earlier = {A: Told(kind="possible", on="2026-11-01"), "b" * 16: Told(kind="cleared", on="2026-11-01")}
    found = told(earlier=earlier)
    assert {subject: person.kind for subject, person in found.items()} == {A: "cleared"}
    assert set(CLASSES) == {"confirmed", "possible", "upgrade", "cleared"}
