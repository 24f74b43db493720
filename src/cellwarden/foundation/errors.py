"""Errors that teach: where, what (value redacted to its shape), what to do next.

CellwardenError            exit 1   HTTP 500   something of ours went wrong
├── UsageError             exit 2   HTTP 400   the call cannot be meant as it stands
├── MalformedInputError    exit 3   HTTP 422   an input breaks the record contract as a whole
├── InputChangedError      exit 3   HTTP 409   an input changed while it was read
├── RefusedError           exit 4   HTTP 403   asked for an act that needs a right, a key or a reason
├── BusyError              exit 5   HTTP 409   another run holds the lake
├── MissingPartError       exit 6   HTTP 501   an optional part (an engine, a font) is not installed
├── DamagedLakeError       exit 7   HTTP 500   files of the lake do not match its manifest
└── OutdatedError          exit 8   HTTP 409   the case was changed since it was read

Exit 130 is an interruption (Ctrl-C). Rows that break the contract are no errors: they become `Rejected` and are counted.
"""

from __future__ import annotations


class CellwardenError(Exception):
    """An error with a place, a message and a next step."""

    exit_code = 1
    http_status = 500

    def __init__(self, what: str, *, where: str = "", fix: str = "") -> None:
        self.what, self.where, self.fix = what, where, fix
        super().__init__(str(self))

    def __str__(self) -> str:
        """Read as one line: *where: what. What to do next.*."""
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.what}." + (f" {self.fix}." if self.fix else "")


class UsageError(CellwardenError):
    """The call cannot be meant as it stands."""

    exit_code = 2
    http_status = 400


class MalformedInputError(CellwardenError):
    """An input breaks the record contract as a whole, so that its rows cannot even be counted."""

    exit_code = 3
    http_status = 422


class InputChangedError(MalformedInputError):
    """An input changed while it was read."""

    http_status = 409


class RefusedError(CellwardenError):
    """The act needs a right, a key or a reason that was not given."""

    exit_code = 4
    http_status = 403


class BusyError(CellwardenError):
    """Another run holds the lake."""

    exit_code = 5
    http_status = 409


class MissingPartError(CellwardenError):
    """An optional part is not installed."""

    exit_code = 6
    http_status = 501


class DamagedLakeError(CellwardenError):
    """Files of the lake do not match its manifest."""

    exit_code = 7


class OutdatedError(CellwardenError):
    """Somebody changed the case since it was read; the act would rest on what no longer holds."""

    exit_code = 8
    http_status = 409
