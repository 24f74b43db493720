"""Rows per CPU-second of the generator beside plain numpy and DuckDB making as many rows of the same columns.

Run: python bench/simulate.py [SUBSCRIBERS]
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from cellwarden.records import vocabulary as v
from cellwarden.simulate import generator, settling
from cellwarden.simulate.access_files import Book, access_table, write_access, write_hours
from cellwarden.simulate.beside import Spells
from cellwarden.simulate.finish import CORES, make_names
from cellwarden.simulate.kernel import day_rows
from cellwarden.simulate.packed import HOUR_MS, Packed
from cellwarden.simulate.places import Places
from cellwarden.simulate.row_codes import Out
from cellwarden.simulate.scenario import SIZES, load_scenario
from cellwarden.simulate.sessions import honest_sessions, inner_addresses

_DUCKDB = """
copy (
  select timestamptz '2025-08-04 00:00:00+00' + to_milliseconds((random() * 86400000)::bigint) as "at",
    '45008' || lpad((random() * {people})::int::varchar, 10, '0') as imsi,
    list_extract({procedures}, 1 + (random() * 10)::int) as procedure,
    list_extract({identities}, 1 + (random() * 6)::int) as identity,
    'ok' as result, null::bigint as cause, 'lte' as rat, '45008' as plmn, 5101 + (random() * 16)::bigint as tac,
    (random() * {cells})::bigint as cell, 'macro' as cell_type, 'mme-' || (1 + (random() * 2)::int) as core,
    case when random() < 0.45 then '35' || lpad((random() * {people})::int::varchar, 13, '0') end as imei,
    2::bigint as ciphering, 2::bigint as integrity, null::varchar as ims_protection,
    '10.20.0.' || (random() * 250)::int as source
  from range({rows}) order by "at"
) to '{path}' (format parquet, compression zstd)
"""


def main(subscribers: int) -> None:
    """Measure and print a table."""
    size = replace(SIZES["l"], subscribers=subscribers, days=3, density=1.0, ways=1.0)
    wanted = replace(load_scenario("S01", "l"), size=size)
    world, people = generator.build_world(wanted, 1)
    places = Places.of(world, honest_sessions(world, inner_addresses(1, 60_000), -1e12), [])
    names = make_names(1, subscribers)
    book = Book(pa.array(names.imsi), pa.array(names.msisdn), pa.array(names.imei), people.core.astype(np.int8), CORES)
    level = generator.level_of(wanted, 1, world)
    whole, none = np.zeros(0, dtype=np.int64), np.empty(0)
    spells = Spells(np.zeros(subscribers + 1, dtype=np.int64), none, none, whole, whole, whole, whole, whole)
    rows = Packed.room(subscribers * 200)
    ground, habits, out = people.ground, people.habits, Out(rows.at, rows.who, rows.station, rows.code)
    day_rows(ground, habits, level, spells, 0, 0, 1, out)
    folder = Path(tempfile.mkdtemp(prefix="bench-simulate-"))
    write_hours(folder, 0, [hour.in_time_order() for hour in rows.cut(0, 100).by_hour()], book, places)
    _empty(folder)
    figures: list[tuple[str, int, float, float]] = []

    def timed(name: str, work: object) -> int:
        started, count = time.process_time(), work()  # type: ignore[operator]  # closures below
        used = time.process_time() - started
        size_on_disk = sum(file.stat().st_size for file in folder.rglob("*.parquet"))
        figures.append((name, count, count / used / 1e6, size_on_disk / count))
        return int(count)

    def kernel() -> int:
        return int(day_rows(ground, habits, level, spells, 0, 0, subscribers, out)[0])

    def end_to_end() -> int:
        hours = [hour.in_time_order() for hour in rows.cut(0, kernel()).by_hour()]
        write_hours(folder, 0, hours, book, places)
        return sum(len(hour) for hour in hours)

    count = timed("kernel", kernel)
    timed("kernel, sorting, Parquet", end_to_end)
    _empty(folder)

    def plain() -> int:
        rng = np.random.default_rng(1)
        at = np.sort(rng.integers(0, 24 * HOUR_MS, count, dtype=np.int64)).astype(np.uint32)
        code = sum(
            rng.integers(0, most, count).astype(np.uint32) << shift for most, shift in ((11, 0), (7, 4), (2, 7), (3, 17))
        )
        who, station = (rng.integers(0, most, count).astype(np.uint32) for most in (subscribers, world.city.sectors))
        content = Packed(at, who, station, np.asarray(code | np.uint32(255 << 9), dtype=np.uint32))
        write_access(folder / "plain.parquet", access_table(content, 0, book, places, 0))
        return count

    timed("plain numpy, no behaviour at all", plain)
    _empty(folder)

    def sql() -> int:
        path = folder / "duckdb.parquet"
        text = {"procedures": list(v.PROCEDURES), "identities": list(v.IDENTITIES)}
        with duckdb.connect(config={"threads": 1}) as connection:
            connection.execute(_DUCKDB.format(people=subscribers, cells=world.city.sectors, rows=count, path=path, **text))
        return count

    timed("DuckDB, no behaviour at all", sql)
    _empty(folder)
    print(f"{count:,} rows of one day of {subscribers:,} lines, {count / subscribers:.1f} a line; one thread\n")
    print("| generator | million rows a CPU-second | bytes a row on disk |\n| --- | ---: | ---: |")
    for name, _, speed, size_on_disk in figures:
        print(f"| {name} | {speed:.2f} | {size_on_disk:.1f} |" if size_on_disk else f"| {name} | {speed:.2f} | |")
    print(
        f"\nPeak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB; small cells {len(settling.on_air(world.fleet)[0])}"
    )


def _empty(folder: Path) -> None:
    for file in folder.rglob("*.parquet"):
        file.unlink()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
