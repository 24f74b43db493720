import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from made_up_units import NOW, gate, later, tunnel, unit

from cellwarden.admission.addresses import address
from cellwarden.admission.snapshot import seal, unseal
from cellwarden.foundation.errors import InputChangedError, MalformedInputError
from cellwarden.workflows.gate_evidence import GateEvidence
from cellwarden.workflows.gatehouse import Gatehouse
from cellwarden.workflows.registry_view import SealedSource, public_key, read_origins, sealed_by

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)


@pytest.fixture
def house(tmp_path):
    evidence = GateEvidence(tmp_path / "gate", "test")
    yield Gatehouse(gate(), evidence, lambda: NOW)
    evidence.close()


def test_a_sealed_file_and_the_deltas_beside_it_are_followed(house, tmp_path):
    source = SealedSource(tmp_path / "registry.sealed", KEY.public_key())
    assert source.refresh(house) is False, "nothing is there yet"
    whole = seal([unit(1)], as_of=NOW, key=KEY)
    (tmp_path / "registry.sealed").write_bytes(whole)
    assert source.refresh(house)
    assert source.refresh(house) is False
    assert house.ask(tunnel(1)).allow
    digest = unseal(whole, KEY.public_key(), where="x").digest
    (tmp_path / "1.delta").write_bytes(seal([unit(1, status="lost")], as_of=later(minutes=1), key=KEY, follows=digest))
    assert source.refresh(house)
    assert house.gate.registry.as_of == later(minutes=1)
    assert len(house.gate.sessions) == 0, "the change looked at who is in"


def test_a_delta_of_another_registry_is_refused(house, tmp_path):
    source = SealedSource(tmp_path / "registry.sealed", KEY.public_key())
    with pytest.raises(InputChangedError, match="follows another"):
        source.take(seal([unit(1)], as_of=NOW, key=KEY, follows="ab"), house, where="delta")


def test_keys_are_ed25519_in_pem(tmp_path):
    (tmp_path / "pub").write_bytes(KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    (tmp_path / "key").write_bytes(KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    content = sealed_by(tmp_path / "key", [unit(1)], as_of=NOW)
    assert unseal(content, public_key(tmp_path / "pub"), where="x").versions == [unit(1)]
    (tmp_path / "bad").write_text("nonsense")
    for read in (public_key, lambda path: sealed_by(path, [], as_of=NOW)):
        with pytest.raises(MalformedInputError, match="bad"):
            read(tmp_path / "bad")


def test_origins_are_read_and_a_bad_line_is_named(tmp_path):
    path = tmp_path / "origins.csv"
    path.write_text("network,asn,country,access_line\n192.0.2.0/24,64500,KR,\n192.0.2.1/32,64500,KR,L1\n203.0.113.0/24,,US,\n")
    book = read_origins(path)
    assert book.origin_of(address("192.0.2.1")).access_line == "L1"
    assert book.origin_of(address("203.0.113.1")).asn is None
    for line in ("x,1,KR", "192.0.2.0/24,x,KR"):
        path.write_text(f"network,asn,country\n{line}\n")
        with pytest.raises(MalformedInputError, match=r"origins\.csv:2"):
            read_origins(path)
