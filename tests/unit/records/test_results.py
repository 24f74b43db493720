"""The tables that come out."""

from collections import defaultdict

import pyarrow as pa

from cellwarden.records.results import CELL_KEY, RESULTS, SUSPECTS


def test_a_field_has_one_type_in_every_result_table():
    found = defaultdict(set)
    for schema in RESULTS.values():
        for field in schema:
            found[field.name].add(field.type)
    assert {name for name, types in found.items() if len(types) > 1} == set()


def test_every_time_that_comes_out_says_that_it_is_utc():
    times = [field for schema in RESULTS.values() for field in schema if pa.types.is_timestamp(field.type)]
    assert len(times) > 8
    assert {field.type for field in times} == {pa.timestamp("us", tz="UTC")}


def test_people_are_text_so_that_pseudonym_and_identifier_fit():
    assert {schema.field("imsi").type for schema in RESULTS.values() if "imsi" in schema.names} == {pa.string()}


def test_a_suspect_is_named_by_its_whole_key():
    assert tuple(SUSPECTS.names[:4]) == CELL_KEY
