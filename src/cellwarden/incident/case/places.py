"""Where the records, the lake and the newest result of a case lie, so that the census can be restated without asking anybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from cellwarden.incident.case import schema

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from cellwarden.incident.case.command import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Three paths on the machine that investigates."""

    records: str
    lake: str
    result: str
    """Of the newest version of the census."""

    def keep(self, work: Work, case_id: str) -> None:
        """Remember them in place of those before."""
        work.connection.execute(delete(schema.WORKPLACE).where(schema.WORKPLACE.c.case_id == case_id))
        work.put(schema.WORKPLACE, case_id=case_id, records=self.records, lake=self.lake, result=self.result)


def places_of(connection: Connection, case_id: str) -> Places | None:
    """Return the places of a case; None: nobody said them."""
    row = connection.execute(select(schema.WORKPLACE).where(schema.WORKPLACE.c.case_id == case_id)).mappings().first()
    return None if row is None else Places(records=row["records"], lake=row["lake"], result=row["result"])
