"""OCSP responder: a certificate is good while the registry says that its unit may join, and not a second longer.

A responder learns the serial number of a certificate and nothing else, neither address nor identity; what is known of the
certificate comes from the folder of issued ones. Peers must ask strictly (`revocation = strict`): a peer that takes silence
for yes is open while the responder is down.

References: RFC 6960; RFC 8954 (nonce).
"""

from __future__ import annotations

import hashlib
import logging
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509 import ocsp

from cellwarden.admission.facts import Facts, Stage
from cellwarden.foundation.errors import MalformedInputError
from cellwarden.interfaces.gate.naming import unit_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes

    from cellwarden.foundation.clock import Clock
    from cellwarden.workflows.gatehouse import House

_SUFFIXES = (".pem", ".crt", ".der")
log = logging.getLogger("cellwarden.gate")
MOST_OCTETS = 4096
"""A request for one certificate takes about a hundred."""


class Issued(NamedTuple):
    """What is known of one certificate."""

    sha256: str
    names: tuple[str, ...]
    certificate: x509.Certificate
    is_chain_valid: bool


class IssuedCertificates:
    """A folder of issued certificates, by serial number; looked at again when the folder changes."""

    def __init__(self, folder: Path, issuer: x509.Certificate, suffix: str = "") -> None:
        self._folder, self._issuer, self._suffix = folder, issuer, suffix
        self._lock = threading.Lock()
        self._seen = -1
        self._read: dict[str, int] = {}
        self._by_serial: dict[int, Issued] = {}

    def of(self, serial_number: int) -> Issued | None:
        """Return the certificate of this serial number; None if none was issued."""
        with self._lock:
            self.look()
            return self._by_serial.get(serial_number)

    def look(self) -> None:
        """Read the folder if it has changed."""
        if (now := self._folder.stat().st_mtime_ns) != self._seen:
            self._seen = now if self._refresh() else -1

    def _refresh(self) -> bool:
        """Read what is new; return whether all could be read: what is being written is looked at again next time."""
        is_whole = True
        for path in sorted(self._folder.iterdir()):
            if path.suffix not in _SUFFIXES or self._read.get(path.name) == path.stat().st_mtime_ns:
                continue
            content = path.read_bytes()
            try:
                for certificate in _certificates(content):
                    self._by_serial[certificate.serial_number] = self._issued(certificate)
            except ValueError:
                log.warning("certificate_unreadable", extra={"file": path.name})
                is_whole = False
                continue
            self._read[path.name] = path.stat().st_mtime_ns
        return is_whole

    def _issued(self, certificate: x509.Certificate) -> Issued:
        try:
            certificate.verify_directly_issued_by(self._issuer)
            is_chain_valid = True
        except (InvalidSignature, ValueError, TypeError):
            is_chain_valid = False
        return Issued(
            hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest(),
            names_of(certificate, self._suffix),
            certificate,
            is_chain_valid,
        )


