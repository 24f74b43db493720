"""What a scenario's customers say: the robbed and the charged as the case had it, and who was tricked, worried or paid to complain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cellwarden.simulate.randomness import DAY_S, HOUR_S, stream
from cellwarden.simulate.voices import ROBBED, ROUTES, Manner, complaints
from cellwarden.simulate.writing import instant

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator

    from cellwarden.simulate.attacks import Attacks
    from cellwarden.simulate.payments import Payments
    from cellwarden.simulate.scenario import Scenario
    from cellwarden.simulate.signalling import World

Row = dict[str, Any]
_WORRIED = 0.0052
"""Contacts a line after publicity: 92,034 of 17.65 M lines (simulation.md 1)."""
_TRICKED = 0.0015
"""Contacts a line in a wave of fraudulent messages (assumption)."""
_HELPERS = 6
"""Accounts of those who plant complaints and attaches (assumption)."""
_SMISHED = (
    "택배 문자 링크를 눌렀는데 상품권이 결제됐어요",
    "문자 링크를 누른 뒤 소액결제 문자가 왔습니다, 취소해 주세요",
    "I tapped a parcel message and then vouchers were bought with my number.",
)
_NEWS = (
    "뉴스 보고 불안해서 소액결제 내역 조회 부탁드립니다",
    "뉴스를 보고 불안해서 결제 내역 조회 부탁드립니다",
    "소액결제 차단해 주세요, 한도 0원으로",
    "Saw the news, please check my line.",
)


def helpers(world: World, unit: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the subscribers whose phones and accounts plant evidence for a unit (A18)."""
    return stream(world.seed, f"helpers {unit}").choice(world.people.count, _HELPERS, replace=False).astype(np.int64)


def spoken(
    world: World,
    wanted: Scenario,
    payments: Payments,
    payment_ids: list[str],
    imsi: Callable[[int], str],
    *,
    attacks: Attacks,
    confounders: list[Row],
) -> list[Row]:
    """Return complaints in the order of their receipt, each with its `cause`; `confounders` are those of the truth."""
    network, until = wanted.network, world.until
    news = network.publicity_day * until if network.publicity_day >= 0 else None
    manner = Manner(robbed=0.6, disputing=0.3, contacts=network.contacts, publicity_at=news, delays=True, slips=0.15)
    rows = complaints(world, payments, payment_ids, imsi, manner)
    rng, people = stream(world.seed, "spoken"), world.people
    more: list[tuple[float, Row]] = []
    for unit, attack in attacks.rules.items():
        more += _planted(world, rng, unit, attack.poisons, imsi)
    waves = [(row["from_at"] - instant(0.0)).total_seconds() for row in confounders if row["code"] == "B19"]
    for _ in range(round(people.count * _TRICKED) if waves else 0):
        at = waves[0] + float(rng.exponential(1.5)) * DAY_S
        more.append((at, _call(world, rng, _SMISHED, "smishing", imsi)))
    if news is not None:
        for _ in range(round(people.count * _WORRIED)):
            at = news + float(rng.exponential(2.5)) * DAY_S
            more.append((at, _call(world, rng, _NEWS, "news", imsi)))
    rows += [{**row, "at": instant(at)} for at, row in more if at < until]
    rows.sort(key=lambda row: row["at"])
    return [{**row, "complaint_id": f"K{number:06d}"} for number, row in enumerate(rows, start=1)]


def _call(world: World, rng: Generator, texts: tuple[str, ...], cause: str, imsi: Callable[[int], str]) -> Row:
    who = int(rng.integers(world.people.count))
    district = int(world.city.district(world.people.home_x[who : who + 1], world.people.home_y[who : who + 1])[0])
    return {
        "text": texts[int(rng.integers(len(texts)))],
        "topic": cause if rng.random() < 0.9 else None,
        "route": ROUTES[int(rng.integers(len(ROUTES) - 1))],
        "imsi": imsi(who) if rng.random() < 0.9 else None,
        "district": world.city.district_names[district] if rng.random() < 0.85 else None,
        "cause": cause,
    }


def _planted(world: World, rng: Generator, unit: str, tens: int, imsi: Callable[[int], str]) -> list[tuple[float, Row]]:
    """Return complaints in the words of the robbed, about an honest hospital's district and nights; no payment stands behind them."""
    wards = [cell for cell in world.fleet if cell.use == "hospital"]
    if not tens or not wards:
        return []
    district, found = int(world.city.district(np.array([wards[0].x]), np.array([wards[0].y]))[0]), []
    for _ in range(10 * tens):
        at = float(rng.uniform(0.4, 0.98)) * world.until
        begins = (at // DAY_S - int(rng.integers(1, 4))) * DAY_S + int(rng.integers(0, 5)) * HOUR_S
        ends = begins + int(rng.integers(1, 5)) * HOUR_S
        is_told, who = rng.random() < 0.7, int(rng.choice(helpers(world, unit)))
        text = ROBBED[int(rng.integers(len(ROBBED)))].format(
            shop="giftcards.example", amount=f"{int(rng.integers(10, 100)) * 5_000:,}", count=int(rng.integers(1, 4))
        )
        row = {
            "text": text,
            "topic": "payment" if rng.random() < 0.9 else None,
            "route": ROUTES[int(rng.integers(len(ROUTES)))],
            "imsi": imsi(who) if rng.random() < 0.9 else None,
            "district": world.city.district_names[district] if rng.random() < 0.85 else None,
            "about_from": instant(begins) if is_told else None,
            "about_to": instant(ends) if is_told else None,
            "cause": "poison",
        }
        found.append((at, row))
    return found
