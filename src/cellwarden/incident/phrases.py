"""Every phrase of the report in Korean and English, one line a phrase and language.

`{n}` is replaced by the value named `n`; `{n:cell|cells}` by a count and its English plural.
"""

# ruff: noqa: RUF001  # prose has typographic quotes and signs

from __future__ import annotations

from typing import Final, Literal

Language = Literal["ko", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("ko", "en")
"""Korean first: the reader who must act first reads Korean."""

PHRASES: Final[dict[str, tuple[str, str]]] = {
    # title page
    "title": ("불법 기지국 조사 보고서", "Rogue base station investigation report"),
    "language_name": ("한국어", "English"),
    "both_languages": ("한국어·English", "한국어·English"),
    "choose_language": ("언어", "Language"),
    "contents": ("차례", "Contents"),
    "page_of": ("{page} / {pages}쪽", "page {page} of {pages}"),
    "operator": ("통신사업자", "Operator"),
    "operator_unnamed": ("이름을 밝히지 않은 통신사업자", "operator not named"),
    "window": ("조사 기간", "Window"),
    "window_utc": ("조사 기간 (협정 세계시)", "Window (UTC)"),
    "window_local": ("조사 기간 ({zone})", "Window ({zone})"),
    "window_unknown": ("기록이 없어 기간을 알 수 없음", "unknown: there are no records"),
    "span": ("{first} ~ {last}", "{first} to {last}"),
    "known_until": ("이 시각까지 알려진 것만 사용함", "Uses only what was known by"),
    "made_by": ("작성", "Made by"),
    "made_by_value": ("Cellwarden {version}, 분석 엔진 {engine}", "Cellwarden {version}, engine {engine}"),
    "assumptions": ("알려 주지 않아 가정한 것", "Assumed, since not stated"),
    "times_are": (
        "시각은 따로 적지 않으면 {zone} 기준입니다.",
        "Times are those of {zone} unless they say otherwise.",
    ),
    "not_for_publication": (
        "대응팀과 감독기관을 위한 보고서입니다. 적은 인원의 수치도 그대로 싣습니다. 공개할 수치는 cellwarden report press로 만드십시오.",
        "This report is for the response team and the authorities: small counts stand in it as they are. For publication make the figures with cellwarden report press.",
    ),
    # chapters
    "chapter_verdict": ("결론", "Verdict"),
    "chapter_headlines": ("핵심 수치", "Headline numbers"),
    "chapter_words": ("용어의 뜻", "What the words mean"),
    "chapter_suspects": ("있어서는 안 되는 셀", "Cells that should not be there"),
    "chapter_cleared": ("검토 대상과 정상으로 설명된 셀", "Cells for review and cells explained"),
    "chapter_census": ("누가 노출되었는가", "Who was exposed"),
    "chapter_payments": ("연관된 결제", "Linked payments"),
    "chapter_files": ("입력 파일", "Input files"),
    "chapter_blind": ("이 기록으로 알 수 없는 것", "What these records cannot show"),
    "chapter_detectors": ("부록 가. 탐지 규칙", "Appendix A. Detectors"),
    "chapter_queries": ("부록 나. 질의(SQL)", "Appendix B. Queries"),
    # verdict
    "verdict_none": (
        "이 기록에서 불법 기지국일 가능성이 절반을 넘는 셀은 없습니다.",
        "No cell in these records is more likely than not to be a rogue base station.",
    ),
    "verdict_no_access": (
        "접속 기록(access)이 없어 불법 기지국이 있었는지 판단할 수 없습니다. 이 보고서는 어떤 셀도 의심하지 않으며, 어떤 셀도 정상이라고 하지 않습니다. 이 기록이 보여 줄 수 없는 것은 {chapter}장에 있습니다.",
        "There are no access records, so it cannot be told whether there was a rogue base station. This report accuses no cell and clears none: chapter {chapter} says what these records cannot show.",
    ),
    "verdict_none_caution": (
        "이것이 불법 기지국이 없었다는 뜻은 아닙니다. 이 기록이 보여 줄 수 없는 것은 {chapter}장에 있습니다.",
        "This does not mean that there was none: chapter {chapter} says what these records cannot show.",
    ),
    "verdict_none_review": ("검토가 필요한 셀은 {n}개입니다.", "{n:cell needs|cells need} review."),
    "verdict_rogue": (
        "있어서는 안 되는 기지국이 셀 {n}개의 이름으로 통신망에 접속했습니다.",
        "Base station equipment that should not be there used {n:cell identity|cell identities} on this network.",
    ),
    "verdict_also_suspect": ("그 밖에 {n}개의 셀이 의심됩니다.", "{n:further cell is|further cells are} suspected."),
    "verdict_suspect": (
        "확실한 불법 셀은 없으나, {n}개의 셀이 정상이 아닐 가능성이 더 높습니다.",
        "No cell is certainly rogue, but {n:cell is|cells are} more likely rogue than not.",
    ),
    "verdict_units": (
        "이 셀들은 장비 {n}대로 묶입니다.",
        "They come from {n:piece|pieces} of equipment.",
    ),
    "verdict_people": (
        "이 셀에 휴대전화가 접속한 사람은 {total}명입니다. 이 가운데 가입자식별번호(IMSI)가 확실히 읽힐 수 있었던 사람은 {imsi}명, 그랬을 수 있는 사람은 {possible}명, 임시 식별자만 오간 사람은 {guti}명입니다.",
        "The phones of {total:person|people} connected to them: the subscriber identity (IMSI) of {imsi} was certainly readable, that of {possible} possibly, and {guti} showed only a temporary identity.",
    ),
    "verdict_people_none": ("접속한 가입자는 기록에 없습니다.", "No subscriber is recorded on them."),
    "verdict_money": (
        "결제 {rows}건({people}명)이 이 노출과 연관되며, 승인된 금액은 {money}입니다.",
        "{rows:payment|payments} of {people:person|people} are linked to that exposure; the approved ones amount to {money}.",
    ),
    "verdict_money_mixed": (
        "결제 {rows}건({people}명)이 이 노출과 연관됩니다. 승인된 금액은 통화가 여럿이라 더하지 않았습니다.",
        "{rows:payment|payments} of {people:person|people} are linked to that exposure; the approved ones are in several currencies and are not added up.",
    ),
    "verdict_chance": (
        "우연히 이렇게 보일 결제는 {chance}건으로 예상합니다.",
        "By chance alone {chance} would look linked.",
    ),
    "verdict_chance_unknown": (
        "우연히 이렇게 보일 결제가 몇 건인지는 기록이 짧아 알 수 없습니다.",
        "How many would look linked by chance alone cannot be told from records this short.",
    ),
    "verdict_money_none": ("이 노출과 연관된 결제는 찾지 못했습니다.", "No payment was found linked to that exposure."),
    "verdict_money_unknown": (
        "결제 기록이 없어 금전 피해는 판단할 수 없습니다.",
        "Payments were not among the records, so nothing can be said about money.",
    ),
    "revealed": (
        "이 보고서에는 실제 가입자 식별자가 들어 있습니다. 열람이 승인된 사람에게만 전달하십시오.",
        "This report holds real subscriber identifiers. Hand it only to people who are cleared to see them.",
    ),
    "verdict_missing": (
        "사용하지 못한 자료: {sources}. 그 결과는 {chapter}장에 있습니다.",
        "Not available: {sources}. Chapter {chapter} says what follows from that.",
    ),
    "verdict_gaps": (
        "접속 기록에 공백이 {n}곳 있습니다. 그 사이의 일은 알 수 없습니다({chapter}장).",
        "The access records have {n:gap|gaps}, during which nothing can be seen: chapter {chapter}.",
    ),
    # headlines
    "headline_rogue_cells": ("불법으로 판정한 셀", "Rogue cells"),
    "headline_suspect_cells": ("의심되는 셀", "Suspect cells"),
    "headline_units": ("장비", "Pieces of equipment"),
    "headline_people_signal_exposed": ("신호에 노출된 사람", "People signal-exposed"),
    "headline_people_imsi": ("IMSI가 읽힌 사람", "People with IMSI readable"),
    "headline_people_possible": ("IMSI가 읽혔을 수 있는 사람", "People with IMSI possibly readable"),
    "headline_people_guti": ("임시 식별자만 오간 사람", "People with a temporary identity only"),
    "headline_payments_linked": ("연관된 결제", "Payments linked"),
    "headline_money_linked": ("연관된 결제의 승인 금액", "Approved money linked"),
    "headline_payments_linked_by_chance": ("우연히 연관되어 보일 결제", "Payments expected by chance"),
    "no_headlines": ("핵심 수치가 없습니다.", "There are no headline numbers."),
    "headline_empty": ("알 수 없음", "cannot tell"),
    "basis_window": ("기간", "Window"),
    "basis_query": ("질의", "Query"),
    "basis_missing": ("사용하지 못한 자료", "Could not use"),
    "none": ("없음", "none"),
    "nothing_missing": ("없음", "nothing missing"),
    "unit_cells": ("개", "cells"),
    "unit_people": ("명", "people"),
    "unit_units": ("대", "units"),
    "unit_payments": ("건", "payments"),
    "unit_events": ("건", "events"),
    "unit_rows": ("행", "rows"),
    # words
    "word_exposed": ("노출", "Exposed"),
    "word_exposed_means": (
        "불법 또는 의심 셀의 활동 구간에 접속 기록이 하나라도 있는 가입자입니다. 노출되었다고 금전 피해를 입은 것은 아니며, 금전 피해를 입었다고 반드시 노출된 것도 아닙니다. 두 가지는 따로 집계합니다.",
        "A subscriber with at least one record on a rogue or suspect cell during its episode. Exposed is not defrauded, and defrauded is not exposed: the two are counted apart.",
    ),
    "word_imsi": ("IMSI", "imsi"),
    "word_imsi_means": (
        "가입자식별번호(IMSI)가 무선 구간에서 기지국이 읽을 수 있는 형태로 오간 기록이 있습니다.",
        "A record shows that the permanent subscriber identity (IMSI) crossed the air readable by the base station.",
    ),
    "word_possible": ("가능", "possible"),
    "word_possible_means": (
        "IMSI가 읽혔는지 기록으로 확정할 수 없습니다. 어떤 식별자가 오갔는지 기록되지 않았거나 암호화가 꺼져 있었습니다.",
        "The records cannot decide: the identity was not recorded, or protection was off, so the IMSI may have been readable.",
    ),
    "word_guti": ("임시 식별자(GUTI)", "guti"),
    "word_guti_means": (
        "접속했지만 읽힐 수 있었던 것은 수시로 바뀌는 임시 식별자뿐입니다. 기록이 보완되면 등급이 올라갈 수 있습니다.",
        "The phone connected, and only a temporary identity was readable. Later records may raise this.",
    ),
    "word_grades": ("셀의 등급", "Grade of a cell"),
    "word_grades_means": (
        "불법: 확률 90 % 이상. 의심: 50 % 이상. 검토: 10 % 이상으로, 혐의를 두지 않고 사람이 살펴봅니다. 설명됨: 눈에 띄었으나 정상적인 이유가 있습니다.",
        "rogue: probability 90 % or more. suspect: 50 % or more. review: 10 % or more; not accused, a person should look. explained: it stood out, and an innocent reason accounts for it.",
    ),
    "word_episode": ("활동 구간", "Episode"),
    "word_episode_means": (
        "한 셀의 접속 기록이 6시간을 넘는 공백 없이 이어진 구간입니다.",
        "A spell of records of one cell with no gap over 6 hours.",
    ),
    "word_unit": ("장비", "Unit"),
    "word_unit_means": (
        "같은 장비로 보이는 셀의 묶음에 붙인 이름입니다. 홀로 있는 셀은 그 자체가 하나의 장비입니다.",
        "The label of one piece of hardware; one box may use many cell identities. A lone cell is its own unit.",
    ),
    "word_alert": ("경보 시각", "Alert time"),
    "word_alert_means": (
        "그때까지 알려진 기록만으로 ‘의심’ 이상이 되는 가장 이른 시각입니다. 나중에 안 것은 쓰지 않습니다.",
        "The earliest instant at which the records known by then already give suspect or more; never hindsight.",
    ),
    "word_weight": ("증거의 무게", "Weight of evidence"),
    "word_weight_means": (
        "불법 기지국일 때가 정상 셀일 때보다 그 관찰이 몇 배 더 그럴듯한지를 뜻하며, 괄호 안은 그 자연로그입니다. 표현은 유럽법과학연구소연합(ENFSI) 2015년 지침의 단계를 따릅니다.",
        "How many times likelier the observation is with a rogue than with an innocent cell; in brackets its natural logarithm. The words follow the scale of the ENFSI guideline of 2015.",
    ),
    # weights
    "support_none": ("어느 쪽도 지지하지 않음", "supports neither side"),
    "support_weak_for": ("약하게 지지", "weak support"),
    "support_moderate_for": ("어느 정도 지지", "moderate support"),
    "support_fairly_for": ("꽤 강하게 지지", "moderately strong support"),
    "support_strong_for": ("강하게 지지", "strong support"),
    "support_very_for": ("매우 강하게 지지", "very strong support"),
    "support_extremely_for": ("극히 강하게 지지", "extremely strong support"),
    "support_weak_against": ("정상이라는 쪽을 약하게 지지", "weak support for an innocent cell"),
    "support_moderate_against": ("정상이라는 쪽을 어느 정도 지지", "moderate support for an innocent cell"),
    "support_fairly_against": ("정상이라는 쪽을 꽤 강하게 지지", "moderately strong support for an innocent cell"),
    "support_strong_against": ("정상이라는 쪽을 강하게 지지", "strong support for an innocent cell"),
    "support_very_against": ("정상이라는 쪽을 매우 강하게 지지", "very strong support for an innocent cell"),
    "support_extremely_against": ("정상이라는 쪽을 극히 강하게 지지", "extremely strong support for an innocent cell"),
    "times_for": ("불법일 때 {times}배 ({weight})", "{times} times likelier if rogue ({weight})"),
    "times_against": ("정상일 때 {times}배 ({weight})", "{times} times likelier if innocent ({weight})"),
    # suspects
    "no_suspects_no_access": (
        "접속 기록이 없어 어떤 셀도 판단하지 못했습니다.",
        "Without access records no cell could be judged.",
    ),
    "no_suspects": (
        "불법 또는 의심 등급의 셀이 없습니다.",
        "There is no cell of grade rogue or suspect.",
    ),
    "suspects_overview": (
        "불법 또는 의심 등급의 활동 구간. 번호를 누르면 해당 쪽으로 갑니다.",
        "Episodes of grade rogue or suspect; the number leads to its page.",
    ),
    "unit_heading": ("장비 {unit}", "Unit {unit}"),
    "unit_summary": (
        "셀 {cells}개, 활동 구간 {episodes}개, {span}.",
        "{cells:cell identity|cell identities}, {episodes:episode|episodes}, {span}.",
    ),
    "episode_heading": ("{n}. 셀 {cell}", "{n}. Cell {cell}"),
    "column_number": ("번호", "No."),
    "column_cell": ("셀", "Cell"),
    "column_unit": ("장비", "Unit"),
    "column_grade": ("등급", "Grade"),
    "column_score": ("확률", "Probability"),
    "column_first": ("첫 기록", "First record"),
    "column_last": ("마지막 기록", "Last record"),
    "column_people": ("사람", "People"),
    "column_why": ("이유", "Why"),
    "fact_cell": ("셀 번호", "Cell"),
    "fact_cell_value": ("{decimal} (16진수 0x{hex})", "{decimal} (hex 0x{hex})"),
    "fact_cell_macro": (
        "{decimal} (16진수 0x{hex}, eNB-셀 {parts})",
        "{decimal} (hex 0x{hex}, eNB-cell {parts})",
    ),
    "fact_network": ("통신망", "Network"),
    "fact_grade": ("등급", "Grade"),
    "fact_grade_value": ("{grade} (확률 {score})", "{grade} (probability {score})"),
    "fact_first": ("첫 기록", "First record"),
    "fact_last": ("마지막 기록", "Last record"),
    "fact_alert": ("경보 시각", "Alert time"),
    "fact_alert_none": (
        "당시에 알려진 기록만으로는 경보에 이르지 못함",
        "never, from what the records showed at the time",
    ),
    "fact_alert_after": ("{at}, 첫 기록부터 {after} 뒤", "{at}, {after} after the first record"),
    "fact_alert_at_once": ("{at}, 첫 기록과 동시", "{at}, with the first record"),
    "fact_both_times": ("{local} ({utc} UTC)", "{local} ({utc} UTC)"),
    "fact_lasted": ("지속", "Lasted"),
    "fact_missing": ("사용하지 못한 자료", "Sources it could not use"),
    "fact_people": ("접속한 사람", "People on it"),
    "days_hours": ("{days}일 {hours}시간", "{days:day|days} {hours} h"),
    "hours_minutes": ("{hours}시간 {minutes}분", "{hours} h {minutes} min"),
    "days": ("{days}일", "{days:day|days}"),
    "hours": ("{hours}시간", "{hours:hour|hours}"),
    "minutes": ("{minutes}분", "{minutes} min"),
    "heading_activity": ("언제 켜져 있었나", "When it was on air"),
    "heading_where": ("어디에 있었나", "Where it was"),
    "heading_why": ("이렇게 판단한 이유", "Why we think so"),
    "heading_innocent": ("검토한 정상적인 이유", "Innocent causes considered"),
    "heading_who": ("누가 노출되었나", "Who was exposed on it"),
    "heading_shared": ("같은 장비로 묶은 이유", "Why these are one unit"),
    "no_findings": ("이 구간에 대한 탐지 결과가 전달되지 않았습니다.", "No finding about this episode was handed over."),
    "findings_more": (
        "무게가 작은 탐지 결과 {n}개가 findings.parquet에 더 있습니다.",
        "{n:more finding|more findings} of less weight: see findings.parquet.",
    ),
    "innocent_intro": (
        "다음과 같은 정상적인 이유로도 같은 흔적이 남을 수 있습니다.",
        "The same traces can have these innocent causes.",
    ),
    "innocent_none": (
        "탐지 규칙 목록에 적힌 정상적인 이유가 없습니다.",
        "The catalogue names no innocent cause for these findings.",
    ),
    "innocent_explained": (
        "그 가운데 ‘{explanation}’(으)로 일부가 설명되어 점수를 낮추었습니다.",
        "Part of it is accounted for by “{explanation}”; the score is lower for it.",
    ),
    "innocent_not_explained": (
        "Cellwarden이 확인하는 정상적인 설명 가운데 이 셀에 들어맞는 것은 없습니다. 그래도 위의 이유는 사람이 한 번 더 확인해야 합니다.",
        "No innocent explanation that Cellwarden tests accounts for this cell. A person should still rule out the causes above.",
    ),
    "who_unknown": ("이 구간의 노출 집계가 없습니다.", "There is no census of this episode."),
    "who_sum": (
        "{total}명 = IMSI {imsi}명 + 가능 {possible}명 + 임시 식별자 {guti}명. 접속 기록 {events}건.",
        "{total:person|people} = {imsi} imsi + {possible} possible + {guti} guti; {events:event|events}.",
    ),
    "activity_unknown": (
        "이 구간의 10분 단위 활동이 전달되지 않았습니다.",
        "The activity of this episode by 10 minutes was not handed over.",
    ),
    "where_unknown": (
        "어디에 있었는지 알 수 없습니다. 위치를 추정하려면 주변 셀의 위치가 알려진 방문자가 충분해야 하는데, 이 기록에는 그만큼이 없습니다.",
        "Cannot tell where it was: a place needs enough visitors whose neighbouring cells have a known place, and the records do not hold them.",
    ),
    # cleared
    "no_cleared": ("검토 대상이거나 정상으로 설명된 셀이 없습니다.", "There is no cell for review, and none was explained."),
    "cleared_intro": (
        "이 셀들에는 혐의를 두지 않습니다. 검토 대상은 사람이 확인하고, 설명된 셀은 눈에 띈 이유와 정상적인 이유를 함께 적었습니다.",
        "These cells are not accused. Those for review should be looked at by a person; for those explained, both what stood out and the innocent reason are given.",
    ),
    "cleared_caption": ("검토 대상과 정상으로 설명된 셀", "Cells for review and cells explained"),
    "column_stood_out": ("눈에 띈 점", "What stood out"),
    "column_explanation": ("정상적인 이유", "Innocent reason"),
    "apart_caption": (
        "장비와 인증서 자체에서 눈에 띈 것. 그것만으로는 어떤 셀에도 혐의를 두지 않으며, 셀은 각자의 근거로 판단합니다.",
        "What stood out about equipment and certificates as such. By itself this accuses no cell; cells are judged by their own findings.",
    ),
    "column_subject": ("대상", "Subject"),
    "column_evidence": ("관찰", "Observation"),
    # census
    "census_no_access": (
        "접속 기록이 없어 노출된 사람을 셀 수 없습니다. 아래의 0은 ‘없었음’이 아니라 ‘세지 못함’입니다.",
        "Without access records nobody can be counted. The zeros below mean “not counted”, not “nobody”.",
    ),
    "census_none": ("노출된 사람이 없습니다.", "Nobody is counted as exposed."),
    "census_by_grade": ("노출 등급별 사람 수 (각자 가장 높은 등급)", "People by grade (each under the strongest reached)"),
    "census_by_technology": (
        "기술별 사람 수. 한 사람이 두 기술에 있을 수 있어 합이 전체보다 클 수 있습니다.",
        "People by technology; one person may be in two, so these may add up to more than the total.",
    ),
    "census_by_day": (
        "날짜별 사람 수 ({zone}). 여러 날에 걸친 사람은 날마다 셉니다.",
        "People by local day ({zone}); a person on several days counts on each.",
    ),
    "census_by_controller": (
        "개인정보처리자별 사람 수. 누가 누구에게 알려야 하는지를 정합니다.",
        "People by controller: who has to notify whom.",
    ),
    "column_technology": ("기술", "Technology"),
    "column_day": ("날짜", "Day"),
    "column_controller": ("개인정보처리자", "Controller"),
    "column_total": ("전체", "Total"),
    "column_share": ("비율", "Share"),
    "controller_own": ("자사 가입자", "own customers"),
    "not_recorded": ("기록되지 않음", "not recorded"),
    "reconciles": (
        "대조: {total} = IMSI {imsi} + 가능 {possible} + 임시 식별자 {guti}. 맞습니다.",
        "Reconciliation: {total} = {imsi} imsi + {possible} possible + {guti} guti. It adds up.",
    ),
    "reconciles_not": (
        "대조: {total} ≠ IMSI {imsi} + 가능 {possible} + 임시 식별자 {guti}. 맞지 않으므로 이 수치를 인용하지 마십시오.",
        "Reconciliation: {total} ≠ {imsi} imsi + {possible} possible + {guti} guti. It does not add up; do not quote these numbers.",
    ),
    "census_basis": (
        "노출 {rows}행(가입자 × 셀 × 활동 구간), 그 안의 접속 기록 {events}건. 가입자를 알 수 없는 접속 기록 {without}건은 사람으로 세지 않았습니다.",
        "{rows:row|rows} of exposures (subscriber × cell × episode) with {events:event|events}; {without:record|records} without a subscriber are counted as nobody.",
    ),
    "sum": ("합계", "Sum"),
    # payments
    "payments_note": (
        "노출되었다고 금전 피해를 입은 것은 아닙니다. 여기에는 노출이 가능하게 했을 확률이 50 % 이상인 결제만 있으며, 금액은 승인된 것만 더합니다.",
        "Exposed is not defrauded. Listed are only payments that the exposure made possible with a probability of 50 % or more; money sums approved ones only.",
    ),
    "directions": ("두 방향의 조사", "Both directions of the search"),
    "directions_note": (
        "한 조사는 피해자에서 출발해 셀을 찾고, 다른 조사는 피해자를 모른 채 모든 셀의 기록을 심사합니다. 서로의 결과를 쓰지 않으며, 각각이 무엇을 더하는지 보입니다.",
        "One search starts from the victims and looks for their cell; the other screens the records of every cell and knows no victim. Neither uses what the other found; this is what each adds.",
    ),
    "directions_no_victims": (
        "결제와 민원 기록이 없어 피해자에서 출발하는 조사는 할 수 없었습니다.",
        "Without payments and complaints the search from the victims could not be made.",
    ),
    "directions_both": (
        "두 방향 모두: 셀 {ids}개, 노출 {people}명, 연관 결제 {payments}건.",
        "Found by both: {ids} ids, {people} people exposed, {payments} linked payments.",
    ),
    "directions_cells": (
        "셀 기록만으로: 셀 {ids}개, 노출 {people}명(그중 {people_added}명은 여기서만), 연관 결제 {payments}건. 피해자에서 출발했다면 놓쳤을 셀입니다.",
        "Found from the cells alone: {ids} ids, {people} people exposed, of whom {people_added} nowhere else, {payments} linked payments. The search from the victims would have missed them.",
    ),
    "directions_victims": (
        "피해자만으로: 셀 {ids}개, 연관 결제 {payments}건. 셀 기록이 뒷받침하지 않는 단서이며 혐의가 아닙니다.",
        "Named by victims alone: {ids} ids, {payments} linked payments. The cells' own records do not bear it out: a lead, not an accusation.",
    ),
    "directions_caption": ("방향별 결과", "What each direction found"),
    "column_by_cells": ("셀 기록", "By the cells"),
    "column_by_victims": ("피해자", "By the victims"),
    "payments_missing": ("결제 기록이 없어 판단할 수 없습니다.", "Payments are not among the records: nothing can be said."),
    "payments_no_access": (
        "접속 기록이 없어 결제를 어떤 셀과도 연관 지을 수 없습니다.",
        "Without access records no payment can be linked to any cell.",
    ),
    "payments_none": ("연관된 결제를 찾지 못했습니다.", "No linked payment was found."),
    "payments_found": ("찾은 결제", "Found"),
    "payments_chance": ("우연히 예상되는 결제", "Expected by chance"),
    "payments_chance_value": ("{n}건", "{n}"),
    "chance_unknown": ("알 수 없음", "cannot tell"),
    "money_mixed": ("통화가 여럿이라 더하지 않음", "in several currencies, not added up"),
    "payments_people": ("사람", "People"),
    "payments_approved": ("승인", "Approved"),
    "payments_approved_value": ("{n}건, {money}", "{n:payment|payments}, {money}"),
    "payments_declined": ("거절", "Declined"),
    "payments_disputed": ("이의 제기됨", "Disputed"),
    "payments_call_first": ("승인되었으나 아직 이의가 없음 (먼저 연락)", "Approved, not yet disputed (call first)"),
    "payments_count": ("{n}건", "{n:payment|payments}"),
    "channels_caption": (
        "결제 수단별: 노출 시간과 겹친 결제와 우연 기댓값",
        "By channel: payments within the hour of an exposure, beside chance",
    ),
    "channel_not_searched": ("조사하지 못함", "not searched"),
    "channel_chance": ("{expected} ({low}~{high})", "{expected} ({low} to {high})"),
    "links_open_question": (
        "기지국이 줄 수 있는 것은 회선의 점유 인증(전화·문자)뿐입니다. 이름·생년월일·성별은 줄 수 없으며, 그 출처는 이 기록으로 알 수 없습니다.",
        "An exposure can give possession of the line, by call or code message. It cannot give the name, birth date or sex; where those came from, these records do not say.",
    ),
    "links_late": ("며칠 뒤의 결제", "Payments days later"),
    "links_late_value": (
        "도용 징후가 {signs}개 이상인 {found}건 중 우연을 넘는 것 {low}~{high}건",
        "{found} with {signs} signs of theft or more, of them {low} to {high} beyond chance",
    ),
    "links_disputed": ("이의 제기, 노출 없음", "Disputed, never exposed"),
    "links_alarms": ("민원 주제 경보", "Alarms of complaint themes"),
    "links_leads": ("다른 명단과의 차이(단서)", "Differences from lists of others (leads)"),
    "column_channel": ("결제 수단", "Channel"),
    "column_rows": ("기록", "Rows"),
    "column_met": ("겹친 결제", "Met"),
    "column_by_chance": ("우연 기댓값", "By chance"),
    "column_linked": ("연결됨", "Linked"),
    "payments_caption": ("연관된 결제. 먼저 연락할 것부터.", "Linked payments, those to be called first on top."),
    "column_when": ("시각", "When"),
    "column_subscriber": ("가입자", "Subscriber"),
    "column_bought": ("가맹점 · 경로", "Merchant · channel"),
    "column_amount": ("금액", "Amount"),
    "column_status": ("상태 · 이의 제기", "Status · disputed"),
    "column_probability": ("확률", "Probability"),
    "column_link": ("연관 근거", "Why linked"),
    "call_first": ("먼저 연락", "call first"),
    "disputed_on": ("이의 {at}", "disputed {at}"),
    "not_disputed": ("이의 없음", "not disputed"),
    "status_approved": ("승인", "approved"),
    "status_declined": ("거절", "declined"),
    "status_cancelled": ("취소", "cancelled"),
    "channel_ars": ("ARS 인증", "ARS call"),
    "channel_sms": ("문자 인증", "SMS code"),
    "channel_app": ("앱 인증", "app"),
    "channel_pin": ("PIN", "PIN"),
    "channel_password": ("비밀번호", "password"),
    "channel_dcb": ("통신과금(DCB)", "direct carrier billing"),
    "channel_other": ("기타", "other"),
    "kind_small_payment": ("소액결제", "small payment"),
    "kind_dcb": ("통신과금(DCB)", "direct carrier billing"),
    # files
    "files_note": (
        "읽은 행 = 받아들인 행 + 거부한 행. 어떤 행도 말없이 버리지 않습니다.",
        "Read = accepted + rejected, for every file: no row is lost silently.",
    ),
    "files_none": ("입력 파일이 없습니다.", "There is no input file."),
    "files_caption": ("입력 파일과 행 수", "Input files and their rows"),
    "column_file": ("파일", "File"),
    "column_read": ("읽음", "Read"),
    "column_accepted": ("받아들임", "Accepted"),
    "column_rejected": ("거부", "Rejected"),
    "column_check": ("대조", "Check"),
    "check_good": ("맞음", "adds up"),
    "same_content": ("{file}과(와) 내용이 같아 한 번만 셈", "same content as {file}: counted once"),
    "check_bad": ("맞지 않음", "does not add up"),
    "fault_short_imsi": (
        "{file}: 길이가 짧은 IMSI {n}행 (받아들이되 자료 결함으로 셈)",
        "{file}: {n:row|rows} with a short IMSI (accepted, counted as a data fault)",
    ),
    "heading_faults": ("자료 결함", "Data faults"),
    "heading_rejected": ("거부한 행", "Rejected rows"),
    "rejected_none": ("거부한 행이 없습니다.", "No row was rejected."),
    "rejected_caption": ("거부한 행 (식별자는 가림)", "Rejected rows (identifiers masked)"),
    "column_row": ("행", "Row"),
    "column_reason": ("이유", "Reason"),
    "column_raw": ("원문", "As it came"),
    "cut": (
        "처음 {shown}행만 보였습니다. 나머지 {rest}행은 {file}에 있습니다.",
        "The first {shown} are shown; {rest} more are in {file}.",
    ),
    # blind
    "blind_none": (
        "빠진 자료나 공백을 찾지 못했습니다. 그래도 기록에 남지 않은 일은 이 보고서가 알 수 없습니다.",
        "No missing source and no gap was found. What left no record is still beyond this report.",
    ),
    "blind_intro": (
        "다음은 이 기록으로 확인할 수 없습니다. ‘찾지 못함’을 ‘없었음’으로 읽지 마십시오.",
        "The following cannot be seen in these records. Do not read “not found” as “did not happen”.",
    ),
    "heading_missing": ("없는 자료", "Missing sources"),
    "heading_gaps": ("공백", "Blind windows"),
    "heading_silent": ("실행하지 못한 규칙", "Rules that could not run"),
    "silent_item": ("{rule}: {sources} 자료가 없어 실행하지 못했습니다.", "{rule}: did not run, for want of {sources}."),
    "table_column": ("{table}의 ‘{column}’ 항목", "column “{column}” of {table}"),
    "blind_before_first_record": (
        "{table}: {until} 이전은 기록이 없습니다.",
        "{table}: nothing is recorded before {until}.",
    ),
    "blind_gap": ("{table}: {from} ~ {to} 공백.", "{table}: gap from {from} to {to}."),
    "blind_missing_table": ("{table}: 자료가 없습니다.", "{table}: not supplied."),
    "blind_missing_column": (
        "{table}: ‘{column}’ 항목이 없거나 비어 있습니다.",
        "{table}: column “{column}” is absent or empty.",
    ),
    "missing_item": ("{table}: {means}", "{table}: {means}"),
    "missing_access": ("접속 기록이 없어 노출을 셀 수 없습니다.", "without it nobody can be counted as exposed."),
    "missing_usage": (
        "통화·문자 내용이 노출되었는지 판단할 수 없습니다.",
        "whether calls or messages were exposed cannot be told.",
    ),
    "missing_equipment": (
        "장비 대장과 대조할 수 없어 미등록·되살아난 셀을 가릴 수 없습니다.",
        "cells cannot be compared with the registry, so unregistered and revived ones go unseen.",
    ),
    "missing_links": (
        "장비가 어떻게 접속했는지(인증서, 주소, 동시 접속) 확인할 수 없습니다.",
        "how equipment joined (certificates, addresses, two places at once) cannot be checked.",
    ),
    "missing_payments": ("금전 피해를 판단할 수 없습니다.", "nothing can be said about money."),
    "missing_complaints": (
        "고객 민원과 대조할 수 없습니다.",
        "what customers reported cannot be compared.",
    ),
    "missing_logins": (
        "다른 서비스 계정의 피해를 알 수 없습니다.",
        "harm to other accounts (messenger, marketplace) cannot be told.",
    ),
    "missing_subscribers": (
        "자사 가입자와 알뜰폰 가입자를 구분할 수 없어 누가 알려야 하는지 정할 수 없습니다.",
        "own and MVNO subscribers cannot be told apart, nor who must notify whom.",
    ),
    "missing_tips": (
        "경찰 등이 알려 온 피해와 대조할 수 없습니다.",
        "what police or others reported cannot be compared.",
    ),
    "missing_events": (
        "작업·재시작 일정이 없어 정상적인 이유 일부를 확인할 수 없습니다.",
        "planned work and restarts are unknown, so some innocent causes cannot be confirmed.",
    ),
    "missing_other": ("이 자료가 필요한 결론은 내리지 않았습니다.", "no conclusion that needs it was drawn."),
    "table_access": ("접속 기록(access)", "access"),
    "table_usage": ("과금 기록(usage)", "usage"),
    "table_equipment": ("장비 대장(equipment)", "equipment"),
    "table_links": ("장비 연결 기록(links)", "links"),
    "table_payments": ("결제 기록(payments)", "payments"),
    "table_complaints": ("민원(complaints)", "complaints"),
    "table_logins": ("계정 접속 기록(logins)", "logins"),
    "table_subscribers": ("가입자 정보(subscribers)", "subscribers"),
    "table_tips": ("제보(tips)", "tips"),
    "table_events": ("작업 일정(events)", "events"),
    # appendices
    "detectors_intro": (
        "각 규칙이 무엇을 보는지, 어떤 정상적인 이유로도 울릴 수 있는지, 기준값과 그 까닭입니다. 원문은 영어입니다.",
        "What each rule looks for, what innocent causes can set it off, and its thresholds with their reasons.",
    ),
    "detectors_none": ("탐지 규칙 목록이 전달되지 않았습니다.", "The catalogue of detectors was not handed over."),
    "column_rule": ("규칙", "Rule"),
    "detector_version": ("{name}, {version}판", "{name}, version {version}"),
    "detector_looks_for": ("보는 것", "Looks for"),
    "detector_innocent": ("정상적인 이유", "Innocent causes"),
    "detector_accounts_for": ("설명해 주는 것", "Accounts for"),
    "detector_threshold": ("기준값 {name}", "Threshold {name}"),
    "detector_threshold_value": ("{value} {unit}: {reason}", "{value} {unit}: {reason}"),
    "detector_references": ("근거 문헌", "References"),
    "queries_intro": (
        "보고서의 모든 수치는 아래 질의에서 나옵니다. 같은 기록에 다시 실행하면 같은 답이 나옵니다.",
        "Every number of this report comes from one of these queries; run again over the same records, they give the same answer.",
    ),
    "queries_none": ("전달된 질의가 없습니다.", "No query was handed over."),
    # grades and technologies
    "grade_rogue": ("불법", "rogue"),
    "grade_suspect": ("의심", "suspect"),
    "grade_review": ("검토", "review"),
    "grade_explained": ("설명됨", "explained"),
    "rat_lte": ("LTE (4세대)", "LTE (4G)"),
    "rat_nr": ("NR (5세대)", "NR (5G)"),
    "rat_utra": ("UTRA (3세대)", "UTRA (3G)"),
    "rat_geran": ("GERAN (2세대)", "GERAN (2G)"),
    "type_macro": ("매크로 기지국", "macro"),
    "type_home": ("가정용 초소형 기지국(펨토셀)", "home (femtocell)"),
    "type_short_macro": ("짧은 번호의 매크로 기지국", "short macro"),
    "type_long_macro": ("긴 번호의 매크로 기지국", "long macro"),
    "type_gnb": ("5세대 기지국(gNB)", "gNB"),
    # drawings
    "draw_timeline": ("셀 {cell}의 활동", "Activity of cell {cell}"),
    "draw_timeline_alt": (
        "{first}부터 {last}까지 접속 기록 {events}건. 가장 바쁜 때는 {peak}, {most}건.",
        "From {first} to {last}: {events:event|events}; busiest at {peak} with {most}.",
    ),
    "draw_timeline_caption": (
        "위: {bin}마다의 접속 기록 수. 아래: 10분 안에 함께 있던 사람 수의 최댓값. ▼ 연관된 결제, 점선은 경보 시각. {zone} 기준.",
        "Above: events in each {bin}. Below: the most people within any 10 minutes of it. ▼ linked payments; the dashed line is the alert. Times of {zone}.",
    ),
    "draw_events": ("접속 기록", "events"),
    "draw_people": ("사람", "people"),
    "draw_payments": ("연관된 결제", "linked payments"),
    "draw_alert": ("경보", "alert"),
    "draw_map": ("셀 {cell}의 위치", "Where cell {cell} was"),
    "draw_map_alt": (
        "추정 위치 {n}개를 시각 순서로 이은 지도, {first}부터 {last}까지. 오차 반경의 중앙값은 {radius} m, 가로 {width} km.",
        "Map of {n:estimated position|estimated positions} in order of time, {first} to {last}; median radius {radius} m, {width} km across.",
    ),
    "draw_map_alt_one": (
        "추정 위치 하나와 오차 반경 {radius} m를 그린 지도, 가로 {width} km.",
        "Map of one estimated position with a radius of {radius} m, {width} km across.",
    ),
    "draw_map_caption": (
        "원은 오차 반경, 선은 시각 순서, ○ 처음, ■ 마지막, 회색 점은 알려진 셀입니다.",
        "Circles are the radius of error, the line follows time, ○ first, ■ last; grey dots are known cells.",
    ),
    "draw_map_thinned": ("위치 {n}개 가운데 {shown}개를 그렸습니다.", "{shown} of {n} positions are drawn."),
    "draw_first": ("처음 {at}", "first {at}"),
    "draw_last": ("마지막 {at}", "last {at}"),
    "draw_north": ("북", "N"),
    "draw_exposure": ("노출 등급", "Exposure by grade"),
    "draw_exposure_alt": (
        "{total}명 가운데 IMSI {imsi}명, 가능 {possible}명, 임시 식별자 {guti}명.",
        "Of {total}: {imsi} imsi, {possible} possible, {guti} guti.",
    ),
    "draw_episodes": ("활동 구간 한눈에 보기", "Episodes at a glance"),
    "draw_episodes_alt": (
        "불법·의심 활동 구간 {n}개를 셀마다 한 줄로 그린 그림, {first}부터 {last}까지.",
        "{n:rogue or suspect episode|rogue or suspect episodes}, one line a cell, from {first} to {last}.",
    ),
    "draw_episodes_caption": (
        "한 줄이 한 셀입니다. 검게 채운 막대는 불법, 빗금은 의심 등급입니다.",
        "One line a cell; solid bars are of grade rogue, hatched ones suspect.",
    ),
    "draw_episodes_more": ("셀 {n}개가 더 있습니다.", "{n:more cell|more cells} not drawn."),
}
"""Key -> (Korean, English)."""


def phrase(key: str, language: Language, **values: object) -> str:
    """Return a phrase with its values filled in; an unknown key is a programming error."""
    return PHRASES[key][LANGUAGES.index(language)].format_map(values)


def word(group: str, name: object, language: Language) -> str:
    """Return the word for an enumerated value (`grade`, `rogue`); a value we have no word for stays as it is."""
    key = f"{group}_{name}"
    return phrase(key, language) if key in PHRASES else str(name)
