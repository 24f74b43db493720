"""The route that most requests take, ahead of the framework: what it gathers for any function costs more than a decision.

The lane refuses nobody a hearing: a request that is not plainly a question (no token, another type of content, a body that the
contract does not know) goes on as it came, and the framework's own route of the same path says what is wrong with it. Questions that
came in the same moment are decided in their order and written down together, before any of them is answered.
"""

from __future__ import annotations

import asyncio
import hmac
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from pydantic_core import to_json
from starlette.responses import JSONResponse

from cellwarden.foundation.errors import CellwardenError
from cellwarden.interfaces.gate.attempt import Attempt, verdict_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from cellwarden.admission.decisions import Decision
    from cellwarden.admission.facts import Facts
    from cellwarden.workflows.gatehouse import Gatehouse

PATH = "/v1/decisions"


class DecisionLane:
    """Application in front of `api`: answers `POST /v1/decisions` and passes everything else on."""

    def __init__(self, app: ASGIApp, house: Gatehouse, token: str) -> None:
        self._app, self._house = app, house
        self._shown = f"Bearer {token}".encode()
        self._waiting: list[tuple[Facts, asyncio.Future[Decision]]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if not self._is_plain(scope):
            await self._app(scope, receive, send)
            return
        message = await receive()
        try:
            attempt = Attempt.model_validate_json(b"" if message.get("more_body") else message.get("body", b""))
        except ValidationError:
            await self._app(scope, _after(message, receive), send)
            return
        try:
            decision = await self._asked(attempt.facts(self._house.clock()))
        except CellwardenError as error:
            await JSONResponse({"error": str(error)}, error.http_status)(scope, receive, send)
            return
        content = to_json(verdict_of(decision))
        headers = [(b"content-length", b"%d" % len(content)), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _is_plain(self, scope: Scope) -> bool:
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST":
            return False
        headers: dict[bytes, bytes] = dict(scope["headers"])
        return (
            len(headers) == len(scope["headers"])
            and headers.get(b"content-type") == b"application/json"
            and hmac.compare_digest(headers.get(b"authorization", b""), self._shown)
        )

    async def _asked(self, facts: Facts) -> Decision:
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_soon(self._decide)
        answer: asyncio.Future[Decision] = loop.create_future()
        self._waiting.append((facts, answer))
        return await answer

    def _decide(self) -> None:
        """Decide on all who wait."""
        asked, self._waiting = self._waiting, []
        try:
            decisions = self._house.ask_all(facts for facts, _ in asked)
        except Exception as error:  # noqa: BLE001 (whoever asked is told)
            for _, answer in asked:
                answer.set_exception(error)
        else:
            for (_, answer), decision in zip(asked, decisions, strict=True):
                answer.set_result(decision)


def _after(message: Message, receive: Receive) -> Receive:
    """Return what tells again what was heard already, and then goes on."""
    heard: list[Any] = [message]

    async def again() -> Message:
        return heard.pop() if heard else await receive()

    return again
