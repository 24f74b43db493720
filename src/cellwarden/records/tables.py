"""The tables that go in: every column with its kind, whether it must be there, and what it means.

A `Column` is the single place that says how a value is read, kept and documented; ingest, the lake and the
reference pages are made from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import pyarrow as pa

from cellwarden.records import vocabulary as v


class Kind(Enum):
    """How a value is read and what the lake keeps of it."""

    TIMESTAMP = "timestamp"
    """UTC, microseconds; without zone in the lake."""
    DATE = "date"
    IMSI = "imsi"
    """6 to 15 digits; a keyed pseudonym (int64) in the lake."""
    MSISDN = "msisdn"
    """E.164 without `+`, up to 15 digits; a keyed pseudonym (int64) in the lake."""
    IMEI = "imei"
    """14 to 16 digits; a keyed pseudonym (int64) in the lake."""
    ACCESS_LINE = "access_line"
    """A wireline customer line; a keyed pseudonym (16 hex digits) in the lake."""
    PEER = "peer"
    """The other number (a pseudonym of 16 hex digits in the lake) or a service label, kept as it is."""
    CELL = "cell"
    """28-bit ECI or 36-bit NCI; decimal, hex or `enb-cell` in text."""
    INTEGER = "integer"
    FLOAT = "float"
    ENUM = "enum"
    TEXT = "text"
    FREE_TEXT = "free_text"
    """What a person wrote; runs of six or more digits are masked in the lake."""

    @property
    def arrow(self) -> pa.DataType:
        """The type in the lake."""
        return _ARROW.get(self, pa.string())

    @property
    def clear_arrow(self) -> pa.DataType:
        """The type before the lake's door, where identifiers are text."""
        return pa.string() if self in IDENTIFIERS else self.arrow


_ARROW = {
    Kind.TIMESTAMP: pa.timestamp("us"),
    Kind.DATE: pa.date32(),
    Kind.IMSI: pa.int64(),
    Kind.MSISDN: pa.int64(),
    Kind.IMEI: pa.int64(),
    Kind.CELL: pa.int64(),
    Kind.INTEGER: pa.int64(),
    Kind.FLOAT: pa.float64(),
}


IDENTIFIERS = (Kind.IMSI, Kind.MSISDN, Kind.IMEI, Kind.ACCESS_LINE, Kind.PEER)
"""Kinds whose values the door of the lake replaces by pseudonyms."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table of the contract."""

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    values: tuple[str, ...] = ()
    """What an `ENUM` may be."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the contract."""

    name: str
    row: str
    """What one row is."""
    columns: tuple[Column, ...]
    order: tuple[str, ...] = ()
    """Sort order at rest; the remaining columns break ties."""
    by_day: bool = False
    """Kept in one partition a UTC day of `at`."""

    @property
    def schema(self) -> pa.Schema:
        """The schema at rest; the day of a partitioned table is the folder, not a column."""
        return pa.schema([(column.name, column.kind.arrow) for column in self.columns])

    @property
    def clear_schema(self) -> pa.Schema:
        """The schema as readers yield it: identifiers are still text."""
        return pa.schema([(column.name, column.kind.clear_arrow) for column in self.columns])

    def column(self, name: str) -> Column:
        """Return the column of that name."""
        return next(column for column in self.columns if column.name == name)


def _at(meaning: str, name: str = "at", *, required: bool = True) -> Column:
    return Column(name, Kind.TIMESTAMP, meaning, required)


def _text(name: str, meaning: str = "", *, required: bool = False) -> Column:
    return Column(name, Kind.TEXT, meaning, required)


def _integer(name: str, meaning: str = "", *, required: bool = False) -> Column:
    return Column(name, Kind.INTEGER, meaning, required)


def _enum(name: str, values: tuple[str, ...], meaning: str = "", *, required: bool = False) -> Column:
    return Column(name, Kind.ENUM, meaning, required, values)


def _imsi(*, required: bool = False) -> Column:
    return Column("imsi", Kind.IMSI, "the subscriber as the core knows it; null if it never learnt it", required)


def _cell(*, required: bool = False) -> Column:
    return Column("cell", Kind.CELL, "28-bit ECI (TS 36.300) or 36-bit NCI (TS 38.300)", required)


