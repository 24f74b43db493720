"""Links lead somewhere, every page can be reached, and no page names what only our own machines know."""

from __future__ import annotations

import re

import pytest

ROOTS = ("README.md", "README.ko.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"^```.*?^```$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


def pages(checkout):
    found = [checkout / name for name in ROOTS]
    return [*found, *sorted(checkout.glob("docs/**/*.md")), *sorted(checkout.glob("changelog.d/*.md"))]


def links(page):
    text = _CODE.sub("", page.read_text(encoding="utf-8"))
    return [link for link in _LINK.findall(text) if "://" not in link]


def anchors(page):
    headings = _HEADING.findall(re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_link_leads_somewhere(checkout):
    broken = []
    for page in pages(checkout):
        for link in links(page):
            path, _, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            if not target.exists() or (anchor and anchor not in anchors(target)):
                broken.append(f"{page.relative_to(checkout)}: {link}")
    assert not broken


def test_every_page_is_reached_from_the_table_of_contents(checkout):
    seen, waiting = set(), [checkout / "docs/README.md"]
    while waiting:
        page = waiting.pop()
        if page not in seen and page.suffix == ".md":
            seen.add(page)
            waiting += [(page.parent / link.partition("#")[0]).resolve() for link in links(page)]
    unreached = set(checkout.glob("docs/**/*.md")) - seen
    assert not unreached, f"link {sorted(path.name for path in unreached)} from docs/README.md"


@pytest.mark.parametrize("folder", ["tutorial", "how-to", "reference", "explanation", "adr"])
def test_every_folder_has_pages(checkout, folder):
    assert list((checkout / "docs" / folder).glob("*.md"))


def test_the_picture_of_the_report_is_light(checkout):
    assert 10_000 < (checkout / "docs/images/report.png").stat().st_size < 300_000


def test_no_page_holds_a_path_of_a_machine(checkout):
    for page in [*pages(checkout), *checkout.glob("docs/**/*.svg"), *checkout.glob("docs/**/*.toml")]:
        found = re.findall(r"(?<![\w./])/(?:home|tmp|root|work|Users)/\S*", page.read_text(encoding="utf-8"))
        assert not found, page
