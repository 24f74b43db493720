"""The tables that go in: every column with its kind, and one meaning a name."""

import re
from collections import defaultdict

import pyarrow as pa
import pytest

from cellwarden.records.tables import IDENTIFIERS, TABLES, Kind

DIFFERENT = {
    "kind": "of equipment, of a payment, of an event: words of their own each",
    "status": "of equipment and of a payment",
    "result": "of a procedure (an enumeration) and of a join (a gateway's own text)",
    "event": "of a link and of a login",
    "service": "of a charging record (an enumeration) and of a login (any messenger)",
}
"""Names that mean something else in another table: each has its reason, none may be added without one."""
TABLE = pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)


def test_a_name_has_one_kind_and_one_set_of_values_in_every_table():
    found = defaultdict(set)
    for table in TABLES.values():
        for column in table.columns:
            found[column.name].add((column.kind, column.values))
    assert {name for name, meanings in found.items() if len(meanings) > 1} == DIFFERENT.keys()


@TABLE
def test_names_are_lower_case_and_unique(table):
    names = [column.name for column in table.columns]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names)


@TABLE
def test_the_order_at_rest_names_columns_of_the_table(table):
    assert set(table.order) <= {column.name for column in table.columns}
    assert table.order


@TABLE
def test_schemas_have_the_columns_in_their_order(table):
    names = [column.name for column in table.columns]
    assert table.schema.names == table.clear_schema.names == names
    assert all(table.column(name).name == name for name in names)


@TABLE
def test_identifiers_are_text_before_the_door_and_are_the_only_columns_that_change(table):
    for column in table.columns:
        before, after = table.clear_schema.field(column.name).type, table.schema.field(column.name).type
        if column.kind in IDENTIFIERS:
            assert before == pa.string()
        else:
            assert before == after


@TABLE
def test_enumerations_say_their_values_and_nothing_else_does(table):
    assert all(bool(column.values) == (column.kind is Kind.ENUM) for column in table.columns)


@TABLE
def test_only_tables_with_a_time_of_their_own_are_kept_by_day(table):
    if table.by_day:
        assert table.column("at").required
        assert table.column("at").kind is Kind.TIMESTAMP


def test_times_at_rest_are_utc_microseconds_without_zone():
    assert Kind.TIMESTAMP.arrow == pa.timestamp("us")


def test_names_end_as_their_unit_says():
    for table in TABLES.values():
        for column in table.columns:
            if column.name.endswith("_at"):
                assert column.kind is Kind.TIMESTAMP, column.name
            if column.name.endswith("_on"):
                assert column.kind is Kind.DATE, column.name
            if column.name.endswith("_s"):
                assert column.kind is Kind.INTEGER, column.name
