"""Answers are read by cryptography's own reader, and by openssl where it is there; the end-to-end tests have charon read them."""

import hashlib
import shutil
import subprocess
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_up_units import NOW, unit

from cellwarden.admission.registry import Registry
from cellwarden.foundation.errors import MalformedInputError
from cellwarden.interfaces.gate.ocsp import read_responder

SHA1 = hashes.SHA1()  # noqa: S303 (what RFC 6960 uses for naming an issuer)
ROOT_KEY, OWN_KEY, UNIT_KEY = (ec.derive_private_key(number, ec.SECP256R1()) for number in (11, 12, 13))


def made(name, key, issuer, *, names=(), days=(-1, 29), responder=False, number=1000):
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(number)
        .not_valid_before(NOW + timedelta(days=days[0]))
        .not_valid_after(NOW + timedelta(days=days[1]))
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(each) for each in names]), critical=False)
    if responder:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), critical=False)
    return builder.sign(ROOT_KEY, hashes.SHA256())


ROOT = made("root", ROOT_KEY, "root", days=(-100, 5000), number=1)
DEVICE = made("henb1", UNIT_KEY, "root", names=["henb1.femto.example"], number=77)


@pytest.fixture
def folder(tmp_path):
    responder = made("responder", OWN_KEY, "root", responder=True, number=2, days=(-5, 5000))
    (tmp_path / "root.pem").write_bytes(ROOT.public_bytes(Encoding.PEM))
    (tmp_path / "own.pem").write_bytes(responder.public_bytes(Encoding.PEM))
    (tmp_path / "own.key").write_bytes(OWN_KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (tmp_path / "issued").mkdir()
    (tmp_path / "issued/1.der").write_bytes(DEVICE.public_bytes(Encoding.DER))
    return tmp_path


@pytest.fixture
def responder(house, folder):
    pinned = hashlib.sha256(DEVICE.public_bytes(Encoding.DER)).hexdigest()
    house.renew(Registry([unit(1, certificate=pinned), unit(2)], as_of=NOW))
    return opened(house, folder)


def opened(house, folder):
    return read_responder(
        house, lambda: NOW,
        certificate=folder / "own.pem", key=folder / "own.key", issuer=folder / "root.pem", issued=folder / "issued",
        suffix=".femto.example", good_for_s=1,
    )  # fmt: skip


def asked(responder, certificate=DEVICE, *, algorithm=None, nonce=b"n" * 16, issuer=ROOT):
    request = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, algorithm or SHA1)
    if nonce:
        request = request.add_extension(x509.OCSPNonce(nonce), critical=False)
    return ocsp.load_der_ocsp_response(responder.respond(request.build().public_bytes(Encoding.DER)))


@pytest.mark.parametrize("algorithm", [SHA1, hashes.SHA256()], ids=["sha1", "sha256"])
def test_a_unit_that_may_join_has_a_good_certificate_for_a_second(responder, algorithm):
    answer = asked(responder, algorithm=algorithm)
    assert answer.certificate_status is ocsp.OCSPCertStatus.GOOD
    assert answer.next_update_utc - answer.this_update_utc == timedelta(seconds=1)
    assert answer.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce == b"n" * 16
    OWN_KEY.public_key().verify(answer.signature, answer.tbs_response_bytes, ec.ECDSA(hashes.SHA256()))
    assert answer.certificates[0].serial_number == 2


def test_a_unit_that_may_not_join_has_none_and_may_come_back(house, responder):
    pinned = house.gate.registry.in_force("henb1", NOW).certificate
    house.change([unit(1, certificate=pinned, status="deleted")], as_of=NOW)
    answer = asked(responder)
    assert answer.certificate_status is ocsp.OCSPCertStatus.REVOKED
    assert answer.revocation_reason is x509.ReasonFlags.certificate_hold
    house.change([unit(1, certificate=pinned)], as_of=NOW)
    assert asked(responder).certificate_status is ocsp.OCSPCertStatus.GOOD


