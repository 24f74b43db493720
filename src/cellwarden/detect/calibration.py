"""What the detectors learnt from this operator's own history, and what they took as a stated default where that was short.

A judge asks for a number by class of cell; the answer is the learnt one where enough history stands behind it, else the default of
its card. Every answer is kept: `calibration.json` lists them, and the manifest pins that file, so that nobody need guess which
number decided.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Learnt:
    """One number that a judgement used."""

    detector: str
    of: str
    """Class of cell or other group it holds for: `lte home`."""
    quantity: str
    value: float
    unit: str
    is_default: bool
    history: int
    """Cell-days (or what the quantity counts) that it was learnt from."""
    least_history: int
    """With less, the default holds."""


class Calibration:
    """The numbers of one investigation; the same records give the same numbers."""

    def __init__(self) -> None:
        self._learnt: set[Learnt] = set()

    def number(
        self,
        detector: str,
        of: str,
        quantity: str,
        *,
        learnt: float | None,
        default: float,
        history: int,
        least: int,
        unit: str,
    ) -> float:
        """Return the learnt number, or the default where history is short; and keep which it was.

        Args:
            detector: Who asks.
            of: For which class of cells.
            quantity: What the number is: `mean share of identities`.
            learnt: What the operator's history says; None where it says nothing.
            default: The stated default.
            history: How many cell-days stand behind `learnt`.
            least: How many are enough.
            unit: Of the number.
        """
        is_default = learnt is None or history < least
        value = default if learnt is None or history < least else learnt
        # A class may have groups under one name (models of equipment): each is kept, whatever order the judge met them in.
        self._learnt.add(
            Learnt(
                detector=detector,
                of=of,
                quantity=quantity,
                value=value,
                unit=unit,
                is_default=is_default,
                history=history,
                least_history=least,
            )
        )
        return value

    def rows(self) -> list[dict[str, Any]]:
        """Return every number that was used, once, in order of detector, class and quantity."""
        return [asdict(each) for each in sorted(self._learnt)]
