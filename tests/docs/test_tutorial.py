"""The tutorial's commands are run in order, and what it says they print is what they print."""

from __future__ import annotations

import filecmp
import re
import runpy

import pytest

PAGE = "docs/tutorial/first-investigation.md"
BETWEEN = "=== next block ==="
_RULE = re.compile(r"[\u2500-\u257f]")


@pytest.fixture(scope="module")
def printed(blocks, shell, tmp_path_factory):
    """Run all blocks as one session and give the output of each."""
    commands = [text for language, _, text in blocks(PAGE) if language == "sh"]
    script = f"\necho '{BETWEEN}'\n".join(commands)
    return shell(script, tmp_path_factory.mktemp("first")).split(BETWEEN)


def plain(line):
    """A line without the rules of tables and with single spaces."""
    return " ".join(_RULE.sub(" ", line).split())


def holds(output, line):
    """`…` in the page stands for anything within a line."""
    pattern = ".*".join(re.escape(plain(part)) for part in line.split("…"))
    return any(re.search(pattern, plain(each)) for each in output.splitlines())


def test_every_command_prints_what_the_tutorial_says(blocks, printed):
    expected, asked = {}, -1
    for language, _, text in blocks(PAGE):
        if language == "sh":
            asked += 1
        elif language == "text":
            expected[asked] = text.splitlines()
    assert len(expected) >= 8
    missing = [(number, line) for number, lines in expected.items() for line in lines if not holds(printed[number], line)]
    assert not missing, f"{PAGE} shows lines that are no longer printed: {missing}; printed was {printed}"


def test_the_records_are_those_that_their_generator_writes(checkout, tmp_path):
    runpy.run_path(str(checkout / "docs/tutorial/make_records.py"))["write"](tmp_path)
    kept = checkout / "docs/tutorial/records"
    names = sorted(path.name for path in kept.iterdir())
    assert names == sorted(path.name for path in tmp_path.iterdir())
    differing = filecmp.cmpfiles(kept, tmp_path, names, shallow=False)[1:]
    assert differing == ([], []), "run: python docs/tutorial/make_records.py"


def test_the_records_are_made_up(checkout):
    text = "".join(path.read_text(encoding="utf-8") for path in (checkout / "docs/tutorial/records").iterdir())
    assert set(re.findall(r"\b\d{15}\b", text)) == {f"00101{number:010d}" for number in range(1, 13)}
    assert {each.rsplit(".", 1)[0] for each in re.findall(r"\b\d+\.\d+\.\d+\.\d+\b", text)} <= {
        "10.0.0", "10.0.9", "10.1.0", "192.0.2", "203.0.113",
    }  # fmt: skip
