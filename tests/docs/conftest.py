"""What the tests of the docs share: the checkout, its pages, and the command line as a shell would find it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
_FENCE = re.compile(r"^```(\S+)(?: ([^\n]*))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="session")
def checkout():
    return CHECKOUT


@pytest.fixture(scope="session")
def blocks():
    """Give (language, name, text) of each named code block of a page, in order."""

    def of(page):
        return _FENCE.findall((CHECKOUT / page).read_text(encoding="utf-8"))

    return of


@pytest.fixture(scope="session")
def shell(tmp_path_factory):
    """Run a script in a folder, where `cellwarden` is the one of this checkout; return its output and fail if it fails."""
    programs = tmp_path_factory.mktemp("programs")
    command = programs / "cellwarden"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cellwarden.interfaces.cli.main "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    variables = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "PYTHONPATH": f"{CHECKOUT / 'src'}:{os.environ.get('PYTHONPATH', '')}",
        "CHECKOUT": str(CHECKOUT),
        "HOME": str(programs),
        "COLUMNS": "220",
        "LC_ALL": "C.UTF-8",
    }

    def run(script, folder):
        done = subprocess.run(
            [shutil.which("bash"), "-euo", "pipefail", "-c", script],
            cwd=folder, env=variables, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    return run


@pytest.fixture(scope="session")
def tutorial_records():
    """Give the records of the tutorial."""
    return CHECKOUT / "docs/tutorial/records"


@pytest.fixture(scope="session")
def tutorial(shell, tmp_path_factory):
    """Give a folder that holds the tutorial's result with its identifiers revealed."""
    folder = tmp_path_factory.mktemp("tutorial-result")
    shell('cellwarden investigate "$CHECKOUT/docs/tutorial/records" --out result --reveal "test of the docs"', folder)
    return folder
