"""operator.toml: what no table says."""

from __future__ import annotations

import ipaddress
import tomllib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cellwarden.foundation.errors import MalformedInputError

if TYPE_CHECKING:
    from pathlib import Path


_LISTS = {"own_plmns": str, "own_networks": str, "own_asns": int}


@dataclass(frozen=True, slots=True)
class Operator:
    """The operator whose records these are."""

    name: str = ""
    time_zone: str = ""
    """IANA name; empty: not stated."""
    own_plmns: tuple[str, ...] = ()
    currency: str = ""
    own_networks: tuple[str, ...] = ()
    """CIDRs from which the operator's own wireline customers come."""
    own_asns: tuple[int, ...] = ()
    country: str = ""
    """ISO 3166-1."""
    notes: tuple[str, ...] = ()
    """What was not stated and what was used instead; the report says it."""

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which a person of this operator reads times; UTC if none is known."""
        return ZoneInfo(self.time_zone or "UTC")

    @classmethod
    def read(cls, path: Path) -> Operator:
        """Read operator.toml; every key is optional, an unknown key is refused."""
        try:
            content: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise MalformedInputError(f"not TOML ({error})", where=path.name, fix="See records.md, operator.toml") from error
        known = set(cls.__dataclass_fields__) - {"notes"}
        if unknown := sorted(set(content) - known):
            raise MalformedInputError(
                f"unknown keys {', '.join(unknown)}", where=path.name, fix=f"Known are {', '.join(sorted(known))}"
            )
        try:
            _check_kinds(content)
            fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in content.items()}
            operator = cls(**fields)
            _ = operator.zone
            for network in operator.own_networks:
                ipaddress.ip_network(network)
        except (TypeError, ValueError, OSError, ZoneInfoNotFoundError) as error:
            raise MalformedInputError(str(error), where=path.name, fix="See records.md, operator.toml") from error
        return operator

    def completed(self, *, frequent_plmn: str | None, zone_of_mcc: dict[str, str]) -> Operator:
        """Fill in what was not stated from what the records show, and note it.

        Args:
            frequent_plmn: The most frequent PLMN in `access`; None without access rows.
            zone_of_mcc: The zone of each mobile country code whose country has exactly one.
        """
        plmns, zone, notes = self.own_plmns, self.time_zone, []
        if not plmns and frequent_plmn:
            plmns = (frequent_plmn,)
            notes.append(f"own PLMN not stated: {frequent_plmn}, the most frequent in access")
        if not zone:
            zone = zone_of_mcc.get(plmns[0][:3], "") if plmns else ""
            notes.append(
                f"time zone not stated: {zone or 'UTC'}, {'the one of the country' if zone else 'since none follows from the records'}"
            )
        return replace(self, own_plmns=plmns, time_zone=zone, notes=tuple(notes))


def _check_kinds(content: dict[str, Any]) -> None:
    """Raise a TypeError for a text where a list belongs, or a number where a text belongs."""
    for key, value in content.items():
        inner = _LISTS.get(key)
        if inner is None and not isinstance(value, str):
            raise TypeError(f"{key} is not a text")
        if inner is not None and not (isinstance(value, list) and all(type(each) is inner for each in value)):
            raise TypeError(f"{key} is not a list of {'numbers' if inner is int else 'texts'}")
