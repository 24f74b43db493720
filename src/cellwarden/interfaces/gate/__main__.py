"""Start a gate process without the rest of Cellwarden, whose statistics take seconds to load: a gate must be back at once.

`python -m cellwarden.interfaces.gate run SETTINGS` and `… sweep`; the same as `cellwarden gate run` and `cellwarden gate sweep`.
"""

from __future__ import annotations

import sys

import typer

from cellwarden.foundation.errors import CellwardenError
from cellwarden.interfaces.gate.commands import run, sweep

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.command()(run)
app.command()(sweep)

if __name__ == "__main__":
    try:
        app()
    except CellwardenError as error:
        sys.stderr.write(f"cellwarden gate: {error}\n")
        sys.exit(error.exit_code)
