"""The mapping file: how an operator's own export loads without code.

[access]                                  # a table of the contract
files = ["mme/*.csv.gz"]                  # which files are that table; paths inside the record folder
columns = { at = "EVENT_TIME" }           # contract column = column of the export
constants = { plmn = "45008" }            # columns that the export does not have
time_zone = "Asia/Seoul"                  # of times without a zone
time_format = "%Y%m%d%H%M%S"              # strptime, or epoch_s, epoch_ms, epoch_us
cell = "enb-cell"                         # decimal, hex, enb-cell or auto
delimiter = "|"
encoding = "cp949"
[access.values.procedure]                 # value of the export = value of the contract
ATT = "attach"
"""

from __future__ import annotations

import codecs
import re
import tomllib
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.records.tables import TABLES, Table

if TYPE_CHECKING:
    from pathlib import Path

CELL_NOTATIONS = ("auto", "decimal", "hex", "enb-cell")
EPOCHS = {"epoch_s": 1_000_000, "epoch_ms": 1_000, "epoch_us": 1}
"""Microseconds in one step of each kind of count since 1970 UTC."""
_DOCUMENT = "See docs, mapping file"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMapping:
    """How the files of one table are read."""

    files: tuple[str, ...] = ()
    """Patterns of paths inside the record folder; `*` stays inside a folder, `**` does not."""
    columns: dict[str, str] = field(default_factory=dict)
    """Contract column: column of the export."""
    constants: dict[str, str] = field(default_factory=dict)
    """Contract column: the value of every row."""
    time_zone: ZoneInfo | None = None
    """The zone of times that do not state one; None: such times are refused."""
    time_format: str = ""
    """A strptime format or a key of `EPOCHS`; empty: ISO 8601."""
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    """Contract column: value of the export: value of the contract; `""` is null, other values stay as they are."""
    cell: str = "auto"
    """One of `CELL_NOTATIONS`; for text only, numbers are numbers."""
    delimiter: str = ","
    encoding: str = "utf-8"

    def foreign(self, column: str) -> str:
        """Return what a contract column is called in the file."""
        return self.columns.get(column, column)


@dataclass(frozen=True, slots=True)
class Mapping:
    """How the files of every table are read."""

    tables: dict[str, TableMapping] = field(default_factory=dict)

    @classmethod
    def identity(cls) -> Mapping:
        """Return the mapping of records that follow the contract already."""
        return cls()

    @classmethod
    def read(cls, path: Path) -> Mapping:
        """Read a mapping file.

        Raises:
            MalformedInputError: Not TOML; or a table, key, column, zone, format, notation or encoding nobody knows.
        """
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise MalformedInputError(f"not readable as TOML ({error})", where=path.name, fix=_DOCUMENT) from error
        return cls.parse(content, where=path.name)

    @classmethod
    def parse(cls, content: dict[str, Any], *, where: str) -> Mapping:
        """Check a mapping that was read from `where`; raises as `read`."""
        _known(content, TABLES, "tables", where)
        return cls({name: _table_mapping(TABLES[name], part, f"{where}: [{name}]") for name, part in content.items()})

    def of(self, table: str) -> TableMapping:
        """Return how the files of one table are read."""
        return self.tables.get(table) or TableMapping()

    def table_of(self, file: str) -> str | None:
        """Return the table whose patterns claim a file, if any.

        Raises:
            MalformedInputError: Two tables claim it.
        """
        claims = [name for name, part in self.tables.items() if any(_pattern(glob).fullmatch(file) for glob in part.files)]
        if len(claims) > 1:
            raise MalformedInputError(
                f"claimed by the `files` of {' and '.join(claims)}", where=file, fix="Narrow the patterns of the mapping file"
            )
        return claims[0] if claims else None


def _known(content: Any, known: Any, what: str, where: str) -> None:
    if not isinstance(content, dict):
        raise MalformedInputError(f"{what}: not a table of TOML", where=where, fix=_DOCUMENT)
    if unknown := sorted(set(content) - set(known)):
        raise MalformedInputError(f"unknown {what} {', '.join(unknown)}", where=where, fix=f"Known are {', '.join(known)}")


