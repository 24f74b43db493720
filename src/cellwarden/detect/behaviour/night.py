"""When night is: the quietest hours of this operator, whatever its time zone and country; and who was on a home cell then."""

from __future__ import annotations

from cellwarden.detect.detector import Threshold
from cellwarden.engines.port import Script

HOURS = Threshold(5, "hours", "the trough of a day; a sixth to a fifth of it in any country")
_NIGHT = Script.beside(__file__, "night.sql")


def beside(module_file: str, file_name: str) -> Script:
    """Return the script that lies beside a module, with the steps of `night.sql` before it; it needs `:night_hours`."""
    own = Script.beside(module_file, file_name)
    return Script(own.name, f"{_NIGHT.text.rstrip()}\n\n{own.text}")
