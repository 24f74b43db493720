"""The letter of a pack says what the rows are and what is asked, in both languages."""

from zoneinfo import ZoneInfo

import pytest
from told_people import facts

from cellwarden.incident.filing.covering import Pack, letter
from cellwarden.incident.handover import MVNO_COLUMNS, SERVICE_COLUMNS

COLUMNS = {"mvno": MVNO_COLUMNS, "service": SERVICE_COLUMNS}
WINDOW = ("2025-08-03T15:00:00Z", "2025-08-15T14:59:00Z")


def written(tmp_path, kind, language):
    pack = Pack(kind=kind, receiver="Example MVNO", rows=1_234, columns=COLUMNS[kind], sha256="f" * 64, window=WINDOW)
    return letter(pack, facts(tmp_path), ZoneInfo("Asia/Seoul"), language)


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("kind", ["mvno", "service"])
def test_every_column_of_the_rows_is_explained(tmp_path, kind, language):
    explained = [row for part in written(tmp_path, kind, language) for row in part.rows]
    assert tuple(name for name, _ in explained) == COLUMNS[kind]
    assert all(means for _, means in explained)


def test_it_names_the_receiver_the_number_the_digest_the_window_and_whom_to_ask(tmp_path):
    text = "\n".join(line for part in written(tmp_path, "mvno", "en") for line in part.lines)
    for each in (
        "Example MVNO",
        "1,234 of your subscribers",
        "f" * 64,
        "2025-08-15 23:59 KST",
        "080-000-0000",
        "Delete the pack",
    ):
        assert each in text


def test_a_service_is_asked_for_something_else_than_another_controller(tmp_path):
    asked = [written(tmp_path, kind, "ko")[3].lines for kind in ("mvno", "service")]
    assert asked[0][0] != asked[1][0]
    assert "세션" in asked[1][0]
