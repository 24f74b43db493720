import numpy as np
import pytest

from cellwarden.records.tables import TIPS
from cellwarden.simulate.writing import arrow_table, instant, numbers, stamps, words, write


def test_codes_below_nought_become_null():
    assert words(np.array([1, -1]), ("a", "b")).to_pylist() == ["b", None]
    assert numbers(np.array([1, -1])).to_pylist() == [1, None]


def test_times_are_utc_to_the_microsecond():
    at = stamps(np.array([9 * 3_600 + 0.25, np.nan])).to_pylist()
    assert at[0] == instant(9 * 3_600 + 0.25)
    assert at[0].isoformat() == "2025-08-04T00:00:00.250000+00:00"
    assert at[1] is None


def test_absent_columns_are_null_and_unknown_ones_refused():
    table = arrow_table(TIPS, {"tip_id": ["T1"], "at": [instant(0)]})
    assert table.column("victims").to_pylist() == [None]
    with pytest.raises(KeyError):
        arrow_table(TIPS, {"tip_id": ["T1"], "colour": ["red"]})


def test_csv_times_carry_their_zone(tmp_path):
    write(tmp_path / "tips.csv", arrow_table(TIPS, {"tip_id": ["T1"], "at": [instant(0.5)]}))
    assert (tmp_path / "tips.csv").read_text(encoding="utf-8").splitlines()[1].startswith('"T1","2025-08-03T15:00:00.500000Z"')
