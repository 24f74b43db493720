"""The door of the lake: rows come in with identifiers in clear and leave with pseudonyms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from cellwarden.foundation.redaction import mask_digits
from cellwarden.lake.pseudonyms import Pseudonyms, column_in_hex
from cellwarden.records.tables import Kind, Table

if TYPE_CHECKING:
    from cellwarden.lake.directory import Directory
    from cellwarden.lake.key import LakeKey

_SEPARATOR = re.compile(r"[\s().-]")
_NUMBER = re.compile(r"(?:(?:tel|sips?):)?\+?([0-9]+)(?:[@;].*)?", flags=re.IGNORECASE)


class Door:
    """Replaces identifiers and remembers their owners."""

    def __init__(self, key: LakeKey, directory: Directory) -> None:
        # A peer is a telephone number: it shares its pseudonym with `subscribers.msisdn`, so that the two join.
        telephone = Pseudonyms(key, "msisdn")
        self._pseudonyms = {
            Kind.IMSI: ("imsi", Pseudonyms(key, "imsi")),
            Kind.MSISDN: ("msisdn", telephone),
            Kind.PEER: ("msisdn", telephone),
            Kind.IMEI: ("imei", Pseudonyms(key, "imei")),
            Kind.ACCESS_LINE: ("access_line", Pseudonyms(key, "access_line")),
        }
        self._directory = directory

    def admit(self, table: Table, rows: pa.Table) -> pa.Table:
        """Turn rows of `table.clear_schema` into rows of `table.schema`."""
        columns = [self._admitted(column.kind, rows.column(column.name)) for column in table.columns]
        return pa.Table.from_arrays(columns, schema=table.schema)

    def _admitted(self, kind: Kind, values: pa.ChunkedArray) -> pa.ChunkedArray | pa.Array:
        if kind is Kind.FREE_TEXT:
            return pa.array([None if text is None else mask_digits(text) for text in values.to_pylist()], pa.string())
        if kind not in self._pseudonyms:
            return values
        if kind is Kind.PEER:
            encoded = values.combine_chunks().dictionary_encode()
            distinct = encoded.dictionary.to_pylist()
            numbers = [_number_in(peer) for peer in distinct]
            labels = [None if number else mask_digits(peer) for peer, number in zip(distinct, numbers, strict=True)]
            replaced = self._replaced(kind, pc.take(pa.array(numbers, pa.string()), encoded.indices))
            return pc.coalesce(column_in_hex(replaced.to_pylist()), pc.take(pa.array(labels, pa.string()), encoded.indices))
        replaced = self._replaced(kind, values)
        return column_in_hex(replaced.to_pylist()) if kind is Kind.ACCESS_LINE else replaced

    def _replaced(self, kind: Kind, values: pa.ChunkedArray | pa.Array) -> pa.Array:
        name, pseudonyms = self._pseudonyms[kind]
        replaced, people = pseudonyms.of_all(values)
        self._directory.remember(name, people)
        return replaced


def _number_in(peer: str) -> str | None:
    """Return the digits of a telephone number in whatever spelling (`+82-10-…`, `tel:`, `sip:…@ims`); None of a label."""
    found = _NUMBER.fullmatch(_SEPARATOR.sub("", peer))
    return found[1] if found else None
