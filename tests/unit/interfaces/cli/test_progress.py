"""Progress is for terminals only."""

from __future__ import annotations

import io

from rich.console import Console

from cellwarden.interfaces.cli.progress import shown_progress


def drawn(*, is_terminal, is_quiet=False):
    page = io.StringIO()
    with shown_progress(Console(file=page, force_terminal=is_terminal, width=120), is_quiet=is_quiet) as told:
        told("examine", 1, 4, "moving_cell")
        told("examine", 4, 4, "fusion")
    return page.getvalue()


def test_a_terminal_sees_what_is_being_done():
    assert "asking detectors" in drawn(is_terminal=True)


def test_a_pipe_sees_nothing():
    assert drawn(is_terminal=False) == ""


def test_quiet_means_quiet():
    assert drawn(is_terminal=True, is_quiet=True) == ""
