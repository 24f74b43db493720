"""A room of made-up records: rows of the contract's tables from short literals, on an engine, with the roll-ups of the real lake.

    found = room.findings(DETECTOR, access=[touch(HOME, 1, at("05 10:00"))], equipment=[version(HOME)])

Times are in August 2025, naive UTC as the lake keeps them; subscribers are small whole numbers, as pseudonyms are; PLMN 001-01.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from cellwarden.detect.catalogue import DETECTORS, EXPLANATIONS
from cellwarden.detect.detector import Surroundings
from cellwarden.detect.examination import BASE, examine
from cellwarden.detect.preparation import prepare
from cellwarden.lake.reading import Holdings
from cellwarden.lake.rollups import CELL_DAY, CORE_HOUR, TOUCH
from cellwarden.records.operator import Operator
from cellwarden.records.tables import TABLES
from cellwarden.workflows.bootstrap import opened_engine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cellwarden.detect.detector import Detector, Finding
    from cellwarden.detect.examination import Examination
    from cellwarden.detect.explanations.explanation import Excuse, Explanation
    from cellwarden.engines.port import Engine

Row = dict[str, Any]
PLMN = "00101"
HOME, OTHER_HOME, MACRO, OTHER_MACRO = 19_753_073, 19_754_757, 19_752_561, 19_753_842
"""Cell numbers; what kind they are is said by `cell_type`."""
FOREVER = datetime(2999, 1, 1)
ABROAD = {"source_ip": "198.51.100.50", "asn": 64510, "country": "XX"}
"""Where no customer of this operator is."""
OPERATOR = Operator(time_zone="Asia/Seoul", own_plmns=(PLMN,), own_networks=("192.0.2.0/24",), own_asns=(64500,), country="KR")


def at(text: str) -> datetime:
    """Read `05 10:00` or `05 10:00:00.000001` of August 2025, or a whole date and time."""
    return datetime.fromisoformat(text if text[4:5] == "-" else f"2025-08-{text}")


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def touch(cell: int, imsi: int | None, when: datetime, **more: Any) -> Row:
    """Return an access row: a tracking area update with a GUTI at a home cell."""
    return {
        "at": when, "imsi": imsi, "procedure": "tau", "identity": "guti", "rat": "lte", "plmn": PLMN, "tac": 1, "cell": cell,
        "cell_type": "home", "source": "10.0.0.1", **more,
    }  # fmt: skip


def touches(
    cell: int, count: int, since: datetime, *, every: timedelta = timedelta(minutes=1), first: int = 1, **more: Any
) -> list[Row]:
    """Return one access row each of `count` subscribers, numbered from `first`, one after another."""
    return [touch(cell, first + number, since + number * every, **more) for number in range(count)]


def version(cell: int, **more: Any) -> Row:
    """Return an equipment version: an active femtocell, issued and recorded long ago."""
    return {
        "equipment_id": f"E{cell}", "cell": cell, "cell_type": "home", "kind": "femto", "status": "active", "plmn": PLMN, "tac": 1,
        "valid_from": at("2025-01-01"), "recorded_at": at("2025-01-01"), "serial": f"S{cell}", **more,
    }  # fmt: skip


def mast(cell: int, lat: float, lon: float, **more: Any) -> Row:
    """Return a placed macro cell."""
    return version(cell, lat=lat, lon=lon, **{"cell_type": "macro", "kind": "macro", **more})


def link(cell: int | None, when: datetime, **more: Any) -> Row:
    """Return a tunnel that came up from the operator's own network, with the registered serial."""
    return {
        "at": when, "event": "ike_up", "cell": cell, "cell_type": "home", "plmn": PLMN, "tac": 1, "source_ip": "192.0.2.1",
        "inner_ip": "10.0.0.1", "asn": 64500, "country": "KR", "serial": f"S{cell}", **more,
    }  # fmt: skip


def payment(name: str, imsi: int, when: datetime, **more: Any) -> Row:
    return {
        "payment_id": name,
        "imsi": imsi,
        "at": when,
        "channel": "ars",
        "amount": 1000,
        "currency": "KRW",
        "status": "approved",
        **more,
    }


def call(imsi: int, when: datetime, cell: int, **more: Any) -> Row:
    """Return a voice call; a verification call with `peer="ars:payment"`."""
    return {
        "at": when,
        "imsi": imsi,
        "service": "voice_mt",
        "cell": cell,
        "rat": "lte",
        "plmn": PLMN,
        "cell_type": "home",
        **more,
    }


def complaint(name: str, when: datetime, **more: Any) -> Row:
    return {"complaint_id": name, "at": when, "text": "I did not pay this", **more}


