"""What the how-to pages show works: mappings load, the export of the example comes in, the SQL finds rows."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime

import duckdb
import pytest

from cellwarden.incident.notices.facts import Facts
from cellwarden.ingest.mapping import Mapping
from cellwarden.interfaces.gate.radius_clients import read_clients
from cellwarden.interfaces.gate.settings import read_settings
from cellwarden.records.operator import Operator
from cellwarden.workflows.registry_answer import read_answer

EXPORT = "docs/how-to/load-your-own-export.md"
PAGES = ("network-security", "fraud-analyst", "incident-commander", "privacy-and-legal", "customer-care", "regulator")


def test_every_mapping_of_the_page_is_one(blocks):
    mappings = [text for language, name, text in blocks(EXPORT) if language == "toml" and not name]
    assert len(mappings) == 3
    for text in mappings:
        assert Mapping.parse(tomllib.loads(text), where=EXPORT).tables


def test_the_operator_file_of_the_page_is_one(blocks, tmp_path):
    ((_, _, text),) = [each for each in blocks(EXPORT) if each[:2] == ("toml", "operator.toml")]
    path = tmp_path / "operator.toml"
    path.write_text(text, encoding="utf-8")
    assert Operator.read(path).own_plmns == ("00101",)


def test_the_export_of_the_page_loads_with_its_mapping(blocks, shell, tmp_path):
    ((_, name, rows),) = [each for each in blocks(EXPORT) if each[0] == "csv"]
    mapping = next(text for language, name, text in blocks(EXPORT) if language == "toml")
    file = tmp_path / name
    file.parent.mkdir(parents=True)
    file.write_text(rows, encoding="utf-8")
    (tmp_path / "mapping.toml").write_text(mapping, encoding="utf-8")
    (found,) = json.loads(shell("cellwarden check . --json", tmp_path))
    assert (found["table"], found["rows"], found["accepted"]) == ("access", 3, 2)
    assert found["reasons"] == {"procedure: unknown value": 1}, "the page says that LUP is the word to add"


@pytest.mark.parametrize("page", PAGES)
def test_every_query_of_a_page_finds_rows(blocks, page, tutorial, monkeypatch):
    monkeypatch.chdir(tutorial)
    for language, _, query in blocks(f"docs/how-to/{page}.md"):
        if language == "sql":
            assert duckdb.sql(query).fetchall(), query


def test_the_reports_chapter_on_limits_has_the_number_that_the_pages_name(tutorial):
    report = (tutorial / "result/report.html").read_text(encoding="utf-8")
    assert "10. What these records cannot show" in report


def test_the_facts_of_the_page_are_enough_for_notices(blocks, tmp_path):
    ((_, _, text),) = [each for each in blocks("docs/how-to/customer-care.md") if each[:2] == ("toml", "notice.toml")]
    (tmp_path / "notice.toml").write_text(text, encoding="utf-8")
    assert Facts.read(tmp_path / "notice.toml").handover == ("Example MVNO",)


def test_the_settings_of_the_radius_page_are_understood(blocks, tmp_path):
    shown = {name: text for language, name, text in blocks("docs/how-to/gate-radius.md") if language == "toml"}
    assert set(shown) == {"radius.toml", "clients.toml", "inform.toml"}
    for name, text in shown.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert read_settings(tmp_path / "radius.toml").radius
    assert read_settings(tmp_path / "inform.toml").cwmp
    for name in ("segw-1", "aaa-proxy"):
        (tmp_path / f"{name}.secret").write_text("s" * 32)
    assert {client.name for client in read_clients(tmp_path / "clients.toml").values()} == {"segw-1", "aaa-proxy"}


def test_the_settings_of_the_gates_page_are_understood(blocks, tmp_path):
    for language, name, text in blocks("docs/how-to/gate.md"):
        if language == "toml":
            path = tmp_path / name
            path.write_text(text, encoding="utf-8")
            settings = read_settings(path)
            section = {"s1.toml": settings.s1, "management.toml": settings.management}.get(name, settings.strongswan)
            assert section is not None


def test_the_answer_on_the_gates_page_is_one(blocks):
    ((_, _, text),) = [each for each in blocks("docs/how-to/gate.md") if each[0] == "json"]
    told = read_answer(text.encode(), datetime(2026, 11, 28, tzinfo=UTC), where="the page")
    assert [(each.equipment_id, each.status) for each in told.versions] == [("henb7", "lost")]
    assert told.gone == ("henb8",)
