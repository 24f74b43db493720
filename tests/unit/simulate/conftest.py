"""One tiny city for all tests of the generator, with its files read back."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from cellwarden.ingest.cells import parse_cells
from cellwarden.records.tables import TABLES, Kind
from cellwarden.simulate.city import CityReport, build_city
from cellwarden.simulate.generator import Report, build_world, simulate_scenario
from cellwarden.simulate.scenario import ALWAYS_OPEN, Confounder, Scenario, Size, load_scenario

if TYPE_CHECKING:
    from pathlib import Path

SEED, SUBSCRIBERS, DAYS = 7, 1_200, 9


def read_file(name: str, file: Path) -> pa.Table:
    """Read one file of the records, cell numbers in any notation."""
    if file.suffix == ".parquet":
        return pq.read_table(file, partitioning=None)
    kinds = {column.name: column.kind for column in TABLES[name].columns}
    cells = [column for column, kind in kinds.items() if kind is Kind.CELL]
    types = {column: kind.clear_arrow for column, kind in kinds.items() if kind is not Kind.TIMESTAMP}
    types |= {column: pa.timestamp("us", tz="UTC") for column, kind in kinds.items() if kind is Kind.TIMESTAMP}
    types |= dict.fromkeys(cells, pa.string())
    options = pyarrow.csv.ConvertOptions(column_types=types, strings_can_be_null=True, quoted_strings_can_be_null=False)
    table = pyarrow.csv.read_csv(file, convert_options=options)
    for column in cells:
        text = table.column(column).combine_chunks()
        numbers = pa.array(parse_cells(text)[0], mask=text.is_null().to_numpy(zero_copy_only=False))
        table = table.set_column(table.column_names.index(column), column, numbers)
    return table


@dataclass
class Made:
    """A city on disk."""

    out: Path
    report: CityReport | Report
    read: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Rows read so far; tests do not change them."""

    def table(self, name: str):
        """Read one table of the records, whatever its files are."""
        return pa.concat_tables(self.files(name).values(), promote_options="default")

    def files(self, name: str) -> dict[Path, pa.Table]:
        """Read each file of one table of the records, in the order of their names."""
        folder = self.out / "records"
        return {path: read_file(name, path) for path in sorted([*folder.glob(f"{name}.*"), *(folder / name).rglob("part-*")])}

    def of_other_folder(self, out: Path) -> Made:
        """Read another folder the same way."""
        return Made(out, self.report)

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Read one table of the records as rows."""
        if name not in self.read:
            self.read[name] = self.table(name).to_pylist()
        return self.read[name]

    def truth(self, name: str) -> list[dict[str, Any]]:
        """Read one table of the truth as rows."""
        return pq.read_table(self.out / "truth" / f"{name}.parquet").to_pylist()

    def rogue_rows(self) -> list[dict[str, Any]]:
        """Access rows of rogue cells, by the addresses that the truth names; each with its `unit`, in time order."""
        if "rogue" not in self.read:
            rogue = [cell for cell in self.truth("cells") if cell["kind"] == "rogue"]
            units = {("home", cell["cell"], source): cell["unit"] for cell in rogue for source in cell["source"]}
            keyed = [((row["cell_type"], row["cell"], row["source"]), row) for row in self.rows("access")]
            self.read["rogue"] = [{**row, "unit": units[key]} for key, row in keyed if key in units]
        return self.read["rogue"]


@pytest.fixture(scope="session")
def made(tmp_path_factory) -> Made:
    """A tiny city."""
    out = tmp_path_factory.mktemp("city")
    return Made(out, build_city(out, seed=SEED, subscribers=SUBSCRIBERS, days=DAYS))


TINY = Size(1_000, 9, 0.09, 0.28)
"""Smaller than any size on offer: for unit tests alone."""


def tiny(name: str) -> Scenario:
    """Read a scenario at the size of unit tests."""
    return replace(load_scenario(name, "xs"), size=TINY)


@pytest.fixture
def tiny_scenario():
    """Read scenarios at the size of unit tests."""
    return tiny


@dataclass
class Generated(Made):
    """A scenario on disk."""

    manifest: dict[str, Any] = field(default_factory=dict)


@pytest.fixture(scope="session")
def generated(tmp_path_factory):
    """Make scenarios by name, each once."""
    made: dict[str, Generated] = {}

    def of(name: str) -> Generated:
        if name not in made:
            out = tmp_path_factory.mktemp(name)
            report = simulate_scenario(tiny(name), out, seed=SEED, size="tiny")
            made[name] = Generated(
                out, report, manifest=json.loads((out / "truth" / "manifest.json").read_text(encoding="utf-8"))
            )
        return made[name]

    return of


@pytest.fixture(scope="session")
def town():
    """World and people of a tiny scenario with every kind of small cell, before anything happened."""
    codes = ("B3", "B4", "B5", "B6", "B7", "B14", "B17", "B21")
    always_open = Confounder("B16", 3, venues=ALWAYS_OPEN)
    wanted = replace(tiny("S14"), confounders=(*(Confounder(code, 3) for code in codes), always_open))
    world, people = build_world(wanted, SEED)
    return wanted, world, people


@pytest.fixture(scope="session")
def world():
    """The people and cells of the tiny city, before anything happened."""
    from cellwarden.simulate.city import _world  # noqa: PLC0415  # only this fixture looks inside

    return _world(SEED, SUBSCRIBERS, DAYS)
