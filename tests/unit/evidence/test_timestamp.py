"""Time stamps: OpenSSL plays the authority, we ask and check."""

import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from cellwarden.evidence import timestamp
from cellwarden.foundation.errors import MalformedInputError, MissingPartError, RefusedError

OPENSSL = shutil.which("openssl")
pytestmark = pytest.mark.skipif(OPENSSL is None, reason="openssl is not here: apt install openssl")
CONFIG = """
[tsa]
default_tsa = t
[t]
serial = {place}/serial
crypto_device = builtin
signer_cert = {place}/tsa.pem
signer_key = {place}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
"""


def certificate(name, issuer, key, signing_key, extensions):
    now = datetime(2020, 1, 1, tzinfo=UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=36500))
    )
    for extension, is_critical in extensions:
        builder = builder.add_extension(extension, critical=is_critical)
    return builder.sign(signing_key, hashes.SHA256())


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """Give the authority's root, and what answers requests."""
    place = tmp_path_factory.mktemp("authority")
    root_key, key = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    root = certificate("Test root", "Test root", root_key, root_key, [(x509.BasicConstraints(ca=True, path_length=None), True)])
    usages = [
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True),
    ]
    signer = certificate("Test authority", "Test root", key, root_key, usages)
    (place / "tsa.pem").write_bytes(signer.public_bytes(Encoding.PEM))
    (place / "tsa.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (place / "serial").write_text("01\n")
    (place / "tsa.conf").write_text(CONFIG.format(place=place))

    def answer(request):
        (place / "request.tsq").write_bytes(request)
        command = [
            OPENSSL,
            "ts",
            "-reply",
            "-config",
            place / "tsa.conf",
            "-queryfile",
            place / "request.tsq",
            "-out",
            place / "answer.tsr",
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return (place / "answer.tsr").read_bytes()

    return root.public_bytes(Encoding.PEM), answer


def test_an_authoritys_stamp_holds_for_its_content_and_no_other(authority):
    root, answer = authority
    stamp = answer(timestamp.request(b"a checkpoint"))
    assert timestamp.stamped_at(stamp, b"a checkpoint", root).tzinfo is not None
    with pytest.raises(RefusedError, match="does not hold"):
        timestamp.stamped_at(stamp, b"another checkpoint", root)


def test_an_authority_under_another_root_is_not_believed(authority):
    _, answer = authority
    key = rsa.generate_private_key(65537, 2048)
    stranger = certificate("Other root", "Other root", key, key, [(x509.BasicConstraints(ca=True, path_length=None), True)])
    stamp = answer(timestamp.request(b"a checkpoint"))
    with pytest.raises(RefusedError, match="does not hold"):
        timestamp.stamped_at(stamp, b"a checkpoint", stranger.public_bytes(Encoding.PEM))


def test_what_is_no_stamp_is_said(authority):
    with pytest.raises(MalformedInputError, match="no time stamp"):
        timestamp.stamped_at(b"nonsense", b"a checkpoint", authority[0])


def test_the_part_may_be_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    with pytest.raises(MissingPartError, match="timestamp"):
        timestamp.request(b"a checkpoint")
