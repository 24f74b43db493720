"""Log lines of long-running commands: one JSON object a line on standard error, an event and its facts, no prose."""

from __future__ import annotations

import json
import logging

_PLAIN = frozenset(logging.LogRecord("", 0, "", 0, "", (), None).__dict__) | {"message", "taskName"}
"""What every record has; the rest are facts that the event was logged with."""


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        facts = {name: value for name, value in record.__dict__.items() if name not in _PLAIN}
        entry = {"level": record.levelname.lower(), "event": record.getMessage(), **facts}
        if record.exc_info:
            entry["trace"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False, default=str)


def lines() -> logging.Handler:
    """Return a handler that writes such lines."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    return handler
