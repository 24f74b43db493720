"""What a payment needed of its payer, which of that the exposure could have given, and which it could not."""

from __future__ import annotations

from dataclasses import dataclass

from cellwarden.records.vocabulary import THROUGH

POSSESSION = {"ars": "call", "sms": "sms"}
"""Channels that prove possession of the line by an automatic call (ARS) or a code SMS."""
PERSONAL = ("name", "birth_date", "sex")
"""What carrier billing asks besides possession (public case; its source was never established)."""
OPEN_QUESTION = {
    "en": "Where the name, birth date and sex came from is not in these records: a base station does not see them.",
    "ko": "이름·생년월일·성별의 출처는 이 기록으로 알 수 없습니다. 기지국은 그 정보를 볼 수 없습니다.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Factors:
    """The factors of one payment."""

    needed: str
    """Proof of possession that the channel asks for: `call`, `sms`, or `none` where it asks for a secret or a device."""
    given: str
    """`yes`: the call or SMS went through the accused cell; `possible`: it is not recorded; `no`: elsewhere, or none needed."""
    not_given: tuple[str, ...]
    """What the exposure cannot have given, and somebody must have had from elsewhere."""


def factors(channel: str, kind: str) -> Factors:
    """Tell the factors of a payment from its channel and the kind of its meeting with the exposure."""
    needed = POSSESSION.get(channel, "none")
    given = "yes" if kind in THROUGH else "possible" if kind == "unseen" else "no"
    secret = {"pin": ("pin",), "password": ("password",), "app": ("app_device",)}.get(channel, ())
    if needed != "none" and given == "no":
        secret = ("possession",)
    return Factors(needed=needed, given=given if needed != "none" else "no", not_given=(*secret, *PERSONAL))
