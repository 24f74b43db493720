from __future__ import annotations

import contextlib
import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.ingest import delimited
from cellwarden.ingest.delimited import DelimitedReader, TextRows

Rows = list[tuple[int, list[str]]]


def read(
    octets: bytes, *, delimiter: str = ",", step: int = 1 << 20
) -> tuple[list[str], Rows, list[tuple[int | None, str, str]]]:
    pieces = (octets[place : place + step] for place in range(0, len(octets), step))
    reader = DelimitedReader(pieces, file="a.csv", delimiter=delimiter)
    rows: Rows = []
    rejected = []
    for piece in reader:
        assert isinstance(piece, TextRows)
        values = zip(*(column.to_pylist() for column in piece.columns), strict=True)
        rows += zip(piece.numbers.tolist(), map(list, values), strict=True)
        rejected += [(each.row, each.reason, each.raw) for each in piece.rejected]
    return reader.header, rows, rejected


def test_records_are_numbered_with_the_header_as_one():
    assert read(b"a,b\n1,2\n3,4") == (["a", "b"], [(2, ["1", "2"]), (3, ["3", "4"])], [])


@pytest.mark.parametrize(
    ("octets", "values"),
    [
        pytest.param(b"\xef\xbb\xbfa,b\n1,2\n", ["1", "2"], id="byte order mark"),
        pytest.param(b"a,b\r\n1,2\r\n", ["1", "2"], id="crlf"),
        pytest.param(b'a,b\n"1",2\n', ["1", "2"], id="quoted"),
        pytest.param(b'a,b\n"1,5",2\n', ["1,5", "2"], id="quoted delimiter"),
        pytest.param(b'a,b\n"say ""hi""",2\n', ['say "hi"', "2"], id="doubled quote"),
        pytest.param(b'a,b\n"one\r\ntwo",2\n', ["one\r\ntwo", "2"], id="quoted line break"),
        pytest.param(b'a,b\n5" pipe,2\n', ['5" pipe', "2"], id="quote inside an unquoted value"),
        pytest.param(b'a,b\n"",""\n', ["", ""], id="quoted nothing"),
        pytest.param(b"a,b\n,\n", ["", ""], id="nothing"),
        pytest.param("a,b\n소액,결제\n".encode(), ["소액", "결제"], id="Korean"),
        pytest.param('a,b\n"소\u2028액",결\n'.encode(), ["소\u2028액", "결"], id="a line separator that ends no line"),
        pytest.param(b'"a","b"\n1,2\n', ["1", "2"], id="quoted header"),
    ],
)
def test_reads_rfc_4180(octets: bytes, values: list[str]):
    assert read(octets) == (["a", "b"], [(2, values)], [])
    assert read(octets, step=1) == (["a", "b"], [(2, values)], [])


def test_empty_lines_are_no_records():
    assert read(b"\na,b\n\n1,2\n\r\n\n3,4\n\n")[1] == [(2, ["1", "2"]), (3, ["3", "4"])]
    assert read(b'\na,b\n\n1,2\n\r\n\n"3 ""x",4\n\n')[1] == [(2, ["1", "2"]), (3, ['3 "x', "4"])]
    assert read(b"a\n")[1] == []
    assert read(b"a\n\n\n")[1] == []


@pytest.mark.parametrize("other", [b"", b'"x ""y""",z\n'], ids=["quickly", "carefully"])
@pytest.mark.parametrize(
    ("line", "why", "raw"),
    [
        (b"1\n", "row: 1 field where 2 are named", "1"),
        (b"1,2,3\n", "row: 3 fields where 2 are named", "1,2,3"),
        (b'"1,2",3,4\n', "row: 3 fields where 2 are named", "1,2,3,4"),
        (b"\xff,2\n", "row: not UTF-8", "\ufffd,2"),
        (b"1\0,2\n", "row: a NUL character", "1\0,2"),
        (b'"1"x,2\n', "row: text after a closing quote", '"1"x,2'),
        (b"1\rx,2\n", "row: a carriage return that ends no line", "1\rx,2"),
    ],
)
def test_a_broken_record_is_rejected_and_the_next_is_read(line: bytes, why: str, raw: str, other: bytes):
    _, rows, rejected = read(b"a,b\n" + other + b"0,0\n" + line + b"3,4\n")
    first = 2 + bool(other)
    assert rows[-2:] == [(first, ["0", "0"]), (first + 2, ["3", "4"])]
    assert rejected == [(first + 1, why, raw)]


