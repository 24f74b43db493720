import re

from made_up_censuses import FIRST, SECOND, census, exposed

from cellwarden.exposure.restatement import restated
from cellwarden.exposure.spoken import sentence


def test_names_both_numbers_every_change_and_every_reason():
    before = census(exposed(1), exposed(2, "imsi"), exposed(3))
    after = census(
        exposed(1, "imsi", events=4),
        exposed(2, "imsi"),
        *(exposed(number, cell=SECOND) for number in range(10, 14)),
        ids=(FIRST, SECOND),
        sources=frozenset({"access", "equipment", "links"}),
    )
    told = sentence(restated(before, after))
    for text in told.values():
        assert re.findall(r"\d+", text)[:4] == ["3", "6", "1", "2"]
    assert "4 people were added: 4 through 1 ids that were not known before." in told["en"]
    assert "1 people were removed" in told["en"]
    assert "1 people were raised to a stronger grade: 1 through further records of the same hours." in told["en"]
    assert told["en"].endswith("The reasons: sources that were not searched before.")
    assert "새로 확인된 불법 셀 ID 1개를 거친 4명" in told["ko"]
    assert told["ko"].endswith("사유: 새로 조사한 자료.")


def test_says_so_when_nobody_moved():
    told = sentence(restated(census(exposed(1)), census(exposed(1))))
    assert told["en"].endswith("Nobody moved between grades.")
    assert told["ko"].endswith("등급이 바뀐 이용자는 없습니다.")


def test_large_numbers_are_written_for_people():
    told = sentence(restated(census(ids=()), census(*(exposed(number) for number in range(1234)))))
    assert all("1,234" in text for text in told.values())


def test_no_pseudonym_is_spoken():
    told = sentence(restated(census(), census(exposed(0xABCDEF), ids=(FIRST,))))
    assert all("abcdef" not in text for text in told.values())
