"""Load a record folder into a lake: find, read, pseudonymise, sort, commit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from cellwarden.foundation.digest import sha256_of
from cellwarden.foundation.errors import MalformedInputError, RefusedError, UsageError
from cellwarden.ingest.charging.reading import DETECTED, detect, read_charging
from cellwarden.ingest.fingerprint import fingerprint, unchanged
from cellwarden.ingest.folder import CHARGING, MAPPING, find_inputs
from cellwarden.ingest.mapping import Mapping
from cellwarden.ingest.signalling.capture import read_capture
from cellwarden.ingest.tabular import read_table, short_imsi
from cellwarden.lake.directory import Directory
from cellwarden.lake.door import Door
from cellwarden.lake.key import LakeKey
from cellwarden.lake.load import Loader
from cellwarden.records.operator import Operator
from cellwarden.records.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cellwarden.engines.port import Engine
    from cellwarden.ingest.folder import InputFile
    from cellwarden.lake.store import Lake
    from cellwarden.records.batch import Batch


class Progress(Protocol):
    """Told how far a long work is."""

    def __call__(self, stage: str, done: float, total: float, unit: str) -> None:
        """Take note: `done` of `total` units of a stage; a total of 0 is not known."""


def quiet(stage: str, done: float, total: float, unit: str) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What a load found."""

    settings: dict[str, str]
    """SHA-256 of operator.toml and of the mapping file, where there are such: both change what comes out."""
    operator: Operator
    """As operator.toml states it."""
    repeated: dict[str, str]
    """Files of the folder whose content was in the lake under another name, with that name."""
    ignored: tuple[str, ...]
    """Files that no rule knows."""
    unread: tuple[str, ...]
    """Files under charging/ that no dialect of charging records knows."""


def refuse_lake_inside(records: Path, folder: Path) -> None:
    """Refuse to write into the record folder.

    Raises:
        UsageError: `folder` lies inside it.
    """
    if folder.resolve().is_relative_to(records.resolve()):
        raise UsageError(
            "this lies inside the record folder, which is only read", where=folder.name, fix="Put it beside the folder"
        )


def mapping_file(records: Path, given: Path | None) -> Path | None:
    """Return the mapping file that holds for a folder: the one given, else its own mapping.toml, else none."""
    own = records / MAPPING
    return given or (own if own.is_file() else None)


def read_mapping(records: Path, given: Path | None) -> Mapping:
    """Return the mapping that holds for a folder."""
    path = mapping_file(records, given)
    return Mapping.read(path) if path else Mapping.identity()


def load(
    records: Path,
    lake: Lake,
    engine: Engine,
    *,
    mapping: Path | None = None,
    key: Path | None = None,
    mirror: bool = False,
    progress: Progress = quiet,
) -> Loaded:
    """Load a record folder into a lake that the caller has locked.

    Args:
        records: The folder; read, never written.
        lake: Where the rows go.
        engine: Sorts them.
        mapping: Mapping file; None: the folder's own, if it has one.
        key: Key file of the lake; None: the one beside it, made if missing.
        mirror: Make the lake hold this folder and nothing else, instead of adding to it.
        progress: Told how far it is.
    """
    refuse_lake_inside(records, lake.folder)
    rules_file = mapping_file(records, mapping)
    rules = sha256_of(rules_file) if rules_file else ""
    known = read_mapping(records, mapping)
    inputs = find_inputs(records, known)
    operator = Operator.read(inputs.operator) if inputs.operator else Operator()
    charging = [each for each in inputs.charging if _is_charging(each)]
    files = [*inputs.tables, *inputs.captures, *charging]
    prints = {}
    for done, each in enumerate(files):
        progress("fingerprint", done, len(files), "files")
        prints[each.file] = fingerprint(each.path, file=each.file)
    lake.tidy()
    names = {print_.sha256: file for file, print_ in reversed(prints.items())}
    if mirror and any((names.get(held.sha256), rules) != (held.file, held.mapping) for held in lake.manifest().inputs):
        lake.empty()
    secret = _secret(lake, key or lake.key_path)
    repeated = {}
    with Directory(lake.directory_path, secret) as directory:
        loader = Loader(lake, Door(secret, directory), key=secret.mark)
        for done, each in enumerate(files):
            progress("read", done, len(files), "files")
            before = prints[each.file]
            if held := loader.held(before.sha256, rules):
                if held.file != each.file:
                    repeated[each.file] = held.file
                continue
            loader.accept(each.file, before.sha256, rules, _batches(each, known), short_imsi=short_imsi)
            unchanged(each.path, before, file=each.file)
        directory.commit()
        loader.commit(engine, progress=lambda done, total: progress("sort", done, total, "days"))
    settings = {"operator.toml": inputs.operator, "mapping": rules_file}
    return Loaded(
        settings={name: sha256_of(path) for name, path in settings.items() if path},
        operator=operator,
        repeated=repeated,
        ignored=inputs.ignored,
        unread=tuple(each.file for each in inputs.charging if each not in charging),
    )


def _secret(lake: Lake, path: Path) -> LakeKey:
    """Return the key of the lake; make one only for a lake without records, since pseudonyms of two keys never meet."""
    mark = lake.manifest().key
    secret = LakeKey.read(path) if mark else LakeKey.read_or_make(path)
    if mark not in ("", secret.mark):
        raise RefusedError(
            "the lake was made with another key",
            where=path.name,
            fix="Give the lake's own key with --key FILE, or a new --lake",
        )
    return secret


def _batches(source: InputFile, mapping: Mapping) -> Iterator[Batch]:
    if source.table:
        return read_table(source.path, file=source.file, table=TABLES[source.table], mapping=mapping.of(source.table))
    if source.file.startswith(CHARGING):
        return read_charging(source.path, file=source.file, dialect=DETECTED)
    return read_capture(source.path, file=source.file)


def _is_charging(source: InputFile) -> bool:
    """Tell whether a dialect knows a file: what lies beside charging files (checksums, lists) is said, not refused."""
    try:
        detect(source.path, file=source.file)
    except MalformedInputError:
        return False
    return True
