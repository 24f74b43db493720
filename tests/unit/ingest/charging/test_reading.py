"""The door: every record is accepted or rejected, nothing else escapes, and no identifier stands in a rejection."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cellwarden.foundation.errors import CellwardenError, UsageError
from cellwarden.ingest.charging.reading import decode_charging, read_charging


@pytest.fixture
def read(tmp_path):
    def run(content, dialect="standard"):
        path = tmp_path / "f.ber"
        path.write_bytes(content)
        return list(read_charging(path, file="charging/f.ber", dialect=dialect))

    return run


def test_a_record_becomes_a_row(made, read):
    (batch,) = read(made.sgw())
    assert batch.accepted.to_pylist() == [
        {
            "at": datetime(2025, 8, 5, 1, 13, 14),
            "imsi": "450080000000001",
            "service": "data",
            "peer": None,
            "duration_s": 60,
            "bytes": 21000,
            "rat": "lte",
            "plmn": "45008",
            "tac": 1,
            "cell": 0x19B01,
            "cell_type": None,
            "source": None,
            "cause": 0,
        }
    ]
    assert batch.faults == {"imsi_length:15": 1}


@pytest.mark.parametrize(
    ("leave_out", "reason"),
    [("3", "imsi: missing"), ("13", "at: missing"), ("32", "cell: the record names no cell")],
)
def test_what_is_missing_is_said(made, read, leave_out, reason):
    fields = {"0": b"\x54", "3": made.IMSI, "13": made.TIME, "30": b"\x06", "32": made.ULI}
    (batch,) = read(made.sgw(fields=[made.tlv(tag, value) for tag, value in fields.items() if tag != leave_out]))
    assert [(each.row, each.reason) for each in batch.rejected] == [(1, reason)]


def test_kinds_without_a_subscriber_and_unknown_ones_are_counted(made, read):
    (batch,) = read(made.sgw() + made.tlv("13", made.tlv("1", b"a"), b"") + made.tlv("88", made.tlv("1", b"a"), b""))
    assert batch.read == 3
    assert [each.reason.split(":")[0] for each in batch.rejected] == ["kind", "kind"]


def test_access_without_cells_is_refused(made, read):
    fields = [made.tlv("3", made.IMSI), made.tlv("13", made.TIME), made.tlv("30", b"\x03"), made.tlv("32", made.ULI)]
    (batch,) = read(made.sgw(fields=fields))
    assert batch.rejected[0].reason == "rat: access of type 3 has no cell"


def test_an_unknown_dialect_is_a_wrong_call(read):
    with pytest.raises(UsageError):
        read(b"", dialect="nobody")


def test_closed_subscriber_groups_are_decoded_for_drill_down(made, tmp_path):
    group = made.tlv("42", made.tlv("0", b"\0\0\1\2"), made.tlv("1", b"\0"), made.tlv("2", b""), b"")
    path = tmp_path / "f.ber"
    path.write_bytes(made.sgw(extra=[group]))
    ((number, kind, fields),) = decode_charging(path, file="f")
    assert (number, kind, fields["cSGId"], fields["cSGAccessMode"], fields["cSGMembershipIndication"]) == (
        1,
        "sgw",
        258,
        0,
        True,
    )


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=2000)
@given(data=st.data())
def test_broken_files_give_rows_and_rejections_and_nothing_else(made, read, data):
    whole = bytearray(
        data.draw(st.sampled_from([made.sgw() * 3, made.ts32297([made.sgw()] * 3), made.tlv("U16", made.sgw(), b"") * 3]))
    )
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    try:
        batches = read(
            bytes(whole[:cut] if data.draw(st.booleans()) else whole),
            data.draw(st.sampled_from(["standard", "auto", "halden"])),
        )
    except CellwardenError:
        return
    for batch in batches:
        batch.accepted.validate(full=True)
        for each in batch.rejected:
            assert each.row >= 1
            assert ":" in each.reason
            assert "450080000000001" not in each.raw + each.reason