def rich() -> dict[str, list[Row]]:
    """A deleted id that comes back with everything that any detector looks for, among honest cells; and a double logger."""
    start = at("05 10:00")
    masts = [mast(MACRO, 37.50, 127.0), mast(MACRO + 1, 37.53, 127.0), mast(MACRO + 2, 37.60, 127.0)]
    honest = range(1, 8)
    victims = range(100, 112)
    access = [
        *(touch(MACRO, number, start + minutes(60 * stop) - minutes(2), cell_type="macro", source=None, core="core-a") for stop in (0,) for number in victims),
        *(touch(MACRO + 1, number, start + minutes(118), cell_type="macro", source=None, core="core-a") for number in victims),
        *(touch(MACRO + number % 2 * 2, number, start + minutes(238), cell_type="macro", source=None, core="core-a") for number in victims),
        *(touch(HOME, number, start + minutes(after), identity="guti" if number % 2 else "imsi", source="10.0.0.9", core="core-a") for after in (0, 120, 240) for number in victims),
        *(row for cell in honest for row in touches(OTHER_HOME + cell, 15, start, first=2000 + 20 * cell, source=f"10.0.1.{cell}", core="core-a")),
        *(row for cell in honest for row in touches(OTHER_HOME + cell, 15, at("04 10:00"), first=2000 + 20 * cell, source=f"10.0.1.{cell}", core="core-a")),
        *touches(OTHER_HOME + 1, 15, start, first=2020, source="10.0.2.1", core="core-a"),
        *(touch(HOME, number, start + minutes(180), procedure="identity", identity="imsi", ciphering=0, source="10.0.0.9", core="core-a") for number in victims),
        *(touch(HOME, number, start + minutes(200), result="reject", cause=9, source="10.0.0.9", core="core-a") for number in victims),
        *(touch(MACRO, number, start + minutes(204), procedure="attach", identity="imsi", ciphering=2, cell_type="macro", source=None, core="core-a") for number in victims),
        *(row for cell in honest for row in touches(OTHER_HOME + cell, 12, start + minutes(30), first=2000 + 20 * cell, ciphering=2, source=f"10.0.1.{cell}", core="core-a")),
        *(row for cell in honest for row in touches(OTHER_HOME + cell, 15, at("02 10:00"), first=2000 + 20 * cell, source=f"10.0.1.{cell}", core="core-a")),
        *(row for hour in range(5, 24) for row in touches(OTHER_HOME + 7, 15, at("04 00:00") + minutes(60 * hour), first=2140, source="10.0.1.7", core="core-a")),
        *(row for number in range(3) for row in touches(MACRO + number, 40, start, first=5000 + 100 * number, cell_type="macro", source=None, core="core-a")),
        *touches(HOME, 20, start + minutes(1), first=4000, source="10.0.0.9", core="core-a"),
        *touches(OTHER_HOME + 70, 12, at("05 02:00"), first=3000, source="10.0.1.70", core="core-a"),
        *touches(OTHER_HOME + 60, 5, start, first=2120, source="10.0.1.6", core="core-a"),
        *touches(MACRO + 7, 5, start, first=2130, source="10.0.3.1", cell_type="macro", core="core-a"),
    ]  # fmt: skip
    return {
        "access": access,
        "equipment": [*masts, version(HOME, status="deleted", lat=37.40, lon=127.0, tac=5), *(version(OTHER_HOME + cell, certificate=f"{cell:064x}", work_order=None if cell == 4 else "WO-1") for cell in honest),
            *(version(OTHER_HOME + cell, work_order="WO-1") for cell in (60, 70)), mast(MACRO + 7, 37.5, 127.0)],
        "links": [
            link(HOME, at("2025-02-01"), event="ike_down", gateway="segw-1"),
            link(HOME, start - minutes(9), serial="X1", certificate=f"{3:064x}", inner_ip="10.0.0.9", tac=9, certificate_issuer="CN=Else", **ABROAD),
            link(HOME, start - minutes(400), serial="X1", inner_ip="10.0.0.8", **ABROAD),
            link(OTHER_HOME + 90, start - minutes(200), serial="X1", inner_ip="10.0.0.7", **ABROAD),
            *(link(OTHER_HOME + cell, at("04 05:00"), source_ip=f"192.0.2.1{cell}", inner_ip=f"10.0.1.{cell}", certificate=f"{cell:064x}", certificate_issuer="CN=Fleet") for cell in honest),
            *(link(OTHER_HOME + 5, at("04 06:00") + minutes(number), source_ip=f"192.0.2.{60 + number}", inner_ip="10.0.1.5") for number in range(3)),
            link(MACRO + 7, at("04 06:00"), cell_type="macro", inner_ip="10.0.3.1"),
            link(OTHER_HOME + 1, at("04 05:00"), source_ip="192.0.2.11", inner_ip="10.0.2.1", certificate=f"{1:064x}"),
        ],
        "payments": [payment(f"P{number}", number, start + minutes(130), disputed_at=at("06 09:00")) for number in victims],
        "usage": [call(number, start + minutes(125), HOME, peer="ars:payment", source="10.0.0.9") for number in victims],
        "complaints": [complaint("K1", at("06 10:00"), topic="billing", district="South"), *(complaint(f"K{number}", at("06 10:00"), topic="billing", imsi=number, about_from=start) for number in victims)],
        "tips": [{"tip_id": "T1", "at": at("06 12:00"), "from_at": start, "district": "South", "victims": 2}],
        "subscribers": [*({"imsi": number, "device_class": "phone", "district": "North"} for number in victims), *({"imsi": 9000 + number, "district": "South"} for number in range(40))],
        "events": [{"kind": "maintenance", "from_at": start}],
    }  # fmt: skip


