"""summary.json: numbers that reconcile, and unknown where nothing can be known."""

from datetime import UTC, datetime, timedelta

import pytest
from made_up_investigation import END, START, finding, input_file, investigated, key, payment, summary, suspect

from cellwarden.detect.place.tracks import Position
from cellwarden.records.operator import Operator
from cellwarden.records.tables import TABLES
from cellwarden.workflows.dossier import queries
from cellwarden.workflows.summary import make_summary


def headline(told, name):
    (found,) = [each for each in told["headlines"] if each["name"] == name]
    return found


def values(told):
    return {each["name"]: each["value"] for each in told["headlines"]}


def test_every_file_reconciles():
    told = summary(investigated(), (input_file("access.csv", 10, 3), input_file("links.csv", 4)))
    assert told["files"] == {
        "access.csv": {"read": 10, "accepted": 7, "rejected": 3},
        "links.csv": {"read": 4, "accepted": 4, "rejected": 0},
    }


def test_a_repeated_file_counts_once_and_is_said():
    told = summary(investigated(), (input_file("a.csv", 10, 3),), repeated={"b.csv": "a.csv"})
    assert told["files"]["b.csv"] == {"read": 0, "accepted": 0, "rejected": 0, "same_content_as": "a.csv"}
    assert sum(each["read"] for each in told["files"].values()) == 10


def test_two_contents_under_one_name_add_up():
    first, second = (input_file("a.csv", read, 1, faults={"short_imsi": read}) for read in (10, 5))
    told = summary(investigated(), (first, second), repeated={"a.csv": "c.csv"})
    assert told["files"]["a.csv"] == {"read": 15, "accepted": 13, "rejected": 2, "same_content_as": "c.csv"}
    assert told["data_faults"] == {"short_imsi": {"a.csv": 15}}


def test_files_that_nobody_read_are_listed():
    told = summary(investigated(), ignored=("notes.txt",), unread=("charging/a.dat",))
    assert told["ignored_files"] == ["charging/a.dat", "notes.txt"]


def test_payments_are_unknown_without_their_table():
    told = summary(investigated(payments=None))
    assert told["payments_linked"] is None
    for name in ("payments_linked", "money_linked", "payments_linked_by_chance"):
        assert (headline(told, name)["value"], headline(told, name)["missing_sources"]) == (None, ["payments"])


def test_no_linked_payment_is_a_zero_where_payments_are_known():
    told = summary(investigated(payments=[], by_chance=0.0))
    assert told["payments_linked"]["rows"] == 0
    assert (values(told)["payments_linked"], values(told)["money_linked"]) == (0, 0)
    assert headline(told, "money_linked")["unit"] == "KRW"


def test_money_sums_approved_payments_that_are_probably_linked():
    links = [
        payment("p1", imsi=1, amount=500, disputed_at=START),
        payment("p2", imsi=1, amount=700, probability=0.5),
        payment("p3", imsi=2, amount=11, status="declined"),
        payment("p4", imsi=3, amount=13, status="cancelled"),
        payment("p5", imsi=4, amount=17, probability=0.49),
    ]
    assert summary(investigated(payments=links))["payments_linked"] == {
        "rows": 4,
        "people": 3,
        "approved": 2,
        "declined": 1,
        "approved_money": 1200,
        "currency": "KRW",
        "disputed": 1,
        "not_disputed_approved": 1,
    }


def test_currencies_are_never_added_to_one_another():
    told = summary(investigated(payments=[payment("p1"), payment("p2", currency="USD")]))
    assert (told["payments_linked"]["approved_money"], told["payments_linked"]["currency"]) == (None, "KRW USD")
    assert headline(told, "money_linked")["value"] is None


def test_a_currency_of_declined_payments_does_not_matter():
    told = summary(investigated(payments=[payment("p1"), payment("p2", currency="USD", status="declined")]))
    assert (told["payments_linked"]["approved_money"], told["payments_linked"]["currency"]) == (500, "KRW")


def test_an_operator_without_a_currency_has_none():
    told = summary(investigated(payments=[], operator=Operator()))
    assert told["payments_linked"]["currency"] == ""
    assert told["operator"] == {"name": "", "time_zone": "UTC", "notes": []}


def test_days_between_covered_days_are_blind():
    days = ["2025-08-01", "2025-08-02", "2025-08-05", "2025-08-06", "2025-08-08"]
    gaps = [each for each in summary(investigated(days=days))["blind"] if each["kind"] == "gap"]
    assert gaps == [
        {"kind": "gap", "table": "access", "from": "2025-08-03T00:00:00Z", "to": "2025-08-05T00:00:00Z"},
        {"kind": "gap", "table": "access", "from": "2025-08-07T00:00:00Z", "to": "2025-08-08T00:00:00Z"},
    ]


