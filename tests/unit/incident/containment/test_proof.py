"""Did it work? Counted by hand here, by SQL there, on both engines; and records that cannot show it prove nothing."""

from datetime import UTC, timedelta

import pytest
from made_up_records import at, link, minutes, payment, touch, version

from cellwarden.incident.containment.catalogue import act_of, checked_target
from cellwarden.incident.containment.dry_run import put_blocked
from cellwarden.incident.containment.proof import (
    payments_proof,
    presence_proof,
    reauthentication_proof,
    recovery_proof,
    swap_proof,
)
from cellwarden.lake.pseudonyms import in_hex

ROGUE, MACRO = 1001, 19753073
NIGHT = at("05 02:00")
LATER = NIGHT + timedelta(days=1)
WINDOW = {"since": NIGHT.replace(tzinfo=UTC), "until": (NIGHT + timedelta(days=7)).replace(tzinfo=UTC)}
"""In force for a week from the night of the fifth."""


def macro(imsi, when, **more):
    return touch(MACRO, imsi, when, cell_type="macro", **more)


@pytest.mark.parametrize(
    ("later", "verdict", "touches"),
    [
        pytest.param([], "not_yet", 0, id="no records after the block"),
        pytest.param([macro(2, LATER)], "holds", 0, id="records, and none through it"),
        pytest.param([macro(2, LATER), touch(ROGUE, 2, LATER)], "fails", 1, id="one touch after the block"),
        pytest.param([macro(2, LATER), touch(ROGUE, 2, NIGHT + timedelta(days=8))], "holds", 0, id="the block had ended by then"),
    ],
)  # fmt: skip
def test_a_block_holds_only_where_records_after_it_show_no_touch(room, later, verdict, touches):
    room.fill(access=[touch(ROGUE, 1, NIGHT - minutes(1)), *later])
    act = act_of("block_cell")
    put_blocked(room.engine, act, checked_target(act, {"cell_type": "home", "cell": ROGUE}))
    found = presence_proof(room.engine, **WINDOW)
    assert (found["verdict"], found["touches_after"]) == (verdict, touches)


def paid(name, when, **more):
    return payment(name, more.pop("imsi", 7), when, **{"channel": "ars", "merchant": "shop", "category": "gift_card", **more})


BEFORE = [paid("P0", NIGHT - minutes(1))]
OTHER = paid("P9", LATER, channel="app", merchant="else", category="games", imsi=8)


@pytest.mark.parametrize(
    "target", [{"channel": "ars"}, {"merchant": "shop"}, {"category": "gift_card"}, {"subscriber": in_hex(7)}]
)
@pytest.mark.parametrize(
    ("later", "verdict", "counts"),
    [
        pytest.param([], "not_yet", (0, 0, 0), id="no payments after it"),
        pytest.param([OTHER], "holds", (0, 0, 0), id="payments, and nobody tried"),
        pytest.param([OTHER, paid("P1", LATER, status="declined")], "holds", (0, 1, 0), id="tried and declined"),
        pytest.param([paid("P1", LATER), paid("P2", LATER, status="declined")], "fails", (1, 1, 0), id="one was paid"),
        pytest.param([paid("P1", LATER, status=None)], "cannot_tell", (0, 0, 1), id="a payment without a status"),
        pytest.param([OTHER, paid("P1", NIGHT + timedelta(days=8))], "holds", (0, 0, 0), id="paid when it had ended"),
    ],
)  # fmt: skip
def test_a_restriction_holds_only_where_nothing_that_it_names_was_paid(room, target, later, verdict, counts):
    room.fill(payments=[*BEFORE, *later])
    found = payments_proof(room.engine, target, **WINDOW)
    assert found["verdict"] == verdict
    assert (found["approved_after"], found["stopped_after"], found["unknown_after"]) == counts


