"""Decoding captures to rows: order, fields, filter, several files by several processes, and what is refused."""

from __future__ import annotations

import struct
from pathlib import Path

import pyarrow as pa
import pytest

from cellwarden.foundation.errors import MalformedInputError, UsageError
from cellwarden.workflows.decode import COLUMNS, NAMES, decode, schema_of
from cellwarden.workflows.decoded_columns import SCHEMA

IDENTITY_RESPONSE = bytes.fromhex("0756080910100000000010")
"""Plain EPS Identity Response with IMSI 001010000000001."""
MANY = 40


def pcap(*messages, link=148):
    """Make a capture of the radio side: each frame is one NAS message under a user link type."""
    head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, link)
    return head + b"".join(
        struct.pack("<IIII", 1_754_352_794 + place, 5, len(octets), len(octets)) + octets
        for place, octets in enumerate(messages)
    )


@pytest.fixture
def captures(tmp_path):
    paths = []
    for number in range(3):
        path = tmp_path / f"{number}.pcap"
        path.write_bytes(pcap(*[IDENTITY_RESPONSE] * (MANY + number)))
        paths.append(path)
    return paths


LINKS = {148: "nas-eps"}


def rows(*arguments, **options):
    return [row for batch in decode(*arguments, user_links=LINKS, **options) for row in batch.to_pylist()]


def test_frames_count_from_one_and_show_who_it_is(captures):
    found = rows(captures[:1])
    assert [row["frame"] for row in found] == list(range(1, MANY + 1))
    assert {(row["nas_type"], row["identity_type"], row["imsi"]) for row in found} == {
        ("identity_response", "imsi", "001010000000001")
    }
    assert found[0]["message"] == 1


def test_fields_and_condition_choose(captures):
    batches = list(
        decode(captures[:1], fields=["imsi", "frame"], where="frame > 38 and nas_type is not null", user_links=LINKS)
    )
    assert batches[0].schema.names == ["imsi", "frame"]
    assert [row["frame"] for batch in batches for row in batch.to_pylist()] == [39, 40]


def test_without_rows_there_is_one_empty_batch(captures):
    (batch,) = decode(captures[:1], fields=["imsi"], where="frame = 0", user_links=LINKS)
    assert (batch.num_rows, batch.schema.names) == (0, ["imsi"])


def test_several_processes_give_the_same_rows_in_the_order_of_the_files(captures):
    told = []
    alone = rows(captures)
    together = rows(captures, workers=2, progress=lambda done, total: told.append((done, total)))
    assert together == alone
    assert [row["file"] for row in together[:: MANY + 1]] == [str(path) for path in captures]
    total = sum(path.stat().st_size for path in captures)
    assert told[-1] == (total, total)
    assert all(0 <= done <= total for done, _ in told)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_file_that_is_no_capture_stops_with_its_name(captures, tmp_path, workers):
    bad = tmp_path / "bad.pcap"
    bad.write_bytes(b"no capture")
    got = []
    with pytest.raises(MalformedInputError, match="neither pcap nor pcapng"):  # noqa: PT012 (what came before counts)
        for batch in decode([captures[0], bad], workers=workers, user_links=LINKS):
            got.append(batch.num_rows)  # noqa: PERF401
    assert sum(got) == MANY


def test_a_damaged_end_is_a_row_with_its_fault(tmp_path):
    path = tmp_path / "cut.pcap"
    path.write_bytes(pcap(IDENTITY_RESPONSE, IDENTITY_RESPONSE)[:-3])
    found = rows([path])
    assert [row["frame"] for row in found] == [1, 2]
    assert found[1]["protocol"] is None
    assert "ends" in found[1]["faults"][0]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"fields": ["nobody"]}, "no column is called nobody"),
        ({"fields": ["imsi", "imsi"]}, "twice"),
        ({"where": "nobody = 1"}, "nobody"),
        ({"user_links": {148: "gsm"}}, "cannot be read as gsm"),
        ({"user_links": {1: "s1ap"}}, "link type 1"),
    ],
)
def test_calls_that_cannot_be_meant_are_refused(captures, options, says):
    with pytest.raises(UsageError, match=says):
        list(decode(captures[:1], **options))


def test_a_file_given_twice_or_missing_is_refused(captures):
    with pytest.raises(UsageError, match="twice"):
        list(decode([captures[0], captures[0]]))
    with pytest.raises(MalformedInputError, match="cannot be read"):
        list(decode([Path("/nowhere/a.pcap")]))


def test_the_columns_are_documented_and_named_as_the_issue_names_them():
    wanted = (
        "frame at source destination protocol procedure pdu mme_ue_id enb_ue_id global_enb_id enb_id_kind enb_name plmn tac cell "
        "s_tmsi cause nas_security_header nas_type identity_type imsi imei guti new_guti suci_scheme ciphering integrity "
        "emm_cause csg_ids"
    )
    assert set(wanted.split()) <= set(NAMES)
    assert len(COLUMNS) >= 40
    assert schema_of([]) == SCHEMA
    assert schema_of(["imsi"]) == pa.schema([("imsi", pa.string())])
