"""SHA-256 of files and JSON with one spelling."""

import hashlib
import json

from hypothesis import given
from hypothesis import strategies as st

from cellwarden.foundation.digest import canonical_json, sha256_of


def test_the_digest_is_that_of_the_standard(tmp_path):
    path = tmp_path / "abc"
    path.write_bytes(b"abc")
    # FIPS 180-4, example of SHA-256
    assert sha256_of(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_file_larger_than_any_buffer_has_its_digest(tmp_path):
    path = tmp_path / "large"
    path.write_bytes(b"x" * 3_000_001)
    assert sha256_of(path) == hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_order_of_keys_does_not_change_the_bytes():
    assert canonical_json({"b": 1, "a": [2, None]}) == canonical_json({"a": [2, None], "b": 1})
    assert canonical_json({"a": 1}).endswith("}\n")


def test_what_is_not_ascii_stays_readable():
    assert "소액결제" in canonical_json({"text": "소액결제"})


@given(st.dictionaries(st.text(), st.integers() | st.text() | st.none() | st.booleans()))
def test_what_is_written_is_read_back(content):
    assert json.loads(canonical_json(content)) == content
