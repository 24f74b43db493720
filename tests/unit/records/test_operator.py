"""operator.toml: what no table says."""

from zoneinfo import ZoneInfo

import pytest

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.records.operator import Operator

ZONES = {"450": "Asia/Seoul"}


@pytest.fixture
def read(tmp_path):
    def reading(text):
        path = tmp_path / "operator.toml"
        path.write_text(text, encoding="utf-8")
        return Operator.read(path)

    return reading


def test_every_key_is_read(read):
    operator = read(
        'name = "예시"\ntime_zone = "Asia/Seoul"\nown_plmns = ["45008"]\ncurrency = "KRW"\n'
        'own_networks = ["192.0.2.0/24", "2001:db8::/32"]\nown_asns = [64500]\ncountry = "KR"\n'
    )
    assert operator == Operator(
        name="예시",
        time_zone="Asia/Seoul",
        own_plmns=("45008",),
        currency="KRW",
        own_networks=("192.0.2.0/24", "2001:db8::/32"),
        own_asns=(64500,),
        country="KR",
    )
    assert operator.zone == ZoneInfo("Asia/Seoul")


def test_every_key_is_optional(read):
    assert read("") == Operator()
    assert read("").zone == ZoneInfo("UTC")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param('nmae = "x"', "unknown keys nmae", id="unknown-key"),
        pytest.param("notes = []", "unknown keys notes", id="our-own-field"),
        pytest.param('time_zone = "Seoul"', "Seoul", id="no-such-zone"),
        pytest.param('time_zone = "Europe"', "Europe", id="a-folder-of-zones"),
        pytest.param('time_zone = "../../etc/passwd"', "passwd", id="a-way-out-of-the-zones"),
        pytest.param('own_networks = ["192.0.2.1/24"]', "host bits", id="host-bits"),
        pytest.param('own_plmns = "45008"', "not a list of texts", id="text-for-a-list"),
        pytest.param("own_plmns = [45008]", "not a list of texts", id="number-for-a-plmn"),
        pytest.param('own_asns = ["64500"]', "not a list of numbers", id="text-for-an-asn"),
        pytest.param("own_asns = [true]", "not a list of numbers", id="truth-for-an-asn"),
        pytest.param("name = 5", "not a text", id="number-for-a-name"),
        pytest.param("name = ", "not TOML", id="no-toml"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_next_step(read, text, said):
    with pytest.raises(MalformedInputError, match=said) as caught:
        read(text)
    assert caught.value.where == "operator.toml"
    assert caught.value.fix


def test_octets_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "operator.toml"
    path.write_bytes(b'name = "\xff\xfe"')
    with pytest.raises(MalformedInputError, match="not TOML"):
        Operator.read(path)


def test_what_was_stated_is_never_replaced():
    stated = Operator(own_plmns=("00101",), time_zone="Europe/Berlin")
    completed = stated.completed(frequent_plmn="45008", zone_of_mcc=ZONES)
    assert (completed.own_plmns, completed.time_zone, completed.notes) == (("00101",), "Europe/Berlin", ())


def test_plmn_and_zone_follow_from_the_records_and_are_noted():
    completed = Operator().completed(frequent_plmn="45008", zone_of_mcc=ZONES)
    assert (completed.own_plmns, completed.time_zone) == (("45008",), "Asia/Seoul")
    assert ["45008" in note or "Asia/Seoul" in note for note in completed.notes] == [True, True]


@pytest.mark.parametrize("plmn", ["00101", None], ids=["country-of-many-zones", "no-access-rows"])
def test_without_a_single_zone_utc_is_used_and_said(plmn):
    completed = Operator().completed(frequent_plmn=plmn, zone_of_mcc=ZONES)
    assert completed.zone == ZoneInfo("UTC")
    assert "UTC" in completed.notes[-1]


def test_the_zone_follows_from_a_stated_plmn():
    assert Operator(own_plmns=("45005",)).completed(frequent_plmn="00101", zone_of_mcc=ZONES).time_zone == "Asia/Seoul"
