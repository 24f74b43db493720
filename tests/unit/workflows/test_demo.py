"""The demo replaces a demo and nothing else."""

from __future__ import annotations

import pytest

from cellwarden.foundation.errors import UsageError
from cellwarden.workflows.demo import demo
from cellwarden.workflows.investigate import utc_now


def test_a_folder_that_is_not_a_demos_is_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(UsageError, match="not a demo's"):
        demo(tmp_path, seed=1, clock=utc_now)
    assert (tmp_path / "letter.txt").read_text() == "mine"
