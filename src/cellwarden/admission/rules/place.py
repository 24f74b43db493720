"""Rules on where a unit is: on which line, in whose network, in which country, at which place."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING

from cellwarden.admission.addresses import address, is_within
from cellwarden.admission.rule import Reason, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cellwarden.admission.rule import Question

EARTH_M = 6_371_000
"""Mean radius."""


def distance_m(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Return the great-circle distance between two places of (latitude, longitude) in degrees, in metres."""
    (lat, lon), (other_lat, other_lon) = first, second
    rise, turn = radians(other_lat - lat), radians(other_lon - lon)
    chord = sin(rise / 2) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(turn / 2) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(chord)))


def _on_its_line(question: Question) -> Iterator[Reason]:
    facts, version, policy = question.facts, question.version, question.policy
    where = address(facts.source_ip or "")
    if where is None:
        yield Reason("SOURCE_IP_UNREADABLE", 8, "the outer address is none")
        return
    if policy.own_networks and not is_within(where, policy.own_networks):
        yield Reason("SOURCE_IP_FOREIGN", 8, f"{facts.source_ip} is not in the operator's own wireline networks")
    if policy.own_asns and facts.asn is not None and facts.asn not in policy.own_asns:
        yield Reason("ASN_FOREIGN", 8, f"AS{facts.asn} is another operator's")
    if policy.country and facts.country is not None and facts.country.upper() != policy.country.upper():
        yield Reason("COUNTRY_FOREIGN", 8, f"the address is of {facts.country}, not of {policy.country}")
    if version is None or version.kind == "mobile":
        return
    if version.networks:
        if not is_within(where, version.networks):
            yield Reason("SOURCE_IP_NOT_INSTALLED_LINE", 8, f"{facts.source_ip} is not of the line where it is installed")
    elif policy.needs_line and version.kind == "femto":
        yield Reason("LINE_NOT_STATED", 8, "the registry states no networks of the line where it is installed")
    if facts.access_line is not None and version.access_line is not None and facts.access_line != version.access_line:
        yield Reason("LINE_MISMATCH", 8, "the address is of another customer's line")


def _at_its_place(question: Question) -> Iterator[Reason]:
    facts, version, policy = question.facts, question.version, question.policy
    if version is None or version.kind == "mobile" or version.lat is None or version.lon is None:
        return
    installed = version.lat, version.lon
    if facts.lat is not None and facts.lon is not None:
        off_m = distance_m(installed, (facts.lat, facts.lon))
        if off_m > policy.max_distance_m:
            yield Reason("LOCATION_MISMATCH", 9, f"it reports a place {off_m:,.0f} m from where it is installed")
    if facts.neighbours:
        heard = (question.registry.place_of(cell, facts.at) for cell in facts.neighbours)
        off = [distance_m(installed, place) for place in heard if place is not None]
        if off and min(off) > policy.max_neighbour_m:
            yield Reason("LOCATION_MISMATCH", 9, f"the nearest macro cell that it hears stands {min(off):,.0f} m away")


INSTALLED_LINE = Rule(
    8,
    "It comes from the operator's own line at the place where it is installed",
    (
        "SOURCE_IP_UNREADABLE",
        "SOURCE_IP_FOREIGN",
        "ASN_FOREIGN",
        "COUNTRY_FOREIGN",
        "SOURCE_IP_NOT_INSTALLED_LINE",
        "LINE_NOT_STATED",
        "LINE_MISMATCH",
    ),
    "TS 33.320, 8.1 and Annex B",
    "other operators' and foreign addresses were let in until 23 September 2025",
    ("source_ip",),
    _on_its_line,
)
INSTALLED_PLACE = Rule(
    9,
    "Its own fix and the macro cells that it hears agree with the place where it is installed",
    ("LOCATION_MISMATCH",),
    "TS 33.320, 8.1 and Annex B; TS 25.467, 5.2.2",
    "places were not verified",
    (),
    _at_its_place,
)
