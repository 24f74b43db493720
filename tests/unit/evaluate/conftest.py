"""Lets the tests of this folder import the made-up truth beside them and the made-up records of the detectors."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "detect"), str(Path(__file__).parent)]

from made_up_records import engines, room  # noqa: E402, F401 (fixtures; found by the path above)
