"""*Was I affected?* Answered to whoever proves to hold the line, and to nobody else; a stranger learns nothing by asking.

The proof is a code that is sent to the line itself (or to the mail address on file) and typed back. The answer to a wrong code, an
expired code, an unknown line and a line that never asked is one and the same, so that asking enumerates nobody.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

VALID = timedelta(minutes=10)
"""How long a code holds."""
MOST_TRIES = 5
"""Wrong codes a line may get within `VALID`; then it waits."""
_STEP_S = int(VALID.total_seconds())
_REFUSED = {
    "en": "We cannot answer: the code does not fit. Ask for a new code, or call us.",
    "ko": "확인할 수 없습니다. 인증번호가 맞지 않습니다. 새 인증번호를 받거나 고객센터로 문의해 주시기 바랍니다.",
}
_NONE = {
    "en": "Our records of {first} to {last} show no connection of your line to the base stations that we found. Records have gaps: this is not proof.",
    "ko": "{first}부터 {last}까지의 기록에서 고객님의 회선이 확인된 불법 기지국에 접속한 내역은 없습니다. 다만 기록에는 빈 구간이 있을 수 있습니다.",
}
_ELSEWHERE = {
    "en": "Our records of {first} to {last} show a connection of your line to an illegal base station. The company with which you have your contract tells you what was exposed. Ask them, or call us.",
    "ko": "{first}부터 {last}까지의 기록에서 고객님의 회선이 불법 기지국에 접속한 내역이 있습니다. 유출 내용은 고객님이 가입하신 통신사에서 알려 드립니다. 해당 통신사나 고객센터로 문의해 주시기 바랍니다.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is shown."""

    is_proven: bool
    """Whether the code fitted; false tells nothing about the line."""
    text: str


def code(secret: bytes, subject: str, at: datetime) -> str:
    """Return the six-digit code of a line at an instant, to be sent to the line and never shown to whoever asks.

    Args:
        secret: Key of this service, at least 32 random octets.
        subject: The subscriber as the result names them.
        at: Aware.
    """
    return _code(secret, subject, int(at.timestamp()) // _STEP_S)


def _code(secret: bytes, subject: str, step: int) -> str:
    digest = hmac.new(secret, f"{subject}|{step}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06}"


def answer(
    secret: bytes,
    subject: str,
    typed: str,
    *,
    at: datetime,
    notices: Mapping[str, str],
    touched: Container[str],
    window: tuple[str, str],
    language: str,
    tries: int,
) -> Answer:
    """Answer one question.

    Args:
        secret: As for `code`.
        subject: Whom the question is about.
        typed: The code that was typed.
        at: Now, aware.
        notices: Text of the last notice of each subscriber that has one.
        touched: Whoever is in the census: without a notice of ours they are told by their own company.
        window: First and last local day of the records.
        language: `ko` or `en`.
        tries: Wrong codes that this line got within the last ten minutes.
    """
    step = int(at.timestamp()) // _STEP_S
    # Both codes are computed and compared and every text is made whatever comes out: one way, one time, whoever is asked about.
    fits = [hmac.compare_digest(_code(secret, subject, step - back).encode(), typed.encode()) for back in (0, 1)]
    nothing, elsewhere = (each[language].format(first=window[0], last=window[1]) for each in (_NONE, _ELSEWHERE))
    told = notices.get(subject, elsewhere if subject in touched else nothing)
    if not any(fits) or tries >= MOST_TRIES:
        return Answer(is_proven=False, text=_REFUSED[language])
    return Answer(is_proven=True, text=told)


def window_of(summary: Mapping[str, Any]) -> tuple[str, str]:
    """Return the first and last day of the access records of a summary."""
    first, last = ((summary["window"][end] or "?")[:10] for end in ("from", "to"))
    return first, last
