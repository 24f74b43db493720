"""A handful of phones that attach from scratch over and over, day after day, at one cell: tests, or somebody who plants evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.detector import Row, Surroundings, Threshold
from cellwarden.detect.explanations import habit
from cellwarden.detect.explanations.explanation import Excuse, Explanation, after
from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from collections.abc import Iterable

FEW_PHONES = after(habit.PROPER_VISIT, Script.beside(__file__, "few_phones.sql"))
THRESHOLDS = {
    "min_days": Threshold(3, "days", "one phone with a broken SIM may attach all day once"),
    "min_attaches_a_day": Threshold(4, "attaches with the identity", "nobody switches a phone off that often"),
    "max_testers": Threshold(20, "phones", "more than a laboratory's drawer holds are people"),
    "min_share": Threshold(0.6, "of the identities", "else the cell's own guests are what stands out"),
    "public": Threshold(30, "other people", "a laboratory has its staff and some guests; a ward or a shop has the public"),
}
ACCOUNTS_FOR = (
    "identity_exposure_excess",
    "reject_chain",
    "short_bursts",
    "protection_downgrade",
    "identity_response_without_request",
)


def beside(module_file: str, file_name: str) -> Script:
    """Return the script that lies beside a module, with the steps of `few_phones.sql` before it."""
    return after(FEW_PHONES, Script.beside(module_file, file_name))


def judge(explanation: Explanation, rows: list[Row], _: Surroundings) -> Iterable[Excuse]:
    """Excuse that part of a registered cell's identities which the same few phones gave, day after day: a rogue's change."""
    for row in rows:
        share = row["by_testers"] / row["identified"]
        if row["testers"] <= explanation.threshold("max_testers") and share >= explanation.threshold("min_share"):
            yield explanation.excuse(
                row, share=share, cell=row["cell"], testers=row["testers"], others=row["others"], part=share
            )
