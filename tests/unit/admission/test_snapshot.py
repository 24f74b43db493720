import hashlib

import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_units import NOW, later, unit

from cellwarden.admission.snapshot import seal, unseal
from cellwarden.foundation.errors import MalformedInputError, RefusedError

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)


def test_a_sealed_registry_is_read_as_it_was_written():
    versions = [unit(1), unit(2, valid_to=later(days=1), serial=None, networks=(), lat=None, lon=None)]
    content = seal(versions, as_of=NOW, key=KEY)
    read = unseal(content, KEY.public_key(), where="registry")
    assert (read.versions, read.as_of, read.follows) == (versions, NOW, "")
    assert read.digest == hashlib.sha256(content).hexdigest()


def test_a_delta_names_what_it_follows():
    assert unseal(seal([unit(1)], as_of=NOW, key=KEY, follows="ab"), KEY.public_key(), where="delta").follows == "ab"


def test_another_signer_is_refused():
    other = Ed25519PrivateKey.from_private_bytes(b"o" * 32)
    with pytest.raises(RefusedError, match=r"registry: .*not signed"):
        unseal(seal([unit(1)], as_of=NOW, key=other), KEY.public_key(), where="registry")


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 400), st.integers(1, 255))
def test_one_changed_bit_breaks_the_seal(place, change):
    content = bytearray(seal([unit(1)], as_of=NOW, key=KEY))
    content[place % len(content)] ^= change
    with pytest.raises(RefusedError):
        unseal(bytes(content), KEY.public_key(), where="registry")


@pytest.mark.parametrize("body", [b"", b"nonsense", None])
def test_what_is_signed_and_no_registry_is_said_to_be_none(body):
    frame = zstandard.compress(b'{"format": 2}\n') if body is None else body
    with pytest.raises(MalformedInputError):
        unseal(KEY.sign(frame) + frame, KEY.public_key(), where="registry")
