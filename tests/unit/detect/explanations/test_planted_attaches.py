import pytest
from made_up_habits import attaching, days_of_strangers
from made_up_records import HOME, card, version

EXPLANATION = card("planted_attaches")
WARD = days_of_strangers(range(1), range(20), each=2)


@pytest.mark.parametrize(
    ("access", "share"),
    [
        pytest.param([*attaching(), *WARD], 1.0, id="explains:the-same-phones-among-many-guests"),
        pytest.param([*attaching(phones=20), *WARD], 1.0, id="explains:as-many-as-a-saboteur-carries"),
        pytest.param([*attaching(phones=21), *WARD], None, id="just-below:more-phones-than-that"),
        pytest.param([*attaching(days=2), *WARD], None, id="just-below:two-days"),
        pytest.param(
            [*attaching(), *days_of_strangers(range(1), range(20), each=2, identity="imsi")],
            None,
            id="rogue:the-guests-were-asked-too",
        ),
        pytest.param(attaching(), None, id="innocent:a-laboratory"),
        pytest.param([], None, id="no-records"),
    ],
)
def test_excuses_what_a_few_phones_gave_among_the_public(room, access, share):
    found = room.excuses(EXPLANATION, access=access, equipment=[version(HOME)])
    assert [excuse.share for excuse in found] == ([] if share is None else [share])
    assert all("among 40 other people" in excuse.evidence["en"] for excuse in found)
