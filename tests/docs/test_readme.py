"""What the README and its neighbours promise is there."""

from __future__ import annotations

import hashlib
import re

import pytest
import typer

from cellwarden.interfaces.cli.main import app

APACHE_2 = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
"""SHA-256 of the licence as apache.org publishes it."""
_FENCE = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", ["README.md", "README.ko.md", "CONTRIBUTING.md"])
def test_every_make_command_is_in_the_makefile(checkout, page):
    text = (checkout / page).read_text(encoding="utf-8")
    asked = set(re.findall(r"`make ([\w-]+)`", text)) | {
        word for block in _FENCE.findall(text) for word in re.findall(r"^make ([\w-]+)$", block, re.MULTILINE)
    }
    targets = set(re.findall(r"^([\w-]+):", (checkout / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert asked
    assert asked <= targets


def test_the_two_commands_are_the_first_block_of_the_readme(checkout):
    assert _FENCE.findall((checkout / "README.md").read_text(encoding="utf-8"))[0] == "make demo\nmake test\n"


def test_every_command_of_the_docs_is_one(checkout):
    known = set(typer.main.get_command(app).commands)
    for page in [
        checkout / "README.md",
        checkout / "CONTRIBUTING.md",
        checkout / "SECURITY.md",
        *checkout.glob("docs/**/*.md"),
    ]:
        text = page.read_text(encoding="utf-8")
        asked = set(re.findall(r"`cellwarden ([a-z-]+)", text)) | set(re.findall(r"^cellwarden ([a-z-]+)", text, re.MULTILINE))
        assert asked <= known, page


def test_the_licence_is_the_unmodified_apache_licence(checkout):
    assert hashlib.sha256((checkout / "LICENSE").read_bytes()).hexdigest() == APACHE_2


def test_the_lock_has_a_hash_for_each_package_and_no_address(checkout):
    lock = (checkout / "requirements.lock").read_text(encoding="utf-8")
    requirements = re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE)[1:]
    assert requirements
    assert not [text.split()[0] for text in requirements if "--hash=sha256:" not in text or "==" not in text.split()[0]]
    assert "://" not in lock
    assert "index-url" not in lock


@pytest.mark.parametrize("kind", ["added", "changed", "fixed", "removed", "security"])
def test_the_kinds_of_fragments_are_explained(checkout, kind):
    assert f"`{kind}`" in (checkout / "changelog.d/README.md").read_text(encoding="utf-8")


def test_every_fragment_is_named_by_issue_and_kind(checkout):
    names = [path.name for path in (checkout / "changelog.d").iterdir() if path.name != "README.md"]
    assert all(re.fullmatch(r"\d+\.(added|changed|fixed|removed|security)(\.[a-z-]+)?\.md", name) for name in names)
