"""Every rule of records.md, "Identity grade" and "Other exposures"."""

import pytest
from exposed_people import START, Accused, census, seen
from made_up_records import HOME, OTHER_HOME, call, minutes, touch, version

REGISTER = {"procedure": "ims_register", "identity": "guti"}
CALL = call(1, START + minutes(5), HOME)


@pytest.mark.parametrize(
    ("rows", "identity"),
    [
        pytest.param([{"identity": "imsi"}], "imsi", id="imsi"),
        pytest.param([{"identity": "suci_null"}], "imsi", id="suci with the null scheme"),
        pytest.param([{"identity": "guti"}, {"identity": "imsi"}, {"identity": "unknown"}], "imsi", id="the strongest row"),
        pytest.param([{"identity": "unknown"}], "possible", id="unknown"),
        pytest.param([{"ciphering": 0}], "possible", id="null ciphering"),
        pytest.param([{**REGISTER, "ims_protection": "none"}], "possible", id="ims without protection"),
        pytest.param([{**REGISTER, "ims_protection": "integrity_only"}], "possible", id="ims with integrity only"),
        pytest.param([{**REGISTER, "ims_protection": "encrypted"}], "guti", id="ims encrypted"),
        pytest.param([{**REGISTER, "ims_protection": None}], "guti", id="ims protection not known"),
        pytest.param([{"procedure": "tau", "ims_protection": "none"}], "guti", id="ims protection of what is no registration"),
        pytest.param([{"ciphering": None}], "guti", id="ciphering not known"),
        pytest.param([{"identity": "guti"}], "guti", id="guti"),
        pytest.param([{"identity": "suci"}], "guti", id="suci"),
        pytest.param([{"identity": "imei"}], "guti", id="imei"),
        pytest.param([{"identity": "none"}], "guti", id="none is still touched"),
    ],
)
def test_grades_the_identity_by_the_first_rule_that_matches(room, rows, identity):
    (found,) = census(room, [seen(after=number, **row) for number, row in enumerate(rows)])
    assert (found.identity, found.events) == (identity, len(rows))


@pytest.mark.parametrize(
    ("row", "imei", "msisdn"),
    [
        pytest.param({"identity": "imei"}, "yes", "none", id="imei"),
        pytest.param({"ciphering": 0}, "possible", "none", id="null ciphering"),
        pytest.param({**REGISTER, "ims_protection": "none"}, "possible", "possible", id="ims none"),
        pytest.param({**REGISTER, "ims_protection": "integrity_only"}, "possible", "possible", id="ims integrity only"),
        pytest.param({**REGISTER, "ims_protection": "encrypted"}, "none", "none", id="ims encrypted"),
        pytest.param({**REGISTER, "ims_protection": None}, "none", "none", id="ims not known"),
        pytest.param({"identity": "imsi"}, "none", "none", id="imsi"),
    ],
)
def test_tells_device_and_number(room, row, imei, msisdn):
    (found,) = census(room, [seen(**row)])
    assert (found.imei_exposed, found.msisdn_exposed) == (imei, msisdn)


ENCRYPTED = seen(after=1, **REGISTER, ims_protection="encrypted")