def day_of(when: datetime) -> str:
    return when.strftime("%Y-%m-%d")


def rolled_up(sorter: Engine, access: list[Row]) -> dict[str, pa.Table]:
    """Return the roll-ups of access rows, made as a load makes them: by DuckDB, a UTC day at a time."""
    made: dict[str, list[pa.Table]] = {each.name: [each.schema.empty_table()] for each in (TOUCH, CELL_DAY, CORE_HOUR)}
    for day in sorted({day_of(row["at"]) for row in access}):
        rows = [row for row in access if day_of(row["at"]) == day]
        sorter.put("access_day", pa.Table.from_pylist(rows, TABLES["access"].schema))
        for rollup in (TOUCH, CORE_HOUR, CELL_DAY):
            made[rollup.name].append(sorter.run(rollup.script()).cast(rollup.schema))
            if rollup is TOUCH:
                sorter.put("touch_day", made[rollup.name][-1])
    return {name: pa.concat_tables(tables) for name, tables in made.items()}


class Room:
    """Where records lie and questions are asked; filled anew for each question."""

    def __init__(self, engine: Engine, sorter: Engine) -> None:
        self.engine = engine
        self._sorter = sorter
        self.holdings = Holdings({})
        self._access: list[Row] = []

    def fill(self, **tables: list[Row]) -> None:
        """Make the engine hold these rows and no others."""
        held = {}
        for name, table in TABLES.items():
            rows = tables.pop(name, [])
            assert all(row.keys() <= set(table.schema.names) for row in rows), "a column that the contract does not have"
            self.engine.put(name, pa.Table.from_pylist(rows, table.schema))
            held[name] = frozenset(column for row in rows for column, value in row.items() if value is not None)
            if name == "access":
                self._access = rows
        assert not tables, f"the contract has no table {', '.join(tables)}"
        self.holdings = Holdings(held)
        for name, rows in rolled_up(self._sorter, self._access).items():
            self.engine.put(name, rows)

    def base(self, operator: Operator = OPERATOR) -> None:
        """Run what every detector reads."""
        self.engine.put("own_plmn", pa.table({"plmn": pa.array(operator.own_plmns, pa.string())}))
        self.engine.run(BASE, own_plmn=operator.own_plmns[0])

    def read_day(self, day: str) -> None:
        rows = [row for row in self._access if day_of(row["at"]) == day]
        self.engine.put("access_day", pa.Table.from_pylist(rows, TABLES["access"].schema))

    def days(self) -> list[str]:
        return sorted({day_of(row["at"]) for row in self._access})

    def prepare(self, *cards: Detector | Explanation) -> None:
        """Make the day-wise tables that these cards read; without cards, those of the whole catalogue."""
        wanted = [each for card in cards or (*DETECTORS, *EXPLANATIONS) for each in card.prepares]
        prepare(self.engine, wanted, days=self.days(), read_day=self.read_day)

    def findings(self, detector: Detector, *, operator: Operator = OPERATOR, **tables: list[Row]) -> list[Finding]:
        """Return what one detector finds in these rows."""
        self.fill(**tables)
        self.base(operator)
        self.prepare(detector)
        rows = self.engine.run(detector.script, **detector.values()).to_pylist()
        return list(detector.judge(detector, rows, Surroundings(operator=operator)))

    def excuses(self, explanation: Explanation, **tables: list[Row]) -> list[Excuse]:
        """Return what one explanation excuses in these rows."""
        self.fill(**tables)
        self.base()
        self.prepare(explanation)
        rows = self.engine.run(explanation.script, **explanation.values()).to_pylist()
        return list(explanation.judge(explanation, rows, Surroundings(operator=OPERATOR)))

    def examine(self, *, operator: Operator = OPERATOR, until: datetime = FOREVER, **tables: list[Row]) -> Examination:
        """Ask everything, and fuse."""
        self.fill(**tables)
        return examine(
            self.engine,
            Surroundings(operator=operator, until=until),
            missing=self.holdings.missing,
            days=self.days(),
            read_day=self.read_day,
            until=until,
        )


@cache
def card(name: str) -> Any:
    """Return a detector or explanation by name."""
    return next(each for each in (*DETECTORS, *EXPLANATIONS) if each.name == name)


def accused(findings: Iterable[Finding]) -> list[int]:
    """Return the cells that findings weigh against, in order."""
    return sorted(finding.key.cell for finding in findings if finding.key and finding.weight > 0)


@pytest.fixture(scope="session")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Open each engine once: a Sail session takes about a second."""
    opened: dict[str, tuple[Any, Engine]] = {}

    def engine_of(url: str) -> Engine:
        if url not in opened:
            context = opened_engine(url, tmp_path_factory.mktemp("scratch") / "rows")
            opened[url] = context, context.__enter__()
        return opened[url][1]

    yield engine_of
    for context, _ in opened.values():
        context.__exit__(None, None, None)


@pytest.fixture
def room(engine_url: str, engines: Any) -> Room:
    """An empty room on each engine."""
    return Room(engines(engine_url), engines("duckdb"))