def test_missing_tables_and_columns_and_first_records_are_blind():
    accused = suspect(missing_sources=["access.source", "links", "tips.text"])
    told = summary(investigated(suspects=[accused], payments=[], lacking=("links", "tips", "access.source")))
    assert told["missing_sources"] == [name for name in TABLES if name in ("links", "tips")]
    assert [each for each in told["blind"] if each["kind"] != "missing_table"] == [
        {"kind": "missing_column", "table": "access", "column": "source"},
        {"kind": "before_first_record", "table": "access", "until": "2025-08-05T10:00:00Z"},
    ]


def test_every_headline_names_a_query_that_exists_and_the_same_window():
    told = summary(investigated(payments=[]))
    assert {each["query"] for each in told["headlines"]} <= {script.name for script in queries()}
    assert {tuple(each["window"].values()) for each in told["headlines"]} == {("2025-08-05T10:00:00Z", "2025-08-05T12:00:00Z")}
    assert len(told["headlines"]) == len({each["name"] for each in told["headlines"]})


def test_cells_are_counted_once_under_the_worst_grade_and_episodes_apart():
    nights = [suspect(from_at=START + timedelta(days=night)) for night in range(3)]
    others = [suspect("suspect", from_at=START + timedelta(days=9)), suspect("suspect", of=key(8), unit="unit-2")]
    told = summary(investigated(suspects=[*nights, *others, suspect("review", of=key(9), unit="unit-3")]))
    assert (values(told)["rogue_cells"], values(told)["suspect_cells"], values(told)["units"]) == (1, 1, 2)
    assert told["suspects"] == {"rogue": 3, "suspect": 2, "review": 1, "explained": 0}


def test_cells_of_different_kinds_with_one_number_are_two():
    told = summary(investigated(suspects=[suspect(of=key(7, "home")), suspect(of=key(7, "macro"))]))
    assert values(told)["rogue_cells"] == 2


def test_rules_that_could_not_run_are_told_with_every_cell_count():
    told = summary(investigated(silent={"foreign_source": ["links"], "moving_cell": ["links", "access.source"]}))
    assert headline(told, "rogue_cells")["missing_sources"] == ["access.source", "links"]
    assert told["silent"]["moving_cell"] == ["links", "access.source"]


def test_without_access_records_every_number_is_unknown():
    told = summary(investigated(spans={}, days=[], payments=[]))
    assert told["window"] == {"from": None, "to": None}
    assert set(values(told).values()) == {None}
    assert all("access" in each["missing_sources"] for each in told["headlines"])


def joined(cell, name, cell_type="home"):
    return finding("unregistered_cell", of=key(cell, cell_type), kind="equipment", subject=name, weight=0.0)


def test_equipment_that_an_explanation_accounts_for_is_not_listed_as_unregistered():
    found = [joined(7, "B"), joined(8, "A"), joined(8, "A"), finding()]
    assert summary(investigated(findings=found))["unregistered_equipment"] == ["A", "B"]
    assert summary(investigated(findings=found, suspects=[suspect("explained", of=key(7))]))["unregistered_equipment"] == ["A"]


@pytest.mark.parametrize(
    "others",
    [
        pytest.param([suspect("explained", of=key(7, "macro"))], id="another kind of cell"),
        pytest.param([suspect("review", of=key(7))], id="for review"),
        pytest.param([suspect("explained", of=key(7)), suspect(of=key(7), from_at=END + timedelta(days=1))], id="rogue later"),
    ],
)
def test_equipment_that_is_not_explained_for_good_stays_listed(others):
    assert summary(investigated(findings=[joined(7, "B")], suspects=others))["unregistered_equipment"] == ["B"]


def test_the_instant_of_knowledge_is_written_in_utc():
    held = investigated()
    until = datetime(2025, 8, 6, tzinfo=UTC)
    loaded = type("Loaded", (), {"repeated": {}, "ignored": (), "unread": ()})
    assert make_summary(held, loaded, [], until=until, engine="duckdb", revealed=False)["until"] == "2025-08-06T00:00:00Z"
    assert summary(held)["until"] is None


def test_how_much_of_the_time_on_the_air_a_place_can_be_told():
    """Two ids of one unit are one place; an id that nobody accuses counts for nothing."""
    spells = [suspect(), suspect(of=key(8)), suspect("review", of=key(9), unit="unit-2")]
    told = Position(key=key(), unit="unit-1", spell_from=START, at=START, lat=37.0, lon=127.0, radius_m=300.0)
    assert summary(investigated(suspects=spells, positions=[told, told]))["placed"] == {
        "ten_minutes_on_air": (END - START) // timedelta(minutes=10) + 1,
        "ten_minutes_told": 1,
    }
