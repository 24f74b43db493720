"""`cellwarden case export` and `case show`: masked."""

import json

PERSON = "00000000deadbeef"


def test_a_case_is_exported_and_shown_without_the_pseudonyms_of_its_people(typed, tmp_path):
    typed.text("kim", "case", "open", "--title", "Rogue cell in the south")
    at = "2025-09-05T03:00:00+09:00"
    typed.text("kim", "case", "record", "C-1", "--kind", "contact", "--happened", at, "--what", f"{PERSON} called")
    told = typed.json("oh", "case", "export", "C-1", "--out", tmp_path / "export")
    assert (told["people"], told["people_named"]) == (1, 0)
    for text in (
        (tmp_path / "export/case.json").read_text(),
        (tmp_path / "export/case.html").read_text(),
        json.dumps(typed.json("oh", "case", "show", "C-1")),
    ):
        assert PERSON not in text
        assert "person-1 called" in text
    assert "deadbeef" not in typed.text("oh", "case", "show", "C-1").replace("\n", "").replace(" ", "")
