"""OCSP over HTTP (RFC 6960, Appendix A): POST with the request, or GET with it in base64 in the path."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route

from cellwarden.interfaces.gate.ocsp import MOST_OCTETS

if TYPE_CHECKING:
    from starlette.requests import Request

    from cellwarden.interfaces.gate.ocsp import Responder

_TYPE = "application/ocsp-response"


def ocsp_app(responder: Responder) -> Starlette:
    """Make the application."""

    async def posted(request: Request) -> Response:
        content = bytearray()
        async for piece in request.stream():
            content += piece
            if len(content) > MOST_OCTETS:
                return Response(status_code=413)
        return await answer(bytes(content))

    async def got(request: Request) -> Response:
        try:
            content = base64.b64decode(request.path_params["request"], validate=True)
        except (binascii.Error, ValueError):
            return Response(status_code=400)
        return await answer(content)

    async def answer(content: bytes) -> Response:
        # In a thread: the registry may be asked in another process, and one that hangs must not hold up the next request.
        return Response(await run_in_threadpool(responder.respond, content), media_type=_TYPE)

    return Starlette(routes=[Route("/{path:path}", posted, methods=["POST"]), Route("/{request:path}", got, methods=["GET"])])
