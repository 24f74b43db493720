import json

import pytest
from filed_matter import filing

from cellwarden.foundation.errors import DamagedLakeError, RefusedError, UsageError
from cellwarden.incident.filing.chain import CHAIN, read_chain, write_chain


def test_the_chain_of_the_public_case_says_what_changed_and_why(tmp_path):
    first = filing(people_signal_exposed=5_561)
    second = filing([first], "supplement", {"all": "possible exposures counted"}, people_signal_exposed=20_030)
    third = filing(
        [first, second], "final", {"people_signal_exposed": "16 more identities found"}, people_signal_exposed=22_227
    )
    write_chain(tmp_path, [first, second, third])
    held = read_chain(tmp_path)
    assert [each.number for each in held] == [1, 2, 3]
    assert [(change.before, change.after) for each in held for change in each.changes] == [(5_561, 20_030), (20_030, 22_227)]
    assert held[2].changes[0].because == dict.fromkeys(("ko", "en"), "16 more identities found")
    assert held[1].previous == first.digest()


@pytest.mark.parametrize("because", [{}, {"units": "another"}, {"people_imsi": " "}])
def test_a_figure_that_changed_without_a_reason_is_not_filed(because):
    with pytest.raises(RefusedError, match="people_imsi was 20 and is 21, without a reason"):
        filing([filing()], "supplement", because, people_imsi=21)


def test_nothing_changed_needs_no_reason():
    assert filing([filing()], "supplement").changes == []


@pytest.mark.parametrize(
    ("held", "kind"),
    [((), "supplement"), ((), "final"), (("first",), "first"), (("first", "final"), "supplement"), ((), "zeroth")],
)
def test_a_kind_that_does_not_follow_is_refused(held, kind):
    chain = []
    for each in held:
        chain.append(filing(chain, each))
    with pytest.raises(UsageError):
        filing(chain, kind)


@pytest.mark.parametrize("name", ["figures", "on", "previous", "files"])
def test_a_chain_that_was_changed_is_noticed(tmp_path, name):
    first = filing()
    write_chain(tmp_path, [first, filing([first], "supplement")])
    rows = json.loads((tmp_path / CHAIN).read_text())
    rows[0][name] = {"people_imsi": 1} if name in ("figures", "files") else "x"
    (tmp_path / CHAIN).write_text(json.dumps(rows))
    with pytest.raises(DamagedLakeError, match="does not follow"):
        read_chain(tmp_path)


def test_a_chain_that_is_none_is_said(tmp_path):
    assert read_chain(tmp_path) == []
    (tmp_path / CHAIN).write_text("[{}]")
    with pytest.raises(DamagedLakeError, match="no chain"):
        read_chain(tmp_path)


def test_a_reason_may_have_words_of_its_own_in_each_language():
    given = {"all": "counted anew", "all.ko": "다시 집계", "people_imsi": "grades were mended"}
    second = filing([filing()], "supplement", given, people_imsi=21, units=2)
    because = {change.name: change.because for change in second.changes}
    assert because["units"] == {"ko": "다시 집계", "en": "counted anew"}
    assert because["people_imsi"] == {"ko": "grades were mended", "en": "grades were mended"}
