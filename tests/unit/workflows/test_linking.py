import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

sys.path[:0] = [str(Path(__file__).parents[1] / name) for name in ("detect", "linkage")]

from exposed_rows import EXPOSED, exposure  # noqa: E402
from made_up_records import FOREVER, HOME, at, call, complaint, engines, minutes, payment, room  # noqa: E402, F401

from cellwarden.records.results import RESULTS  # noqa: E402
from cellwarden.workflows.linking import Further, further_summary, further_tables, link_everything  # noqa: E402

PAID = at("15 10:20")
SPAN = (at("01 00:00"), at("31 00:00"))


@pytest.fixture
def linked(room):  # noqa: F811
    bills = [
        payment("P", 1, PAID, category="gift_card", merchant="giftcards.example", amount=996_000),
        payment("Q", 2, at("20 10:00"), disputed_at=at("21 10:00")),
    ]
    room.fill(
        payments=bills,
        usage=[call(1, PAID - minutes(2), HOME, peer="ars:payment")],
        complaints=[complaint("K", at("22 10:00"), imsi=2, text="I did not pay this")],
        subscribers=[{"imsi": 1, "district": "A-gu"}],
    )
    table = pa.Table.from_pylist([exposure(1)], EXPOSED)
    return link_everything(room.engine, table, has_usage=True, span=SPAN, until=FOREVER, zone=ZoneInfo("Asia/Seoul"))


def test_a_payment_is_told_with_its_factors_and_signs(linked):
    (row,) = further_tables(*linked, str)["payment_details"]
    assert (row["meeting"], row["factor_needed"], row["factor_given"]) == ("through", "call", "yes")
    assert row["factors_not_given"] == ["name", "birth_date", "sex"]
    assert (row["first_merchant"], row["resale"], row["near_cap"], row["local_hour"]) == (True, True, True, 19)
    assert row["served_at_that_minute"] is True
    assert row["minutes_since_touch"] == 0


def test_every_table_keeps_its_schema(linked):
    for name, rows in further_tables(*linked, str).items():
        table = pa.Table.from_pylist(rows, RESULTS[name])
        assert table.num_rows == len(rows)
        assert {column for row in rows for column in row} - {"paid_at"} <= set(RESULTS[name].names), name


def test_whom_to_call_and_what_others_have_that_we_lack(linked):
    tables = further_tables(*linked, str)
    assert [(row["kind"], row["payment_id"]) for row in tables["contacts"]] == [
        ("charged_not_disputed", "P"),
        ("disputed_not_exposed", "Q"),
    ]
    assert [(row["kind"], row["subject"]) for row in tables["leads"]] == [
        ("complaint_not_exposed", "K"),
        ("not_reported_to_us", "2025-08-15 A-gu"),
    ]


def test_the_summary_names_channels_that_nobody_searched(linked):
    told = further_summary(linked[1])
    assert "ars" not in told["channels_not_searched"]
    assert {"dcb", "app"} <= set(told["channels_not_searched"])
    assert (told["charged_not_disputed"], told["disputed_not_exposed"]) == (1, 1)


def test_without_payments_no_channel_is_called_clean():
    assert further_summary(Further())["channels"] == []
