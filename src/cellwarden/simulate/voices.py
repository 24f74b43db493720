"""What people say: complaints in Korean and English, log-outs of other accounts, a tip from the police."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cellwarden.simulate.payments import CATEGORIES, MERCHANTS, STATUS
from cellwarden.simulate.population import NEVER
from cellwarden.simulate.randomness import DAY_S, HOUR_S, stream
from cellwarden.simulate.writing import instant

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator

    from cellwarden.simulate.payments import Payments
    from cellwarden.simulate.signalling import World

ROBBED = (
    "새벽에 {shop}에서 {amount}원이 소액결제됐는데 저는 결제한 적이 없습니다",
    "인증번호 문자도 안 왔는데 상품권 {count}건이 결제됐어요",
    "자고 일어나니 메신저가 로그아웃돼 있고 요금에 {amount}원이 잡혀 있어요",
    "ARS 인증했다고 나오는데 전화 받은 적 없습니다. 취소해 주세요",
    "이웃도 같은 피해를 봤답니다. 소액결제 차단해 주세요",
    "{amount} won charged at {shop}; I was asleep.",
    "No verification text arrived but {count} gift-card payments went through.",
    "It says verified by automatic call; I never took a call.",
)
CHARGED = (
    "아이가 게임 아이템을 결제했어요, 환불 문의드립니다",
    "구독을 해지했는데 {amount}원이 계속 결제됩니다",
    "결제한 기억이 없는데 {shop} {amount}원이 청구됐어요",
    "My child bought game items for {amount} won; can this be refunded?",
    "I cancelled the subscription at {shop} but was charged again.",
)
OTHER = (
    ("quality", "집에서 신호가 자주 끊깁니다, 펨토셀 설치 요청합니다"),
    ("quality", "통화가 자꾸 끊겨요, 점검 부탁드립니다"),
    ("quality", "Mobile data is very slow in the evening."),
    ("payment", "소액결제 한도를 올려 주세요"),
    ("payment", "소액결제를 차단하고 싶어요, 한도 0원으로 해 주세요"),
    ("smishing", "택배 문자 링크를 눌렀는데 괜찮나요"),
    ("smishing", "I tapped a link in a parcel message, is my phone safe?"),
    ("news", "뉴스를 보고 불안해서 결제 내역 조회 부탁드립니다"),
    ("account", "메신저가 갑자기 로그아웃됐어요"),
    ("account", "My messenger signed me out during the night."),
    ("billing", "요금제를 바꾸고 싶습니다"),
    ("billing", "The bill this month is higher than usual, why?"),
)
ROUTES = ("call", "call", "call", "web", "shop", "police")
SERVICES = ("messenger.example", "market.example", "mail.example")


@dataclass(frozen=True, slots=True)
class Manner:
    """How people complain; the defaults are the demo city's, which has more to show than life."""

    robbed: float = 0.5
    """Share of the robbed who ever say so (0.6 in the case, simulation.md 5.4)."""
    disputing: float = 0.6
    """Share of the disputed honest payments about which somebody also complains."""
    contacts: float = 0.0004
    """About other things, a line and day."""
    publicity_at: float | None = None
    """When the news broke, seconds since the first local midnight."""
    delays: bool = False
    """The robbed speak the same morning (15 %), within a week (15 %), after the news (30 %), or when the bill comes (simulation.md 5.4); else
    half of them the same morning and the others over days (assumption)."""
    slips: float = 0.0
    """Share of the complaints of payments with a slip of the pen, and with the day of the call for the day of the charge (15 %, simulation.md 5.4)."""


def _heard_at(rng: Generator, manner: Manner, last: float) -> float:
    """Return when somebody complains who was last robbed at `last`; NEVER if the case is not in the news."""
    if not manner.delays:
        if rng.random() < 0.5:
            return last + float(rng.uniform(0.5, 9)) * HOUR_S
        return _in_office_hours(rng, last + float(rng.exponential(3) + 1) * DAY_S)
    draw = rng.random()
    if draw < 0.15:
        return last + float(rng.uniform(0.5, 9)) * HOUR_S
    if draw < 0.3:
        return _in_office_hours(rng, last + float(rng.uniform(1, 7)) * DAY_S)
    if draw < 0.6:
        return NEVER if manner.publicity_at is None else max(last, manner.publicity_at) + float(rng.exponential(5)) * DAY_S
    return _in_office_hours(rng, last + float(rng.uniform(20, 35)) * DAY_S)


def _in_office_hours(rng: Generator, at: float) -> float:
    return at // DAY_S * DAY_S + float(rng.uniform(8.5, 20)) * HOUR_S


