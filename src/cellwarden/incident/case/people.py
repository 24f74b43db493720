"""Who works with the store: enrolled by a steward, known by a token, given a role by two stewards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import select, update

from cellwarden.foundation.errors import RefusedError, UsageError
from cellwarden.incident.case import schema
from cellwarden.incident.case.command import Command, Event, Work
from cellwarden.incident.case.requests import OnRequest, usable
from cellwarden.incident.case.roles import ROLES, Permission
from cellwarden.incident.case.wording import checked_words


@dataclass(frozen=True, kw_only=True)
class PersonEnrolled(Event):
    """Somebody is known to the store, and may do nothing yet."""

    person: str


@dataclass(frozen=True, kw_only=True)
class TokenRenewed(Event):
    """Somebody took a token that nobody else has seen."""

    person: str


@dataclass(frozen=True, kw_only=True)
class RoleGranted(Event):
    """Somebody holds a role from now on."""

    grant_id: str
    request_id: str
    person: str
    role: str
    until_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class RoleRevoked(Event):
    """Somebody lost a role."""

    grant_id: str
    person: str
    role: str


@dataclass(frozen=True, kw_only=True)
class Enrol(Command):
    """Make a person known."""

    needs: ClassVar[Permission | None] = Permission.ASK_GRANT
    name: str
    token_digest: str

    def carried_out(self, work: Work) -> PersonEnrolled:
        """Keep the name and the digest of the token."""
        name = checked_words(self.name, where="name", most=60)
        if work.connection.scalar(select(schema.PERSON.c.name).where(schema.PERSON.c.name == name)):
            raise UsageError("this person is enrolled already", where=name, fix="Choose another name")
        work.put(schema.PERSON, name=name, token_digest=self.token_digest, has_own_token=0, enrolled_at=work.at)
        return PersonEnrolled(person=name)


@dataclass(frozen=True, kw_only=True)
class RenewToken(Command):
    """Take a token of one's own; the old one ends."""

    token_digest: str

    def carried_out(self, work: Work) -> TokenRenewed:
        """Replace the digest."""
        work.connection.execute(
            update(schema.PERSON).where(schema.PERSON.c.name == work.by).values(token_digest=self.token_digest, has_own_token=1)
        )
        return TokenRenewed(person=work.by)


@dataclass(frozen=True, kw_only=True)
class GrantRole(OnRequest):
    """Carry out an approved grant; its content is `person`, `role`, `case`, `until`."""

    needs: ClassVar[Permission | None] = Permission.ASK_GRANT

    def carried_out(self, work: Work) -> RoleGranted:
        """Give the role."""
        asked = usable(work, self.request_id, "grant")
        person, role = str(asked["person"]), str(asked["role"])
        work.one(schema.PERSON, person)
        if role not in ROLES:
            raise UsageError(f"{role!r} is no role", where=self.request_id, fix=f"Known are {', '.join(ROLES)}")
        request = work.one(schema.REQUEST, self.request_id)
        if person == request["decided_by"]:
            raise RefusedError(
                f"{person} may not approve a role for {person}", where=self.request_id, fix="Ask another steward to approve"
            )
        grant_id = f"G-{self.request_id.removeprefix('R-')}-by-request"
        if work.connection.scalar(select(schema.GRANT.c.grant_id).where(schema.GRANT.c.grant_id == grant_id)):
            raise RefusedError("this role was granted already", where=self.request_id, fix="Ask anew")
        until = datetime.fromisoformat(asked["until"]) if asked.get("until") else None
        work.put(
            schema.GRANT,
            grant_id=grant_id,
            person=person,
            role=role,
            case_id=request["case_id"],
            granted_at=work.at,
            until_at=until,
        )
        return RoleGranted(grant_id=grant_id, request_id=self.request_id, person=person, role=role, until_at=until)


@dataclass(frozen=True, kw_only=True)
class RevokeRole(Command):
    """Take a role away; that needs no second person, for it opens nothing."""

    needs: ClassVar[Permission | None] = Permission.ASK_GRANT
    grant_id: str

    def carried_out(self, work: Work) -> RoleRevoked:
        """End the grant; the last two stewards stay, else nobody could approve a new one."""
        row = work.one(schema.GRANT, self.grant_id)
        if row["revoked_at"] is not None:
            raise RefusedError("this role was taken already", where=self.grant_id, fix="List them: cellwarden case people")
        if row["role"] == "steward":
            stewards = work.connection.scalars(
                select(schema.GRANT.c.person)
                .where(
                    schema.GRANT.c.role == "steward",
                    schema.GRANT.c.revoked_at.is_(None),
                    schema.GRANT.c.until_at.is_(None),
                    schema.GRANT.c.case_id.is_(None),
                    schema.GRANT.c.grant_id != self.grant_id,
                )
                .distinct()
            ).all()
            if len(stewards) < 2:
                raise RefusedError("a store keeps two stewards", where=self.grant_id, fix="Grant the role to another first")
        work.connection.execute(update(schema.GRANT).where(schema.GRANT.c.grant_id == self.grant_id).values(revoked_at=work.at))
        return RoleRevoked(grant_id=self.grant_id, person=row["person"], role=row["role"])
