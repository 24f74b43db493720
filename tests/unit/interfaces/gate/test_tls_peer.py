"""A client of the standard library's TLS calls; who shows a certificate under another root gets no connection."""

import hashlib
import ssl
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from cellwarden.interfaces.gate.tls_peer import CERTIFICATE, certificate_facts, tls_options
from cellwarden.interfaces.gate.web import WebServer, bound

KEYS = {
    name: ec.derive_private_key(number, ec.SECP256R1()) for number, name in enumerate(("root", "other", "hems", "henb1"), 21)
}
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def made(name, issuer, *, names=(), is_root=False):
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(KEYS[name].public_key())
        .serial_number(9)
        .not_valid_before(BEGIN)
        .not_valid_after(BEGIN + timedelta(days=9000))
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(KEYS[name].public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(KEYS[issuer].public_key()), critical=False)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(KEYS[issuer], hashes.SHA256())


def write(folder, name, certificate):
    (folder / f"{name}.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    key = KEYS[name].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / f"{name}.key").write_bytes(key)


UNIT = made("henb1", "root", names=[x509.DNSName("henb1.femto.example")])


@pytest.fixture
def files(tmp_path):
    import ipaddress  # noqa: PLC0415

    write(tmp_path, "root", made("root", "root", is_root=True))
    write(tmp_path, "other", made("other", "other", is_root=True))
    write(tmp_path, "hems", made("hems", "root", names=[x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]))
    write(tmp_path, "henb1", UNIT)
    return tmp_path


@pytest.fixture
def server(files):
    async def who(request):
        shown = request.scope.get(CERTIFICATE)
        return JSONResponse([hashlib.sha256(shown).hexdigest() if shown else None, request.client.host])

    channel = bound("127.0.0.1:0", where="test")
    options = tls_options(files / "hems.pem", files / "hems.key", files / "root.pem")
    made = WebServer(Starlette(routes=[Route("/", who)]), channel, **options)
    made.start()
    yield f"https://127.0.0.1:{channel.getsockname()[1]}/"
    made.stop()


def asked(url, files, shown=None, **options):
    context = ssl.create_default_context(cafile=files / "root.pem")
    if shown is not None:
        context.load_cert_chain(files / f"{shown}.pem", files / f"{shown}.key")
    with httpx.Client(verify=context, trust_env=False, timeout=20) as client:
        return [client.get(url, **options).json() for _ in range(2)]


def test_a_certificate_that_was_shown_goes_with_every_request_of_its_connection(server, files):
    fingerprint = UNIT.fingerprint(hashes.SHA256()).hex()
    assert asked(server, files, "henb1") == [[fingerprint, "127.0.0.1"]] * 2


def test_who_shows_none_has_none_and_headers_say_nothing_of_the_address(server, files):
    assert asked(server, files, headers={"X-Forwarded-For": "10.9.0.1"}) == [[None, "127.0.0.1"]] * 2


def test_a_certificate_under_another_root_gets_no_connection(server, files):
    with pytest.raises((httpx.TransportError, ssl.SSLError)):
        asked(server, files, "other")


def test_a_certificate_says_who_calls():
    facts = certificate_facts(UNIT.public_bytes(Encoding.DER), ".femto.example")
    assert facts["equipment_id"] == "henb1"
    assert facts["certificate_names"] == ("henb1",)
    assert facts["certificate"] == UNIT.fingerprint(hashes.SHA256()).hex()
    assert (facts["certificate_not_before"], facts["is_chain_valid"]) == (BEGIN, True)


def test_a_certificate_with_two_names_says_nobody():
    names = [x509.DNSName("henb1.femto.example"), x509.DNSName("henb2.femto.example")]
    facts = certificate_facts(made("henb1", "root", names=names).public_bytes(Encoding.DER), ".femto.example")
    assert (facts["equipment_id"], facts["certificate_names"]) == (None, ("henb1", "henb2"))


def test_without_a_certificate_of_its_own_a_listener_speaks_no_tls(files):
    assert "ssl_certfile" not in tls_options(None, None, None)
    assert "ssl_ca_certs" not in tls_options(files / "hems.pem", files / "hems.key", None)