def _slipped(rng: Generator, text: str) -> str:
    """Return the text with two neighbouring letters of a word in each other's place."""
    places = [place for place in range(len(text) - 1) if text[place].isalpha() and text[place + 1].isalpha()]
    place = places[int(rng.integers(len(places)))]
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def complaints(
    world: World, payments: Payments, names: list[str], imsi: Callable[[int], str], manner: Manner | None = None
) -> list[dict[str, Any]]:
    """Return complaints in the order of their receipt: of some of the robbed, of some who were charged, of others."""
    manner = manner or Manner()
    rng = stream(world.seed, "complaints")
    found: list[tuple[float, dict[str, Any]]] = []

    def add(
        at: float,
        text: str,
        topic: str,
        who: int,
        *,
        about: tuple[float, float] | None = None,
        payment: str | None = None,
        cause: str = "other",
    ) -> None:
        at = min(at, world.until)
        x, y = world.people.home_of(np.array([who]), np.array([at]))
        district = int(world.city.district(x, y)[0])
        if manner.slips and about is not None:
            text = _slipped(rng, text) if rng.random() < manner.slips else text
            about = (at // DAY_S * DAY_S, at // DAY_S * DAY_S + DAY_S) if rng.random() < manner.slips else about
        row = {
            "at": instant(at),
            "about_from": instant(about[0]) if about else None,
            "about_to": instant(about[1]) if about else None,
            "imsi": imsi(who) if rng.random() < 0.9 else None,
            "route": ROUTES[int(rng.integers(5 if about is None else 6))],
            "text": text,
            "topic": topic if rng.random() < 0.9 else None,
            "payment_id": payment if rng.random() < 0.7 else None,
            "district": world.city.district_names[district] if rng.random() < 0.85 else None,
            "cause": cause,
            "true_payment": payment,
            "true_imsi": imsi(who),
        }
        if at < world.until:
            found.append((at, row))

    def about(first: float, last: float) -> tuple[float, float] | None:
        return (first // HOUR_S * HOUR_S, last // HOUR_S * HOUR_S + HOUR_S) if rng.random() < 0.7 else None

    for who in np.unique(payments.who[payments.capture >= 0]):
        mine = np.flatnonzero((payments.capture >= 0) & (payments.who == who))
        if rng.random() < manner.robbed:
            first, last = float(payments.at[mine[0]]), float(payments.at[mine[-1]])
            at = _heard_at(rng, manner, last)
            add(
                at,
                _text(rng, ROBBED, payments, mine),
                "payment",
                int(who),
                about=about(first, last),
                payment=names[mine[0]],
                cause="theft",
            )
    bought = np.flatnonzero((payments.capture < 0) & ~np.isnan(payments.disputed_at))
    for one in bought[rng.random(len(bought)) < manner.disputing]:
        at, bought_at = float(payments.disputed_at[one]), float(payments.at[one])
        add(
            at,
            _text(rng, CHARGED, payments, np.array([one])),
            "payment",
            int(payments.who[one]),
            about=about(bought_at, bought_at),
            payment=names[one],
            cause="dispute",
        )
    for _ in range(int(rng.poisson(manner.contacts * world.people.count * world.people.days)) + 3):
        topic, text = OTHER[int(rng.integers(len(OTHER)))]
        at = _in_office_hours(rng, float(rng.uniform(0, world.until)))
        add(
            at,
            text,
            topic,
            int(rng.integers(world.people.count)),
            cause=topic if topic in ("quality", "smishing", "news") else "other",
        )
    found.sort(key=lambda one: one[0])
    return [{"complaint_id": f"K{number:06d}", **row} for number, (_, row) in enumerate(found, start=1)]


def _text(rng: Generator, texts: tuple[str, ...], payments: Payments, mine: np.ndarray[tuple[int], np.dtype[np.int64]]) -> str:
    one = int(mine[-1])
    shops = MERCHANTS[int(payments.category[one])]
    shop = shops[int(payments.merchant[one]) % len(shops)]
    return texts[int(rng.integers(len(texts)))].format(shop=shop, amount=f"{payments.amount[one]:,}", count=len(mine))


def logins(world: World, payments: Payments, imsi: Callable[[int], str]) -> list[dict[str, Any]]:
    """Return events of other accounts in time order: log-outs of the robbed minutes before, and everybody else's."""
    rng = stream(world.seed, "logins")
    robbed, first = np.unique(payments.who[payments.capture >= 0], return_index=True)
    stolen_at = payments.at[payments.capture >= 0][first]
    found: list[tuple[float, int, str, str]] = []
    for who, at in zip(robbed, stolen_at, strict=True):
        if rng.random() < 0.6:
            found.append((float(at - rng.uniform(20, 170)), int(who), SERVICES[0], "logged_out"))
            if rng.random() < 0.3:
                found.append((float(at - rng.uniform(1, 19)), int(who), SERVICES[0], "new_device"))
    kinds = ("logged_out", "new_device", "login_failed", "login_failed", "password_reset")
    for _ in range(int(rng.poisson(0.002 * world.people.count * world.people.days))):
        service, kind = SERVICES[int(rng.integers(3))], kinds[int(rng.integers(5))]
        found.append((float(rng.uniform(0, world.until)), int(rng.integers(world.people.count)), service, kind))
    return [
        {"at": instant(at), "imsi": imsi(who), "service": service, "event": kind} for at, who, service, kind in sorted(found)
    ]


def tips(world: World, payments: Payments) -> list[dict[str, Any]]:
    """Return the report of the police about one night, without names."""
    rng = stream(world.seed, "tips")
    stolen = np.flatnonzero((payments.capture >= 0) & (payments.status == STATUS["approved"]))
    if not len(stolen):
        return []
    nights = (payments.at[stolen] // DAY_S).astype(np.int64)
    night = int(np.bincount(nights).argmax())
    those = stolen[nights == night]
    x, y = world.people.home_of(payments.who[those], payments.at[those])
    district = int(np.bincount(world.city.district(x, y)).argmax())
    here = those[world.city.district(x, y) == district]
    category = CATEGORIES[int(payments.category[here[0]])]
    at = min(world.until - 600, (night + 2) * DAY_S + float(rng.uniform(9, 17)) * HOUR_S)
    return [
        {
            "tip_id": "T0001",
            "at": instant(at),
            "from_at": instant(night * DAY_S),
            "to_at": instant((night + 1) * DAY_S),
            "district": world.city.district_names[district],
            "victims": len(np.unique(payments.who[here])),
            "amount": int(payments.amount[here].sum()),
            "currency": "KRW",
            "text": f"소액결제({category}) 피해 신고가 같은 동네에서 잇따라 접수됨",
        }
    ]
