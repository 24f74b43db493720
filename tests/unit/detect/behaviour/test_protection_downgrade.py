import pytest
from made_up_records import HOME, OTHER_HOME, accused, at, card, minutes, touch, touches, version

from cellwarden.detect.fusion import GRADES, PRIOR, log_odds_of

DETECTOR = card("protection_downgrade")
START = at("05 10:00")


def protected(cell, count, null=0, *, first=1, **more):
    """So many procedures with a security mode command, the first of them without ciphering."""
    return [
        *touches(cell, null, START, first=first, ciphering=0, **more),
        *touches(cell, count - null, START + minutes(1), first=first + 500, ciphering=2, **more),
    ]


def registered(cell, count, clear=0, kind="none", **more):
    """So many IMS registrations, the first of them in clear."""
    return [
        touch(cell, number, START + minutes(number), procedure="ims_register", identity="none", ims_protection=kind if number < clear else "encrypted", **more)
        for number in range(count)
    ]  # fmt: skip


FLEET = [row for number in range(30) for row in [*protected(OTHER_HOME + number, 12, source=f"10.1.0.{number}"), *registered(OTHER_HOME + number, 6, source=f"10.1.0.{number}")]]  # fmt: skip


@pytest.mark.parametrize(
    ("access", "told", "korean"),
    [
        pytest.param(protected(HOME, 12, 8), "8 of 12 security mode commands chose null ciphering", "널 암호화", id="rogue:null-ciphering"),
        pytest.param(protected(HOME, 5, 3), "3 of 5 security mode commands", "5건 중 3건", id="rogue:three-of-five"),
        pytest.param(registered(HOME, 6, 6), "6 of 6 IMS registrations were not encrypted", "IMS 등록이 암호화되지 않음", id="rogue:ims-in-clear"),
        pytest.param(registered(HOME, 6, 6, "integrity_only"), "6 of 6 IMS registrations", "6건 중 6건", id="rogue:ims-without-encryption"),
    ],
)  # fmt: skip
def test_accuses_a_cell_that_leaves_phones_unprotected(room, access, told, korean):
    (finding,) = room.findings(DETECTOR, access=[*FLEET, *access])
    assert finding.key.cell == HOME
    assert told in finding.evidence["en"]
    assert korean in finding.evidence["ko"]
    assert PRIOR.value + finding.weight < log_odds_of(GRADES["review"])


@pytest.mark.parametrize(
    "access",
    [
        pytest.param(protected(HOME, 12, 2), id="innocent:emergency-calls-without-a-sim"),
        pytest.param(protected(HOME, 4, 3), id="rogue:one-procedure-too-few"),
        pytest.param(protected(HOME, 400, 3), id="innocent:one-visitors-phone-without-algorithms"),
        pytest.param(touches(HOME, 12, START), id="innocent:nobody-recorded-it"),
        pytest.param(registered(HOME, 6), id="innocent:encrypted"),
    ],
)
def test_says_nothing(room, access):
    assert room.findings(DETECTOR, access=[*FLEET, *access]) == []


def on_day(rows, day):
    return [{**row, "at": row["at"] + (day - 5) * minutes(24 * 60)} for row in rows]


def test_one_odd_day_of_many_weighs_less_than_one_of_two(room):
    """innocent: the worst day of a busy mast; as many procedures went before, on thirteen days and on one."""
    odd = on_day(protected(HOME, 40, 6), 18)
    (of_many,) = room.findings(
        DETECTOR, access=[*FLEET, *(row for day in range(5, 18) for row in on_day(protected(HOME, 40), day)), *odd]
    )
    (of_two,) = room.findings(DETECTOR, access=[*FLEET, *on_day(protected(HOME, 13 * 40), 17), *odd])
    assert of_many.weight < of_two.weight - 1


def test_an_operator_that_never_protects_accuses_nobody(room):
    """innocent: then it is usual."""
    fleet = [row for number in range(30) for row in protected(OTHER_HOME + number, 12, 12, source=f"10.1.0.{number}")]
    assert room.findings(DETECTOR, access=[*fleet, *protected(HOME, 12, 12)]) == []


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param(5, 0, id="innocent:a-model-that-never-protects"),
        pytest.param(3, 1, id="rogue:too-few-of-the-model-to-tell"),
    ],
)
def test_a_cell_is_measured_against_its_model(room, cells, expected):
    """The old model leaves registrations in clear wherever it stands; of four alone nobody can say that it is the model."""
    old = [row for number in range(cells - 1) for row in registered(OTHER_HOME + 100 + number, 6, 6, source=f"10.1.1.{number}")]
    models = [*(version(OTHER_HOME + number, software="new") for number in range(30)), version(HOME, software="old")]
    models += [version(OTHER_HOME + 100 + number, software="old") for number in range(cells - 1)]
    found = room.findings(DETECTOR, access=[*FLEET, *old, *registered(HOME, 6, 6)], equipment=models)
    assert len([each for each in found if each.key.cell == HOME]) == expected


def test_a_laboratory_stays_below_a_line():
    assert any(each.startswith("a test laboratory") for each in DETECTOR.innocent_causes)
    assert PRIOR.value + DETECTOR.threshold("max_weight") < log_odds_of(GRADES["review"])


def test_no_records_no_findings(room):
    assert accused(room.findings(DETECTOR)) == []
