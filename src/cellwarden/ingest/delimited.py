"""Read CSV (RFC 4180) as columns of text: every record comes out, in a column or as a rejection.

Most pieces of most files have plain quotes or none and nothing odd; Arrow cuts those. Any other piece goes through the `csv`
module record by record. Both ways give the same records (a property test holds them together).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.records.rejected import Rejected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

MAX_RECORD = 1 << 20
"""Octets of one record; a longer one is an open quote or no CSV."""
_PIECE = 8 << 20
_FIRST_PIECE = 1 << 16
_CAREFUL_ROWS = 1 << 16
"""Rows of one piece that is read record by record; keeps memory flat where records run across pieces."""
_BOM = b"\xef\xbb\xbf"
_SURROGATES = ("\ud800", "\udfff")


@dataclass(frozen=True, slots=True)
class TextRows:
    """Some records of a CSV file as text."""

    columns: list[pa.Array]
    """Strings, one array a name in the header."""
    numbers: NDArray[np.int64]
    """Record number of each row; the header is 1."""
    rejected: list[Rejected]
    """Records among them that are no rows at all."""


class DelimitedReader:
    """One CSV file, read once from its first octet to its last."""

    def __init__(self, pieces: Iterator[bytes], *, file: str, delimiter: str = ",") -> None:
        if csv.field_size_limit() < MAX_RECORD:
            csv.field_size_limit(MAX_RECORD)  # the limit is the process's; ours is on the whole record
        self._file, self._delimiter = file, delimiter
        self._chunks = _whole_lines(pieces, file)
        self._lines = _Lines(self._chunks, file)
        self._records = csv.reader(self._lines, delimiter=delimiter, strict=True)
        self._number = 1
        self.header = self._read_header()

    def __iter__(self) -> Iterator[TextRows]:
        """Yield the records after the header, piece by piece."""
        rest = self._lines.rest()
        for chunk in chain([rest] if rest else [], self._chunks):
            rows = self._quickly(chunk)
            if rows is not None:
                yield rows
            else:
                self._lines.load(chunk)
                yield from self._carefully()

    def _read_header(self) -> list[str]:
        try:
            header = next((record for record in self._records if record), None)
        except csv.Error as error:
            raise self._malformed(f"the header row is no CSV ({error})") from error
        if header is None:
            raise self._malformed("no header row: the file is empty")
        if self._lines.is_odd and any(_is_odd(name) for name in header):
            raise self._malformed("the header row is not UTF-8")
        self._lines.begin()
        return header

    def _malformed(self, what: str) -> MalformedInputError:
        return MalformedInputError(
            what,
            where=self._file,
            fix="Write CSV as RFC 4180 in UTF-8 with a header row, or name encoding and delimiter in a mapping file",
        )

    def _quickly(self, chunk: bytes) -> TextRows | None:
        """Cut a piece with Arrow; None if anything about it needs care."""
        has_quotes = b'"' in chunk
        if b"\0" in chunk or chunk.count(b"\r") != chunk.count(b"\r\n") or _has_long_line(chunk):
            return None
        if has_quotes and not _has_plain_quotes(chunk, self._delimiter):
            return None
        if not chunk.isascii():
            try:
                chunk.decode()
            except UnicodeDecodeError:
                return None
        if not chunk.strip(b"\r\n"):
            return TextRows([pa.array([], pa.string())] * len(self.header), np.zeros(0, np.int64), [])
        names = [str(place) for place in range(len(self.header))]
        ragged: list[arrow_csv.InvalidRow] = []

        def keep(row: arrow_csv.InvalidRow) -> str:
            ragged.append(row)
            return "skip"

        try:
            table = arrow_csv.read_csv(
                pa.BufferReader(chunk),
                arrow_csv.ReadOptions(use_threads=False, block_size=len(chunk) + 1, column_names=names),
                arrow_csv.ParseOptions(
                    delimiter=self._delimiter,
                    quote_char='"' if has_quotes else False,
                    double_quote=True,
                    invalid_row_handler=keep,
                ),
                arrow_csv.ConvertOptions(
                    check_utf8=False, column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
                ),
            )
        except pa.ArrowInvalid:
            return None
        numbers = np.arange(self._number + 1, self._number + 1 + table.num_rows + len(ragged))
        rejected = []
        for row in ragged:
            self._number = int(numbers[row.number - 1])
            record = next(csv.reader([row.text], delimiter=self._delimiter))
            rejected.append(self._rejection(self._fault(record, len(names)), ",".join(record)))
        self._number = int(numbers[-1])
        return TextRows(
            [_one_array(column) for column in table.columns], np.delete(numbers, [row.number - 1 for row in ragged]), rejected
        )

    def _carefully(self) -> Iterator[TextRows]:
        """Read the loaded piece record by record; a record that runs over its end takes in the next piece."""
        lines, width = self._lines, len(self.header)
        while not lines.is_used_up:
            rows: list[list[str]] = []
            numbers: list[int] = []
            rejected: list[Rejected] = []
            lines.loads = 0
            while not lines.is_used_up and len(rows) < _CAREFUL_ROWS and lines.loads < 2:
                lines.begin()
                try:
                    record = next(self._records, None)
                except csv.Error as error:
                    self._number += 1
                    rejected.append(self._rejection(_why(error), "".join(lines.record)))
                    continue
                if not record:  # an empty line
                    continue
                self._number += 1
                if why := self._fault(record, width):
                    rejected.append(self._rejection(why, ",".join(record)))
                else:
                    rows.append(record)
                    numbers.append(self._number)
            columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)] or [
                pa.array([], pa.string())
            ] * width
            yield TextRows(columns, np.asarray(numbers, np.int64), rejected)

    def _fault(self, record: list[str], width: int) -> str:
        """Return why a record is no row; empty if it is one."""
        if self._lines.is_odd and any(map(_is_odd, record)):
            return "row: a NUL character" if any("\0" in value for value in record) else "row: not UTF-8"
        if len(record) != width:
            return f"row: {len(record)} field{'s' * (len(record) != 1)} where {width} {'are' if width != 1 else 'is'} named"
        return ""

    def _rejection(self, why: str, raw: str) -> Rejected:
        raw = raw.rstrip("\r\n").encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        return Rejected(self._file, self._number, why, raw)


class _Lines:
    """Lines for the `csv` module, which asks for more of them only while a quote is open."""

    def __init__(self, chunks: Iterator[bytes], file: str) -> None:
        self._chunks, self._file = chunks, file
        self._lines: list[str] = []
        self._next = 0
        self._size = 0
        self.record: list[str] = []
        """Lines of the record that is being read."""
        self.loads = 0
        """Pieces taken in since it was last set to 0."""
        self.is_odd = False
        """Whether a piece had octets that are no text; stays, since a record may reach into the next piece."""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.is_used_up and not self.more():
            raise StopIteration
        line = self._lines[self._next]
        self._next += 1
        self.record.append(line)
        self._size += len(line)
        if self._size > MAX_RECORD:
            raise too_long(self._file)
        return line

    @property
    def is_used_up(self) -> bool:
        return self._next == len(self._lines)

    def begin(self) -> None:
        """Note that a new record begins."""
        self.record.clear()
        self._size = 0

    def more(self) -> bool:
        """Load the next piece, if there is one."""
        chunk = next(self._chunks, None)
        if chunk is None:
            return False
        self.load(chunk)
        return True

    def load(self, chunk: bytes) -> None:
        """Take in a piece that ends with a whole line."""
        self.loads += 1
        try:
            text = chunk.decode()
        except UnicodeDecodeError:
            text = chunk.decode("utf-8", "surrogateescape")
            self.is_odd = True
        self.is_odd = self.is_odd or "\0" in text
        lines = text.split("\n")
        last = lines.pop()
        self._lines = [line + "\n" for line in lines]
        if last:
            self._lines.append(last)
        self._next = 0

    def rest(self) -> bytes:
        """Hand back the lines that were not used, as they came."""
        text = "".join(self._lines[self._next :])
        self._lines, self._next = [], 0
        return text.encode("utf-8", "surrogateescape")


def _whole_lines(pieces: Iterator[bytes], file: str) -> Iterator[bytes]:
    """Cut octets into pieces that end at a line break, small first and large later."""
    waiting: list[bytes] = []
    size, wanted, is_first = 0, _FIRST_PIECE, True
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size < wanted:
            continue
        whole = b"".join(waiting).removeprefix(_BOM if is_first else b"")
        size = len(whole)
        cut = whole.rfind(b"\n") + 1
        if size - cut > MAX_RECORD:
            raise too_long(file)
        if cut:
            yield whole[:cut]
            is_first, wanted = False, _PIECE
        waiting, size = [whole[cut:]], size - cut
    if last := b"".join(waiting).removeprefix(_BOM if is_first else b""):
        yield last


def too_long(file: str) -> MalformedInputError:
    """Say that a record is longer than any record."""
    return MalformedInputError(
        "a record of more than 1 MiB", where=file, fix="Look for a quote that is never closed, or for a file that is no CSV"
    )


def _has_long_line(chunk: bytes) -> bool:
    """Tell whether some line may be longer than a record may be; half of such a line lies between two of our marks."""
    half = MAX_RECORD // 2
    return any(chunk.find(b"\n", start, start + half) < 0 for start in range(0, len(chunk) - half, half))


def _has_plain_quotes(chunk: bytes, delimiter: str) -> bool:
    """Tell whether every quoted value fills its field and ends on its line.

    Quotes alternate between opening and closing; a doubled one inside a value closes and opens again at once.
    """
    octets = np.frombuffer(chunk, np.uint8)
    quotes = np.flatnonzero(octets == ord('"'))
    if len(quotes) % 2:
        return False
    opens, closes = quotes[0::2], quotes[1::2]
    before = np.where(opens == 0, ord("\n"), octets[opens - 1])
    after = np.where(closes == len(octets) - 1, ord("\n"), octets[np.minimum(closes + 1, len(octets) - 1)])
    if not (
        np.isin(before, (ord(delimiter), ord("\n"), ord('"'))).all()
        and np.isin(after, (ord(delimiter), ord("\n"), ord("\r"), ord('"'))).all()
    ):
        return False
    breaks = np.flatnonzero((octets == ord("\n")) | (octets == ord("\r")))
    return bool((np.searchsorted(breaks, opens) == np.searchsorted(breaks, closes)).all())


def _one_array(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks)


def _is_odd(value: str) -> bool:
    low, high = _SURROGATES
    return "\0" in value or (not value.isascii() and any(low <= character <= high for character in value))


def _why(error: csv.Error) -> str:
    text = str(error)
    if "unexpected end" in text:
        return "row: a quote that is never closed"
    if "new-line character" in text:
        return "row: a carriage return that ends no line"
    return "row: text after a closing quote"
