"""Charging records: what we decode equals what pycrate decodes, field by field, on random records of each kind.

The values are read here a second time, slowly and another way, from the octets and names that pycrate gives.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from importlib import resources
from pathlib import Path

import pytest

from cellwarden.ingest.charging.ber import header, identifiers
from cellwarden.ingest.charging.converters import Place
from cellwarden.ingest.charging.reading import decode_charging, detect, read_charging
from cellwarden.records.tables import USAGE

FEW = 300
MANY = pytest.param(3000, marks=pytest.mark.slow)
"""Records of each kind: every day, and before a release."""
EPOCH = datetime(1970, 1, 1)
STANDARD = ("sgw", "pgw", "mo_call", "mt_call", "mo_sms", "mt_sms", "s_cscf", "p_cscf", "as")


@cache
def made():
    """Load the maker of random records, which the benchmark uses too."""
    if importlib.util.find_spec("pycrate_asn1dir") is None:
        if os.environ.get("CI"):
            pytest.fail("CI must compare with pycrate")
        pytest.skip("compares with pycrate: pip install pycrate")
    path = Path(__file__).parents[2] / "bench" / "charging_records.py"
    spec = importlib.util.spec_from_file_location("charging_records", path)
    module = sys.modules["charging_records"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def samples(kind, count):
    return tuple(made().encoded(kind, count, seed=STANDARD.index(kind) + 1))


def pycrate_of(kind, record):
    asn1, _ = made().KINDS[kind](made().Dice(0))
    asn1.from_ber(record)
    return asn1.get_val()[1]


# -- the second reading ------------------------------------------------------------------------------------------------


def nibbles(octets):
    digits = []
    for octet in octets:
        digits += [octet & 15, octet >> 4]
    while digits and digits[-1] == 15:
        digits.pop()
    return "".join(str(digit) for digit in digits)


def plmn(octets):
    first, second, third = octets
    mnc = [third & 15, third >> 4] + ([second >> 4] if second >> 4 != 15 else [])
    return "".join(map(str, [first & 15, first >> 4, second & 15, *mnc]))


def time(octets):
    text = octets[:6].hex() + octets[6:7].decode() + octets[7:].hex()
    sign = 1 if text[12] == "+" else -1
    zone = timezone(sign * timedelta(hours=int(text[13:15]), minutes=int(text[15:17])))
    year, *rest = (int(text[place : place + 2]) for place in range(0, 12, 2))
    return datetime(2000 + year, *rest, tzinfo=zone).astimezone(UTC).replace(tzinfo=None)


def uli(octets):
    flags, position, parts = octets[0], 1, {}
    for name, size in (("cgi", 7), ("sai", 7), ("rai", 7), ("tai", 5), ("ecgi", 7), ("lai", 5), ("enb", 6)):
        if flags & 1:
            parts[name] = octets[position : position + size]
            position += size
        flags >>= 1
    if "ecgi" in parts:
        tai = parts.get("tai", b"")
        network = tai or parts["ecgi"]
        return Place("lte", plmn(network[:3]), int(tai[3:].hex(), 16) if tai else None, int(parts["ecgi"].hex()[7:], 16))
    if "tai" in parts:
        return Place("lte", plmn(parts["tai"][:3]), int(parts["tai"][3:].hex(), 16), None)
    name = "sai" if "sai" in parts else "cgi"
    place = parts[name]
    return Place({"sai": "utra", "cgi": "geran"}[name], plmn(place[:3]), int(place[3:5].hex(), 16), int(place[5:].hex(), 16))


def radius(octets):
    return Place("lte", plmn(octets[1:4]), int(octets[4:6].hex(), 16), int(octets[9:13].hex()[1:], 16))


def area(value):
    network = plmn(value["mCC-MNC"]) if "mCC-MNC" in value else None
    return Place(None, network, int(value["locationAreaCode"].hex(), 16), int(value["cellId"].hex(), 16))


def access(octets):
    text = octets.decode()
    rat = {"3GPP-NR": "nr", "3GPP-GE": "geran", "3GPP-E-": "lte"}[text[:7]]
    digits = re.search(r'3gpp="?([0-9a-f]+)', text)[1]
    sizes = {"nr": (6, 9), "geran": (4, 4), "lte": (4, 7)}[rat]
    return Place(rat, digits[: -sum(sizes)], int(digits[-sum(sizes) : -sizes[1]], 16), int(digits[-sizes[1] :], 16))


def party(value):
    values = value if isinstance(value, list) else [value]
    return re.sub(r"\D", "", values[0][1].split("@")[0])


SYSTEM = {"unknown": 0, "iuUTRAN": 1, "gERAN": 2}
TIMES = {
    *("recordOpeningTime", "startTime", "stopTime", "seizureTime", "answerTime", "releaseTime", "originationTime"),
    *(
        "deliveryTime",
        "recordClosureTime",
        "serviceRequestTimeStamp",
        "serviceDeliveryStartTimeStamp",
        "serviceDeliveryEndTimeStamp",
    ),
}


def expected(kind, value):  # noqa: C901, PLR0912 (one branch a field)
    """Return the fields of a record as pycrate's decoding tells them, under the names of the standard."""
    fields = {}
    for name, given in value.items():
        if name in TIMES:
            fields[name] = time(given)
        elif name in {"servedIMSI", "servedIMEI"}:
            fields[name] = nibbles(given)
        elif name in {"servedMSISDN", "callingNumber", "calledNumber", "recordingEntity"}:
            fields[name] = nibbles(given[1:])
        elif name == "destinationNumber":
            fields[name] = nibbles(given[2:])
        elif name == "serviceCentre":
            fields[name] = nibbles(given[1:])
        elif name in {"userLocationInformation", "lastUserLocationInformation"}:
            fields[name] = radius(given) if "cscf" in kind or kind == "as" else uli(given)
        elif name == "servingNodePLMNIdentifier":
            fields[name] = plmn(given)
        elif name == "servingNodeAddress":
            fields[name] = ".".join(map(str, given[0][1][1]))
        elif name == "location":
            fields[name] = area(given)
        elif name == "changeOfLocation":
            fields["changedLocation"] = [area(each["location"]) for each in given]
        elif name == "systemType":
            fields[name] = SYSTEM[given]
        elif name == "userCSGInformation":
            fields["cSGId"] = int(given["cSGId"].hex(), 16)
            fields["cSGAccessMode"] = {"closedMode": 0, "hybridMode": 1}[given["cSGAccessMode"]]
            if "cSGMembershipIndication" in given:
                fields["cSGMembershipIndication"] = True
        elif name in {"listOfTrafficVolumes", "listOfServiceData"}:
            for part in given:
                for inner in ("dataVolumeGPRSUplink", "dataVolumeGPRSDownlink", "datavolumeFBCUplink", "datavolumeFBCDownlink"):
                    if inner in part:
                        fields.setdefault(inner, []).append(part[inner])
                if "userLocationInformation" in part:
                    fields.setdefault("changedUserLocationInformation", []).append(uli(part["userLocationInformation"]))
        elif name == "role-of-Node":
            fields[name] = {"originating": 0, "terminating": 1}[given]
        elif name in {"list-Of-Calling-Party-Address", "called-Party-Address"}:
            fields[name] = party(given)
        elif name == "privateUserID":
            fields[name] = given.split("@")[0]
        elif name == "accessNetworkInformation":
            fields[name] = access(given)
        elif name == "list-of-subscription-ID":
            fields[name] = next(each["subscriptionIDData"] for each in given if each["subscriptionIDType"] == "eND-USER-IMSI")
        elif name == "causeForRecordClosing":
            fields[name] = 0
        elif name in NUMBERS_AND_TEXTS:
            fields[name] = given
    return fields