def _table_mapping(table: Table, part: Any, where: str) -> TableMapping:
    keys = [each.name for each in fields(TableMapping)]
    _known(part, keys, "keys", where)
    names = [column.name for column in table.columns]
    checked: dict[str, Any] = {}
    for key in ("columns", "constants", "values"):
        _known(part.get(key, {}), names, f"columns in {key}", where)
    checked["columns"] = {name: _text(value, f"columns.{name}", where) for name, value in part.get("columns", {}).items()}
    checked["constants"] = {
        name: _text(str(value) if type(value) is int else value, f"constants.{name}", where)
        for name, value in part.get("constants", {}).items()
    }
    if both := sorted(set(checked["columns"]) & set(checked["constants"])):
        raise MalformedInputError(f"{', '.join(both)} in columns and in constants", where=where, fix="Keep one of the two")
    checked["values"] = {
        name: {
            key: value if value == "" else _text(value, f"values.{name}.{key}", where)
            for key, value in _dict(pairs, f"values.{name}", where).items()
        }
        for name, pairs in part.get("values", {}).items()
    }
    files = part.get("files", [])
    if not isinstance(files, list):
        raise MalformedInputError("files: not a list of patterns", where=where, fix='Write files = ["mme/*.csv"]')
    checked["files"] = tuple(_text(glob, "files", where) for glob in files)
    for key in ("time_format", "cell", "delimiter", "encoding"):
        if key in part:
            checked[key] = _CHECKS[key](_text(part[key], key, where), where)
    if "time_zone" in part:
        checked["time_zone"] = _zone(_text(part["time_zone"], "time_zone", where), where)
    return TableMapping(**checked)


def _text(value: Any, key: str, where: str) -> str:
    if not isinstance(value, str) or not value:
        raise MalformedInputError(f"{key}: not a text", where=where, fix="Put it in quotes")
    return value


def _dict(value: Any, key: str, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise MalformedInputError(f"{key}: not a table of TOML", where=where, fix=f'Write {key} = {{ "theirs" = "ours" }}')
    return value


def _zone(name: str, where: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise MalformedInputError(f"time_zone: no zone is called {name}", where=where, fix="Write it as Asia/Seoul") from error


def _time_format(text: str, where: str) -> str:
    if text not in EPOCHS and "%" not in text:
        raise MalformedInputError(
            f"time_format: {text} is no format",
            where=where,
            fix=f"Known are {', '.join(EPOCHS)} and strptime's, as %Y%m%d%H%M%S",
        )
    return text


def _cell(text: str, where: str) -> str:
    if text not in CELL_NOTATIONS:
        raise MalformedInputError(f"cell: unknown notation {text}", where=where, fix=f"Known are {', '.join(CELL_NOTATIONS)}")
    return text


def _delimiter(text: str, where: str) -> str:
    if len(text) != 1 or not text.isascii() or text in '"\r\n\0':
        raise MalformedInputError("delimiter: not one ASCII character", where=where, fix='Write it as ";" or "\\t"')
    return text


def _encoding(text: str, where: str) -> str:
    try:
        known = codecs.lookup(text)
        "a".encode(text)  # refuses codecs that do not turn text into bytes
    except (LookupError, UnicodeError, TypeError, AssertionError) as error:
        raise MalformedInputError(f"encoding: none is called {text}", where=where, fix="Write it as utf-8 or cp949") from error
    return known.name


_CHECKS = {"time_format": _time_format, "cell": _cell, "delimiter": _delimiter, "encoding": _encoding}


@lru_cache(maxsize=1024)
def _pattern(glob: str) -> re.Pattern[str]:
    """Return a glob as a pattern over whole paths; `**/` stands for any number of folders, none too."""
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", str(PurePosixPath(glob)))
    meanings = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(meanings.get(part) or re.escape(part) for part in parts))
