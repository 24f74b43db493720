"""Rows of circuit-switched and IMS records."""

from __future__ import annotations

import pytest

from cellwarden.ingest.charging.reading import read_charging


def only(tmp_path, record):
    path = tmp_path / "f.ber"
    path.write_bytes(record)
    (batch,) = read_charging(path, file="f")
    return batch.accepted.to_pylist()[0] if batch.accepted.num_rows else batch.rejected[0].reason


def call(made, **changes):
    fields = {
        "1": made.IMSI,
        "5": bytes.fromhex("912801214365f8"),
        "22": made.TIME,
        "23": made.TIME,
        "25": b"\x07",
        "61": b"\x02",
    }
    parts = [made.tlv(tag, value) for tag, value in (fields | changes).items() if value is not None]
    return made.tlv("0", *parts, made.tlv("12", made.tlv("0", b"\0\2"), made.tlv("1", b"\0\3")), b"")


def test_a_call_names_the_other_number_and_where_it_began(made, tmp_path):
    row = only(tmp_path, call(made))
    assert (row["service"], row["peer"], row["duration_s"], row["rat"], row["tac"], row["cell"]) == (
        "voice_mo",
        "82101234568",
        7,
        "geran",
        2,
        3,
    )


def test_a_call_that_was_not_answered_has_the_time_of_its_seizure(made, tmp_path):
    assert only(tmp_path, call(made, **{"23": None}))["at"] is not None
    assert only(tmp_path, call(made, **{"22": None, "23": None})) == "at: missing"


def test_a_call_without_radio_technology_is_refused(made, tmp_path):
    assert only(tmp_path, call(made, **{"61": b"\0"})).startswith("rat:")


def ims(made, method=b"INVITE", role=b"\0"):
    subscription = made.tlv("U17", made.tlv("0", b"\1"), made.tlv("1", b"450080000000001"))
    parts = [
        made.tlv("2", method),
        made.tlv("3", role),
        made.tlv("6", made.tlv("1", b"tel:+821011112222"), b""),
        made.tlv("7", made.tlv("1", b"tel:+821033334444"), b""),
        made.tlv("9", made.TIME),
        made.tlv("29", b"3GPP-E-UTRAN-FDD;utran-cell-id-3gpp=4500800010019B01"),
        made.tlv("31", subscription, b""),
    ]
    return made.tlv("69", *parts, b"")


@pytest.mark.parametrize(
    ("method", "role", "service", "peer"),
    [
        (b"INVITE", b"\0", "voice_mo", "821033334444"),
        (b"INVITE", b"\1", "voice_mt", "821011112222"),
        (b"MESSAGE", b"\0", "sms_mo", "821033334444"),
        (b"MESSAGE", b"\1", "sms_mt", "821011112222"),
    ],
)
def test_ims_calls_and_messages(  # noqa: PLR0917 (pytest gives them by name)
    made, tmp_path, method, role, service, peer
):
    row = only(tmp_path, ims(made, method, role))
    assert (row["service"], row["peer"], row["plmn"], row["tac"], row["cell"]) == (service, peer, "45008", 1, 0x19B01)


@pytest.mark.parametrize(("method", "role"), [(b"REGISTER", b"\0"), (b"INVITE", b"\7")])
def test_other_ims_records_are_no_usage(made, tmp_path, method, role):
    assert only(tmp_path, ims(made, method, role)).startswith("service:")


def test_a_cell_too_wide_for_lte_is_refused(made, tmp_path):
    fields = [made.tlv("3", made.IMSI), made.tlv("13", made.TIME), made.tlv("30", b"\x06")]
    nr = made.tlv("47", bytes.fromhex("8954f08000000154f0800123456789"))
    assert only(tmp_path, made.sgw(fields=[*fields, made.tlv("32", made.ULI)]))["cell"] == 0x19B01
    assert only(tmp_path, made.tlv("69", nr, b"")) == "at: missing"
