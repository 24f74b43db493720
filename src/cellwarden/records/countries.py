"""Countries with one time zone, by mobile country code (ITU-T E.212); a country with several is left out on purpose."""

from __future__ import annotations

ZONE_OF_MCC = {
    "202": "Europe/Athens",
    "204": "Europe/Amsterdam",
    "206": "Europe/Brussels",
    "208": "Europe/Paris",
    "216": "Europe/Budapest",
    "222": "Europe/Rome",
    "228": "Europe/Zurich",
    "230": "Europe/Prague",
    "232": "Europe/Vienna",
    "234": "Europe/London",
    "238": "Europe/Copenhagen",
    "240": "Europe/Stockholm",
    "242": "Europe/Oslo",
    "244": "Europe/Helsinki",
    "260": "Europe/Warsaw",
    "262": "Europe/Berlin",
    "272": "Europe/Dublin",
    "404": "Asia/Kolkata",
    "405": "Asia/Kolkata",
    "414": "Asia/Yangon",
    "440": "Asia/Tokyo",
    "441": "Asia/Tokyo",
    "450": "Asia/Seoul",
    "452": "Asia/Ho_Chi_Minh",
    "454": "Asia/Hong_Kong",
    "460": "Asia/Shanghai",
    "466": "Asia/Taipei",
    "502": "Asia/Kuala_Lumpur",
    "515": "Asia/Manila",
    "520": "Asia/Bangkok",
    "525": "Asia/Singapore",
}
"""Overseas territories with codes of their own do not count against a country."""
