import json
import logging

from cellwarden.interfaces.gate.log_lines import JsonLines, lines


def test_an_event_and_its_facts_are_one_line_of_json():
    record = logging.LogRecord("cellwarden.gate", logging.WARNING, "", 1, "gateway_lost", (), None)
    record.gateway = "segw"
    assert json.loads(JsonLines().format(record)) == {"level": "warning", "event": "gateway_lost", "gateway": "segw"}


def test_a_trace_stays_in_its_line():
    error = ValueError("x")
    record = logging.LogRecord("c", logging.ERROR, "", 1, "odd", (), (ValueError, error, None))
    text = JsonLines().format(record)
    assert "\n" not in text
    assert "ValueError" in json.loads(text)["trace"]
    assert isinstance(lines().formatter, JsonLines)
