"""A made-up response team at a store, and a clock that tests turn."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cellwarden.incident.case.cases import OpenCase
from cellwarden.incident.case.people import Enrol, GrantRole, RenewToken
from cellwarden.incident.case.requests import Ask, Decide
from cellwarden.incident.case.store import CaseStore
from cellwarden.incident.case.token import Token

START = datetime(2025, 9, 5, 3, 0, tzinfo=UTC)
TEAM = {
    "kim": "commander",
    "lee": "commander",
    "han": "analyst",
    "noh": "network",
    "cho": "care",
    "seo": "counsel",
    "dho": "dpo",
    "oh": "auditor",
}
"""Who holds which role; the founders are `ahn` and `bae`."""


@dataclass
class Turned:
    """A clock that stands until it is turned."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def turn(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


@dataclass
class Response:
    """A store with its people."""

    store: CaseStore
    clock: Turned
    tokens: dict[str, Token] = field(default_factory=dict)

    @classmethod
    def made(cls, url: str, team: dict[str, str] = TEAM) -> Response:
        clock = Turned()
        store = CaseStore(url, clock=clock)
        response = cls(store, clock)
        for token in store.make(("ahn", "bae"), time_zone="Asia/Seoul"):
            response.tokens[token.name] = token
            response.renew(token.name)
        for name, role in team.items():
            response.enrol(name)
            response.grant(name, role)
        return response

    def do(self, who: str, command: Any) -> Any:
        return self.store.handle(command, self.tokens[who])

    def enrol(self, name: str) -> None:
        self.tokens[name] = Token.made(name)
        self.do("ahn", Enrol(name=name, token_digest=self.tokens[name].digest))
        self.renew(name)

    def renew(self, name: str) -> None:
        token = Token.made(name)
        self.do(name, RenewToken(token_digest=token.digest))
        self.tokens[name] = token

    def grant(self, name: str, role: str, case_id: str | None = None) -> str:
        asked = self.ask("ahn", "grant", {"person": name, "role": role}, case_id=case_id)
        self.do("bae", Decide(request_id=asked, reason="known to us"))
        return self.do("ahn", GrantRole(request_id=asked)).grant_id

    def ask(self, who: str, kind: str, content: dict[str, Any], *, case_id: str | None = None, hours: float = 24) -> str:
        ends = self.clock.at + timedelta(hours=hours)
        command = Ask(kind=kind, purpose="needed for the response", expires_at=ends, content=content, case_id=case_id)
        return self.do(who, command).request_id

    def case(self, title: str = "Rogue cell in the south") -> str:
        return self.do("kim", OpenCase(title=title)).case_id
