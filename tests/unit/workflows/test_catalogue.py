"""The catalogue is plain data: the report, the command line and the reference are made from it."""

from __future__ import annotations

import json

from cellwarden.detect.catalogue import DETECTORS, EXPLANATIONS
from cellwarden.workflows.catalogue import entries


def test_every_card_is_listed_once_detectors_first():
    assert [each["name"] for each in entries()] == [card.name for card in (*DETECTORS, *EXPLANATIONS)]


def test_it_is_plain_data():
    assert json.loads(json.dumps(entries())) == entries()
