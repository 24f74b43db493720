import json

from typer.testing import CliRunner

from cellwarden.interfaces.cli.main import app


def test_a_drill_asks_before_it_blocks_and_ends_with_a_grade(tmp_path):
    asked = ["drill", "S04", "--out", str(tmp_path / "drill"), "--every", "11", "--ask"]
    finished = CliRunner().invoke(app, asked, input="y\n" * 20)
    assert finished.exit_code == 0, finished.output
    assert "Asia/Seoul: exposed" in finished.output
    assert "Block home" in finished.output
    assert "Grade " in finished.output
    table = finished.output.partition("known until")[2].partition("Known of what was so")[0]
    assert "lost by" in table
    assert "…" not in table
    assert max(map(len, table.splitlines())) <= 80
    told = json.loads((tmp_path / "drill/drill.json").read_text(encoding="utf-8"))
    assert told["decisions"]
    assert (tmp_path / "drill.city/truth").is_dir()