NUMBERS_AND_TEXTS = {
    *("chargingID", "accessPointNameNI", "duration", "causeForRecClosing", "nodeID", "rATType", "callDuration", "dataVolume"),
    *("causeForTerm", "sIP-Method"),
}
RATS = {1: "utra", 2: "geran", 6: "lte", 8: "lte", 10: "nr"}
SERVICES = {"sgw": "data", "pgw": "data", "mo_call": "voice_mo", "mt_call": "voice_mt", "mo_sms": "sms_mo", "mt_sms": "sms_mt"}


def row_of(kind, fields):
    """Return the row of `usage` that the fields should make; None: it cannot be one."""
    get = fields.get
    is_ims = kind not in SERVICES
    service = SERVICES.get(kind)
    times = ("recordOpeningTime",)
    places = ("userLocationInformation", "location")
    imsi = get("servedIMSI")
    if is_ims:
        method = {"INVITE": "voice", "MESSAGE": "sms"}.get(get("sIP-Method"))
        service = f"{method}_{'mt' if get('role-of-Node') else 'mo'}" if method and get("role-of-Node") is not None else None
        times = ("serviceDeliveryStartTimeStamp", "serviceRequestTimeStamp", "recordOpeningTime")
        places = ("userLocationInformation", "accessNetworkInformation")
        imsi = get("list-of-subscription-ID") or get("privateUserID")
    elif kind.endswith("call"):
        times = ("answerTime", "seizureTime", "releaseTime")
    elif kind.endswith("sms"):
        times = ("originationTime", "deliveryTime")
    at = next((get(name) for name in times if name in fields), None)
    place = next((get(name) for name in places if name in fields and get(name).cell is not None), None)
    rat = (
        RATS.get(get("rATType"))
        if "rATType" in fields
        else {1: "utra", 2: "geran"}.get(get("systemType")) or (place and place.rat)
    )
    if None in (at, imsi, service, place, rat):
        return None
    ended = get("serviceDeliveryEndTimeStamp") or get("recordClosureTime")
    duration = get("duration", get("callDuration"))
    if is_ims and ended is not None and ended >= at:
        duration = int((ended - at).total_seconds())
    parts = [number for name in fields if name.lower().startswith("datavolume") for number in [fields[name]]]
    volumes = [number for part in parts for number in (part if isinstance(part, list) else [part])]
    party_name = {"voice_mo": "called-Party-Address", "sms_mo": "called-Party-Address"}.get(
        service, "list-Of-Calling-Party-Address"
    )
    return {
        "at": at,
        "imsi": imsi,
        "service": service,
        "peer": get(party_name)
        if is_ims
        else get("calledNumber" if kind == "mo_call" else "callingNumber") or get("destinationNumber"),
        "duration_s": duration,
        "bytes": sum(volumes) if volumes else None,
        "rat": rat,
        "plmn": place.plmn or get("servingNodePLMNIdentifier"),
        "tac": place.tac,
        "cell": place.cell,
        "cell_type": None,
        "source": None,
        "cause": get("causeForRecClosing", get("causeForTerm", get("causeForRecordClosing"))),
    }


