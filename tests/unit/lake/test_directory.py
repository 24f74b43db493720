"""The subscriber directory: sealed one by one; deleting a row forgets the person."""

import sqlite3
import stat

import pytest

from cellwarden.foundation.errors import RefusedError
from cellwarden.lake.directory import Directory
from cellwarden.lake.key import LakeKey

PEOPLE = [(7, "450080000000001"), (-(2**63), "450080000000002"), (9, "450080000000003")]


@pytest.fixture
def filled(tmp_path, key):
    path = tmp_path / "d"
    with Directory(path, key) as directory:
        directory.remember("imsi", PEOPLE)
        directory.commit()
    return path


def test_what_was_remembered_is_revealed_to_the_key(filled, key):
    with Directory(filled, key) as directory:
        assert directory.reveal("imsi", [7, -(2**63), 9, 11]) == dict(PEOPLE)


def test_kinds_are_kept_apart(filled, key):
    with Directory(filled, key) as directory:
        assert directory.reveal("imei", [7]) == {}


def test_no_identifier_is_readable_in_the_file_and_only_the_owner_reads_it(filled):
    octets = filled.read_bytes()
    assert not any(identifier.encode() in octets for _, identifier in PEOPLE)
    assert b"4500800" not in octets
    assert stat.S_IMODE(filled.stat().st_mode) == 0o600


def test_the_same_identifier_is_never_sealed_the_same_way(tmp_path, key):
    sealed = []
    for name in "ab":
        with Directory(tmp_path / name, key) as directory:
            directory.remember("imsi", PEOPLE[:1])
            directory.commit()
        sealed += sqlite3_rows(tmp_path / name, "SELECT sealed FROM person")
    assert sealed[0] != sealed[1]


def sqlite3_rows(path, sql):
    db = sqlite3.connect(path)
    rows = db.execute(sql).fetchall()
    db.commit()
    db.close()
    return rows


def test_another_key_is_refused(filled):
    with Directory(filled, LakeKey(bytes(32))) as directory, pytest.raises(RefusedError, match="does not open") as caught:
        directory.reveal("imsi", [7])
    assert "--key" in caught.value.fix


@pytest.mark.parametrize(
    "swap",
    [
        pytest.param(
            "UPDATE person SET sealed = (SELECT sealed FROM person WHERE pseudonym = 9) WHERE pseudonym = 7", id="people"
        ),
        pytest.param("UPDATE person SET kind = 'imei' WHERE pseudonym = 7", id="kinds"),
        pytest.param("UPDATE person SET sealed = zeroblob(length(sealed)) WHERE pseudonym = 7", id="content"),
        pytest.param("UPDATE person SET sealed = x'00' WHERE pseudonym = 7", id="too-short"),
    ],
)
def test_a_swapped_row_is_refused_not_believed(filled, key, swap):
    sqlite3_rows(filled, swap)
    with Directory(filled, key) as directory, pytest.raises(RefusedError):
        directory.reveal("imei" if "imei" in swap else "imsi", [7])


def test_forgetting_is_for_good_and_leaves_no_octet(filled, key):
    ((sealed,),) = sqlite3_rows(filled, "SELECT sealed FROM person WHERE pseudonym = 7")
    assert sealed in filled.read_bytes()
    with Directory(filled, key) as directory:
        assert directory.forget("imsi", 7) is True
        assert directory.forget("imsi", 7) is False
        assert directory.reveal("imsi", [7, 9]) == {9: "450080000000003"}
    assert sealed not in filled.read_bytes()


def test_what_was_not_committed_is_gone(tmp_path, key):
    with Directory(tmp_path / "d", key) as directory:
        directory.remember("imsi", PEOPLE)
    with Directory(tmp_path / "d", key) as directory:
        assert directory.reveal("imsi", [7]) == {}


def test_a_person_known_already_is_not_sealed_again(filled, key):
    before = sqlite3_rows(filled, "SELECT * FROM person ORDER BY pseudonym")
    with Directory(filled, key) as directory:
        directory.remember("imsi", [*PEOPLE, *PEOPLE])
        directory.commit()
    assert sqlite3_rows(filled, "SELECT * FROM person ORDER BY pseudonym") == before
