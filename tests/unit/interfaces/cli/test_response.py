"""Every group of the response is there under its word, and says what it is for."""

import pytest
from typer.testing import CliRunner

from cellwarden.interfaces.cli.main import app


@pytest.mark.parametrize("word", ["case", "clock", "contain", "log", "reveal", "forget", "receipt"])
def test_a_group_says_what_it_is_for(word):
    done = CliRunner().invoke(app, [word, "--help"])
    assert done.exit_code == 0
    assert "Usage" in done.stdout