def test_each_person_is_secured_anew_seen_without_or_not_seen(room):
    access = [
        macro(1, LATER, procedure="attach", ciphering=2),
        macro(1, NIGHT - minutes(5), procedure="attach", ciphering=2),
        macro(2, LATER, procedure="service_request"),
        macro(3, NIGHT - minutes(5), procedure="attach", ciphering=2),
        macro(4, LATER, procedure="attach", ciphering=2, result="reject"),
    ]
    room.fill(access=access)
    people = [in_hex(each) for each in (1, 2, 3, 4)]
    found = reauthentication_proof(room.engine, people, has_security=True, **WINDOW)
    assert found["verdict"] == "partly"
    assert {name: found[name] for name in ("people", "secured_after", "seen_without", "not_seen")} == {"people": 4, "secured_after": 1, "seen_without": 2, "not_seen": 1}  # fmt: skip
    assert found["new_guti"] == "cannot_tell", "no record of the contract holds a temporary identity"
    assert reauthentication_proof(room.engine, people[:1], has_security=True, **WINDOW)["verdict"] == "holds"
    assert reauthentication_proof(room.engine, people[1:2], has_security=True, **WINDOW)["verdict"] == "fails"
    assert reauthentication_proof(room.engine, people, has_security=False, **WINDOW)["verdict"] == "cannot_tell"


def test_before_any_record_after_it_an_act_on_people_is_not_judged(room):
    room.fill(access=[macro(1, NIGHT - minutes(5), ciphering=2)], subscribers=[{"imsi": 1, "msisdn": 91}])
    assert reauthentication_proof(room.engine, [in_hex(1)], has_security=False, **WINDOW)["verdict"] == "not_yet"
    assert swap_proof(room.engine, [in_hex(1)], **WINDOW)["verdict"] == "not_yet"


def test_a_swap_is_a_number_on_another_imsi_that_came_on_the_air_after_the_act(room):
    subscribers = [
        *({"imsi": imsi, "msisdn": 90 + imsi} for imsi in (1, 2, 3, 4, 5)),
        {"imsi": 6},
        {"imsi": 101, "msisdn": 91},
        {"imsi": 102, "msisdn": 92},
        {"imsi": 103, "msisdn": 93},
    ]
    access = [
        macro(101, LATER),
        macro(102, LATER),
        macro(2, LATER + minutes(200)),
        macro(103, NIGHT - minutes(9)),
        macro(4, LATER),
    ]
    room.fill(subscribers=subscribers, access=access)
    found = swap_proof(room.engine, [in_hex(imsi) for imsi in (1, 2, 3, 4, 5, 6)], **WINDOW)
    assert found["verdict"] == "partly"
    names = ("people", "swapped_after", "both_on_air", "on_paper", "still_old", "not_seen", "without_number")
    assert [found[name] for name in names] == [6, 2, 1, 1, 1, 2, 1]
    assert swap_proof(room.engine, [in_hex(1)], **WINDOW)["verdict"] == "holds"
    assert swap_proof(room.engine, [in_hex(6)], **WINDOW)["verdict"] == "cannot_tell"
    assert swap_proof(room.engine, [in_hex(4)], **WINDOW)["verdict"] == "fails"


def unit(number, **more):
    return {"equipment_id": f"F-{number}", "cell_type": "home", "cell": number, "serial": f"S-{number}", **more}


def listed(number, when, status, **more):
    return version(number, equipment_id=f"F-{number}", recorded_at=when, valid_from=when, status=status, **more)


def test_a_recovery_list_says_what_became_of_each_unit(room):
    old = [listed(number, at("01 00:00"), "active") for number in (1, 2, 3, 4)]
    since = [listed(1, LATER, "recovered"), listed(2, LATER, "lost"), listed(2, LATER + minutes(9), "scrapped"), listed(9, LATER, "active")]  # fmt: skip
    links = [link(3, LATER)]
    room.fill(equipment=[*old, *since], links=links)
    found = recovery_proof(room.engine, [unit(number) for number in (1, 2, 3, 4)], **WINDOW)
    assert found["by_status"] == {"recovered": 1, "scrapped": 1, "unchanged": 2}
    assert (found["units"], found["off"], found["woken"]) == (4, 2, 1)
    assert found["verdict"] == "fails", "one came back by itself"
    assert recovery_proof(room.engine, [unit(1), unit(2)], **WINDOW)["verdict"] == "holds"
    assert recovery_proof(room.engine, [unit(1), unit(4)], **WINDOW)["verdict"] == "partly"


def test_a_registry_that_was_not_delivered_since_says_nothing_of_a_recovery(room):
    room.fill(equipment=[listed(1, at("01 00:00"), "active")], access=[macro(2, LATER)])
    assert recovery_proof(room.engine, [unit(1)], **WINDOW)["verdict"] == "cannot_tell"
    room.fill(equipment=[listed(1, at("01 00:00"), "active")], access=[macro(2, NIGHT - minutes(9))])
    assert recovery_proof(room.engine, [unit(1)], **WINDOW)["verdict"] == "not_yet"
