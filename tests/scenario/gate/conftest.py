"""Shares one small operator with the tests of this folder, and prints what they saw as a table."""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from world import World, parts_missing


@pytest.fixture(scope="session")
def parts():
    lacking = parts_missing()
    if lacking and os.environ.get("CI"):
        pytest.fail(f"missing in CI: {lacking}")
    if lacking:
        pytest.skip(f"needs {lacking}")


@pytest.fixture(scope="module")
def world(parts, tmp_path_factory):
    with World(tmp_path_factory.mktemp("world")) as made:
        yield made


@pytest.fixture
def seen(record_property):
    """Note a line of the table."""

    def note(case, expected, got, through):
        record_property("gate", [case, expected, got, through])

    return note


def pytest_terminal_summary(terminalreporter):
    lines = [
        (*value, report.outcome)
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, value in report.user_properties
        if name == "gate"
    ]
    if lines:
        terminalreporter.section("The gate, end to end")
        head = ("case", "expected", "seen", "inner packets through", "")
        widths = [max(len(str(line[place])) for line in [head, *lines]) for place in range(5)]
        for line in [head, *lines]:
            terminalreporter.write_line(
                "  ".join(str(each).ljust(width) for each, width in zip(line, widths, strict=True)).rstrip()
            )
