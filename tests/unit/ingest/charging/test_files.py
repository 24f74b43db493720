"""Framings of charging files: TS 32.297 with everything optional, bare BER, wrappers, padding, and files cut anywhere."""

from __future__ import annotations

import gzip

import pytest
import zstandard

from cellwarden.foundation.errors import CellwardenError, MalformedInputError
from cellwarden.ingest.charging.reading import detect, read_charging


def read(path, dialect="standard"):
    rows, rejected = 0, []
    for batch in read_charging(path, file="charging/f", dialect=dialect):
        rows += batch.accepted.num_rows
        rejected += batch.rejected
    return rows, [(each.row, each.reason.split(":")[0]) for each in rejected]


@pytest.fixture
def file(tmp_path):
    def write(content, name="f.dat"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"private": b"secret"},
        {"filters": b"abc"},
        {"extension": True},
        {"extension": True, "private": b"x" * 300},
        {"count": 0},
    ],
    ids=str,
)
def test_file_headers_of_every_shape(made, file, options):
    assert read(file(made.ts32297([made.sgw()] * 5, **options))) == (5, [])


def test_a_file_that_announces_more_records_than_it_holds_says_so(made, file):
    assert read(file(made.ts32297([made.sgw()] * 2, count=3))) == (2, [(3, "file")])


@pytest.mark.parametrize("padding", [b"\0" * 7, b"\xff" * 9, b"\0" * 4096, b"\xff" * 5000])
def test_padding_between_and_behind_records_is_passed_over(made, file, padding):
    assert read(file(made.sgw() + padding + made.sgw() + padding)) == (2, [])
    framed = made.ts32297([made.sgw()], count=0)
    more = made.ts32297([made.sgw()], count=0)[52:]
    assert read(file(framed + padding + more + padding)) == (2, [])


@pytest.mark.parametrize("name", ["f.dat.gz", "f.dat.zst"])
def test_packed_files_are_read(made, file, name):
    pack = gzip.compress if name.endswith("gz") else zstandard.compress
    assert read(file(pack(made.ts32297([made.sgw()] * 3)), name)) == (3, [])


def test_records_in_a_sequence_each_or_all_together(made, file):
    record = made.sgw()
    assert read(file(made.tlv("U16", record, b"") * 2)) == (2, [])
    assert read(file(made.tlv("U16", record, record, record))) == (3, [])
    assert read(file(made.tlv("U16", record, record, indefinite=True))) == (2, [])
    assert read(file(made.sgw(indefinite=True) * 2)) == (2, [])


def test_headers_without_a_file_header(made, file):
    assert read(file(made.ts32297([made.sgw()] * 2)[52:])) == (2, [])


def test_other_encodings_are_said_not_read(made, file):
    content = bytearray(made.ts32297([made.sgw()] * 2))
    place = 52 + 4 + len(made.sgw()) + 3
    content[place] = 2 << 5 | 5
    assert read(file(bytes(content))) == (1, [(2, "encoding")])


@pytest.mark.parametrize("framed", [False, True])
def test_a_file_cut_anywhere_gives_the_records_before_the_cut(made, file, framed):
    whole = made.ts32297([made.sgw()] * 3) if framed else made.sgw() * 3
    size = len(made.sgw()) + 4 * framed
    start = 52 * framed
    for cut in range(start, len(whole)):
        path = file(whole[:cut])
        complete, rest = divmod(cut - start, size)
        if complete == 0 and rest and not framed:
            with pytest.raises(MalformedInputError):
                read(path)
            continue
        rows, rejected = read(path)
        assert rows == complete, cut
        assert len(rejected) == (rest > 0 or (framed and 0 <= complete < 3)), cut


@pytest.mark.parametrize(
    "content",
    [
        b"hello world, no records here",
        b"PK\x03\x04" + bytes(100),
        b"\x7fELF" + bytes(60),
        b"\xbf\x4e\x84\xff\xff\xff\xff" + bytes(50),
    ],
    ids=["text", "zip", "program", "a record of 4 GiB"],
)
def test_files_that_are_none_of_ours_are_refused_as_a_whole(file, content):
    path = file(content)
    with pytest.raises(CellwardenError, match="charging/f"):
        read(path)
    with pytest.raises(CellwardenError):
        detect(path, file="charging/f")


def test_an_empty_file_and_one_of_padding_hold_nothing(file):
    assert read(file(b"")) == (0, [])
    assert read(file(bytes(10000))) == (0, [])


def test_a_length_that_claims_too_much_ends_the_file_with_a_rejection(made, file):
    assert read(file(made.sgw() + b"\xbf\x4e\x84\x7f\xff\xff\xff" + bytes(100))) == (1, [(2, "file")])


def test_records_across_the_pieces_in_which_a_file_is_read(made, file):
    record = made.sgw(extra=[made.tlv("99", bytes(60_000))])
    assert read(file(record * 200)) == (200, [])
    assert read(file(made.ts32297([record] * 200))) == (200, [])
