"""The one place that picks an engine."""

import pytest

from cellwarden.foundation.errors import UsageError
from cellwarden.workflows.bootstrap import opened_engine


def test_the_scratch_folder_is_emptied_before_and_gone_after(tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    (scratch / "left").touch()
    with opened_engine("duckdb", scratch) as engine:
        assert not (scratch / "left").exists()
        assert engine.fetch("SELECT 1 AS n").num_rows == 1
    assert not scratch.exists()


def test_a_failure_cleans_up_too(tmp_path):
    with pytest.raises(ValueError, match="x"), opened_engine("duckdb", tmp_path / "s"):
        raise ValueError("x")
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize("url", ["", "postgres", "DuckDB", "http://host", "spark:host"])
def test_what_is_no_engine_is_refused_with_a_list(tmp_path, url):
    with pytest.raises(UsageError, match="is no engine") as caught, opened_engine(url, tmp_path / "s"):
        pytest.fail("must not open")
    assert "duckdb" in caught.value.fix
