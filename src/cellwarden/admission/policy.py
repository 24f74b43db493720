"""How strict the gate is, and where: thresholds with their reasons, and for each region whether refusals are enforced yet.

Nothing here loosens the block list, and no region is loose for ever: whatever is not enforced names the day from which it is.
"""

from __future__ import annotations

import tomllib
import zlib
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from cellwarden.admission.addresses import Network, network
from cellwarden.foundation.errors import MalformedInputError

MODES = ("enforce", "monitor", "canary", "staged")
"""`enforce` is the default; `monitor` refuses nobody; `canary` a share of the units; `staged` by the rules named alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Part of the network in which refusals are not all enforced yet."""

    name: str
    """What decisions and metrics call it."""
    mode: str
    """`enforce`, `monitor` (refuses nobody), `canary` (a share of the units) or `staged` (the reasons named alone)."""
    until: datetime
    """From then on everything is enforced here."""
    gateways: frozenset[str] = frozenset()
    """Names of security gateways."""
    tacs: frozenset[int] = frozenset()
    """A unit belongs here by its gateway or by its registered tracking area; neither stated: every unit does."""
    share: int = 0
    """Under `canary`: per cent of the units, always the same ones, whose refusals are enforced."""
    reasons: frozenset[str] = frozenset()
    """Under `staged`: the reason codes that are enforced already."""

    def holds(self, gateway: str, tac: int | None) -> bool:
        """Say whether a unit belongs here."""
        return not (self.gateways or self.tacs) or gateway in self.gateways or tac in self.tacs

    def enforces(self, code: str, equipment_id: str, at: datetime) -> bool:
        """Say whether a refusal for this reason is enforced for this unit now."""
        if at >= self.until:
            return True
        if self.mode == "canary":
            return zlib.crc32(equipment_id.encode()) % 100 < self.share
        return self.mode == "staged" and code in self.reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the rules are measured by."""

    max_certificate_days: int = 398
    """Longest validity; the robbed network's ran ten years. 398 days is what public authorities allow themselves at most."""
    near_end_days: int = 7
    """A certificate that ends sooner is a finding, not a refusal: time to renew it."""
    stale_after_s: int = 900
    """A registry view older than this lets in only who showed the same before: long enough for a restart of its source."""
    max_distance_m: int = 1_000
    """Between registered and reported place: a fix indoors can be off by some hundred metres."""
    max_neighbour_m: int = 15_000
    """To the nearest macro cell that the unit hears: more than a rural macro cell reaches into a house."""
    own_networks: tuple[Network, ...] = ()
    """From which the operator's own wireline customers come; empty: not checked."""
    own_asns: frozenset[int] = frozenset()
    """Of the operator's wireline network; empty: not checked."""
    country: str = ""
    """ISO 3166-1; empty: not checked."""
    needs_line: bool = True
    """Refuse a femtocell whose installed line's networks the registry does not state."""
    needs_certificate: bool = True
    """Refuse a unit whose certificate the registry does not state."""
    needs_tunnel: bool = True
    """Refuse S1 Setup of a femtocell that has no live tunnel; off where only S1 is seen, as in a replay of captures."""
    software_must_match: bool = False
    """Refuse software that the registry does not state, instead of telling it: registries lag behind upgrades."""
    admitted_statuses: frozenset[str] = frozenset({"active"})
    """Statuses under which a unit may join."""
    bound_fleets: frozenset[str] = frozenset()
    """Certificates that a whole fleet shares and that cannot be changed yet: its units are told apart by line, serial
    number and eNB id instead, all three. Others that are shared are refused."""
    takes_over: bool = True
    """Let a unit that comes again from the address of its live session replace that session: it was restarted."""
    regions: tuple[Region, ...] = ()
    """Where refusals are not all enforced yet; the first that holds a unit counts."""

    def region_of(self, gateway: str, tac: int | None) -> Region | None:
        """Return the first region that the unit belongs to; None: everything is enforced."""
        return next((region for region in self.regions if region.holds(gateway, tac)), None)

    def loose_regions(self, at: datetime) -> list[Region]:
        """Return the regions in which something is not enforced now; whoever runs the gate is told again and again."""
        return [region for region in self.regions if region.mode != "enforce" and at < region.until]


def parse_policy(text: str, *, where: str) -> Policy:
    """Read the `[policy]` table of a TOML file; every key is optional, an unknown one is refused.

    Raises:
        MalformedInputError: It is no TOML, a key is unknown, or a value is not what its key needs.
    """
    try:
        content = tomllib.loads(text).get("policy", {})
    except tomllib.TOMLDecodeError as error:
        raise MalformedInputError(f"not TOML ({error})", where=where, fix="See docs/how-to/gate.md") from error
    try:
        return policy_of(content)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise MalformedInputError(f"[policy]: {error}", where=where, fix="See docs/how-to/gate.md") from error


def policy_of(content: dict[str, Any]) -> Policy:
    """Make a policy of a table as TOML or JSON give it; raise ValueError or TypeError for what is not understood."""
    _refuse_unknown(content, {each.name for each in fields(Policy)})
    values: dict[str, Any] = {}
    for key, value in content.items():
        if key == "own_networks":
            values[key] = tuple(network(each) for each in value)
        elif key == "regions":
            values[key] = tuple(_region(each) for each in value)
        elif key in {"own_asns", "admitted_statuses", "bound_fleets"}:
            values[key] = frozenset(value)
        else:
            wanted = type(getattr(Policy(), key))
            if type(value) is not wanted:
                raise TypeError(
                    f"{key} is not {'a text' if wanted is str else 'true or false' if wanted is bool else 'a number'}"
                )
            values[key] = value
    return Policy(**values)


def _region(content: dict[str, Any]) -> Region:
    _refuse_unknown(content, {each.name for each in fields(Region)})
    if content.get("mode") not in MODES:
        raise ValueError(f"mode of a region is one of {', '.join(MODES)}")
    until = content.get("until")
    until = datetime.fromisoformat(until) if isinstance(until, str) else until
    if not isinstance(until, datetime) or until.tzinfo is None:
        raise ValueError("until of a region is a time with zone: nothing stays unenforced for ever")
    sets = {key: frozenset(content[key]) for key in ("gateways", "tacs", "reasons") if key in content}
    share = content.get("share", 0)
    if type(share) is not int or not 0 <= share <= 100:
        raise ValueError("share of a region is a whole number of per cent")
    return Region(name=str(content["name"]), mode=content["mode"], until=until, share=share, **sets)


def _refuse_unknown(content: dict[str, Any], known: set[str]) -> None:
    if unknown := sorted(set(content) - known):
        raise ValueError(f"unknown keys {', '.join(unknown)}; known are {', '.join(sorted(known))}")
