"""The gate's registry from a management system's API: asked for the whole once, and for what has changed from then on.

The system answers `GET URL?since=CURSOR&wait_s=SECONDS`, bearer token shown. Without `since` it tells everything; with it, what has
changed since it gave out that cursor, at once or as soon as something has, and 204 if nothing has by then; 410 to a cursor that it
no longer knows. `registry_answer.py` has what it tells. A registry of which nothing is heard grows stale as any other does
(`stale_after_s`).
"""

from __future__ import annotations

import http.client
import ipaddress
import ssl
import threading
import urllib.error
import urllib.request
from dataclasses import replace
from datetime import timedelta
from queue import Empty, Queue
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from cellwarden.admission.registry import Registry
from cellwarden.foundation.errors import CellwardenError, InputChangedError, MalformedInputError, RefusedError, UsageError
from cellwarden.workflows.registry_answer import HOW, Told, read_answer

if TYPE_CHECKING:
    from pathlib import Path

    from cellwarden.foundation.clock import Clock
    from cellwarden.workflows.gatehouse import Gatehouse

MOST_OCTETS = 512 << 20
"""Longest answer: larger than any registry."""
CONFIRM = timedelta(seconds=15)
"""A registry of which nothing has changed is confirmed so often: each confirmation is an entry of evidence."""
_GRACE_S = 5
"""How much longer than it was asked to wait a system may take."""
_RETRY_S, _MOST_RETRY_S = 1.0, 30.0
"""Until the next question after one that failed, at first and at the most: each failure doubles it, since a whole registry is much."""


class ManagementSystem:
    """A management system behind HTTP."""

    def __init__(self, url: str, token: str, clock: Clock, *, ca: Path | None = None, wait_s: int = 20) -> None:
        """Say whom to ask.

        Args:
            url: Of its list of equipment; https, or http on this machine.
            token: Shown with each question.
            clock: The clock on the wall.
            ca: Roots that its certificate must lead to, PEM; None: those of this machine.
            wait_s: How long it may wait for a change before it says that there is none.

        Raises:
            RefusedError: The registry would cross a network in clear.
            UsageError: There is no token, or no roots in the file.
        """
        parts = urlsplit(url)
        self._host = parts.hostname or ""
        if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(self._host)):
            raise RefusedError(
                "a registry comes over https, or from this machine", where="[management] url", fix="Say https://…"
            )
        if not token or not token.isascii() or not token.isprintable():
            raise UsageError(
                "no token", where="[management] token_file", fix="Write the one that the management system gave you"
            )
        try:
            context = ssl.create_default_context(cafile=ca)
        except (OSError, ssl.SSLError) as error:
            raise UsageError("no certificates in it", where="[management] ca", fix="Give the roots as PEM") from error
        self._url, self._token, self._clock, self._wait_s = url, token, clock, wait_s
        self._opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context), _NoRedirect())

    def ask(self, cursor: str) -> Told:
        """Ask for everything (no cursor), or for what has changed since; wait for the answer.

        Raises:
            UnreachableError: It does not answer, or not as asked.
            InputChangedError: It no longer knows the cursor.
            MalformedInputError: What it says cannot be understood as a whole.
        """
        asked_at = self._clock()
        joint = "&" if urlsplit(self._url).query else "?"
        since = f"{joint}{urlencode({'since': cursor, 'wait_s': self._wait_s})}" if cursor else ""
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}
        request = urllib.request.Request(self._url + since, headers=headers)  # noqa: S310 (https, or loopback)
        try:
            with self._opener.open(request, timeout=self._wait_s + _GRACE_S) as answer:
                if answer.status == http.HTTPStatus.NO_CONTENT and cursor:
                    return Told(asked_at, cursor, is_whole=False)
                content = answer.read(MOST_OCTETS + 1)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code == http.HTTPStatus.GONE and cursor:
                raise InputChangedError(
                    "its cursor is too old", where=self._host, fix="The whole registry is asked for"
                ) from error
            raise UnreachableError(
                f"it answers {error.code}", where=self._host, fix=_FIXES.get(error.code, "Tried again")
            ) from error
        except (OSError, http.client.HTTPException) as error:
            why = getattr(error, "reason", error)
            raise UnreachableError(f"no answer ({type(why).__name__})", where=self._host, fix="Tried again") from error
        if len(content) > MOST_OCTETS:
            raise MalformedInputError("longer than any registry", where=self._host, fix=HOW)
        return read_answer(content, self._clock(), where=self._host, is_first=not cursor)


class ApiSource:
    """Keeps a gate's registry up to date from a management system: asked on a thread of its own, taken in where the gate is tended."""

    def __init__(self, system: ManagementSystem, *, period_s: float = 0.5) -> None:
        """Say whom to ask, and how much time must lie between the beginnings of two questions."""
        self._system, self._period_s = system, period_s
        self._answers: Queue[Told | CellwardenError] = Queue(1)
        self._thread: threading.Thread | None = None
        self._trouble: CellwardenError | None = None

    def refresh(self, house: Gatehouse) -> bool:
        """Take in what was told since; return whether anything was new.

        Raises:
            CellwardenError: What went wrong last, until something goes well.
        """
        if self._thread is None:
            self._thread = threading.Thread(target=self._ask_on, daemon=True)
            self._thread.start()
        is_new = False
        try:
            answer = self._answers.get_nowait()
            self._trouble = answer if isinstance(answer, CellwardenError) else None
            if isinstance(answer, Told):
                is_new = _take(answer, house)
        except Empty:
            pass
        if self._trouble is not None:
            raise self._trouble
        return is_new

    def _ask_on(self) -> None:
        """Ask again and again, for as long as the process lives."""
        cursor, retry_s, rest = "", _RETRY_S, threading.Event()
        while True:
            began, answer = monotonic(), self._answer(cursor)
            if isinstance(answer, Told):
                cursor, retry_s, pause_s = answer.cursor, _RETRY_S, self._period_s
            else:
                # Where it is not known what it meant, no later change could follow it.
                cursor = "" if isinstance(answer, MalformedInputError) else cursor
                pause_s, retry_s = retry_s, min(2 * retry_s, _MOST_RETRY_S)
            self._answers.put(answer)
            rest.wait(max(0.0, pause_s - (monotonic() - began)))

    def _answer(self, cursor: str) -> Told | CellwardenError:
        try:
            return self._system.ask(cursor)
        except CellwardenError as error:
            return error
        except OSError as error:
            return CellwardenError(f"no room to read the answer ({error.strerror})", where="[management]", fix="Make room")


class UnreachableError(CellwardenError):
    """The management system gives no answer; it is asked again."""

    http_status = 502


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect could lead the token elsewhere, in clear: it counts as a failure."""

    def redirect_request(self, *_: Any) -> None:
        """Follow none."""


_FIXES = {401: "Renew the token", 403: "Ask for the right to read equipment", 404: "Look at the url"}


def _take(told: Told, house: Gatehouse) -> bool:
    """Bring a gate's registry up to date; return whether anything was new."""
    held = house.gate.registry
    if told.is_whole:
        house.renew(Registry(told.versions, as_of=told.as_of))
        return True
    deleted = [
        replace(version, status="deleted", valid_from=told.as_of, valid_to=None, recorded_at=told.as_of)
        for unit in told.gone
        for version in {each.cell: each for each in held.history(unit)}.values()
    ]
    if not told.versions and not deleted and told.as_of - held.as_of < CONFIRM:
        return False
    house.change([*told.versions, *deleted], as_of=told.as_of)
    return bool(told.versions or deleted)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
