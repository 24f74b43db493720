from zoneinfo import ZoneInfo

from filed_matter import CENSUS, summary

from cellwarden.incident.filing.press import press_parts
from cellwarden.incident.privacy.publication import publication

SEOUL = ZoneInfo("Asia/Seoul")


def sheet(language, census=(), **changed):
    told = summary(**changed)
    return press_parts(publication(told, census), told["window"], SEOUL, language)


def test_every_figure_has_its_query_and_its_sentence():
    (part,) = sheet("en")
    assert len(part.rows) == len(summary()["headlines"])
    assert all(row[2].endswith(".sql") for row in part.rows)
    assert (
        "The phones of 60 people connected to illegal base stations between 2025-08-04 and 2025-08-15.",
        "60",
        "people_signal_exposed.sql",
    ) in part.rows


def test_a_withheld_figure_has_no_sentence():
    (part,) = sheet("ko", people_imsi=3, people_possible=15, people_guti=42)
    assert [row[0] for row in part.rows].count("(비공개)") == 2
    assert not any("유심" in row[0] for row in part.rows)


def test_what_is_not_known_is_not_called_small():
    (part,) = sheet("en", payments_linked=None, money_linked=None)
    assert ("(not known)", "\u2013", "payments_linked.sql") in part.rows


def test_the_census_tables_follow_without_small_counts_and_without_cells():
    told = sheet("en", CENSUS)
    titles = ["People by district of residence", "People by controller", "People by technology", "People by day"]
    assert [part.title for part in told[1:]] == titles
    controllers, technologies, days = told[2:]
    assert ("Example MVNO", "18", "withheld", "withheld", "withheld") in controllers.rows
    assert ("own customers", "42", "withheld", "withheld", "withheld") in controllers.rows
    assert ("NR (5G)", "\u2013", "\u2013", "\u2013", "\u2013") in technologies.rows
    assert days.lines == ("Days of Asia/Seoul. One person may stand in several rows.",)


def test_both_languages_tell_the_same_numbers():
    ko, en = sheet("ko", CENSUS), sheet("en", CENSUS)
    for one, other in zip(ko[1:], en[1:], strict=True):
        shown = [[cell.replace("비공개", "withheld") for cell in row[1:]] for row in one.rows]
        assert shown == [list(row[1:]) for row in other.rows]
