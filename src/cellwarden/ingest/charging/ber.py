"""Walk BER without a schema: only the elements that a table names are looked at, all others are passed over by length.

A table is made from paths such as `12/U16/3`: in [12], in every SEQUENCE, [3]. A number alone is a context-specific tag;
`U`, `A` and `P` before it say universal, application and private.

References: ITU-T X.690, 8.1 (identifier, length, indefinite form).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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

Found = dict[str, bytes | list[bytes]]
"""Content of the elements found, by field; a list where the path may lead to several."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What to do with an element."""

    name: str
    """Field that takes its content; empty: only descend."""
    is_list: bool = False
    """Keep the content of every such element, not only of the last."""
    inside: dict[int, Entry] | None = None
    """Table of its own elements."""


Table = dict[int, Entry]
"""By identifier octets as one number, primitive and constructed both."""


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


def table_of(fields: Iterable[tuple[str, str, bool]]) -> Table:
    """Make a table from (path, field, whether it is a list)."""
    tree: dict[str, tuple[list[tuple[str, bool]], list[tuple[str, str, bool]]]] = {}
    for path, name, is_list in fields:
        tag, _, rest = path.partition("/")
        leaves, deeper = tree.setdefault(tag, ([], []))
        if rest:
            deeper.append((rest, name, is_list))
        else:
            leaves.append((name, is_list))
    table: Table = {}
    for tag, (leaves, deeper) in tree.items():
        if len(leaves) > 1:
            raise ValueError(f"two fields at tag {tag}")
        name, is_list = leaves[0] if leaves else ("", False)
        primitive, constructed = identifiers(tag)
        table[constructed] = Entry(name, is_list, table_of(deeper) if deeper else None)
        table[primitive] = Entry(name, is_list)
    return table


def walk(data: bytes, position: int, end: int, table: Table, found: Found) -> None:
    """Gather from the elements between `position` and `end` those that the table names, in any order.

    Raises:
        DecodeError: An element does not fit into what holds it.
        IndexError: The data end inside an identifier or a length.
    """
    while position < end:
        tag = data[position]
        position += 1
        if tag & 0x1F == 0x1F:
            tag, position = _high(data, tag, position)
        length = data[position]
        position += 1
        following = 0
        if length > 0x7F:
            if length == 0x80:
                length, following = _indefinite(data, tag, position, end)
            else:
                length, position = _long(data, length, position)
        stop = position + length
        if stop > end:
            raise DecodeError("an element is longer than what holds it")
        entry = table.get(tag)
        if entry is not None:
            if entry.name:
                if entry.is_list:
                    _append(found, entry.name, data[position:stop])
                else:
                    found[entry.name] = data[position:stop]
            if entry.inside is not None:
                walk(data, position, stop, entry.inside, found)
        position = following or stop


def _append(found: Found, name: str, content: bytes) -> None:
    values = found.setdefault(name, [])
    if len(values) >= MAX_PARTS:
        raise DecodeError(f"more than {MAX_PARTS} parts of one field")
    values.append(content)  # type: ignore[union-attr] # a list, by its entry


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
        length, following = _indefinite(data, tag, position, end)
        return tag, position, position + length, following
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


def _indefinite(data: bytes, tag: int, position: int, end: int) -> tuple[int, int]:
    """Find the end of an element of indefinite length: octets of its content, and where the next element begins."""
    first = tag
    while first > 0xFF:
        first >>= 8
    if not first & 0x20:
        raise DecodeError("a primitive element has no length")
    start, depth = position, 1
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
    return position - 2 - start, position
