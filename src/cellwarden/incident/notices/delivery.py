"""How a notice reaches its subscriber, with a receipt for each attempt; who cannot be reached is told on the web for 30 days.

A receipt names the reference and the shape of the address, never the address. What was delivered is not sent again.
"""

from __future__ import annotations

import base64
import json
import smtplib
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass
from datetime import timedelta
from email.message import EmailMessage
from typing import TYPE_CHECKING, Protocol

from cellwarden.foundation.clock import iso
from cellwarden.foundation.errors import UsageError
from cellwarden.foundation.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

    from cellwarden.foundation.clock import Clock

FALLBACK_DAYS = 30
"""Days for which a notice stands on the web where no address is known (PIPA Decree, Article 39)."""
TIMEOUT_S = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A notice ready to go."""

    reference: str
    title: str
    text: str
    pdf: bytes
    language: str
    address: str
    """Where to; empty: not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One attempt."""

    reference: str
    at: str
    by: str
    """`smtp`, `webhook`, `file` or `web`."""
    outcome: str
    """`delivered` (the receiving server took it), `failed` (try again), `unreachable` (no address: the web stands in)."""
    to: str
    """Shape of the address."""
    answer: str = ""
    """What the server said, shortened."""


class Adapter(Protocol):
    """A way to deliver."""

    @property
    def name(self) -> str:
        """As receipts call it."""

    def deliver(self, letter: Letter) -> str:
        """Deliver, and return what the other side said.

        Raises:
            OSError: It did not work; it may later.
        """


@dataclass(frozen=True, slots=True)
class Smtp:
    """Mail by an operator's own relay."""

    host: str
    port: int
    sender: str
    starttls: bool = True
    name: str = "smtp"

    def deliver(self, letter: Letter) -> str:
        """Send one mail: the text, and the PDF beside it."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.sender, letter.address, letter.title
        mail["Content-Language"] = letter.language
        mail["Message-ID"] = f"<{letter.reference}@{self.sender.partition('@')[2]}>"  # the same notice is the same message
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(letter.text)
        mail.add_attachment(letter.pdf, maintype="application", subtype="pdf", filename=f"{letter.reference}.pdf")
        with smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_S) as server:
            if self.starttls:
                server.starttls()
            refused = server.send_message(mail)
        if refused:
            raise OSError(f"refused by {len(refused)} receivers")
        return "250"


@dataclass(frozen=True, slots=True)
class Webhook:
    """A notification platform of the operator (text messages, messenger) that takes JSON."""

    url: str
    token: str = ""
    name: str = "webhook"

    def __post_init__(self) -> None:
        """Refuse anything but HTTP: a file URL would read from this machine."""
        if not self.url.startswith(("https://", "http://")):
            raise UsageError("not an HTTP address", where="webhook", fix="Write https://…")

    def deliver(self, letter: Letter) -> str:
        """Post one letter; the reference is the idempotency key."""
        body = {
            "reference": letter.reference,
            "to": letter.address,
            "title": letter.title,
            "language": letter.language,
            "text": letter.text,
            "pdf": base64.b64encode(letter.pdf).decode(),
        }
        headers = {"Content-Type": "application/json", "Idempotency-Key": letter.reference}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(self.url, json.dumps(body, ensure_ascii=False).encode(), headers)  # noqa: S310 (HTTP only, above)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
                return str(answer.status)
        except urllib.error.HTTPError as error:
            raise OSError(f"HTTP {error.code}") from error


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder for a printer and an envelope, or for another program."""

    path: Path
    name: str = "file"

    def deliver(self, letter: Letter) -> str:
        """Write the PDF and the text; a half-written file never has the final name."""
        self.path.mkdir(parents=True, exist_ok=True)
        for suffix, content in ((".pdf", letter.pdf), (".txt", letter.text.encode())):
            draft = self.path / f".{letter.reference}{suffix}"
            draft.write_bytes(content)
            draft.replace(self.path / f"{letter.reference}{suffix}")
        return "written"


def deliver(letters: Iterable[Letter], adapter: Adapter, receipts: Path, *, clock: Clock) -> dict[str, int]:
    """Deliver what was not delivered yet; return how many of each outcome. Who had no address is tried again once this adapter has a way.

    Args:
        letters: In any order; read one at a time.
        adapter: How.
        receipts: JSON lines, added to; each line is on disk before the next letter goes.
        clock: When.
    """
    last = {each.reference: each.outcome for each in read_receipts(receipts)}
    counted = {"delivered": 0, "failed": 0, "unreachable": 0, "already": 0}
    receipts.parent.mkdir(parents=True, exist_ok=True)
    with receipts.open("a", encoding="utf-8") as file:
        for letter in letters:
            before = last.get(letter.reference)
            if before == "delivered" or (before == "unreachable" and not _has_way(letter, adapter)):
                counted["already"] += 1
                continue
            receipt = _attempt(letter, adapter, at=iso(clock()))
            counted[receipt.outcome] += 1
            file.write(json.dumps(asdict(receipt), ensure_ascii=False, sort_keys=True) + "\n")
            file.flush()
    return counted


def _has_way(letter: Letter, adapter: Adapter) -> bool:
    return bool(letter.address) or isinstance(adapter, Folder)


def _attempt(letter: Letter, adapter: Adapter, *, at: str) -> Receipt:
    if not _has_way(letter, adapter):
        return Receipt(reference=letter.reference, at=at, by="web", outcome="unreachable", to="")
    try:
        answer, outcome = adapter.deliver(letter), "delivered"
    except (OSError, smtplib.SMTPException) as error:
        answer, outcome = type(error).__name__, "failed"
    return Receipt(
        reference=letter.reference,
        at=at,
        by=adapter.name,
        outcome=outcome,
        to=redact(letter.address, keep=1),
        answer=answer[:80],
    )


def read_receipts(path: Path) -> list[Receipt]:
    """Return the receipts of a file in their order; none where there is no file. A last line cut short by a crash is left out."""
    if not path.exists():
        return []
    found = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        try:
            found.append(Receipt(**json.loads(line)))
        except (ValueError, TypeError):
            continue
    return found


def fallback(receipts: Iterable[Receipt], references: Iterable[str], *, on: date) -> dict[str, object]:
    """Return what must stand on the web: the references of those who were not reached by their last attempt, and until when.

    A reference says nothing to a stranger; who holds one, or proves to be the subscriber, gets the notice (`lookup.py`).
    """
    last = {each.reference: each.outcome for each in receipts}
    unreached = sorted(reference for reference in references if last.get(reference) != "delivered")
    return {"from": on.isoformat(), "until": (on + timedelta(days=FALLBACK_DAYS)).isoformat(), "references": unreached}
