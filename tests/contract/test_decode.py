"""The table of `cellwarden decode` on real captures: every column equals the tshark fields that its documentation names."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections import Counter, defaultdict
from datetime import UTC
from functools import cache
from pathlib import Path

import pyarrow as pa
import pytest

from cellwarden.ingest.signalling.message import KINDS
from cellwarden.workflows.decode import COLUMNS, decode
from cellwarden.workflows.decoded_columns import NAS, PDU

CAPTURES = Path(__file__).parents[2].parent / "shared" / "captures"
FILES = (
    "5g-trace-visualizer/free5gc.pcap",
    "5greplay/oai.pcap",
    "magma/gx_gy_combined_03_210505_132953-1.pcapng",
    "magma/gx_gy_combined_05_210505_133111-1.pcapng",
    "magma/inbound_roaming_01_210505_130828-1.pcapng",
    "magma/nsa_connection.pcap",
    "open5gs/ipsec_reg.pcapng",
    "open5gs/nonipsec_reg.pcapng",
    "open5gs/srsenb.pcapng",
    "open5gs/testattach.pcapng",
    "open5gs/testregistration.pcapng",
    "rayhunter-traces/1741896393-deadsim.pcap",
    "rayhunter-traces/1749211282-goodsim.pcap",
    "rayhunter-traces/1749222138-goodsim.pcap",
    "uecapabilityparser/sctpS1apNgap.pcap",
)
BY_NAME = {column.name: column for column in COLUMNS}
PROTOCOLS = ("s1ap", "ngap", "sip", "nas-eps")
FILTERS = {"sip": 'sip && gtp && sip.CSeq.method == "REGISTER"', "nas-eps": "nas-eps && gsmtap && !lte_rrc"}
"""Of SIP only what a base station could read: registrations inside the tunnel."""
JOINED = {
    "tac": ("tac", "tacs", "paged_tacs"),
    "mme_ue_id": ("mme_ue_id", "reset_mme_ue_ids"),
    "enb_ue_id": ("enb_ue_id", "reset_enb_ue_ids"),
    "guti": ("guti", "new_guti"),
    "identity_code": ("identity_code", "requested_identity", "new_guti"),
}
"""Columns of ours that tshark shows under one field name, by the one that stands for them."""
STAND_INS = {name for names in JOINED.values() for name in names} - JOINED.keys()
ONCE = frozenset({"frame", "at", "source", "source_port", "destination", "destination_port"})
"""What tshark shows once a frame, though two messages are bundled in it."""
SETS = ONCE | {"mme_ue_id", "enb_ue_id", "cell", "tac", "guti", "bearer_id"}
"""What a message repeats in several elements (the pair of ids in a release, the PDU session id of the 5GMM and the 5GSM
header): compared as sets."""
GUTI_CODES = {"s1ap": 6, "ngap": 2, "nas-eps": 6}

TRACE = "address of a trace collector, not of a bearer"
TRANSFER = "cause inside the transfer container of one PDU session, not the cause of the message"
MS_IDENTITY = "TMSI of the circuit-switched side in an accept of a combined attach"
EXCEPTIONS: dict[tuple[str, str], tuple[str, set[int] | int]] = {
    ("uecapabilityparser/sctpS1apNgap.pcap", "bearer_addresses"): (TRACE, 7),
    ("open5gs/testregistration.pcapng", "cause"): (TRANSFER, 11),
    ("open5gs/testregistration.pcapng", "procedure_type"): ("tshark shows the bits of the de-registration type apart", 15),
    ("5g-trace-visualizer/free5gc.pcap", "imei"): ("the phone sets the odd/even flag wrongly: tshark counts the filler", {76}),
    ("5g-trace-visualizer/free5gc.pcap", "nas_security_header"): ("inner header of type 2 instead of 0", {171}),
    ("rayhunter-traces/1749222138-goodsim.pcap", "identity_code"): (MS_IDENTITY, 9),
    ("5greplay/oai.pcap", "imei"): ("an IMEISV of three digits: tshark shows it, we refuse it", {129}),
    ("5greplay/oai.pcap", "identity_code"): ("an IMEISV of three digits: tshark shows it, we refuse it", {129}),
}
"""By file and column: why we differ, and in which frames, or in how many."""


def needed(present, what):
    if present:
        return
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing in CI")
    pytest.skip(f"{what} is not here")


def capture(name):
    path = CAPTURES / name
    needed(path.exists(), "the shared captures")
    pins = dict(reversed(line.split()) for line in (CAPTURES / "SHA256SUMS").read_text().splitlines())
    assert hashlib.sha256(path.read_bytes()).hexdigest() == pins.get(name, pins.get(f"./{name}")), (
        f"{name} is not what was pinned"
    )
    return path


@cache
def types():
    """Return the type of every field that tshark knows."""
    needed(shutil.which("tshark") is not None, "tshark")
    lines = subprocess.run(["tshark", "-G", "fields"], capture_output=True, text=True, check=True).stdout.split("\n")
    return {parts[2]: parts[3] for parts in (line.split("\t") for line in lines) if parts[0] == "F"}


@cache
def tshark(path, protocol):
    """Return {frame: {field: values}}, null-ciphered messages open."""
    fields = sorted({name for column in COLUMNS for name in column.tshark.get(protocol, ())} - {"frame.number"})
    known = types()
    assert [name for name in fields if name not in known] == [], "tshark has no such fields"
    shown = [option for name in ("frame.number", *fields) for option in ("-e", name)]
    preferences = ["-o", "nas-eps.null_decipher:TRUE", "-o", "nas-5gs.null_decipher:TRUE"]
    command = ["tshark", "-n", "-r", str(path), *preferences, "-Y", FILTERS.get(protocol, f"{protocol}.procedureCode && sctp")]
    command += ["-T", "fields", "-E", "separator=|", "-E", "aggregator=\x1e", *shown]
    found = {}
    for line in subprocess.run(command, capture_output=True, text=True, check=True, errors="replace").stdout.split("\n")[:-1]:
        number, *values = line.split("|")
        found[int(number)] = {name: text.split("\x1e") if text else [] for name, text in zip(fields, values, strict=True)}
        found[int(number)]["frame.number"] = [number]
    return found


@cache
def ours(path):
    """Return {protocol: {frame: rows}}."""
    found = {protocol: defaultdict(list) for protocol in PROTOCOLS}
    for batch in decode([path]):
        for row in batch.to_pylist():
            found[row["protocol"]][row["frame"]].append(row)
    return found


def theirs_of(column, protocol, frame):
    """Return what tshark shows for a column, each value as ours."""
    values = Counter()
    for name in column.tshark[protocol]:
        for text in frame[name]:
            values[_theirs(column, name, text)] += 1
    return values


def _theirs(column, name, text):
    if column.name == "at":
        whole, _, fraction = text.partition(".")
        return int(whole) * 1_000_000 + int(fraction[:6])
    if column.name == "private_identity":
        return text.strip('"')
    if column.name == "pdu":
        return KINDS[int(text, 0)]
    is_number = pa.types.is_integer(column.type) or pa.types.is_list(column.type) or column.name == "guti"
    if column.name == "bearer_addresses" or not is_number:
        return text
    return int(text.replace(":", ""), 16) if types()[name] == "FT_BYTES" else int(text, 0)


def ours_of(name, protocol, rows):
    """Return what our rows say for a column, each value as often as the message holds it."""
    values = Counter()
    for each in JOINED.get(name, (name,)):
        scope, seen = BY_NAME[each].scope, set()
        for place, row in enumerate(rows):
            key = (row["message"],) if scope == PDU else (row["message"], row["nas_number"]) if scope == NAS else place
            if key in seen or row[each] is None:
                continue
            seen.add(key)
            if name == "identity_code" and each == "new_guti":
                values[GUTI_CODES[protocol]] += 1
            elif name != "identity_code" or each != "requested_identity" or protocol == "ngap":
                values.update(_ours(each, row[each]))
            if name == "nas_security_header" and row[each] not in {0, 12} and row["nas_type_code"] is not None:
                values[0] += 1  # tshark shows the header of the message inside the protected one as well
    return values


def _ours(name, value):
    if name == "at":
        return [round(value.replace(tzinfo=UTC).timestamp() * 1_000_000)]
    if name in {"guti", "new_guti"}:
        return [int(value.rsplit("-", 1)[1], 16)]
    return value if isinstance(value, list) else [value]


def differs(column, protocol, rows, frame):
    """Tell whether a column differs in a frame."""
    mine, reference = ours_of(column.name, protocol, rows), theirs_of(column, protocol, frame)
    if column.name == "global_enb_id":
        # tshark shows bit strings from the left, filled to whole octets
        return [0 for one, other in zip(mine, reference, strict=True) if all(one << shift != other for shift in range(8))] != []
    if column.name == "imsi" and protocol == "ngap":
        return [0 for one, other in zip(mine, reference, strict=True) if not one.endswith(other)] != []
    if column.scope != PDU and any(row["nas_ciphered"] for row in rows):
        # What we leave closed, for no Security Mode Command was seen, tshark may open by guessing.
        return not set(mine) <= set(reference)
    return set(mine) != set(reference) if column.name in SETS else mine != reference


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("name", FILES)
def test_messages_stand_in_the_frames_where_tshark_sees_them(name, protocol):
    path = capture(name)
    assert sorted(ours(path)[protocol]) == sorted(tshark(path, protocol))


@pytest.mark.parametrize("name", FILES)
def test_every_column_equals_its_tshark_fields(name):
    path = capture(name)
    different = defaultdict(set)
    for protocol in PROTOCOLS:
        frames = tshark(path, protocol)
        for number, rows in ours(path)[protocol].items():
            for column in COLUMNS:
                if protocol not in column.tshark or column.name in STAND_INS - (
                    {"requested_identity"} if protocol != "ngap" else set()
                ):
                    continue
                if differs(column, protocol, rows, frames[number]):
                    different[column.name].add(number)
    excepted = {column: frames for (file, column), (_, frames) in EXCEPTIONS.items() if file == name}
    counted = {column: len(frames) if isinstance(excepted.get(column), int) else frames for column, frames in different.items()}
    assert counted == excepted


def test_at_least_forty_columns_are_held_against_tshark_with_values():
    seen = set()
    for name in FILES:
        for protocol, frames in ours(capture(name)).items():
            for rows in frames.values():
                for row in rows:
                    seen |= {
                        each for each, value in row.items() if value not in (None, []) and protocol in BY_NAME[each].tshark
                    }
    assert len(seen) >= 50, sorted(set(BY_NAME) - seen)


def test_the_table_names_what_it_documents():
    assert len(COLUMNS) == len(BY_NAME) >= 40
    assert all(column.meaning for column in COLUMNS)
    assert all(column.element or not column.tshark or column.name in ONCE | {"frame"} for column in COLUMNS)
