"""Merkle trees: the published vectors, and every proof of every small tree."""

import pytest

from cellwarden.evidence import merkle, verify

LEAVES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"
)]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""Test vectors of the Certificate Transparency reference implementation, by number of leaves."""
MANY = [b"leaf %d" % number for number in range(21)]


@pytest.mark.parametrize("size", range(len(ROOTS)))
def test_roots_are_the_published_ones_and_those_of_the_lone_verifier(size):
    assert merkle.root(LEAVES[:size]).hex() == ROOTS[size]
    assert merkle.root(MANY[:size]) == verify.merkle_root(MANY[:size])


def test_every_leaf_of_every_tree_is_proven_and_no_other():
    for size in range(1, len(MANY) + 1):
        root = merkle.root(MANY[:size])
        for place in range(size):
            proof = merkle.inclusion_proof(MANY[:size], place)
            assert merkle.is_included(MANY[place], place, size, proof, root)
            assert not merkle.is_included(b"other", place, size, proof, root)
            assert not merkle.is_included(MANY[place], place, size, [*proof, b"x" * 32], root)
            assert not proof or not merkle.is_included(MANY[place], place, size, proof[:-1], root)
            assert not any(merkle.is_included(MANY[place], other, size, proof, root) for other in range(size) if other != place)
    assert not merkle.is_included(MANY[0], 5, 5, [], root)


def test_every_beginning_is_proven_and_a_changed_one_is_not():
    changed = [b"other", *MANY[1:]]
    for newer in range(1, len(MANY) + 1):
        for older in range(1, newer + 1):
            proof = merkle.consistency_proof(MANY[:newer], older)
            old, new = merkle.root(MANY[:older]), merkle.root(MANY[:newer])
            assert merkle.is_consistent(older, newer, proof, old, new)
            assert not merkle.is_consistent(older, newer, proof, merkle.root(changed[:older]), new)
            assert not merkle.is_consistent(older, newer, proof, old, merkle.root(changed[:newer]))
            assert not merkle.is_consistent(older, newer, [*proof, b"x" * 32], old, new)
    assert not merkle.is_consistent(0, 3, [b"x" * 32], old, new)


@pytest.mark.parametrize("place", [-1, 3])
def test_a_leaf_that_is_not_there_has_no_proof(place):
    with pytest.raises(IndexError):
        merkle.inclusion_proof(MANY[:3], place)
    with pytest.raises(IndexError):
        merkle.consistency_proof(MANY[:3], 4 if place == 3 else 0)
