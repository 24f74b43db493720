import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from bundle_parts import packed

from cellwarden.evidence import log, verify
from cellwarden.foundation.errors import MalformedInputError

SOURCE = Path(verify.__file__)


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
    assert told.stdout == f"everything holds\nseal {verify.seal(bundle)}\n"


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


@pytest.mark.parametrize("arguments", [["nowhere"], [".", "."], ["--seal", "x"]])
def test_a_call_that_cannot_be_meant_is_refused(bundle, arguments):
    assert run(bundle / "verify.py", *arguments).returncode == 2


def test_a_folder_that_is_no_bundle_of_ours_says_so(tmp_path):
    (tmp_path / "x").write_text("x")
    told = run(SOURCE, tmp_path)
    assert told.returncode == 1
    assert "bagit.txt: " in told.stdout
