import pytest
from made_up_truth import TOUCHED, at, found, link, truth

from cellwarden.evaluate.scores import NO_CELL_DAYS, NO_KEY, NO_TRACKS, score

TRACK = {"unit": "van", "at": at("05 16:00"), "lat": 37.5, "lon": 127.0}


def test_every_part_is_there():
    told = score(truth(tracks=[TRACK]), found())
    assert told["not_measured"] == {}
    assert told["ablations"] is None
    assert all(
        told[part] for part in ("cells", "false_accusations", "delay", "grouping", "census", "links", "victims", "place")
    )
    assert told["scenario"]["seed"] == 1


def test_people_are_compared_under_the_names_of_the_result():
    hidden = found(
        exposures=[row | {"imsi": f"p{row['imsi'][-1]}"} for row in TOUCHED],
        payment_links=[link("P1", "p1", 101)],
        name_of=lambda imsi: f"p{imsi[-1]}",
    )
    told = score(truth(), hidden)
    assert told["census"]["people"]["recall"] == told["victims"]["recall"] == 1.0


@pytest.mark.parametrize(
    ("said", "of", "part", "why"),
    [
        pytest.param(truth(), found(name_of=None), "census", NO_KEY, id="pseudonyms: no census"),
        pytest.param(truth(), found(name_of=None), "victims", NO_KEY, id="pseudonyms: no victims"),
        pytest.param(truth(), found(absent=("exposures",)), "census", "the result has no exposures", id="no exposures"),
        pytest.param(truth(), found(absent=("payment_links",)), "links", "the result has no payment links", id="no links"),
        pytest.param(
            truth(absent=("complaints",)), found(), "complaints", "the truth has no causes of complaints", id="no causes"
        ),
        pytest.param(
            truth(),
            found(absent=("complaint_links",)),
            "complaints",
            "the result has no complaint links",
            id="no complaint links",
        ),
        pytest.param(truth(), found(), "place", NO_TRACKS, id="no tracks in the truth"),
        pytest.param(truth(tracks=[TRACK]), found(absent=("tracks",)), "place", "the result has no tracks", id="no tracks"),
    ],
)
def test_what_cannot_be_measured_says_why(said, of, part, why):
    told = score(said, of)
    assert told[part] is None
    assert told["not_measured"][part] == why


def test_pseudonyms_do_not_hide_payments():
    assert score(truth(), found(name_of=None))["links"]["recall"] == 1.0


def test_a_rate_without_cell_days_says_why():
    assert score(truth(cell_days=None), found())["not_measured"]["false_accusations.per_100000"] == NO_CELL_DAYS
