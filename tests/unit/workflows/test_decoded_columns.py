"""The documented table of columns."""

from __future__ import annotations

from cellwarden.workflows.decoded_columns import COLUMNS, IDENTITY, NAMES, NAS, PDU, SCHEMA


def test_every_column_has_a_name_of_its_own_and_a_meaning():
    assert len(set(NAMES)) == len(COLUMNS) >= 40
    assert all(column.meaning for column in COLUMNS)
    assert SCHEMA.names == list(NAMES)


def test_scopes_and_protocols_are_known():
    assert {column.scope for column in COLUMNS} == {PDU, NAS, IDENTITY}
    assert {protocol for column in COLUMNS for protocol in column.tshark} == {"s1ap", "ngap", "sip", "nas-eps"}


def test_at_least_forty_name_the_tshark_field_they_equal():
    assert sum(bool(column.tshark) for column in COLUMNS) >= 40
