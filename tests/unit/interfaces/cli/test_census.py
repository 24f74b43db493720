import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parents[2] / "workflows"))

from made_up_results import result

from cellwarden.interfaces.cli.main import app


def run(*words):
    return CliRunner().invoke(app, ["census", "diff", *map(str, words)])


@pytest.fixture
def folders(tmp_path):
    before = result(tmp_path / "a", [(1, "guti", 7)], missing=["links"], silent={"foreign_source": ["links"]})
    return before, result(tmp_path / "b", [(1, "guti", 7), (2, "imsi", 8)], ids=(7, 8), findings=[("foreign_source", 8)])


def test_prints_people_ids_and_the_sentence_in_both_languages(folders):
    done = run(*folders)
    assert done.exit_code == 0
    assert "1 added, 0 removed, 0 upgraded, 0 downgraded" in done.stdout
    for word in ("new_source", "links", "restated from 1 to 2", "정정됩니다"):
        assert word in done.stdout.replace("\n", " ")


def test_prints_json_and_nothing_else(folders):
    assert json.loads(run(*folders, "--json").stdout)["changed"]["added"] == 1


def test_writes_the_table_where_asked(folders, tmp_path):
    assert run(*folders, "--out", tmp_path / "out").exit_code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["restatement.json", "restatement.parquet"]


def test_no_pseudonym_is_printed(folders):
    assert f"{2:016x}" not in run(*folders).stdout
