"""The gate by HTTP: any peer that can ask a question before it lets equipment in; and whoever changes or watches the gate."""

from __future__ import annotations

import hmac
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import Depends, FastAPI, HTTPException, Path, Query, Request
from fastapi.responses import JSONResponse, PlainTextResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import AwareDatetime, BaseModel, ConfigDict

from cellwarden import __version__
from cellwarden.admission.blocks import Block
from cellwarden.foundation.clock import iso
from cellwarden.foundation.errors import CellwardenError, UsageError
from cellwarden.interfaces.gate.attempt import Attempt, Text, Verdict, verdict_of
from cellwarden.interfaces.gate.metrics import Metrics

if TYPE_CHECKING:
    from collections.abc import Callable

    from cellwarden.workflows.gatehouse import Gatehouse

Kind = Literal["equipment_id", "certificate", "serial", "cell", "network"]
MOST_SEALED_OCTETS = 512 << 20


class Tunnel(BaseModel):
    """Which tunnel is gone."""

    model_config = ConfigDict(extra="forbid")
    gateway: Text
    key: Text


class Association(Tunnel):
    """Which S1 association is gone."""

    inner_ip: Text


class NewBlock(BaseModel):
    """What may not join from now on."""

    model_config = ConfigDict(extra="forbid")
    kind: Kind
    value: Text
    reason: Text
    by: Text
    until: AwareDatetime | None = None


class Cut(BaseModel):
    """How many live sessions an act ended."""

    cut: int


class Problem(BaseModel):
    """An error that teaches."""

    error: str


_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": text}
    for status, text in {
        400: "not understood",
        401: "no valid token",
        403: "refused",
        409: "conflicts with what is held",
        422: "not as the contract says",
    }.items()
}
_bearer = HTTPBearer(auto_error=False)


def api(  # noqa: C901 (one small function a route)
    house: Gatehouse, token: str, take_registry: Callable[[bytes], int] | None = None
) -> FastAPI:
    """Make the application.

    Args:
        house: Who decides.
        token: Shown as bearer token by whoever asks or changes something.
        take_registry: Takes a sealed registry or delta and returns how many sessions that cut; None: there is no such source.

    Raises:
        UsageError: The token is empty.
    """
    if not token:
        raise UsageError("the token is empty", where="[http] token_file", fix="Write a long random word into it")

    async def allowed(shown: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> None:
        if shown is None or not hmac.compare_digest(shown.credentials.encode(), token.encode()):
            raise HTTPException(401, "show the gate's token", {"WWW-Authenticate": "Bearer"})

    app = FastAPI(title="Cellwarden gate", version=__version__, docs_url=None, redoc_url=None, responses=_PROBLEMS)
    guarded: Any = {"dependencies": [Depends(allowed)]}
    metrics = Metrics(house)

    @app.exception_handler(CellwardenError)
    async def teach(_: Request, error: CellwardenError) -> JSONResponse:
        return JSONResponse({"error": str(error)}, error.http_status)

    @app.exception_handler(HTTPException)
    async def say(_: Request, error: HTTPException) -> JSONResponse:
        return JSONResponse({"error": error.detail}, error.status_code, error.headers)

    @app.post("/v1/decisions", response_model=Verdict, **guarded)
    async def decide(attempt: Attempt) -> dict[str, Any]:
        """Decide on an attempt to join; `allow` false is an answer, not an error."""
        return verdict_of(house.ask(attempt.facts(house.clock())))

    @app.get("/v1/health")
    async def health() -> dict[str, Any]:
        """Say how old the registry is and where refusals are not enforced."""
        gate, now = house.gate, house.clock()
        return {
            "registry_as_of": iso(gate.registry.as_of),
            "registry_age_s": (now - gate.registry.as_of).total_seconds(),
            "units": len(gate.registry),
            "sessions": len(gate.sessions),
            "not_enforced": [{"region": r.name, "mode": r.mode, "until": iso(r.until)} for r in gate.policy.loose_regions(now)],
        }

    @app.get("/metrics", response_class=PlainTextResponse)
    async def prometheus() -> PlainTextResponse:
        """Tell a Prometheus server."""
        return PlainTextResponse(metrics.text())

    @app.post("/v1/departures", status_code=204, **guarded)
    async def leave(tunnel: Tunnel) -> None:
        """Note that a tunnel is gone."""
        house.leave(tunnel.gateway, tunnel.key)

    @app.post("/v1/partings", status_code=204, **guarded)
    async def part(association: Association) -> None:
        """Note that an S1 association is gone."""
        house.part(association.gateway, association.key, association.inner_ip)

    @app.get("/v1/sessions", **guarded)
    async def sessions(
        equipment_id: Annotated[Text, Query()] = "", limit: Annotated[int, Query(ge=1, le=10_000)] = 1000
    ) -> list[dict[str, Any]]:
        """List live sessions, of one unit or of all."""
        held = house.gate.sessions.of_unit(equipment_id) if equipment_id else list(house.gate.sessions)[:limit]
        return [
            {
                "equipment_id": each.equipment_id,
                "gateway": each.gateway,
                "key": each.key,
                "opened_at": iso(each.opened_at),
                "source_ip": each.facts.source_ip,
                "inner_ip": each.facts.inner_ip,
                "has_s1": each.association is not None,
            }
            for each in held
        ]

    @app.get("/v1/blocks", **guarded)
    async def blocks() -> list[dict[str, Any]]:
        """List the block list."""
        return [{**asdict(each), "until": iso(each.until) if each.until else None} for each in house.gate.registry.blocks]

    @app.post("/v1/blocks", response_model=Cut, **guarded)
    async def block(new: NewBlock) -> dict[str, int]:
        """Put something on the block list and cut whoever it names."""
        try:
            entry = Block(new.kind, new.value, new.reason, new.until)
        except ValueError as error:
            raise HTTPException(422, "the value is no network") from error
        return {"cut": house.block(entry, by=new.by)}

    @app.delete("/v1/blocks/{kind}/{value:path}", status_code=204, responses={404: {"model": Problem}}, **guarded)
    async def unblock(kind: Annotated[Kind, Path()], value: Annotated[Text, Path()], by: Annotated[Text, Query()]) -> None:
        """Take something off the block list."""
        if not house.unblock(kind, value, by=by):
            raise HTTPException(404, "nothing of that kind and value is blocked")

    @app.post("/v1/registry", response_model=Cut, openapi_extra=_OCTETS, **guarded)
    async def registry(request: Request) -> dict[str, int]:
        """Take a sealed registry, or a delta that follows the one held."""
        if take_registry is None:
            raise HTTPException(409, "this gate reads its registry from a folder")
        content = bytearray()
        async for piece in request.stream():
            content += piece
            if len(content) > MOST_SEALED_OCTETS:
                raise HTTPException(422, "larger than any registry")
        return {"cut": take_registry(bytes(content))}

    return app


_OCTETS = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
