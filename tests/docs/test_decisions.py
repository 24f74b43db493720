"""Architecture decision records keep their form."""

from __future__ import annotations

import re

HEADINGS = ["Context", "Alternatives", "Decision", "Consequences", "Enforced by"]
_MOST_LINES = 45
"""At most a page."""


def records(checkout):
    return sorted((checkout / "docs/adr").glob("[0-9]*.md"))


def test_numbers_run_from_one_without_gaps(checkout):
    assert [int(path.name[:4]) for path in records(checkout)] == list(range(1, len(records(checkout)) + 1))


def test_every_record_has_its_number_date_status_and_headings(checkout):
    for path in records(checkout):
        text = path.read_text(encoding="utf-8")
        assert re.match(
            rf"# {int(path.name[:4])}\. .+\nDate: \d{{4}}-\d\d-\d\d   Status: (accepted|superseded by \d{{4}})\n", text
        ), path
        assert sorted(re.findall(r"^## (.*)$", text, re.MULTILINE)) == sorted(HEADINGS), path
        assert len(text.splitlines()) <= _MOST_LINES, path


def test_every_record_is_listed(checkout):
    listed = (checkout / "docs/adr/README.md").read_text(encoding="utf-8")
    assert [path.name for path in records(checkout)] == re.findall(r"\]\((\d{4}-[a-z0-9-]+\.md)\)", listed)


def test_what_enforces_a_record_exists(checkout):
    for path in records(checkout):
        for named in re.findall(r"`((?:tests|docs)/[\w/.-]+)`", path.read_text(encoding="utf-8")):
            assert (checkout / named).exists(), f"{path.name} names {named}"
