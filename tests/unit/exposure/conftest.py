"""Lets the tests of this folder import the accused people beside them and the made-up records of the detectors."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.with_name("detect"))]

from made_up_records import engines, room  # noqa: E402, F401 (fixtures)
