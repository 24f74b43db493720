"""Certificates of those who call by TLS: handed on to the application, and what they say as facts."""

from __future__ import annotations

import hashlib
import ssl
from typing import TYPE_CHECKING, Any

from cryptography import x509
from uvicorn.protocols.http.h11_impl import H11Protocol

from cellwarden.interfaces.gate.ocsp import names_of

if TYPE_CHECKING:
    import asyncio
    from pathlib import Path

MOST_CONNECTIONS = 2000
"""At the same time; more are told to come again."""
CERTIFICATE = "cellwarden.peer_certificate"
"""Key of the scope under which an application finds the certificate, DER; it is not there if none was shown."""


class TlsPeer(H11Protocol):
    """uvicorn's protocol; each request of a connection carries the certificate that its peer has shown and proven."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's own
        """Take note of the certificate: the handshake is over, so it was verified."""
        super().connection_made(transport)
        secured = transport.get_extra_info("ssl_object")
        certificate = secured.getpeercert(binary_form=True) if secured is not None else None
        if certificate:
            application = self.app

            async def with_certificate(scope: Any, receive: Any, send: Any) -> None:
                await application({**scope, CERTIFICATE: certificate}, receive, send)

            self.app = with_certificate


def tls_options(certificate: Path | None, key: Path | None, peers_root: Path | None) -> dict[str, Any]:
    """Return the options of a server that takes addresses as they are, and certificates if there are roots for them."""
    options: dict[str, Any] = {"http": TlsPeer, "proxy_headers": False, "limit_concurrency": MOST_CONNECTIONS}
    if certificate is not None:
        options |= {"ssl_certfile": certificate, "ssl_keyfile": key}
        if peers_root is not None:
            options |= {"ssl_ca_certs": str(peers_root), "ssl_cert_reqs": ssl.CERT_OPTIONAL}
    return options


def certificate_facts(certificate: bytes, suffix: str) -> dict[str, Any]:
    """Return what a certificate says, by the names of facts; a name that it gives alone is who calls.

    Args:
        certificate: DER, verified against a root that is trusted.
        suffix: Domain at the end of its names, with its dot.
    """
    read = x509.load_der_x509_certificate(certificate)
    names = names_of(read, suffix)
    return {
        "equipment_id": names[0] if len(names) == 1 else None,
        "certificate": hashlib.sha256(certificate).hexdigest(),
        "certificate_names": names,
        "certificate_not_before": read.not_valid_before_utc,
        "certificate_not_after": read.not_valid_after_utc,
        "certificate_issuer": read.issuer.rfc4514_string(),
        "is_chain_valid": True,
    }
