import ast
import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from bundle_parts import ABOUT, DAY, packed, parts

from cellwarden.evidence import log, verify
from cellwarden.evidence.bundle import pack
from cellwarden.evidence.checkpoint import Signer, entry
from cellwarden.foundation.errors import MalformedInputError

SOURCE = Path(verify.__file__)
AT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    return packed(tmp_path_factory.mktemp("bundle"))


@pytest.fixture
def copy(bundle, tmp_path):
    return Path(shutil.copytree(bundle, tmp_path / "copy"))


def run(*arguments):
    """Run the bundle's own verifier as a stranger would: no site packages, no environment, nothing of ours."""
    return subprocess.run(
        [sys.executable, "-I", "-S", *map(str, arguments)], capture_output=True, text=True, check=False, env={}, cwd="/"
    )


def test_it_uses_the_standard_library_alone_and_is_short():
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(SOURCE.read_text(encoding="utf-8")))
        for name in ([each.name for each in node.names] if isinstance(node, ast.Import) else [node.module or ""] if isinstance(node, ast.ImportFrom) else [])
    }  # fmt: skip
    assert imported <= set(sys.stdlib_module_names)
    assert len(SOURCE.read_text(encoding="utf-8").splitlines()) < 250


def test_the_copy_in_the_bundle_runs_alone_and_tells_the_seal(bundle):
    told = run(bundle / "verify.py")
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout == f"everything holds\nseal {verify.seal(bundle)}\nsignatures not checked: no --key given\n"


@pytest.fixture(scope="module")
def signer(tmp_path_factory):
    return Signer.read_or_make(tmp_path_factory.mktemp("keys") / "key", "cellwarden-test")


@pytest.fixture(scope="module")
def signed(signer, tmp_path_factory):
    """Give a bundle whose log was signed whole."""
    held = parts(tmp_path_factory.mktemp("signed") / "parts")
    lines = held.logs["audit.jsonl"].read_text(encoding="utf-8").splitlines()
    checkpoints = [entry(signer.note(lines[:size]), lines[:size], at=AT) for size in (1, 2)]
    held.logs["audit.checkpoints.json"].write_text(json.dumps(checkpoints), encoding="utf-8")
    pack(held.result.parent / "bundle", held, on=DAY, about=ABOUT)
    return held.result.parent / "bundle"


def test_with_the_key_that_the_reader_holds_signatures_are_checked_and_the_key_is_named(signed, signer):
    told = run(signed / "verify.py", "--key", signer.verifier)
    public = base64.b64decode(signer.verifier.split("+", 2)[2])[1:]
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.splitlines()[::2] == ["everything holds", f"key {hashlib.sha256(public).hexdigest()}"]


def test_a_log_that_was_written_anew_is_caught_by_the_key(signed, tmp_path):
    """Whoever can change all of it signs with a key of their own; everything but the key that the reader holds agrees."""
    theirs = Signer.read_or_make(tmp_path / "key", "cellwarden-test")
    found = verify.findings(signed, theirs.verifier)
    assert found[0] == "data/log/audit.checkpoints.json: the checkpoint at 1 lines is not signed by your key"
    assert found[-1] == "data/log/audit.jsonl: no checkpoint covers line 1 and after"


def test_a_note_signed_under_another_name_is_not_ours(signed, signer):
    name, rest = signer.verifier.split("+", 1)
    assert verify.findings(signed, f"{name}-too+{rest}")


def test_a_log_without_a_signed_checkpoint_does_not_hold_under_a_key(signer, tmp_path):
    held = parts(tmp_path / "parts")
    held.logs["audit.checkpoints.json"].write_text("[]")
    pack(tmp_path / "bundle", held, on=DAY, about=ABOUT)
    assert verify.findings(tmp_path / "bundle") == []
    assert verify.findings(tmp_path / "bundle", signer.verifier) == [
        "data/log/audit.jsonl: no checkpoint covers line 1 and after"
    ]


