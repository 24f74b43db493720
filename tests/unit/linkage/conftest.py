"""Lets the tests of this folder import the made-up records of the detectors."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "detect"))

from made_up_records import engines, room  # noqa: F401 (fixtures)
