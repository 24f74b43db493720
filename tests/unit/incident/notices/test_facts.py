import pytest
from told_people import TOML, facts

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.incident.notices.facts import Facts


def test_reads_what_the_operator_states(tmp_path):
    held = facts(tmp_path)
    assert held.phone == "080-000-0000"
    assert held.handover == ("Example MVNO",)
    assert held.route == {"ko": "", "en": ""}


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (('phone = "080-000-0000"', ""), "phone is not stated"),
        (('en = "Example Mobile"', ""), "name is not stated in both languages"),
        (('en = ["We blocked the illegal base station.", "We lowered the limit of small payments."]', 'en = "We blocked it."'), "response is not a list"),
        (('phone = "080-000-0000"', 'fone = "1"\nphone = "080-000-0000"'), "unknown keys fone"),
        (("[name]", "[name"), "not readable"),
    ],
)  # fmt: skip
def test_a_fact_that_is_missing_is_asked_for(tmp_path, change, what):
    (tmp_path / "notice.toml").write_text(TOML.replace(*change), encoding="utf-8")
    with pytest.raises(MalformedInputError, match=what):
        Facts.read(tmp_path / "notice.toml")


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(MalformedInputError, match="not readable"):
        Facts.read(tmp_path / "lost.toml")