def test_lines_after_the_last_checkpoint_are_not_signed(signed, signer, tmp_path):
    held = parts(tmp_path / "parts")
    lines = held.logs["audit.jsonl"].read_text(encoding="utf-8").splitlines()
    held.logs["audit.checkpoints.json"].write_text(json.dumps([entry(signer.note(lines[:1]), lines[:1], at=AT)]))
    pack(tmp_path / "bundle", held, on=DAY, about=ABOUT)
    assert verify.findings(tmp_path / "bundle", signer.verifier) == [
        "data/log/audit.jsonl: no checkpoint covers line 2 and after"
    ]


def test_every_changed_octet_of_a_note_is_found(signer):
    note = signer.note(["one", "two"])
    whole = verify.stated(note, signer.verifier)
    assert whole is not None
    assert whole[0] == 2
    for place, letter in enumerate(note[:-1]):
        changed = note[:place] + chr(ord(letter) ^ 1) + note[place + 1 :]
        with suppress(ValueError):  # no note at all any more: the bundle is then said to be unreadable
            assert verify.stated(changed, signer.verifier) in (None, whole), place
            assert changed.split("\n\n")[0] == note.split("\n\n")[0] or verify.stated(changed, signer.verifier) is None


RFC_8032 = [  # section 7.1: TEST 1, 2, 3 and SHA(abc); public key, message, signature
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
    ("ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf", hashlib.sha512(b"abc").hexdigest(),
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"),
]  # fmt: skip


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
def test_the_signatures_of_rfc_8032_hold_and_no_other_does(public, message, signature):
    public, message, signature = (bytes.fromhex(text) for text in (public, message, signature))
    assert verify.is_signed(public, message, signature)
    assert not verify.is_signed(public, message + b"x", signature)
    again = int.from_bytes(signature[32:], "little") + verify.L  # the same point by another number (RFC 8032, 8.4)
    assert not verify.is_signed(public, message, signature[:32] + again.to_bytes(32, "little"))
    assert not verify.is_signed(public, message, signature + b"\0")


def theirs(public, message, signature):
    """Say what OpenSSL says."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.integers(0, 96 * 8 - 1), st.booleans())
def test_openssl_agrees_on_whole_and_on_changed_signatures(secret, message, bit, is_changed):
    key = Ed25519PrivateKey.from_private_bytes(secret)
    octets = bytearray(key.public_key().public_bytes_raw() + key.sign(message))
    if is_changed:
        octets[bit // 8] ^= 1 << bit % 8
    public, signature = bytes(octets[:32]), bytes(octets[32:])
    assert verify.is_signed(public, message, signature) == theirs(public, message, signature) == (not is_changed)


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(min_size=64, max_size=64))
def test_octets_that_are_no_key_are_refused_and_never_an_error(public, signature):
    assert verify.is_signed(public, b"message", signature) == theirs(public, b"message", signature)


def test_every_changed_byte_is_found_and_its_file_named(bundle, tmp_path):
    copy = Path(shutil.copytree(bundle, tmp_path / "copy"))
    unseen = []
    for path in sorted(each for each in copy.rglob("*") if each.is_file()):
        name, content = path.relative_to(copy).as_posix(), path.read_bytes()
        digests = verify._digests(path)
        for place in range(len(content)):
            changed = bytearray(content)
            changed[place] ^= 0x20 if chr(content[place]).isalpha() else 0x01  # the letter's other case: the change least seen
            path.write_bytes(changed)
            if not any(line.startswith(f"{name}: ") for line in verify.findings(copy)):
                unseen.append((name, place))
        path.write_bytes(content)
        assert verify._digests(path) == digests
    assert unseen == []
    assert verify.findings(copy) == []


@pytest.mark.parametrize(
    "name", ["data/reports/first.pdf", "verify.py", "manifest-sha256.txt", "tagmanifest-sha512.txt", "bagit.txt"]
)
def test_a_file_taken_away_is_named(copy, name):
    (copy / name).unlink()
    assert any(line.startswith(f"{name}: missing") for line in verify.findings(copy))


@pytest.mark.parametrize("name", ["data/result/more.parquet", "more.txt", "data/log/..jsonl"])
def test_a_file_put_in_is_named(copy, name):
    (copy / name).write_text("x")
    assert any(line.startswith(f"{name}: not listed") for line in verify.findings(copy))


def test_a_link_in_place_of_a_file_is_named(copy, tmp_path):
    target = tmp_path / "elsewhere"
    (copy / "data/reports/first.pdf").rename(target)
    (copy / "data/reports/first.pdf").symlink_to(target)
    assert "data/reports/first.pdf: not a plain file" in verify.findings(copy)


def test_new_manifests_over_a_changed_file_are_caught_by_the_seal(bundle, copy):
    held = verify.seal(bundle)
    old = (copy / "data/reports/first.pdf").read_bytes()
    (copy / "data/reports/first.pdf").write_bytes(old[:-2] + b"!\n")
    for kind, names in (
        ("manifest", ["data/reports/first.pdf"]),
        ("tagmanifest", ["manifest-sha256.txt", "manifest-sha512.txt"]),
    ):
        for algorithm in verify.ALGORITHMS:
            path = copy / f"{kind}-{algorithm}.txt"
            for name in names:
                digest = verify._digests(copy / name)[algorithm]
                path.write_text(re.sub(rf"[0-9a-f]+  {re.escape(name)}\n", f"{digest}  {name}\n", path.read_text()))
    assert run(copy / "verify.py").returncode == 0
    told = run(copy / "verify.py", "--seal", held)
    assert (told.returncode, told.stdout.splitlines()[0]) == (
        1,
        "tagmanifest-sha512.txt: its seal is not the one that you hold",
    )


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        pytest.param({"read": 4}, "rows of access.csv do not add up", id="rows"),
        pytest.param({"total": 4}, "people exposed do not add up", id="people"),
        pytest.param({"query": "lost.sql"}, "the query of people_signal_exposed is not here", id="query"),
    ],
)
def test_numbers_that_do_not_add_up_are_not_even_packed(tmp_path, change, complaint):
    with pytest.raises(MalformedInputError, match=complaint):
        packed(tmp_path, **change)


def test_the_chain_is_that_of_the_log(bundle):
    lines = (bundle / "data/log/audit.jsonl").read_text(encoding="utf-8").splitlines()
    assert verify.first_break(lines) is None
    assert log.broken_at(bundle / "data/log/audit.jsonl") is None
    assert verify.first_break([lines[0], lines[1].replace("cell_blocked", "cell_allowed")]) == 2
    assert verify.first_break(lines[1:]) == 1


RFC_6962_LEAVES = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")]  # fmt: skip


@pytest.mark.parametrize(
    ("size", "root"),
    [
        (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        (2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
        (3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
        (4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
        (5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
        (6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"),
        (7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"),
        (8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
    ],
)
def test_merkle_roots_are_those_of_the_certificate_transparency_test_vectors(size, root):
    """Leaves and roots as Google's certificate-transparency repository publishes them for RFC 6962 trees."""
    assert verify.merkle_root(RFC_6962_LEAVES[:size]).hex() == root


@pytest.mark.parametrize(
    "arguments", [["nowhere"], [".", "."], ["--seal", "x"], ["--key", "x"], ["--key", "a+00000000+" + "B" * 44]]
)
def test_a_call_that_cannot_be_meant_is_refused(bundle, arguments):
    assert run(bundle / "verify.py", *arguments).returncode == 2


def test_a_folder_that_is_no_bundle_of_ours_says_so(tmp_path):
    (tmp_path / "x").write_text("x")
    told = run(SOURCE, tmp_path)
    assert told.returncode == 1
    assert "bagit.txt: " in told.stdout
