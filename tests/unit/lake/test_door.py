"""The door of the lake: rows come in with identifiers in clear and leave with pseudonyms."""

import pyarrow as pa
import pytest

from cellwarden.lake.door import Door
from cellwarden.lake.pseudonyms import Pseudonyms, in_hex
from cellwarden.records.tables import IDENTIFIERS, TABLES, Kind

CLEAR = {
    Kind.IMSI: "450080000000001",
    Kind.MSISDN: "821000000001",
    Kind.IMEI: "490154203237518",
    Kind.ACCESS_LINE: "0200000011",
    Kind.PEER: "821000000002",
}
DIRECTORY_KIND = {
    Kind.IMSI: "imsi",
    Kind.MSISDN: "msisdn",
    Kind.IMEI: "imei",
    Kind.ACCESS_LINE: "access_line",
    Kind.PEER: "msisdn",
}


@pytest.fixture
def door(key, directory):
    return Door(key, directory)


def admit(door, name, *rows):
    table = TABLES[name]
    return door.admit(table, pa.Table.from_pylist(list(rows), table.clear_schema)).to_pylist()


@pytest.mark.parametrize("name", TABLES)
def test_every_identifier_of_every_table_is_replaced_and_remembered(door, directory, key, name):
    table = TABLES[name]
    columns = [column for column in table.columns if column.kind in IDENTIFIERS]
    (row,) = admit(door, name, {column.name: CLEAR[column.kind] for column in columns})
    for column in columns:
        kind = DIRECTORY_KIND[column.kind]
        pseudonym = Pseudonyms(key, kind).of(CLEAR[column.kind])
        as_text = column.kind in (Kind.ACCESS_LINE, Kind.PEER)
        assert row[column.name] == (in_hex(pseudonym) if as_text else pseudonym)
        assert directory.reveal(kind, [pseudonym]) == {pseudonym: CLEAR[column.kind]}
    assert not any(clear in str(row) for clear in CLEAR.values())


@pytest.mark.parametrize("name", TABLES)
def test_no_rows_and_rows_of_nulls_come_out_in_the_schema_at_rest(door, name):
    table = TABLES[name]
    assert door.admit(table, table.clear_schema.empty_table()).schema == table.schema
    assert admit(door, name, {}) == [dict.fromkeys(table.schema.names)]


@pytest.mark.parametrize("label", ["ars:payment", "otp:payment", "ars:", "voicemail", "", "114a", "+"])
def test_a_label_in_peer_stays_as_it_is(door, label):
    assert admit(door, "usage", {"peer": label})[0]["peer"] == label


def test_a_peer_is_the_person_whose_number_it_is_with_or_without_plus(door, key):
    (person,) = admit(door, "subscribers", {"imsi": "450080000000001", "msisdn": "821000000001"})
    rows = admit(door, "usage", {"peer": "821000000001"}, {"peer": "+821000000001"}, {"peer": "ars:payment"}, {"peer": None})
    assert [row["peer"] for row in rows] == [in_hex(person["msisdn"])] * 2 + ["ars:payment", None]


@pytest.mark.parametrize(("name", "column"), [("complaints", "text"), ("tips", "text"), ("events", "note")])
def test_numbers_in_what_a_person_wrote_are_masked(door, name, column):
    (row,) = admit(door, name, {column: "제 번호는 01012345678, code 12345"})
    assert row[column] == "제 번호는 ###########, code 12345"


@pytest.mark.parametrize(
    "peer", ["+82-10-0000-0001", "sip:821000000001@ims.example", "tel:+821000000001", "ars:01000000001", "010 0000 000001"]
)
def test_no_telephone_number_gets_through_in_another_spelling(door, peer):
    (row,) = admit(door, "usage", {"peer": peer})
    assert "00000001" not in row["peer"].replace("-", "").replace(" ", "")
