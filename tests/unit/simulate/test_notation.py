import pyarrow as pa
import pytest

from cellwarden.ingest.cells import parse_cells
from cellwarden.simulate.notation import in_other_words, spelled


@pytest.mark.parametrize("is_home", [True, False])
def test_the_reader_finds_every_number_again(is_home):
    numbers = list(range(19_699_692, 19_699_892))
    words = [spelled(cell, is_home=is_home) for cell in numbers]
    read, verdict, _ = parse_cells(pa.array(words))
    assert read.tolist() == numbers
    assert verdict.failed is None
    assert len({(word[:2] == "0x", word[0] == "0", "-" in word) for word in words}) == (3 if is_home else 4)


def test_the_number_of_a_home_cell_is_never_in_two_parts():
    assert not any("-" in spelled(cell, is_home=True) for cell in range(19_699_692, 19_699_892))


def test_every_column_of_cells_becomes_text_and_nothing_else():
    table = pa.table({"cell": [300_301, None], "new_cell": [None, 300_302], "tac": [5101, 5102]})
    read = in_other_words(table)
    assert [parse_cells(read.column(name).combine_chunks())[0].tolist() for name in ("cell", "new_cell")] == [
        [300_301, 0],
        [0, 300_302],
    ]
    assert read.column("cell").null_count == 1
    assert read.column("tac").equals(table.column("tac"))
