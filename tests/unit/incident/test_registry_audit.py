"""The chapter on the inside question."""

import pytest
from example_dossier import example

from cellwarden.incident.blocks import Bullets, Paragraph, Table
from cellwarden.incident.episodes import Episodes
from cellwarden.incident.registry_audit import registry

NAMED = {"equipment_id": "HNB-7", "plmn": "00101", "cell_type": "home", "cell": 7, "kind": "femto", "status": "active", "recorded_by": "lee", "valid_from": "2024-05-01T00:00:00Z", "recorded_at": "2025-08-04T18:00:00Z", "marks": ["no_order", "backdated", "nowhere"], "found": 1, "expected": 0.0002, "p": 0.0002}  # fmt: skip
RATE = {"mark": "no_order", "rows": 12, "peers": 3, "expected": 1.5, "q": 0.0001, "differs": True}
QUIET = {"rows_named": [], "rows_marked": 5, "hands": [], "imports": [], "common": {}, "few": [], "lacking": []}


def blocks(language="en", **told):
    dossier = example()
    dossier.summary["registry_audit"] = {**QUIET, **told}
    return registry(Episodes(dossier), language)


def words(found):
    """All that a reader reads, in one line."""
    return " ".join(str(getattr(block, name)) for block in found for name in block.__dataclass_fields__)


@pytest.mark.parametrize(("language", "told"), [("en", "1 row is named"), ("ko", "지목된 행 1건")])
def test_names_the_rows_with_who_wrote_them_when_and_the_chance(language, told):
    found = blocks(language, rows_named=[NAMED])
    assert told in words(found)
    (table,) = [block for block in found if isinstance(block, Table)]
    assert "2025-08-05 03:00" in table.rows[0], "on the operator's clock, whose zone the caption names"
    assert "Asia/Seoul" in table.caption
    assert "lee" in words([table])


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_hand_that_differs_is_told_with_what_its_peers_would_give(language):
    found = blocks(language, hands=[{"recorded_by": "lee", "rows": 60, "named": 0, "rates": [RATE]}])
    (apart,) = [block for block in found if isinstance(block, Bullets)]
    assert "lee" in str(apart.items[0])
    assert "12" in str(apart.items[0])
    assert "1.5" in str(apart.items[0])


def test_an_honest_registry_reads_as_one():
    same = {**RATE, "differs": False}
    found = words(blocks(hands=[{"recorded_by": "lee", "rows": 60, "named": 0, "rates": [same]}]))
    assert "No row is named" in found
    assert "beyond chance" in found
    assert "5 rows that carry" in found


def test_an_import_is_excused_by_name_hour_and_size():
    batch = {"recorded_by": "batch", "import_at": "2025-07-01T18:00:00Z", "row_count": 200, "excused": ["off_hours"]}
    (limits,) = [block for block in blocks(imports=[batch]) if isinstance(block, Bullets)]
    assert limits.items == ["Import: 200 rows by batch within the hour of 2025-07-02 03:00. Of the import and held against none of its rows: recorded off hours."]  # fmt: skip


def test_what_could_not_be_asked_is_said():
    told = words(blocks(common={"femto": ["no_order"]}, few=["macro"], lacking=["equipment.recorded_by"]))
    assert "femtocells: so common" in told
    assert "too few rows to have habits: macro cells" in told
    assert "recorded_by" in told
    (only,) = blocks(lacking=["equipment"])
    assert isinstance(only, Paragraph)
    assert only.tone == "warning"
