"""Rules on what a unit proves itself with: certificate, revocation, identities of both rounds."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cellwarden.admission.facts import Stage
from cellwarden.admission.rule import Reason, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cellwarden.admission.rule import Question


def _unique(question: Question) -> Iterator[Reason]:
    facts, version = question.facts, question.version
    certificate = facts.certificate or (version.certificate if version is not None else None)
    if certificate is None or len(question.registry.sharers(certificate, facts.at)) < 2:
        return
    yield Reason("CERT_SHARED", 1, "more than one registered unit has this certificate")
    if certificate not in question.policy.bound_fleets:
        return
    if version is not None and not version.networks:
        yield Reason("FLEET_UNIT_UNBOUND", 1, "the certificate is the fleet's and the registry states no line")
    if facts.stage is Stage.S1_SETUP and facts.serial is None:
        yield Reason("FLEET_UNIT_UNBOUND", 1, "the certificate is the fleet's and no Inform has told the serial number")


def _mutual(question: Question) -> Iterator[Reason]:
    facts = question.facts
    if facts.is_chain_valid is False:
        yield Reason("CERT_CHAIN", 2, "the certificate leads to no root of the operator or a manufacturer")
    if (
        facts.certificate_names is not None
        and facts.equipment_id is not None
        and facts.equipment_id not in facts.certificate_names
    ):
        yield Reason("ID_CERT_MISMATCH", 2, "the certificate does not name the identity that is claimed")


def _short_lived(question: Question) -> Iterator[Reason]:
    facts, policy = question.facts, question.policy
    begin, end = facts.certificate_not_before, facts.certificate_not_after
    if begin is None or end is None:
        return
    if facts.at < begin:
        yield Reason("CERT_NOT_YET_VALID", 3, f"valid from {begin:%Y-%m-%d}")
    if facts.at > end:
        yield Reason("CERT_EXPIRED", 3, f"valid to {end:%Y-%m-%d}")
    elif facts.at > end - timedelta(days=policy.near_end_days):
        yield Reason("CERT_NEAR_END", 3, f"valid to {end:%Y-%m-%d}")
    if end - begin > timedelta(days=policy.max_certificate_days):
        yield Reason(
            "CERT_VALIDITY_TOO_LONG", 3, f"{(end - begin).days} days, {policy.max_certificate_days} are the most allowed"
        )


def _revocation(question: Question) -> Iterator[Reason]:
    if question.facts.revocation == "revoked":
        yield Reason("CERT_REVOKED", 4, "the responder says so")
    elif question.facts.revocation == "unavailable" and not question.is_review:
        yield Reason("OCSP_UNAVAILABLE", 4, "no responder answered, and silence is no yes")


def _pinned(question: Question) -> Iterator[Reason]:
    facts, version, policy = question.facts, question.version, question.policy
    if version is None:
        return
    if version.certificate is None:
        if policy.needs_certificate and version.kind != "macro":
            yield Reason("CERT_NOT_STATED", 5, "the registry states no certificate of this unit")
    elif facts.certificate is not None and facts.certificate != version.certificate:
        yield Reason("CERT_FINGERPRINT_MISMATCH", 5, "not the certificate that the registry states for this unit")


def _same_in_both_rounds(question: Question) -> Iterator[Reason]:
    facts = question.facts
    names = facts.certificate_names
    if names is None:
        yield Reason("EAP_ID_SPLICE", 13, "the certificate's name is not known here, so the EAP identity is bound to nothing")
    elif facts.eap_identity not in names:
        yield Reason("EAP_ID_SPLICE", 13, "the certificate does not name the EAP identity")


UNIQUE_CREDENTIAL = Rule(
    1,
    "Every unit has a device identity and a credential of its own; what a whole fleet shares proves nothing",
    ("CERT_SHARED", "FLEET_UNIT_UNBOUND"),
    "TS 33.320, 4.4.2, 5.1.2 and 5.2; TS 22.220, 5.1",
    "one certificate for all units until November 2025",
    (),
    _unique,
)
MUTUAL_AUTHENTICATION = Rule(
    2,
    "The certificate leads to a known root and names the identity that the unit claims",
    ("CERT_CHAIN", "ID_CERT_MISMATCH"),
    "TS 33.320, 4.4.3 and 5.2, Annex A; TS 33.310",
    "had it; with one certificate for all it said nothing",
    (),
    _mutual,
)
SHORT_VALIDITY = Rule(
    3,
    "The certificate is valid now, and not for years",
    ("CERT_EXPIRED", "CERT_NOT_YET_VALID", "CERT_VALIDITY_TOO_LONG"),
    "TS 33.310; the operator's policy",
    "ten years, one month from 10 September 2025",
    ("certificate_not_before", "certificate_not_after"),
    _short_lived,
    findings=("CERT_NEAR_END",),
)
REVOCATION = Rule(
    4,
    "The certificate was not revoked, and a responder said so",
    ("CERT_REVOKED", "OCSP_UNAVAILABLE"),
    "TS 33.320, 7.2; RFC 4806",
    "in effect nothing could be revoked: revoking one unit would have revoked all",
    ("revocation",),
    _revocation,
)
PINNED_CERTIFICATE = Rule(
    5,
    "The certificate is the one that the registry states for this unit",
    ("CERT_FINGERPRINT_MISMATCH", "CERT_NOT_STATED"),
    "TS 33.320, 4.4.9",
    "no unit was tied to a certificate",
    (),
    _pinned,
)
BOUND_EAP_IDENTITY = Rule(
    13,
    "Who authenticates in the second round is who the certificate of the first names",
    ("EAP_ID_SPLICE",),
    "TS 33.320, 4.4.3 and 5.3, Annex A; RFC 4739",
    "not known to have been used",
    ("eap_identity",),
    _same_in_both_rounds,
)
