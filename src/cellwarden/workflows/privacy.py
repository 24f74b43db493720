"""Opening identifiers under an approval, forgetting a subscriber, and the receipt of both."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from cellwarden.evidence.log import first_break, lines_of
from cellwarden.foundation.errors import DamagedLakeError, MalformedInputError, RefusedError
from cellwarden.incident.case.roles import Permission
from cellwarden.incident.privacy.forgetting import BeginForgetting, RecordForgotten
from cellwarden.incident.privacy.receipt import receipt
from cellwarden.incident.privacy.reveals import OpenIdentifiers
from cellwarden.lake.directory import Directory
from cellwarden.lake.key import LakeKey
from cellwarden.lake.pseudonyms import Pseudonyms, from_hex, in_hex

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from cellwarden.incident.case.command import Event
    from cellwarden.incident.case.store import CaseStore
    from cellwarden.lake.store import Lake
    from cellwarden.workflows.respond import Desk


def bind(lake: Lake, store: CaseStore) -> None:
    """Say that identifiers of this lake are revealed under approvals of a case store, and no other way.

    Raises:
        RefusedError: It is bound to another store.
    """
    _refuse_other_store(lake, store)
    draft = lake.approvals_path.with_suffix(".draft")
    draft.write_text(
        json.dumps({"store": store.name.rpartition("@")[2], "origin": store.facts()["origin"]}) + "\n", encoding="utf-8"
    )
    draft.replace(lake.approvals_path)


def _refuse_other_store(lake: Lake, store: CaseStore) -> None:
    """Refuse a store that two people of one's own could have made beside the one that the lake is bound to."""
    if not lake.approvals_path.exists():
        return
    bound, origin = json.loads(lake.approvals_path.read_text(encoding="utf-8")), store.facts()["origin"]
    if bound.get("origin", origin) != origin:  # a binding of an older version names no origin, and is made anew by reveal bind
        raise RefusedError(
            "identifiers of this lake are revealed under approvals of another case store",
            where=lake.folder.name,
            fix=f"Ask there: --store {bound.get('store')}",
        )


def authorised(at: Desk, request_id: str, lake: Lake, out: str) -> Callable[[Sequence[int]], None]:
    """Return what an investigation calls with its people before it opens the directory: it logs, or refuses."""

    def authorise(people: Sequence[int]) -> None:
        _refuse_other_store(lake, at.store)
        at.do(OpenIdentifiers(request_id=request_id, people=tuple(in_hex(each) for each in people), out=out))

    return authorise


def open_identifiers(
    at: Desk, request_id: str, lake: Lake, people: Sequence[str], out: str, *, key: Path | None = None
) -> dict[str, str]:
    """Return identifiers by pseudonym, as agreed; who was forgotten is missing."""
    _refuse_other_store(lake, at.store)
    secret = LakeKey.read(key or lake.key_path)
    numbers = [_number(each) for each in people]
    at.do(OpenIdentifiers(request_id=request_id, people=tuple(in_hex(each) for each in numbers), out=out))
    with Directory(lake.directory_path, secret) as directory:
        return {in_hex(number): name for number, name in directory.reveal("imsi", numbers).items()}


def pseudonym_of(lake: Lake, imsi: str, *, key: Path | None = None) -> str:
    """Return the pseudonym of a subscriber who asks to be forgotten; needs the lake's key."""
    if not imsi.isascii() or not imsi.isdigit():
        raise MalformedInputError(f"{len(imsi)} characters that are no IMSI", where="standard input", fix="Give its digits")
    return in_hex(Pseudonyms(LakeKey.read(key or lake.key_path), "imsi").of(imsi))


def forget(at: Desk, request_id: str, lake: Lake, pseudonym: str, *, key: Path | None = None) -> Event:
    """Remove a person's rows from the directory, show that they are gone, and write both down.

    Removed are the IMSI and the telephone number that `subscribers` gives for it. The records keep their pseudonym, which from then on
    leads to nobody.
    """
    _refuse_other_store(lake, at.store)
    imsi = _number(pseudonym)
    at.do(BeginForgetting(request_id=request_id, pseudonym=in_hex(imsi)))
    with lake.locked(), Directory(lake.directory_path, LakeKey.read(key or lake.key_path)) as directory:
        rows = [("imsi", imsi), *(("msisdn", each) for each in _telephones(lake, imsi))]
        sealed = [blob for kind, each in rows if (blob := directory.sealed(kind, each)) is not None]
        for kind, each in rows:
            directory.forget(kind, each)
        left = sum(directory.sealed(kind, each) is not None for kind, each in rows)
    held = lake.directory_path.read_bytes()
    proof = {
        "rows_removed": len(sealed),
        "rows_left": left,
        "sealed_octets_left": sum(blob in held for blob in sealed),
        "directory": lake.directory_path.name,
    }
    return at.do(RecordForgotten(request_id=request_id, pseudonym=in_hex(imsi), proof=proof))


def privacy_receipt(at: Desk, lakes: Sequence[Lake] = ()) -> dict[str, Any]:
    """Return the receipt of the whole store, and of each lake for what was revealed by its key before it was bound.

    Raises:
        RefusedError: The person may not read the log.
        DamagedLakeError: A line of a lake's log was changed or taken out.
    """
    with at.store.reading(at.me, Permission.READ_LOG):
        found = receipt(at.store.log_lines())
    return {**found, "lakes": [{"lake": lake.folder.name, **receipt(_audit_lines(lake))} for lake in lakes]}


def _audit_lines(lake: Lake) -> list[str]:
    if not lake.audit_path.exists():
        return []
    lines = lines_of(lake.audit_path.read_text(encoding="utf-8"))
    if (number := first_break(lines)) is not None:
        raise DamagedLakeError(
            f"line {number} does not follow from the line before it",
            where=lake.audit_path.name,
            fix="Keep the file as evidence: lines were changed or taken out",
        )
    return lines


def _telephones(lake: Lake, imsi: int) -> list[int]:
    found: set[int] = set()
    for path in lake.files("subscribers"):
        table = pq.read_table(path, columns=["imsi", "msisdn"])
        found.update(each for each in table.filter(pc.equal(table["imsi"], imsi))["msisdn"].to_pylist() if each is not None)
    return sorted(found)


def _number(pseudonym: str) -> int:
    try:
        return from_hex(pseudonym.strip())
    except ValueError as error:
        raise MalformedInputError("no pseudonym", where="people", fix="Write the 16 hex digits that results show") from error
