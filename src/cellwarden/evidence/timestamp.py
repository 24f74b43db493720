"""Time stamps by a third party (RFC 3161), as files: a request goes out, the answer comes in, and no connection is made here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography import x509

from cellwarden.foundation.errors import MalformedInputError, MissingPartError, RefusedError

if TYPE_CHECKING:
    from datetime import datetime
    from types import ModuleType


def request(content: bytes) -> bytes:
    """Return a time-stamp request for content (DER): SHA-512, with nonce, asking for the authority's certificate."""
    client = _client()
    made: bytes = client.TimestampRequestBuilder().data(content).build().as_bytes()
    return made


def stamped_at(answer: bytes, content: bytes, roots: bytes) -> datetime:
    """Return when an authority saw the content.

    Args:
        answer: Time-stamp response (DER).
        content: What was stamped.
        roots: Certificates (PEM) that the reader trusts.

    Raises:
        MalformedInputError: The answer or the certificates cannot be read.
        RefusedError: The stamp is for other content, or not of an authority under these roots.
    """
    client = _client()
    try:
        response = client.decode_timestamp_response(answer)
        trusted = x509.load_pem_x509_certificates(roots)
    except ValueError as error:
        raise MalformedInputError(
            "this is no time stamp, or no certificate", where="timestamp", fix="Give DER and PEM files"
        ) from error
    builder = client.VerifierBuilder()
    for certificate in trusted:
        builder = builder.add_root_certificate(certificate)
    try:
        builder.build().verify_message(response, content)
    except client.VerificationError as error:
        raise RefusedError(
            "the stamp does not hold for this content", where="timestamp", fix="Ask the authority again"
        ) from error
    at: datetime = response.tst_info.gen_time
    return at


def _client() -> ModuleType:
    try:
        import rfc3161_client  # noqa: PLC0415 (an optional part)
    except ImportError as error:
        raise MissingPartError(
            "rfc3161-client is not installed", where="timestamp", fix="pip install 'cellwarden[timestamp]'"
        ) from error
    return rfc3161_client
