"""Lets the tests of this folder import the made-up records that lie beside it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from made_up_records import engines, room  # noqa: F401 (fixtures)
