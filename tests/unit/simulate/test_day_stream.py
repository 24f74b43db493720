import numpy as np
import pyarrow as pa

from cellwarden.simulate.access_files import Book
from cellwarden.simulate.day_stream import packed, unpacked
from cellwarden.simulate.generator import level_of
from cellwarden.simulate.rows import IDENTITY, PROCEDURE, Rows

BOOK = Book(pa.array(["1"]), pa.array(["1"]), pa.array(["1"]), np.zeros(1, np.int8), ("a",))


def test_rows_go_into_sixteen_bytes_and_come_back(town):
    level = level_of(town[0], 7, town[1])
    at, who = np.array([90_000.25, 100.5, 86_500.0]), np.array([3, 4, -1])
    rows = Rows.of(at, who, np.array([7, 8, 9]), PROCEDURE["attach"], identity=IDENTITY["imsi"], result=0, ims=2, ciphering=0)
    again = unpacked([(1, packed(rows, 1, level))], BOOK)
    assert again.at.tolist() == [86_500.0, 90_000.25]
    assert again.who.tolist() == [-1, 3]
    assert again.station.tolist() == [9, 7]
    assert set(again.identity) == {IDENTITY["imsi"]}
    assert set(again.ciphering) <= {0, -1}


def test_rows_of_the_rogue_are_kept_as_they_are_written(generated):
    made = generated("S02")
    rogue = made.rogue_rows()
    assert len({row["imsi"] for row in rogue if row["imsi"]}) == made.report.exposed > 20
