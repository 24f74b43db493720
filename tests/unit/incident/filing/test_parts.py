import os
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from filed_matter import CENSUS, filing, matter, summary

from cellwarden.incident.filing.parts import figure, parts, said
from cellwarden.incident.filing.press import press_parts
from cellwarden.incident.privacy.publication import publication

GOLDEN = Path(__file__).parents[3] / "golden/filing"


def told(held, language="en"):
    return {part.title: part for part in parts(held, language)}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_first_report_holds_what_the_decrees_ask(tmp_path, language):
    titles = [part.title for part in parts(matter(tmp_path), language)]
    names = ("reporter", "known", "people", "circumstances", "damage", "channels", "response", "notices", "unknown", "basis")
    assert titles == [said("part", name, language) for name in names]


def test_a_supplement_begins_with_what_changed_and_why(tmp_path):
    first = filing()
    held = matter(
        tmp_path,
        [first],
        "supplement",
        because={"people_imsi": "grades were mended"},
        changed={"people_imsi": 21, "people_guti": 25},
    )
    part = told(held)["What changed since the report before, and why"]
    assert part.rows == (("People whose IMSI was readable", "20", "21", "grades were mended"),) or part.rows[0][1:] == (
        "20",
        "21",
        "grades were mended",
    )
    assert first.digest() in part.lines[0]


@pytest.mark.parametrize(
    ("hours", "law", "sentence"),
    [
        (71, "pipa", "within 72 hours"),
        (73, "pipa", "after 72 hours: the cell was hard to find"),
        (25, "network", "after 24 hours"),
    ],
)
def test_late_is_explained_never_hidden(tmp_path, hours, law, sentence):
    held = matter(tmp_path, hours=hours, law=law, late_because="the cell was hard to find")
    assert sentence in " ".join(told(held)["When it became known"].lines)


def test_a_channel_without_rows_is_called_not_searched_never_zero(tmp_path):
    rows = {row[0]: row[1:] for row in told(matter(tmp_path))["Payment channels, those not searched included"].rows}
    assert ("not searched", "\u2013", "\u2013", "\u2013") in rows.values()
    assert ("85", "29", "0.54", "29") in rows.values()


def test_every_figure_names_its_query(tmp_path):
    rows = told(matter(tmp_path))["Basis of every figure"].rows
    assert len(rows) == 10
    assert all(row[2].endswith(".sql") for row in rows)


def test_what_is_not_known_is_said(tmp_path):
    assert "links" in told(matter(tmp_path))["What is not known"].lines[0]
    assert "not established" in " ".join(told(matter(tmp_path))["Damage"].lines)


def test_notices_are_counted_where_there_are_any(tmp_path):
    assert told(matter(tmp_path))["Notices to people"].lines == ("No notices were made yet.",)
    made = matter(
        tmp_path,
        notices={
            "on": "2025-09-11",
            "notices": 1200,
            "by_class": {"confirmed": 1000, "possible": 200},
            "handed_over": {"Example MVNO": 7},
        },
    )
    assert told(made)["Notices to people"].lines == (
        "1,200 notices were made in the round of 2025-09-11: confirmed 1,000, possible 200.",
        "7 people of other controllers are told by these.",
    )
    assert (
        told(made, "ko")["정보주체 통지"].lines[0]
        == "2025-09-11 회차에 통지 1,200건을 작성하였습니다: 유출 확인 1,000건, 유출 가능성 200건."
    )


def test_a_figure_reads_as_a_person_reads_it():
    assert figure("money_linked", 6_201_000, "KRW", "ko") == "6,201,000원"
    assert figure("people_imsi", None, "people", "ko") == "\u2013"
    assert figure("payments_linked_by_chance", 0.95, "payments", "en") == "0.95"


def test_who_moved_since_the_report_before_is_said_in_its_language(tmp_path):
    first = filing()
    held = matter(tmp_path, [first], "supplement", restated={"ko": "옮겨 간 사람", "en": "who moved"})
    assert told(held)["What changed since the report before, and why"].lines[1] == "who moved"
    assert told(held, "ko")["이전 신고와 달라진 내용과 사유"].lines[1] == "옮겨 간 사람"


def test_a_controller_with_few_people_is_withheld_beside_the_exact_total(tmp_path):
    """The law asks for the total; who reads the report must not learn that three of them are customers of one small brand."""
    held = matter(tmp_path)
    held.summary["people_by_controller"] = {"Example MVNO": 3, "Other MVNO": 17, "own": 40}
    part = told(held)["People and items"]
    shown = dict(part.rows)
    assert shown["controller: Example MVNO"] == shown["controller: Other MVNO"] == "(withheld)"
    assert shown["controller: own customers"] == "40"
    assert "60" in shown.values()


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("kind", ["first", "supplement", "press"])
def test_what_is_filed_reads_as_it_read_before(kind, language, tmp_path):
    if kind == "press":
        told_all = press_parts(publication(summary(), CENSUS), summary()["window"], ZoneInfo("Asia/Seoul"), language)
    else:
        held = [] if kind == "first" else [filing()]
        reason = {"all": "more was searched", "all.ko": "더 많은 기록을 조사하였습니다"}
        made = {"on": "2025-09-11", "notices": 60, "by_class": {"confirmed": 20, "possible": 40}, "handed_over": {}}
        told_all = parts(
            matter(tmp_path, held, kind, because=reason, changed={"units": 2} if held else {}, notices=made), language
        )
    written = "\n".join(
        "\n".join(
            [f"# {part.title}", *part.lines, *(" | ".join(row) for row in ([part.head, *part.rows] if part.rows else []))]
        )
        for part in told_all
    )
    golden = GOLDEN / f"{kind}.{language}.txt"
    if os.environ.get("UPDATE_GOLDEN") == "1":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(written + "\n", encoding="utf-8")
    assert written + "\n" == golden.read_text(encoding="utf-8"), "read the difference; UPDATE_GOLDEN=1 accepts it"
