"""Rows of a result and facts of an operator for notices; made up."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from cellwarden.incident.notices.facts import Facts
from cellwarden.incident.notices.notice import write
from cellwarden.incident.notices.people import Person, Told, people

SEOUL = ZoneInfo("Asia/Seoul")
DAY = date(2026, 11, 20)
START = datetime(2025, 8, 10, 17, 0, tzinfo=UTC)
KEY = {"plmn": "00101", "rat": "lte", "cell_type": "home", "cell": 7, "unit": "unit-1"}

TOML = """
phone = "080-000-0000"
email = "care@mobile.example"
handover = ["Example MVNO"]
[name]
ko = "예시모바일"
en = "Example Mobile"
[hours]
ko = "매일 24시간 무료로 이용하실 수 있습니다."
en = "Day and night, free of charge."
[dpo]
ko = "개인정보 보호책임자 홍길동, 080-000-0001"
en = "Data protection officer Hong Gil-dong, 080-000-0001"
[response]
ko = ["불법 기지국의 접속을 차단했습니다.", "소액결제 한도를 낮추었습니다."]
en = ["We blocked the illegal base station.", "We lowered the limit of small payments."]
[page]
ko = "홈페이지 첫 화면의 '개인정보 유출 조회'"
en = "the first page of our web site, under 'Was I affected?'"
"""


def facts(tmp_path):
    (tmp_path / "notice.toml").write_text(TOML, encoding="utf-8")
    return Facts.read(tmp_path / "notice.toml")


def exposure(subject="a" * 16, identity="imsi", *, at=START, hours=1.0, **more):
    return {
        **KEY, "imsi": subject, "from_at": at, "to_at": at + timedelta(hours=hours), "identity": identity, "imei_exposed": "none",
        "msisdn_exposed": "none", "content_exposed": "none", **more,
    }  # fmt: skip


def suspect(grade="rogue", **more):
    return {**KEY, "grade": grade, **more}


def payment(subject="a" * 16, **more):
    return {
        "payment_id": "P1", "imsi": subject, "at": START + timedelta(minutes=20), "merchant": "giftcards.example", "amount": 300_000,
        "currency": "KRW", "status": "approved", "probability": 0.96, "meeting": "through", **more,
    }  # fmt: skip


def told(*exposures, suspects=None, payments=(), earlier=None):
    """Return who is told, by subject."""
    found = people(exposures, [suspect()] if suspects is None else suspects, payments, earlier or {})
    return {person.subject: person for person in found}


PERSONS = {
    "confirmed": lambda: told(exposure(imei_exposed="yes"), payments=[payment()])["a" * 16],
    "possible": lambda: told(exposure(identity="guti"))["a" * 16],
    "upgrade": lambda: told(exposure(), earlier={"a" * 16: Told(kind="possible", on="2026-11-01", items=("temporary",))})[
        "a" * 16
    ],
    "cleared": lambda: told(earlier={"a" * 16: Told(kind="possible", on="2026-11-01", items=("temporary",))})["a" * 16],
}
"""One person of each class."""


def noticed(tmp_path, kind, language="ko"):
    """Return a notice of a class."""
    person: Person = PERSONS[kind]()
    assert person.kind == kind
    return write(person, facts(tmp_path), language=language, on=DAY, zone=SEOUL, case="C-1")
