"""Walk BER without a schema: only the elements that a table names are looked at, all others are passed over by length.

A table is made from paths such as `12/U16/3`: in [12], in every SEQUENCE, [3]. A number alone is a context-specific tag;
`U`, `A` and `P` before it say universal, application and private.

References: ITU-T X.690, 8.1 (identifier, length, indefinite form).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cellwarden.ingest.signalling.faults import DecodeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_TAG_OCTETS = 4
"""Octets of an identifier: tag numbers below 2 million."""
MAX_DEPTH = 32
"""Elements of indefinite length inside each other."""
MAX_PARTS = 1000
"""Values of one field that are listed or added up."""
_CLASSES = {"U": 0x00, "A": 0x40, "P": 0xC0}
_CONTEXT = 0x80

Found = dict[str, Any]
"""By field: the content of its element; for a sum, the number; for a list, the contents."""
LAST, SUM, LIST = "", "sum", "list"
"""What becomes of a field whose element comes several times."""


class Sum(NamedTuple):
    """An element whose number is added to a field."""

    name: str


class Several(NamedTuple):
    """An element that may come several times."""

    name: str


class Both(NamedTuple):
    """An element that is a field and is looked into."""

    name: str
    mode: str
    inside: Table


Table = dict[int, Any]
"""By identifier octets as one number, primitive and constructed both: the field that takes the content, a `Sum`, a
`Several`, a `Both`, or the table of the elements inside. The plain cases are plain types because the walk is where the
time goes."""


def identifiers(tag: str) -> tuple[int, int]:
    """Return the identifier octets of a tag as numbers: primitive, constructed.

    >>> [hex(number) for number in identifiers("78")]
    ['0x9f4e', '0xbf4e']
    """
    letter = tag[:1]
    kind, number = (_CLASSES[letter], int(tag[1:])) if letter in _CLASSES else (_CONTEXT, int(tag))
    if number < 31:
        return kind | number, kind | number | 0x20
    octets = [number & 0x7F]
    while number := number >> 7:
        octets.append(number & 0x7F | 0x80)
    if len(octets) >= MAX_TAG_OCTETS:
        raise ValueError(f"tag {tag} is out of range")
    rest = bytes(reversed(octets))
    return tuple(int.from_bytes(bytes([first]) + rest) for first in (kind | 0x1F, kind | 0x3F))  # type: ignore[return-value] # two of them


def table_of(fields: Iterable[tuple[str, str, str]]) -> Table:
    """Make a table from (path, field, `LAST` or `SUM` or `LIST`)."""
    tree: dict[str, tuple[list[tuple[str, str]], list[tuple[str, str, str]]]] = {}
    for path, name, mode in fields:
        tag, _, rest = path.partition("/")
        leaves, deeper = tree.setdefault(tag, ([], []))
        if rest:
            deeper.append((rest, name, mode))
        else:
            leaves.append((name, mode))
    table: Table = {}
    for tag, (leaves, deeper) in tree.items():
        if len(leaves) > 1:
            raise ValueError(f"two fields at tag {tag}")
        primitive, constructed = identifiers(tag)
        inside = table_of(deeper) if deeper else None
        if leaves:
            name, mode = leaves[0]
            plain = {LAST: name, SUM: Sum(name), LIST: Several(name)}[mode]
            table[primitive] = plain
            table[constructed] = plain if inside is None else Both(name, mode, inside)
        else:
            table[constructed] = inside
    return table


def walk(  # noqa: C901 (the one hot loop of this package: calls would cost more than all its branches)
    data: bytes, position: int, end: int, table: Table, found: Found, *, enough: int = 0
) -> None:
    """Gather from the elements between `position` and `end` those that the table names, in any order.

    Stops once `enough` fields are found; 0 never stops, so that all is checked.

    Raises:
        DecodeError: An element does not fit into what holds it.
        IndexError: The data end inside an identifier or a length.
    """
    named = table.get
    while position < end:
        tag = data[position]
        if tag & 0x1F != 0x1F:
            length = data[position + 1]
            position += 2
        elif (second := data[position + 1]) < 0x80:
            tag = tag << 8 | second
            length = data[position + 2]
            position += 3
        else:
            tag, position = _high(data, tag, position + 1)
            length = data[position]
            position += 1
        if length > 0x7F:
            if length == 0x80:
                stop, following = _indefinite(data, tag, position, end)
                _take(data, position, stop, named(tag), found)
                position = following
                continue
            length, position = _long(data, length, position)
        entry = named(tag)
        if entry is not None:
            if entry.__class__ is str:
                found[entry] = data[position : position + length]
                if len(found) == enough and position + length <= end:
                    return
            elif position + length <= end:
                _take(data, position, position + length, entry, found)
        position += length
    if position != end:
        raise DecodeError("an element is longer than what holds it")


def _take(data: bytes, position: int, stop: int, entry: Any, found: Found) -> None:
    """Do with one element what its table says."""
    kind = entry.__class__
    if kind is dict:
        walk(data, position, stop, entry, found)
    elif kind is Sum:
        if not 0 < stop - position <= 8:
            raise DecodeError(f"a number has {stop - position} octets")
        found[entry[0]] = found.get(entry[0], 0) + int.from_bytes(data[position:stop])
    elif kind is Several:
        values = found.setdefault(entry[0], [])
        if len(values) >= MAX_PARTS:
            raise DecodeError(f"more than {MAX_PARTS} parts of one field")
        values.append(data[position:stop])
    elif kind is Both:
        _take(data, position, stop, {LAST: entry.name, SUM: Sum(entry.name), LIST: Several(entry.name)}[entry.mode], found)
        walk(data, position, stop, entry.inside, found)
    elif kind is str:
        found[entry] = data[position:stop]


def header(data: bytes, position: int, end: int) -> tuple[int, int, int, int]:
    """Read one element: identifier, where its content begins and ends, and where the next element begins.

    Raises:
        DecodeError: It does not fit.
        IndexError: The data end before it does.
    """
    tag = data[position]
    position += 1
    if tag & 0x1F == 0x1F:
        tag, position = _high(data, tag, position)
    length = data[position]
    position += 1
    if length == 0x80:
        stop, following = _indefinite(data, tag, position, end)
        return tag, position, stop, following
    if length > 0x7F:
        length, position = _long(data, length, position)
    if position + length > end:
        raise DecodeError("an element is longer than what holds it")
    return tag, position, position + length, position + length


def elements(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (identifier, content) of the elements of a constructed value; raises as `walk`."""
    position, end = 0, len(content)
    for _ in range(MAX_PARTS):
        if position >= end:
            return
        tag, start, stop, position = header(content, position, end)
        yield tag, content[start:stop]
    raise DecodeError(f"more than {MAX_PARTS} parts of one field")


