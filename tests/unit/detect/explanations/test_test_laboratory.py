import pytest
from made_up_habits import attaching, days_of_strangers
from made_up_records import HOME, OTHER_HOME, card, version

EXPLANATION = card("test_laboratory")
REGISTERED = [version(HOME)]


@pytest.mark.parametrize(
    ("access", "share"),
    [
        pytest.param(attaching(), 1.0, id="explains:the-same-phones-over-and-over"),
        pytest.param(
            [*attaching(), *days_of_strangers(range(1), range(16), identity="imsi")], 0.6, id="explains:its-own-part-only"
        ),
        pytest.param(
            [*attaching(), *days_of_strangers(range(1), range(17), identity="imsi")], None, id="rogue:guests-gave-theirs-too"
        ),
        pytest.param(attaching(days=2), None, id="just-below:two-days"),
        pytest.param(attaching(attaches=3), None, id="just-below:three-attaches-a-day"),
        pytest.param(attaching(phones=20), 1.0, id="explains:a-full-drawer"),
        pytest.param(attaching(phones=21), None, id="just-below:more-than-a-drawer"),
        pytest.param(days_of_strangers(range(6), range(9, 18), identity="imsi"), None, id="rogue:other-phones-every-time"),
    ],
)
def test_excuses_the_part_that_a_few_phones_account_for(room, access, share):
    found = room.excuses(EXPLANATION, access=access, equipment=REGISTERED)
    assert [excuse.share for excuse in found] == ([] if share is None else [share])
    assert all("protection_downgrade" in excuse.detectors for excuse in found)


def test_an_unregistered_laboratory_is_none(room):
    assert room.excuses(EXPLANATION, access=attaching(), equipment=[version(HOME, status="deleted")]) == []


def test_a_row_that_lost_its_order_is_still_a_laboratorys(room):
    """Unlike venues, which an insider's row would imitate, it is told by who gives the identity."""
    ordered = [version(OTHER_HOME + cell, work_order="WO-2") for cell in range(3)]
    (excuse,) = room.excuses(EXPLANATION, access=attaching(), equipment=[version(HOME), *ordered])
    assert excuse.share == 1.0


def test_no_records_no_excuse(room):
    assert room.excuses(EXPLANATION) == []
