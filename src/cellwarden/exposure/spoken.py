"""The sentence that a spokesperson may say about a restatement, in Korean and English: numbers, reasons, and nothing that is not counted."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from cellwarden.exposure.restatement import CAUSES, CHANGES

if TYPE_CHECKING:
    from cellwarden.exposure.restatement import Restatement

_WHY = {
    "new_id": ("새로 확인된 불법 셀 ID {cells}개를 거친 {people}명", "{people} through {cells} ids that were not known before"),
    "id_withdrawn": (
        "혐의가 철회된 셀 ID {cells}개에만 있던 {people}명",
        "{people} through {cells} ids that are no longer accused",
    ),
    "new_episode": ("이미 알려진 ID의 다른 시간대에 접속한 {people}명", "{people} through other hours of ids known before"),
    "episode_withdrawn": ("철회된 시간대에만 있던 {people}명", "{people} through hours that are no longer counted"),
    "more_rows": ("추가 기록에 따른 {people}명", "{people} through further records of the same hours"),
    "fewer_rows": ("제외된 기록에 따른 {people}명", "{people} through records of the same hours that are no longer there"),
    "graded_anew": ("같은 기록의 재분류에 따른 {people}명", "{people} because the same records show another grade"),
}
_CAUSE = {
    "new_source": ("새로 조사한 자료", "sources that were not searched before"),
    "lost_source": ("이번에 쓰지 못한 자료", "sources that could not be used this time"),
    "later_records": ("이후의 기록", "later records"),
    "other_records": ("다른 기록 파일", "other record files"),
    "rule_change": ("판정 기준 변경", "changed rules"),
    "detector_change": ("탐지 방법 변경", "changed detectors"),
    "unit": ("같은 장비로 묶임", "the same hardware"),
}
_CHANGE = {
    "added": ("추가", "added"),
    "removed": ("제외", "removed"),
    "upgraded": ("상향", "raised to a stronger grade"),
    "downgraded": ("하향", "lowered to a weaker grade"),
}


def sentence(restatement: Restatement) -> dict[str, str]:
    """Return what may be said, by language; it names every change and every reason with its number of people."""
    return {"ko": _said(restatement, 0), "en": _said(restatement, 1)}


def _said(restatement: Restatement, language: int) -> str:
    before, after = restatement.before, restatement.after
    numbers = {"was": before["total"], "now": after["total"], "was_imsi": before["imsi"], "now_imsi": after["imsi"]}
    opening = (
        "신호가 노출된 이용자는 {was:,}명에서 {now:,}명으로, 그중 IMSI 노출이 확인된 이용자는 {was_imsi:,}명에서 {now_imsi:,}명으로 정정됩니다.",
        "The number of people whose signal was exposed is restated from {was:,} to {now:,}, and of those whose IMSI was exposed from {was_imsi:,} to {now_imsi:,}.",
    )[language].format(**numbers)
    if not restatement.moves:
        return opening + (" 등급이 바뀐 이용자는 없습니다.", " Nobody moved between grades.")[language]
    parts = [opening]
    for change in CHANGES:
        moves = [move for move in restatement.moves if move.change == change]
        if not moves:
            continue
        reasons = Counter(move.why for move in moves)
        cells = {why: len({cell for move in moves if move.why == why for cell in move.cells}) for why in reasons}
        told = ", ".join(
            _WHY[why][language].format(people=f"{people:,}", cells=cells[why]) for why, people in reasons.most_common()
        )
        name = _CHANGE[change][language]
        parts.append((f"{len(moves):,}명이 {name}되었습니다({told}).", f"{len(moves):,} people were {name}: {told}.")[language])
    causes = sorted({cause for move in restatement.moves for cause in move.causes}, key=CAUSES.index)
    if causes:
        listed = ", ".join(_CAUSE[cause][language] for cause in causes)
        parts.append((f"사유: {listed}.", f"The reasons: {listed}.")[language])
    return " ".join(parts)
