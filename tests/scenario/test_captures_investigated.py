"""A folder of captures and a hand-made registry: which base stations set up that the registry lacks."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime

import pytest

from cellwarden.workflows.investigate import Request, investigate

REGISTERED = 0x0019B
"""srsenb.pcapng's macro eNB: the one that the registry knows."""


@pytest.fixture(scope="module")
def investigated(shared, tmp_path_factory):
    captures = shared / "captures"
    folder = tmp_path_factory.mktemp("records")
    for path in captures.rglob("*.pcap*"):
        target = folder / "captures" / path.relative_to(captures)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    (folder / "equipment.csv").write_text(
        "equipment_id,cell,cell_type,kind,status,valid_from,recorded_at,plmn\n"
        f"ENB-1,{REGISTERED << 8 | 1},macro,macro,active,2015-01-01T00:00:00Z,2015-01-01T00:00:00Z,90170\n"
    )
    out = tmp_path_factory.mktemp("out") / "result"
    summary = investigate(Request(records=folder, out=out), clock=lambda: datetime(2026, 1, 1, tzinfo=UTC))
    return summary, (out / "report.html").read_text(), json.loads((captures / "expected.json").read_text())["files"]


def test_every_enb_id_that_the_registry_lacks_is_listed_and_no_other(investigated):
    summary, report, expected = investigated
    # expected.json has the bit string of a macro id in hex, 20 bits left-aligned in 24; a PLMN as 901-70 or 1-1.
    must = {int(setup["macro_enb_id"], 16) >> 4 for counts in expected.values() for setup in counts["s1_setup_requests"]} - {
        REGISTERED
    }
    listed = {int(name.rsplit(" ", 1)[1], 16) for name in summary["unregistered_equipment"] if " eNB id " in name}
    assert listed == must
    assert all(f"{enb_id:#x}" in report for enb_id in must)


def test_every_row_of_every_capture_is_accounted_for(investigated):
    summary, _, _ = investigated
    assert len(summary["files"]) == 17
    assert all(each["read"] == each["accepted"] + each["rejected"] for each in summary["files"].values())


def test_setups_of_every_capture_became_links(investigated):
    summary, _, expected = investigated
    for capture, counts in expected.items():
        setups = len(counts["s1_setup_requests"]) + counts.get("ngap:21:initiatingMessage", 0)
        assert summary["files"][f"captures/{capture}"]["accepted"] >= setups, capture