@pytest.mark.parametrize(
    ("rows", "usage", "content"),
    [
        pytest.param([seen(ciphering=0)], [CALL], "yes", id="a call while ciphering is off"),
        pytest.param([seen(**REGISTER, ims_protection="none")], [CALL], "yes", id="a call while ims is open"),
        pytest.param([seen()], [CALL], "possible", id="a call, and nothing known of ims"),
        pytest.param([seen(ciphering=None)], [CALL], "possible", id="a call, and nothing known at all"),
        pytest.param([seen(), ENCRYPTED], [CALL], "none", id="a call while ims is encrypted"),
        pytest.param([seen(after=6, ciphering=0)], [CALL], "possible", id="a call before ciphering was off"),
        pytest.param([seen(ciphering=0)], [], "possible", id="ciphering off, usage not recorded"),
        pytest.param([seen()], [], "none", id="nothing known, usage not recorded"),
        pytest.param([seen(ciphering=0)], [{**CALL, "imsi": 2}], "none", id="ciphering off, but no call of this person"),
        pytest.param([seen(ciphering=0)], [{**CALL, "service": "data"}], "none", id="data is no call"),
        pytest.param([seen(ciphering=0)], [{**CALL, "cell": OTHER_HOME}], "none", id="a call elsewhere"),
        pytest.param([seen(ciphering=0)], [{**CALL, "at": START - minutes(1)}], "none", id="a call before the episode"),
        pytest.param([seen(ciphering=0)], [{**CALL, "source": "10.0.0.9"}], "none", id="a call at the other place of a cloned cell"),
        pytest.param([seen(ciphering=0)], [{**CALL, "cell_type": None, "plmn": None}], "yes", id="usage that does not tell the kind"),
        pytest.param([seen(ciphering=0)], [{**CALL, "service": "sms_mo"}], "yes", id="a text message"),
    ],
)  # fmt: skip
def test_tells_content(room, rows, usage, content):
    (found,) = census(room, rows, Accused(to_at=START + minutes(60)), usage=usage)
    assert found.content_exposed == content


def test_of_two_rows_of_one_instant_the_one_without_protection_counts(room):
    """The order of null and a value differs between engines: the answer must not."""
    rows = [seen(ciphering=0), seen(ciphering=None, **REGISTER, ims_protection="encrypted")]
    for access in (rows, rows[::-1]):
        (found,) = census(room, access, usage=[CALL])
        assert found.content_exposed == "yes"


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ({"ciphering": None}, "ciphering not known in 1"),
        ({"ciphering": None, "procedure": "attach"}, "ciphering not known in 1"),
        ({"ciphering": None, "procedure": "service_request"}, "ciphering not known in 1"),
        ({**REGISTER, "ims_protection": None}, "ims_protection not known in 1"),
        ({"identity": "unknown"}, "identity type not recorded in 1"),
        ({}, "1 rows: temporary identity only"),
    ],
)
def test_names_in_evidence_what_was_not_known(room, row, named):
    (found,) = census(room, [seen(**row)])
    assert named in found.evidence


@pytest.mark.parametrize("row", [{"ciphering": None, "procedure": "detach"}, {"ims_protection": None}])
def test_does_not_name_what_would_not_have_mattered(room, row):
    (found,) = census(room, [seen(**row)])
    assert "not known" not in found.evidence


def test_counts_each_subscriber_once_an_episode_with_own_first_and_last_row(room):
    access = [seen(1, 0), seen(1, 0), seen(2, 5), seen(1, 30), seen(None, 40), seen(3, 61)]
    found = census(room, access, Accused(to_at=START + minutes(60)))
    assert [(each.imsi, each.from_at, each.to_at, each.events) for each in found] == [
        (1, START, START + minutes(30), 3),
        (2, START + minutes(5), START + minutes(5), 1),
    ]


def test_two_episodes_have_grades_of_their_own(room):
    first, second = Accused(to_at=START + minutes(10)), Accused(from_at=START + minutes(500))
    found = census(room, [seen(1, 0, identity="imsi"), seen(1, 500)], first, second)
    assert [(each.episode_from, each.identity) for each in found] == [(START, "imsi"), (START + minutes(500), "guti")]


def test_the_household_of_a_cloned_cell_is_not_exposed(room):
    found = census(room, [seen(1), seen(2, source="10.0.0.9"), seen(3, source=None)], Accused(hand="inner 10.0.0.9"))
    assert [each.imsi for each in found] == [2]


def test_a_row_without_kind_belongs_to_the_registered_kind(room):
    found = census(room, [seen(1, cell_type=None), seen(2, cell_type="macro")], equipment=[version(HOME)])
    assert [each.imsi for each in found] == [1]


def test_ignores_what_came_after_until(room):
    assert [each.imsi for each in census(room, [seen(1), seen(2, 9)], until=START + minutes(8))] == [1]


def test_nobody_was_there(room):
    assert census(room, []) == []
    assert census(room, [touch(OTHER_HOME, 1, START)]) == []
