"""Every rule of the gate in its order. Tests hold their number, their codes and that each can refuse."""

from __future__ import annotations

from cellwarden.admission.rules import credential, place, registration, session

RULES = (
    credential.UNIQUE_CREDENTIAL,
    credential.MUTUAL_AUTHENTICATION,
    credential.SHORT_VALIDITY,
    credential.REVOCATION,
    credential.PINNED_CERTIFICATE,
    registration.REGISTERED,
    registration.CONFIGURATION,
    place.INSTALLED_LINE,
    place.INSTALLED_PLACE,
    registration.CHECKED_FIRST,
    session.ONE_SESSION,
    session.SAME_NAME_INSIDE,
    credential.BOUND_EAP_IDENTITY,
    registration.CONFIGURED_AFTER_CHECKS,
    registration.ON_RECORD,
)
BLOCKED = "BLOCKED"
"""Reason of the block list, which stands above the rules: no region leaves it unenforced."""
UNAVAILABLE = "DECISION_UNAVAILABLE"
"""Reason of an adapter that got no decision in time."""
CLONE_CODES = frozenset(
    {"DUPLICATE_SESSION", "DUPLICATE_S1", "ENB_ID_NOT_OF_THIS_DEVICE", "EAP_ID_SPLICE", "CERT_FINGERPRINT_MISMATCH"}
)
"""Refusals that mean that somebody shows what is another's: each is an alert."""
FINDINGS = frozenset(code for rule in RULES for code in rule.findings)
"""Reasons that refuse nobody."""