def _high(data: bytes, tag: int, position: int) -> tuple[int, int]:
    """Read the further octets of an identifier; the whole as one number."""
    for _ in range(MAX_TAG_OCTETS - 1):
        octet = data[position]
        position += 1
        tag = tag << 8 | octet
        if octet < 0x80:
            return tag, position
    raise DecodeError("a tag has too many octets")


def _long(data: bytes, length: int, position: int) -> tuple[int, int]:
    octets = length & 0x7F
    if octets > 8:
        raise DecodeError(f"a length has {octets} octets")
    if position + octets > len(data):
        raise IndexError
    return int.from_bytes(data[position : position + octets]), position + octets


def _indefinite(data: bytes, tag: int, position: int, end: int) -> tuple[int, int]:  # noqa: C901 (a walk of its own)
    """Find the end of an element of indefinite length: where its content ends, and where the next element begins."""
    first = tag
    while first > 0xFF:
        first >>= 8
    if not first & 0x20:
        raise DecodeError("a primitive element has no length")
    depth = 1
    while position < end:
        inner = data[position]
        if inner == 0:
            if data[position + 1]:
                raise DecodeError("an end of contents has content")
            position += 2
            depth -= 1
            if not depth:
                break
            continue
        position += 1
        if inner & 0x1F == 0x1F:
            _, position = _high(data, inner, position)
        length = data[position]
        position += 1
        if length == 0x80:
            depth += 1
            if depth > MAX_DEPTH or not inner & 0x20:
                raise DecodeError("elements without length are nested too deeply, or primitive")
            continue
        if length > 0x7F:
            length, position = _long(data, length, position)
        position += length
    if depth or position > end:
        if end >= len(data):
            raise IndexError  # more may come
        raise DecodeError("an element without length has no end")
    return position - 2, position
