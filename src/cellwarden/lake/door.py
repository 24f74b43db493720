"""The door of the lake: rows come in with identifiers in clear and leave with pseudonyms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from cellwarden.foundation.redaction import mask_digits
from cellwarden.lake.pseudonyms import Pseudonyms, column_in_hex
from cellwarden.records.tables import Kind, Table

if TYPE_CHECKING:
    from cellwarden.lake.directory import Directory
    from cellwarden.lake.key import LakeKey


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
            digits = pc.fill_null(pc.match_substring_regex(values, r"^\+?[0-9]+$"), False)  # noqa: FBT003 (Arrow's signature)
            numbers = self._replaced(kind, pc.if_else(digits, pc.utf8_ltrim(values, "+"), pa.scalar(None, pa.string())))
            return pc.if_else(digits, column_in_hex(numbers.to_pylist()), values)
        replaced = self._replaced(kind, values)
        return column_in_hex(replaced.to_pylist()) if kind is Kind.ACCESS_LINE else replaced

    def _replaced(self, kind: Kind, values: pa.ChunkedArray | pa.Array) -> pa.Array:
        name, pseudonyms = self._pseudonyms[kind]
        replaced, people = pseudonyms.of_all(values)
        self._directory.remember(name, ((pseudonym, identifier) for pseudonym, identifier in people if identifier is not None))
        return replaced
