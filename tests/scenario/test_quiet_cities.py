"""No honest cell is accused in cities without a rogue, whatever the operator is like (issue 5: 300,000 cell-days; `make test-all` then asks for ten times as many)."""

import json
import subprocess
import sys

import pytest

DAYS = 300_000


@pytest.mark.slow
def test_nobody_is_accused_in_cities_without_a_rogue(checkout, tmp_path):
    asked = ["--days", str(DAYS), "--keep", str(tmp_path / "kept")]
    done = subprocess.run(
        [sys.executable, "-m", "bench.quiet_cities", *asked], cwd=checkout, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    kept = [json.loads(path.read_text(encoding="utf-8")) for path in (tmp_path / "kept").iterdir()]
    assert sum(told["cell_days"] for told in kept) >= DAYS
    assert [told["cells"] for told in kept if told["cells"]] == []
