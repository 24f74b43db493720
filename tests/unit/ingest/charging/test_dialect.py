"""Dialects: those that come with us, one's own, and files that are none."""

from __future__ import annotations

import json

import pytest

from cellwarden.foundation.errors import UsageError
from cellwarden.ingest.charging.dialect import dialect_of, shipped


def test_the_standard_comes_first_and_two_deviating_dialects_with_it():
    assert shipped()[0] == "standard"
    assert len(shipped()) >= 3


@pytest.mark.parametrize("name", shipped())
def test_every_dialect_can_make_rows(name):
    kinds = {id(kind): kind for kind in dialect_of(name).records.values()}.values()
    for kind in kinds:
        roles = {role for role, _, _ in kind.plan}
        assert not kind.service or {"at", "imsi", "place"} <= roles, kind.name
    assert any(kind.service for kind in kinds)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param("{", "not JSON", id="no JSON"),
        pytest.param("[]", "no dialect", id="a list"),
        pytest.param('{"name": "x"}', "records", id="no records"),
        pytest.param(json.dumps({"name": "x", "records": [{"tag": "1", "kind": "k", "service": "fax"}]}), "fax", id="service"),
        pytest.param(json.dumps({"name": "x", "records": [{"tag": "Z1", "kind": "k"}]}), "Z1", id="tag"),
        pytest.param(json.dumps({"name": "x", "records": [{"tag": "1", "kind": "k", "fields": [["1", "a", "magic"]]}]}), "magic", id="converter"),
        pytest.param(json.dumps({"name": "x", "records": [{"tag": "1", "kind": "k", "usage": {"at": ["b"]}}]}), "no field b", id="field"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_dialect_is_refused_and_says_why(tmp_path, content, says):
    path = tmp_path / "mine.json"
    path.write_text(content)
    with pytest.raises(UsageError, match=says):
        dialect_of(str(path))


def test_an_unknown_name_lists_those_that_are_known():
    with pytest.raises(UsageError, match="northbridge"):
        dialect_of("nobody")
    with pytest.raises(UsageError, match="cannot be read"):
        dialect_of("/nowhere/mine.json")
