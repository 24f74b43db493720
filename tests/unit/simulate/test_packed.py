import numpy as np

from cellwarden.simulate.packed import FIELDS, Day, Packed


def some(count, seed=1):
    rng = np.random.default_rng(seed)
    columns = [rng.integers(0, most, count).astype(np.uint32) for most in (24 * 3_600_000, 50, 9, 1 << 26)]
    columns[0][: count // 2] = columns[0][0]
    return Packed(*columns)


def test_fields_do_not_overlap_and_fit_one_word():
    used = [bit for first, bits in FIELDS.values() for bit in range(first, first + bits)]
    assert len(used) == len(set(used))
    assert max(used) < 32


def test_hours_hold_every_row_once_and_only_theirs():
    rows = some(2_000)
    hours = rows.by_hour()
    assert sum(len(hour) for hour in hours) == 2_000
    for number, hour in enumerate(hours):
        assert ((hour.at // 3_600_000) == number).all()


def test_order_is_by_time_subscriber_station_and_code_whatever_it_was_before():
    rows = some(2_000).by_hour()[int(some(2_000).at[0]) // 3_600_000]
    mixed = np.random.default_rng(2).permutation(len(rows))
    one, other = rows.in_time_order(), Packed(*(getattr(rows, name)[mixed] for name in Packed.__slots__)).in_time_order()
    keys = np.lexsort((rows.code, rows.station, rows.who, rows.at))
    for name in Packed.__slots__:
        assert (getattr(one, name) == getattr(rows, name)[keys]).all()
        assert (getattr(one, name) == getattr(other, name)).all()


def test_no_rows_are_fine():
    assert [len(hour.in_time_order()) for hour in Packed.room(0).by_hour()] == [0] * 24


def test_a_day_gathers_its_hours_from_batches_of_any_size():
    rows, day = some(2_000), Day()
    for first, last in ((0, 3), (3, 1_500), (1_500, 1_500), (1_500, 2_000)):
        day.add(rows.cut(first, last).by_hour())
    whole = Packed.joined(list(day.in_time_order()))
    keys = np.lexsort((rows.code, rows.station, rows.who, rows.at))
    assert all((getattr(whole, name) == getattr(rows, name)[keys]).all() for name in Packed.__slots__)
    assert [len(hour) for hour in day.in_time_order()] == [0] * 24