def names_of(certificate: x509.Certificate, suffix: str) -> tuple[str, ...]:
    """Return the equipment that a certificate names in its subject alternative names."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return ()
    return tuple(unit_of(name, suffix) or "" for name in names.get_values_for_type(x509.DNSName))


class Responder:
    """Answers requests; whatever they are, there is an answer and no exception."""

    def __init__(
        self,
        house: House,
        issued: IssuedCertificates,
        *,
        issuer: x509.Certificate,
        certificate: x509.Certificate,
        key: CertificateIssuerPrivateKeyTypes,
        clock: Clock,
        good_for_s: int = 1,
    ) -> None:
        self._house, self._issued, self._issuer, self._clock = house, issued, issuer, clock
        self._certificate, self._key, self._good_for_s = certificate, key, good_for_s

    def respond(self, content: bytes) -> bytes:
        """Answer a request, DER to DER."""
        try:
            request = ocsp.load_der_ocsp_request(content)
            algorithm = request.hash_algorithm
            is_ours = request.issuer_key_hash == self._key_hash(algorithm)
            name_hash, key_hash, serial_number = request.issuer_name_hash, request.issuer_key_hash, request.serial_number
            nonce = _nonce(request)
        except (ValueError, TypeError, NotImplementedError, KeyError):
            return _unsigned(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
        except Exception:  # noqa: BLE001 (the parser's own kinds of error, such as UnsupportedAlgorithm)
            return _unsigned(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
        if serial_number < 0:
            # No certificate has one (RFC 5280, 4.1.2.2). strongSwan 5.9 asks so about a number whose first bit is set, and takes an
            # answer about the number itself for another's: such a certificate is refused whatever is said here.
            log.warning("serial_number_negative", extra={"fix": "Issue serial numbers whose first bit is not set"})
            return _unsigned(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
        if not is_ours:
            return _unsigned(ocsp.OCSPResponseStatus.UNAUTHORIZED)
        now = self._clock()
        status = self._status(serial_number)
        is_revoked = status is ocsp.OCSPCertStatus.REVOKED
        builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
            issuer_name_hash=name_hash,
            issuer_key_hash=key_hash,
            serial_number=serial_number,
            algorithm=algorithm,
            cert_status=status,
            this_update=now,
            next_update=now + timedelta(seconds=self._good_for_s),
            revocation_time=now if is_revoked else None,
            # On hold, since a unit that is cleared may come back with the same certificate (RFC 5280, 5.3.1).
            revocation_reason=x509.ReasonFlags.certificate_hold if is_revoked else None,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, self._certificate).certificates([self._certificate])
        if nonce is not None:
            builder = builder.add_extension(nonce, critical=False)
        answer = builder.sign(self._key, None if isinstance(self._key, _EDWARDS) else hashes.SHA256())
        return answer.public_bytes(Encoding.DER)

    def _status(self, serial_number: int) -> ocsp.OCSPCertStatus:
        issued = self._issued.of(serial_number)
        if issued is None:
            return ocsp.OCSPCertStatus.UNKNOWN
        certificate = issued.certificate
        decision = self._house.ask(
            Facts(
                stage=Stage.CERTIFICATE,
                at=self._clock(),
                key=f"{serial_number:x}",
                certificate=issued.sha256,
                certificate_names=issued.names,
                certificate_not_before=certificate.not_valid_before_utc,
                certificate_not_after=certificate.not_valid_after_utc,
                certificate_issuer=certificate.issuer.rfc4514_string(),
                is_chain_valid=issued.is_chain_valid,
            )
        )
        return ocsp.OCSPCertStatus.GOOD if decision.allow else ocsp.OCSPCertStatus.REVOKED

    def _key_hash(self, algorithm: hashes.HashAlgorithm) -> bytes:
        """Hash the issuer's public key as a CertID does: the bit string without its header (RFC 6960, 4.1.1)."""
        bits = x509.SubjectKeyIdentifier.from_public_key(self._issuer.public_key()).digest
        if isinstance(algorithm, hashes.SHA1):
            return bits
        probe = ocsp.OCSPRequestBuilder().add_certificate(self._issuer, self._issuer, algorithm).build()
        return probe.issuer_key_hash


_EDWARDS = (ed25519.Ed25519PrivateKey, ed448.Ed448PrivateKey)


def read_responder(
    house: House, clock: Clock, *, certificate: Path, key: Path, issuer: Path, issued: Path, suffix: str, good_for_s: int
) -> Responder:
    """Make a responder from files."""
    authority, own = _one(issuer), _one(certificate)
    try:
        private = load_pem_private_key(key.read_bytes(), None)
    except (ValueError, TypeError) as error:
        raise MalformedInputError("no private key", where=key.name, fix="Give the responder's key as PEM") from error
    if not isinstance(private, (ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey, *_EDWARDS)):
        raise MalformedInputError("a key of a kind that signs no OCSP response", where=key.name, fix="Use ECDSA or RSA")
    if not issued.is_dir():
        raise MalformedInputError("no folder", where=issued.name, fix="Give the folder of issued certificates, empty at first")
    known = IssuedCertificates(issued, authority, suffix)
    known.look()  # whoever asks first does not wait for a whole fleet to be read
    return Responder(house, known, issuer=authority, certificate=own, key=private, clock=clock, good_for_s=good_for_s)


def _one(path: Path) -> x509.Certificate:
    try:
        return next(_certificates(path.read_bytes()))
    except ValueError as error:
        raise MalformedInputError("no certificate", where=path.name, fix="Give PEM or DER") from error


def _certificates(content: bytes) -> Iterator[x509.Certificate]:
    if content.startswith(b"\x30"):
        yield x509.load_der_x509_certificate(content)
    else:
        yield from x509.load_pem_x509_certificates(content)


def _nonce(request: ocsp.OCSPRequest) -> x509.OCSPNonce | None:
    try:
        return request.extensions.get_extension_for_class(x509.OCSPNonce).value
    except x509.ExtensionNotFound:
        return None


def _unsigned(status: ocsp.OCSPResponseStatus) -> bytes:
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(Encoding.DER)