def test_a_certificate_that_was_never_issued_is_unknown_until_it_is(house, responder, folder):
    other = made("henb2", UNIT_KEY, "root", names=["henb2.femto.example"], number=78)
    assert asked(responder, other).certificate_status is ocsp.OCSPCertStatus.UNKNOWN
    (folder / "issued/2.pem").write_bytes(other.public_bytes(Encoding.PEM))
    assert asked(responder, other).certificate_status is ocsp.OCSPCertStatus.REVOKED, "issued, and not what the registry states"
    assert house.counts["reason", "CERT_FINGERPRINT_MISMATCH"] == 1


def test_a_certificate_that_is_being_written_is_read_once_it_is_whole(responder, folder):
    (folder / "issued/2.der").write_bytes(DEVICE.public_bytes(Encoding.DER)[:100])
    assert asked(responder).certificate_status is ocsp.OCSPCertStatus.GOOD
    other = made("henb2", UNIT_KEY, "root", number=79)
    (folder / "issued/2.der").write_bytes(other.public_bytes(Encoding.DER))
    assert asked(responder, other).certificate_status is ocsp.OCSPCertStatus.REVOKED


def test_a_negative_serial_number_is_answered_by_nobody_and_told(responder, monkeypatch):
    said = []
    monkeypatch.setattr("cellwarden.interfaces.gate.ocsp.log.warning", lambda event, **_: said.append(event))
    plain = made("henb1", UNIT_KEY, "root", number=0x7F01)
    request = ocsp.OCSPRequestBuilder().add_certificate(plain, ROOT, SHA1).build().public_bytes(Encoding.DER)
    as_charon = request.replace(b"\x02\x02\x7f\x01", b"\x02\x02\xff\x01")  # as strongSwan 5.9 writes 0xff01
    answer = ocsp.load_der_ocsp_response(responder.respond(as_charon))
    assert answer.response_status is ocsp.OCSPResponseStatus.MALFORMED_REQUEST
    assert said == ["serial_number_negative"]


def test_another_authority_is_not_ours_to_speak_for(responder):
    foreign = made("other", UNIT_KEY, "other", number=5)
    assert asked(responder, DEVICE, issuer=foreign).response_status is ocsp.OCSPResponseStatus.UNAUTHORIZED


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200) | st.tuples(st.integers(0, 90), st.integers(1, 255)))
def test_whatever_is_asked_there_is_an_answer_and_nobody_is_let_in(responder, content):
    if isinstance(content, tuple):
        whole = bytearray(ocsp.OCSPRequestBuilder().add_certificate(DEVICE, ROOT, SHA1).build().public_bytes(Encoding.DER))
        whole[content[0] % len(whole)] ^= content[1]
        content = bytes(whole)
    answer = ocsp.load_der_ocsp_response(responder.respond(content))
    if answer.response_status is ocsp.OCSPResponseStatus.SUCCESSFUL and answer.certificate_status is ocsp.OCSPCertStatus.GOOD:
        assert answer.serial_number == DEVICE.serial_number


def test_what_is_no_certificate_or_key_is_said_to_be_none(house, folder):
    (folder / "own.key").write_text("nonsense")
    with pytest.raises(MalformedInputError, match=r"own\.key"):
        opened(house, folder)
    (folder / "root.pem").write_text("nonsense")
    with pytest.raises(MalformedInputError, match=r"root\.pem"):
        opened(house, folder)


def test_a_folder_of_certificates_is_read_before_anybody_asks_and_has_to_be_there(house, folder):
    (folder / "issued/1.der").write_bytes(b"nonsense")
    with pytest.MonkeyPatch.context() as patch:
        said = []
        patch.setattr("cellwarden.interfaces.gate.ocsp.log.warning", lambda event, **_: said.append(event))
        opened(house, folder)
    assert said == ["certificate_unreadable"]
    (folder / "issued/1.der").unlink()
    (folder / "issued").rmdir()
    with pytest.raises(MalformedInputError, match="issued"):
        opened(house, folder)


def test_openssl_reads_the_answer(responder, tmp_path):
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl")
    request = ocsp.OCSPRequestBuilder().add_certificate(DEVICE, ROOT, SHA1).build()
    (tmp_path / "answer").write_bytes(responder.respond(request.public_bytes(Encoding.DER)))
    told = subprocess.run(
        ["openssl", "ocsp", "-respin", str(tmp_path / "answer"), "-text", "-noverify"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Cert Status: good" in told.stdout
