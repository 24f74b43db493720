"""Lets the tests of this folder import the made-up units that lie beside it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
