"""Rules of the house that a reviewer would otherwise have to remember (design: style guide, architecture)."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "cellwarden"
MODULES = sorted(path for path in SRC.rglob("*.py") if path.name not in ("__init__.py", "__main__.py"))
LONGEST = 300

TESTED_ELSEWHERE = {
    "workflows/investigated": "a record without behaviour; every test of investigate goes through it",
    "incident/dossier": "a record without behaviour; every test of the report goes through it",
    "interfaces/gate/adapters": "wiring: tests/scenario/gate starts every adapter as an operator does",
    "interfaces/gate/commands": "wiring: tests/scenario/gate starts both processes as an operator does",
    "interfaces/gate/sctp_userland": "a library's sockets: tests/scenario/gate/test_s1.py carries ten thousand messages over them",
}
"""Modules without a mirrored test file, each with where it is tested."""

LONG = {
    "incident/drawing": "every picture of the report shares one set of axes",
    "records/tables": "the record contract as data, one line a column",
    "ingest/columns": "one conversion a kind of column",
    "ingest/times": "one reader a way of writing a time",
    "ingest/delimited": "one state machine; halves of it would have no name",
    "ingest/charging/converters": "one conversion a record type",
    "ingest/signalling/s1ap": "one procedure after another, as the standard lists them",
    "ingest/signalling/ngap": "one procedure after another, as the standard lists them",
    "ingest/signalling/context": "one state machine",
    "ingest/signalling/nas_eps": "one message after another, as the standard lists them",
    "ingest/signalling/rows": "one state machine: which messages become which row",
    "workflows/decoded_columns": "the columns of decoded messages as data",
}
"""Modules of more than 300 lines, each with why it is one thing all the same."""

BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "misc"}
MACHINE_PATH = re.compile(r"(?<![\w.~$}/])/(?:work|home|root|Users|tmp)/[A-Za-z0-9]")
PACKAGE_INDEX = re.compile("|".join(("pypi" + r"\.org", "python" + r"hosted\.org", r"--index-" + "url", r"--extra-" + "index")))
SUBSCRIBER_WORDS = {
    "imsi",
    "msisdn",
    "imei",
    "peer",
    "access_line",
    "subscriber",
    "identifier",
    "identifiers",
    "people",
    "names",
}


def name_of(module: Path) -> str:
    return module.relative_to(SRC).with_suffix("").as_posix()


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_every_module_has_its_mirrored_test_file(module):
    mirrored = ROOT / "tests" / "unit" / module.relative_to(SRC).with_name(f"test_{module.name}")
    if name_of(module) in TESTED_ELSEWHERE:
        assert not mirrored.exists(), f"strike {name_of(module)} from TESTED_ELSEWHERE: it has a test file now"
    else:
        assert mirrored.exists(), f"write {mirrored.relative_to(ROOT)}, or say in TESTED_ELSEWHERE where it is tested"


def test_every_unit_test_file_mirrors_a_module():
    strangers = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tests" / "unit").rglob("test_*.py")
        if not (SRC / path.relative_to(ROOT / "tests" / "unit").with_name(path.name.removeprefix("test_"))).exists()
    ]
    assert strangers == [], "name a unit test after the module that it tests"


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_a_module_is_short_or_says_why_not(module):
    lines = len(module.read_text(encoding="utf-8").splitlines())
    if name_of(module) in LONG:
        assert lines > LONGEST, f"strike {name_of(module)} from LONG: it has {lines} lines now"
    else:
        assert lines <= LONGEST, f"{lines} lines: it usually holds two things; else say in LONG why it is one"


def test_nothing_is_called_by_a_name_that_says_nothing():
    named = [
        path.relative_to(ROOT).as_posix()
        for folder in ("src", "tests")
        for path in (ROOT / folder).rglob("*")
        if path.stem in BANNED_NAMES
    ]
    assert named == [], "name what it does and put it where it is used, or into foundation/"


def test_imports_keep_to_the_layers():
    command = shutil.which("lint-imports", path=str(Path(sys.executable).parent)) or shutil.which("lint-imports")
    if command is None:
        pytest.skip("import-linter is not installed: pip install import-linter")
    checked = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def kept_files() -> list[Path]:
    """Return what git keeps, or would keep: text files that it does not ignore."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True
    ).stdout  # fmt: skip
    paths = [ROOT / each.decode() for each in listed.split(b"\0") if each]
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:4096]]


def hits(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in kept_files()
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_file_names_a_place_of_one_machine():
    assert hits(MACHINE_PATH) == []


def test_no_file_names_a_package_index():
    """Which index is used is the machine's setting: a pinned host breaks behind a mirror and leaks where we work."""
    assert hits(PACKAGE_INDEX) == []


def spoken_words(node: ast.AST) -> set[str]:
    """Return the words of every name and attribute in an expression."""
    names = [each.id for each in ast.walk(node) if isinstance(each, ast.Name)] + [
        each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)
    ]
    return {name.lower() for name in names}


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_no_sql_is_built_with_subscriber_data(module):
    """Values go in as `:name`; what an f-string may put into SQL is names of our own tables and columns."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.JoinedStr):
            continue
        text = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
        if re.search(r"\b(?:SELECT|INSERT|UPDATE|DELETE|WHERE)\b.*\b(?:FROM|INTO|SET|WHERE|AND|=)\b|\bSELECT\b", text):
            put_in = set().union(*(spoken_words(part.value) for part in node.values if isinstance(part, ast.FormattedValue)))
            assert not put_in & SUBSCRIBER_WORDS, f"line {node.lineno}: hand it in as a :parameter"


def test_every_query_reads_columns_by_name():
    """`SELECT *` would let a new column of the contract change a result."""
    starred = [
        path.relative_to(SRC).as_posix()
        for path in SRC.rglob("*.sql")
        if re.search(r"SELECT\s+(?:DISTINCT\s+)?\*", path.read_text(encoding="utf-8"))
    ]
    assert starred == []