def test_a_quote_that_is_never_closed_takes_the_rest_with_it():
    _, rows, rejected = read(b'a,b\n1,2\n3,"4\n5,6\n')
    assert rows == [(2, ["1", "2"])]
    assert rejected == [(3, "row: a quote that is never closed", '3,"4\n5,6')]


@pytest.mark.parametrize("octets", [b"", b"\n\n", b"\xff\xfea\0,\0b\0\n\0", b'"a\n', b"a\rb\n"])
def test_a_file_without_a_header_is_refused(octets: bytes):
    with pytest.raises(MalformedInputError, match=r"a\.csv: .*header row"):
        read(octets)


@pytest.mark.parametrize(
    "octets",
    [
        b"a,b\n" + b"x" * (1 << 20) + b"y,2\n",
        b'a,b\n"' + b"x\n" * (1 << 20),
        b"a,b\n" + b"1,2\n" * 100_000 + b"x" * (3 << 20),
        b"a" * (2 << 20),
    ],
    ids=["one line", "one quote", "late", "header"],
)
def test_a_record_beyond_measure_is_refused(octets: bytes):
    with pytest.raises(MalformedInputError, match="a record of more than 1 MiB"):
        read(octets)


def test_a_record_may_cross_every_border_between_pieces():
    body = b"".join(b'%d,"line\nbreak %d"\n' % (number, number) for number in range(40_000))
    _, rows, rejected = read(b"a,b\n" + body, step=7919)
    assert [number for number, _ in rows] == list(range(2, 40_002))
    assert rows[-1][1] == ["39999", "line\nbreak 39999"]
    assert rejected == []


def test_other_delimiters():
    assert read(b"a|b\n1|2,3\n", delimiter="|")[1] == [(2, ["1", "2,3"])]
    assert read(b'a\tb\n"1"\t2\n', delimiter="\t")[1] == [(2, ["1", "2"])]


values = st.text(st.sampled_from('ab,"\n\r \0é') | st.characters(exclude_categories=["Cs"]), max_size=6)


@given(st.lists(st.lists(values, min_size=2, max_size=2)), st.sampled_from(["\n", "\r\n"]), st.integers(1, 50))
def test_reads_what_csv_writes(table: list[list[str]], end: str, step: int):
    out = io.StringIO()
    quoting = csv.QUOTE_MINIMAL if "\r" in end else csv.QUOTE_ALL  # or else it leaves a carriage return bare
    csv.writer(out, lineterminator=end, quoting=quoting).writerows([["a", "b"], *table])
    _, rows, rejected = read(out.getvalue().encode(), step=step)
    expected = [(number, row) for number, row in enumerate(table, 2) if not any("\0" in value for value in row)]
    assert rows == expected
    assert len(rejected) == len(table) - len(expected)


pieces = st.lists(
    st.sampled_from([b"a", b"1", b",", b",", b'"', b"\n", b"\n", b"\r\n", b"\r", b"\0", b"\xff", "é".encode(), b" "]),
    max_size=40,
)


@given(pieces.map(b"".join))
@example(b'""\n')
@example(b'a,""\r\n')
@example(b'"a""","""b"\n"""",\n')
def test_the_quick_way_agrees_with_the_careful_one(body: bytes):
    quick = outcome(body)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited.DelimitedReader, "_quickly", lambda *_: None)
        assert outcome(body) == quick


def outcome(body: bytes) -> object:
    try:
        header, rows, rejected = read(b"h,i\n" + body)
    except MalformedInputError as error:
        return str(error)
    numbers = sorted([number for number, _ in rows] + [row or 0 for row, _, _ in rejected])
    assert numbers == list(range(2, len(numbers) + 2))
    return header, rows, rejected


@given(st.binary(), st.integers(1, 20))
def test_nothing_but_malformed_input_comes_of_any_octets(octets: bytes, step: int):
    with contextlib.suppress(MalformedInputError):
        read(octets, step=step)