_CELL_TYPE = "how to split the cell number (TS 36.413, ENB-ID CHOICE); never derived from the number"

ACCESS = Table(
    "access",
    "procedure that the mobility core saw",
    (
        _at("when the core saw the procedure begin"),
        _imsi(),
        _enum("procedure", v.PROCEDURES, "5G registration is `attach`", required=True),
        _enum("identity", v.IDENTITIES, "strongest identity that crossed the air readable by the base station", required=True),
        _enum("result", v.RESULTS),
        _integer("cause", "EMM, 5GMM or S1AP cause of a reject"),
        _enum("rat", v.RATS, "radio technology", required=True),
        _text("plmn", "MCC and MNC, `45008`", required=True),
        _integer("tac", "tracking area code", required=True),
        _cell(required=True),
        _enum("cell_type", v.CELL_TYPES, _CELL_TYPE),
        _text("core", "MME or AMF name; a pool restarts together"),
        Column("imei", Kind.IMEI, "device, if the core knows it"),
        _integer("ciphering", "algorithm of the security mode command; 0 is null (EEA0, NEA0)"),
        _integer("integrity", "algorithm of the security mode command; 0 is null (EIA0, NIA0)"),
        _enum("ims_protection", v.IMS_PROTECTIONS, "for `ims_register`"),
        _text("source", "transport address of the base station as the core sees it (`links.inner_ip` of a femtocell)"),
    ),
    order=("plmn", "rat", "cell_type", "cell", "imsi", "at"),
    by_day=True,
)
USAGE = Table(
    "usage",
    "charging data record",
    (
        _at("when the service began"),
        _imsi(required=True),
        _enum("service", v.SERVICES, required=True),
        Column("peer", Kind.PEER, "the other number, or a label: `ars:PURPOSE` a verification call, `otp:PURPOSE` a code SMS"),
        _integer("duration_s", "seconds"),
        _integer("bytes", "octets"),
        _enum("rat", v.RATS, required=True),
        _text("plmn"),
        _integer("tac"),
        _cell(required=True),
        _enum("cell_type", v.CELL_TYPES, _CELL_TYPE),
        _text("source", "as in `access`"),
        _integer("cause", "cause for record closing"),
    ),
    order=("plmn", "rat", "cell_type", "cell", "imsi", "at"),
    by_day=True,
)
EQUIPMENT = Table(
    "equipment",
    "version of one piece of equipment, bitemporal; where two overlap the later recorded one wins",
    (
        _text("equipment_id", "the operator's key", required=True),
        _cell(required=True),
        _enum("cell_type", v.CELL_TYPES, _CELL_TYPE, required=True),
        _enum("kind", v.EQUIPMENT_KINDS, "`mobile`: on a train, ship or van, allowed to move", required=True),
        _enum("status", v.EQUIPMENT_STATUSES, required=True),
        _at("when this became so in the world", "valid_from"),
        _at("when it stopped being so; null: still", "valid_to", required=False),
        _at("when the management system learnt it", "recorded_at"),
        _text("recorded_by", "who recorded it"),
        _integer("tac", "configured tracking area code"),
        _text("plmn", "configured PLMN"),
        _text("serial"),
        _text("vendor"),
        _text("software"),
        _text("certificate", "SHA-256 of the device certificate, hex"),
        Column("access_line", Kind.ACCESS_LINE, "wireline customer line"),
        _text("source_networks", "allowed source CIDRs, space separated"),
        Column("lat", Kind.FLOAT, "installed place, WGS84, degrees"),
        Column("lon", Kind.FLOAT, "installed place, WGS84, degrees"),
        _text("work_order", "what ordered the change"),
    ),
    order=("plmn", "cell_type", "cell", "valid_from", "recorded_at"),
)
LINKS = Table(
    "links",
    "event of equipment that joins: IKEv2 at the security gateway, S1 or NG setup, TR-069",
    (
        _at("when"),
        _enum("event", v.LINK_EVENTS, "NG setup is `s1_setup`", required=True),
        _text("equipment_id", "as claimed"),
        _cell(),
        _enum("cell_type", v.CELL_TYPES, _CELL_TYPE),
        _text("name", "eNB or gNB name as sent"),
        _integer("tac"),
        _text("plmn"),
        _text("source_ip", "outer address"),
        _integer("source_port"),
        _text("inner_ip", "address inside the tunnel; `access.source`"),
        _integer("asn", "autonomous system of the outer address"),
        _text("country", "of the outer address, ISO 3166-1"),
        _text("certificate", "SHA-256 of the device certificate, hex"),
        _at("certificate valid from", "certificate_not_before", required=False),
        _at("certificate valid to", "certificate_not_after", required=False),
        _text("certificate_issuer"),
        _text("serial"),
        _text("software"),
        Column("access_line", Kind.ACCESS_LINE, "wireline customer line"),
        Column("lat", Kind.FLOAT, "place as claimed, WGS84, degrees"),
        Column("lon", Kind.FLOAT, "place as claimed, WGS84, degrees"),
        _text("neighbours", "cells heard, space separated"),
        _text("result"),
        _text("gateway"),
    ),
    order=("at", "event"),
)
PAYMENTS = Table(
    "payments",
    "carrier-billing payment or attempt",
    (
        _text("payment_id", required=True),
        _at("when"),
        _imsi(required=True),
        _enum("channel", v.PAYMENT_CHANNELS, required=True),
        _enum("kind", v.PAYMENT_KINDS),
        _text("merchant"),
        _text("category"),
        _integer("amount", "in minor units of `currency`; KRW has none", required=True),
        _text("currency", "ISO 4217", required=True),
        _enum("status", v.PAYMENT_STATUSES),
        _at("when the customer disputed it", "disputed_at", required=False),
    ),
    order=("at", "payment_id"),
)
COMPLAINTS = Table(
    "complaints",
    "complaint",
    (
        _text("complaint_id", required=True),
        _at("when it was received"),
        _at("when it happened, as told: from", "about_from", required=False),
        _at("when it happened, as told: to", "about_to", required=False),
        _imsi(),
        _enum("route", v.COMPLAINT_ROUTES),
        Column("text", Kind.FREE_TEXT, "Korean or English", required=True),
        _text("topic", "as the agent coded it"),
        _text("payment_id"),
        _text("district"),
    ),
    order=("at", "complaint_id"),
)
LOGINS = Table(
    "logins",
    "event of another account: messenger, marketplace",
    (
        _at("when"),
        _imsi(required=True),
        _text("service", required=True),
        _enum("event", v.LOGIN_EVENTS, required=True),
    ),
    order=("at", "imsi"),
)
SUBSCRIBERS = Table(
    "subscribers",
    "subscriber",
    (
        _imsi(required=True),
        Column("msisdn", Kind.MSISDN, "telephone number"),
        _text("controller", "`own` or the MVNO's name"),
        _integer("birth_decade"),
        _enum("sex", v.SEXES),
        _text("district"),
        Column("joined_on", Kind.DATE, "local date"),
        _enum("language", v.LANGUAGES),
        _enum("device_class", v.DEVICE_CLASSES),
    ),
    order=("imsi",),
)
TIPS = Table(
    "tips",
    "report of police or others, without names",
    (
        _text("tip_id", required=True),
        _at("when it was received"),
        _at("when it happened: from", "from_at", required=False),
        _at("when it happened: to", "to_at", required=False),
        _text("district"),
        _integer("victims", "people"),
        _integer("amount", "in minor units of `currency`"),
        _text("currency", "ISO 4217"),
        Column("text", Kind.FREE_TEXT, "what was said"),
    ),
    order=("at", "tip_id"),
)
EVENTS = Table(
    "events",
    "act of the operator's own people; absence of an event proves nothing",
    (
        _at("from", "from_at", required=False),
        _at("to", "to_at", required=False),
        _enum("kind", v.EVENT_KINDS),
        _text("core"),
        _text("gateway"),
        _cell(),
        Column("new_cell", Kind.CELL, "after a renumbering"),
        _text("district"),
        Column("note", Kind.FREE_TEXT, ""),
    ),
    order=("from_at", "to_at", "kind"),
)

TABLES: dict[str, Table] = {
    table.name: table for table in (ACCESS, USAGE, EQUIPMENT, LINKS, PAYMENTS, COMPLAINTS, LOGINS, SUBSCRIBERS, TIPS, EVENTS)
}
"""Every input table by name."""