def comparable(fields):
    """Return decoded fields with times as times."""
    return {name: EPOCH + timedelta(microseconds=value) if name in TIMES else value for name, value in fields.items()}


@cache
def references(kind, count):
    """Return what pycrate tells of every sample."""
    return tuple(expected(kind, pycrate_of(kind, record)) for record in samples(kind, count))


def rows_and_refused(path, dialect):
    rows, refused, read = [], set(), 0
    for batch in read_charging(path, file=path.name, dialect=dialect):
        assert batch.table is USAGE
        assert batch.accepted.schema == USAGE.clear_schema
        rows += batch.accepted.to_pylist()
        refused |= {each.row for each in batch.rejected}
        read += batch.read
    return rows, refused, read


@pytest.mark.parametrize("count", [FEW, MANY])
@pytest.mark.parametrize("kind", STANDARD)
def test_fields_and_rows_equal_those_of_pycrate(kind, count, tmp_path):
    records = samples(kind, count)
    path = tmp_path / "records.ber"
    path.write_bytes(b"".join(records))
    theirs = references(kind, count)
    for (number, name, fields), reference in zip(decode_charging(path, file="f"), theirs, strict=True):
        assert name == kind
        assert comparable(fields) == reference, number
    wanted = [row_of(kind, fields) for fields in theirs]
    rows, refused, read = rows_and_refused(path, "standard")
    assert rows == [row for row in wanted if row]
    assert refused == {number for number, row in enumerate(wanted, start=1) if row is None}
    assert read == len(records)
    assert len(rows) > count / 10


# -- dialects: the same records under other tags -----------------------------------------------------------------------


def dialect_json(name):
    return json.loads(resources.files("cellwarden.ingest.charging").joinpath("dialects", f"{name}.json").read_bytes())


