"""A key, a door, and rows to let through."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from cellwarden.engines.duckdb_engine import DuckDBEngine
from cellwarden.lake.directory import Directory
from cellwarden.lake.door import Door
from cellwarden.lake.key import LakeKey
from cellwarden.lake.load import Loader
from cellwarden.lake.store import Lake
from cellwarden.records.batch import Batch
from cellwarden.records.tables import TABLES

ACCESS = TABLES["access"]
DAY = datetime(2025, 8, 5)


@pytest.fixture
def key():
    return LakeKey(bytes(range(32)))


@pytest.fixture
def engine(tmp_path):
    engine = DuckDBEngine(tmp_path / "scratch", memory="300MB", threads=2)
    yield engine
    engine.close()


@pytest.fixture
def directory(tmp_path, key):
    with Directory(tmp_path / "lake.directory", key) as opened:
        yield opened


def access_rows(count, *, seed=1, days=2):
    """Return made-up access rows with every kind of hole, repetition and tie."""
    draw = np.random.default_rng(seed)

    def pick(*values):
        return [values[index] for index in draw.integers(0, len(values), count)]

    return [
        dict(zip(ACCESS.clear_schema.names, row, strict=True))
        for row in zip(
            [DAY + timedelta(minutes=int(minute)) for minute in draw.integers(0, days * 1440, count)],
            pick(*[f"45008000000{number:04d}" for number in range(7)], None),
            pick("attach", "tau", "service_request", "identity", "release", "ims_register"),
            pick("imsi", "guti", "unknown", "suci_null", "none"),
            pick("ok", "reject", None),
            pick(None, 15),
            pick("lte", "nr"),
            pick("45008", "45005"),
            pick(5101, 5102),
            pick(19753073, 20133052417),
            pick("home", "macro", None),
            pick("mme-1", "mme-2", None),
            pick("490154203237518", None),
            pick(0, 2, None),
            pick(0, 2, None),
            pick("none", "integrity_only", "encrypted", None),
            pick("10.20.1.11", None),
            strict=True,
        )
    ]


def batches_of(rows, *, size, table=ACCESS, rejected=()):
    """Cut rows into batches as a reader would."""
    whole = pa.Table.from_pylist(rows, table.clear_schema)
    for start in range(0, max(len(rows), 1), size):
        yield Batch(table, whole.slice(start, size), list(rejected) if start == 0 else [])


@pytest.fixture
def loaded(tmp_path, key, engine):
    """Load files, each a (name, batches), in one load a list; give the lake."""

    def loading(name, *loads):
        lake = Lake(tmp_path / name)
        for files in loads:
            with lake.locked(), Directory(lake.directory_path, key) as directory:
                lake.tidy()
                loader = Loader(lake, Door(key, directory), key=key.mark)
                for file, batches in files:
                    loader.accept(file, file.ljust(64, "0"), "", iter(batches), short_imsi=lambda faults: sum(faults.values()))
                directory.commit()
                loader.commit(engine)
        return lake

    return loading


def content(lake):
    """Return every file of a lake by its path inside."""
    return {path.relative_to(lake.folder).as_posix(): path.read_bytes() for path in lake.folder.rglob("*") if path.is_file()}


@pytest.fixture
def tools():
    """Hand the helpers above to tests, which cannot import a conftest."""
    return type(
        "Tools",
        (),
        {"access_rows": staticmethod(access_rows), "batches_of": staticmethod(batches_of), "content": staticmethod(content)},
    )
