"""A certificate authority of a test: device certificates as femtocells have them, good and bad."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

DOMAIN = "femto.example"


@dataclass(frozen=True)
class Credential:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def der(self) -> bytes:
        """The certificate, DER."""
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def key_pem(self) -> bytes:
        """The key, PEM."""
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    @property
    def pem(self) -> bytes:
        """The certificate, PEM."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def sha256(self) -> str:
        """Fingerprint, hex."""
        return hashlib.sha256(self.der).hexdigest()


class Authority:
    """Issues certificates; `ocsp` is put into each as where to ask."""

    def __init__(self, ocsp: str = "") -> None:
        self.ocsp = ocsp
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test CA")])
        self.root = Credential(self._signed(name, key, key, name, days=(-1, 3650), is_ca=True), key)

    def issue(
        self,
        *names: str,
        days: tuple[float, float] = (-1, 29),
        serial: str = "SN",
        is_responder: bool = False,
        domain: str = DOMAIN,
    ) -> Credential:
        """Issue a certificate for these units, valid from and to so many days from now."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.COMMON_NAME, names[0]),
                x509.NameAttribute(NameOID.SERIAL_NUMBER, serial),
            ]
        )
        hosts = [f"{name}.{domain}" for name in names]
        return Credential(
            self._signed(
                subject, key, self.root.key, self.root.certificate.subject, days=days, hosts=hosts, is_responder=is_responder
            ),
            key,
        )

    def _signed(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        signer: ec.EllipticCurvePrivateKey,
        issuer: x509.Name,
        *,
        days: tuple[float, float],
        hosts: list[str] | None = None,
        is_ca: bool = False,
        is_responder: bool = False,
    ) -> x509.Certificate:
        now = datetime.now(UTC)  # noqa: TID251 (a real peer looks at the real clock)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number() >> 9 | 1 << 150)  # first bit not set: see limits of the gate
            .not_valid_before(now + timedelta(days=days[0]))
            .not_valid_after(now + timedelta(days=days[1]))
            .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        )
        if hosts:
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts]), critical=False)
        if is_responder:
            builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), critical=False)
        elif hosts and self.ocsp:
            where = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(self.ocsp))
            builder = builder.add_extension(x509.AuthorityInformationAccess([where]), critical=False)
        return builder.sign(signer, hashes.SHA256())