def octets_of(tag, *, constructed):
    number = identifiers(tag)[constructed]
    return number.to_bytes((number.bit_length() + 7) // 8 or 1)


def element(tag, content, *, constructed):
    length = bytes([len(content)]) if len(content) < 128 else bytes([0x82]) + len(content).to_bytes(2)
    return octets_of(tag, constructed=constructed) + length + content


def tag_of(identifier):
    octets = identifier.to_bytes((identifier.bit_length() + 7) // 8 or 1)
    letter = {0: "U", 1: "A", 2: "", 3: "P"}[octets[0] >> 6]
    number = octets[0] & 31
    if number == 31:
        number = 0
        for octet in octets[1:]:
            number = number << 7 | octet & 127
    return f"{letter}{number}", bool(octets[0] & 32)


def retagged(content, moves, prefix=""):
    """Write elements with the tags of another dialect: `moves` leads from path to (path, converter)."""
    out, position = b"", 0
    while position < len(content):
        identifier, start, stop, position = header(content, position, len(content))
        tag, is_constructed = tag_of(identifier)
        path = f"{prefix}/{tag}" if prefix else tag
        inner = content[start:stop]
        if path in moves:
            new, convert = moves[path]
            if convert:
                inner, is_constructed = convert(inner), False
            out += element(new.rsplit("/", 1)[-1], inner, constructed=is_constructed)
        elif deeper := [old for old in moves if old.startswith(path + "/")]:
            depth = path.count("/")
            new = moves[deeper[0]][0].split("/")[depth]
            out += element(new, retagged(inner, moves, path), constructed=True)
    return out


def written(octets):
    return f"20{octets[:6].hex()}{octets[6:7].decode()}{octets[7:].hex()}".encode()


def as_cgi(content):
    parts, position = {}, 0
    while position < len(content):
        tag, start, stop, position = header(content, position, len(content))
        parts[tag & 31] = content[start:stop]
    return parts.get(2, b"\x54\xf0\x80") + parts[0] + parts[1]


CONVERSIONS = {"time_text": written, "cgi": as_cgi}


def translated(kind, record, dialect):
    standard = next(part for part in dialect_json("standard")["records"] if part["kind"] == kind)
    vendor = next(part for part in dialect_json(dialect)["records"] if part["kind"] == kind)
    places = {name: (path, converter) for path, name, converter, *_ in vendor["fields"]}
    moves = {}
    for path, name, converter, *_ in standard["fields"]:
        new, other = places[name]
        if path.count("/") == new.count("/"):
            moves[path] = (new, CONVERSIONS[other] if other != converter else None)
    _, start, stop, _ = header(record, 0, len(record))
    inner = element(vendor["tag"], retagged(record[start:stop], moves), constructed=True)
    return inner if dialect == "northbridge" else element("U16", inner, constructed=True)


def framed_in_blocks(records, block=4096):
    """Put a length of four octets and four more before each record; no record crosses a block."""
    out = b""
    for record in records:
        framed = (len(record) + 8).to_bytes(4) + b"\x00\x01\x02\x03" + record
        if len(out) % block + len(framed) > block:
            out += b"\xff" * (-len(out) % block)
        out += framed
    return out


@pytest.mark.parametrize("count", [FEW, MANY])
@pytest.mark.parametrize(
    ("dialect", "kind"),
    [
        ("northbridge", "sgw"),
        ("northbridge", "pgw"),
        *(("halden", kind) for kind in ("mo_call", "mt_call", "mo_sms", "mt_sms")),
    ],
)
def test_other_dialects_give_the_same_rows(dialect, kind, count, tmp_path):
    records = samples(kind, count)
    path = tmp_path / "vendor.dat"
    translations = [translated(kind, record, dialect) for record in records]
    path.write_bytes(framed_in_blocks(translations) if dialect == "northbridge" else b"".join(translations))
    assert detect(path, file="f").name == dialect
    wanted = [row_of(kind, fields) for fields in references(kind, count)]
    rows, refused, read = rows_and_refused(path, "auto")
    if dialect == "halden":
        wanted = [row and row | {"plmn": row["plmn"] or "45008"} for row in wanted]  # seven octets always name the network
    assert rows == [row for row in wanted if row]
    assert refused == {number for number, row in enumerate(wanted, start=1) if row is None}
    assert read == len(records)


def test_mutated_files_records_and_registrations_raise_nothing():
    script = Path(__file__).parents[1] / "fuzz" / "charging_and_sip.py"
    run = subprocess.run(
        [sys.executable, str(script), "--runs", "6000", "--seed", "9"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-2000:]
    assert run.stdout.startswith("6,000 runs, 0 wrong")
