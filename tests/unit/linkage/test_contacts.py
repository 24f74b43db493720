from exposed_rows import exposure, hand_in, stolen
from made_up_records import at, payment

from cellwarden.linkage.contacts import CHARGED, UNEXPOSED, contacts


def listed(room, payments, links=(), exposures=(1,)):
    room.fill(payments=payments)
    hand_in(room, [exposure(imsi) for imsi in exposures], links)
    return [(row["kind"], row["payment_id"]) for row in contacts(room.engine)]


def test_charged_and_silent_are_called_first_the_surest_and_largest_before(room):
    payments = [
        payment("A", 1, at("15 10:10"), amount=5),
        payment("B", 1, at("15 10:20"), amount=9),
        payment("C", 1, at("15 10:30")),
    ]
    links = [stolen("A"), stolen("B"), stolen("C", probability=0.99)]
    assert listed(room, payments, links) == [(CHARGED, "C"), (CHARGED, "B"), (CHARGED, "A")]


def test_who_disputed_knows_already_and_who_was_not_charged_lost_nothing(room):
    payments = [payment("A", 1, at("15 10:10"), disputed_at=at("16 10:10")), payment("B", 1, at("15 10:20"), status="declined"), payment("C", 1, at("15 10:20"))]  # fmt: skip
    assert listed(room, payments, [stolen("A"), stolen("B"), stolen("C", probability=0.4)]) == []


def test_a_dispute_of_somebody_who_was_never_exposed_is_listed_apart(room):
    payments = [payment(name, imsi, at("15 10:10"), disputed_at=at("16 10:10")) for name, imsi in (("A", 1), ("B", 2))]
    assert listed(room, payments) == [(UNEXPOSED, "B")]
    assert listed(room, payments, exposures=()) == [(UNEXPOSED, "A"), (UNEXPOSED, "B")]
