"""What `cellwarden decode` does: captures to one row a message, filtered, by several processes for several files.

Memory is bounded by a batch; the rows of a file that another process decodes wait on disk, so that none waits for its turn.
"""

from __future__ import annotations

import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa

from cellwarden.foundation.errors import CellwardenError, MalformedInputError, UsageError
from cellwarden.ingest.signalling.capture import NO_LINKS
from cellwarden.ingest.signalling.context import Contexts
from cellwarden.ingest.signalling.datagrams import Datagram, Tunnels
from cellwarden.ingest.signalling.faults import Loss
from cellwarden.ingest.signalling.message import Message
from cellwarden.ingest.signalling.reading import events
from cellwarden.ingest.signalling.sip import Sip
from cellwarden.ingest.signalling.userside import PROTOCOLS, USER_LINKS
from cellwarden.workflows.decoded_columns import COLUMNS, NAMES, SCHEMA
from cellwarden.workflows.decoded_filter import Filter
from cellwarden.workflows.decoded_rows import BASE, of_loss, of_message, of_register

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from concurrent.futures import Future

    from cellwarden.workflows.decoded_rows import Row

__all__ = ["COLUMNS", "NAMES", "decode", "schema_of"]
BATCH_ROWS = 16384
_TICK_S = 0.2
"""How often progress is told while other processes work."""


class Progress(Protocol):
    """Told how far the work is."""

    def __call__(self, done: int, total: int) -> None:
        """Take note: `done` of `total` octets of all files."""


def quiet(done: int, total: int) -> None:
    """Progress that nobody watches."""


def schema_of(fields: Sequence[str]) -> pa.Schema:
    """Return the columns of the output; no fields means all.

    Raises:
        UsageError: A field is unknown or asked for twice.
    """
    if unknown := [name for name in fields if name not in NAMES]:
        raise UsageError(f"no column is called {', '.join(unknown)}", where="--fields", fix=f"Known are {', '.join(NAMES)}")
    if len(set(fields)) != len(fields):
        raise UsageError("a column is asked for twice", where="--fields", fix="Name each once")
    return pa.schema([SCHEMA.field(name) for name in fields or NAMES])


def decode(
    files: Sequence[Path],
    *,
    fields: Sequence[str] = (),
    where: str = "",
    workers: int = 1,
    user_links: Mapping[int, str] = NO_LINKS,
    progress: Progress = quiet,
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of captures, file after file as given, each in the order of its frames.

    Args:
        files: pcap or pcapng, plain, gzip or Zstandard.
        fields: Columns wanted, in that order; none: all of `COLUMNS`.
        where: Condition (see `decoded_filter`); empty: all rows.
        workers: Files decoded at a time, each in a process of its own.
        user_links: What the user link types 147 to 162 hold here.
        progress: Told how far it is.

    Yields:
        Batches of `schema_of(fields)`, at least one, so that writers know the columns.

    Raises:
        UsageError: Fields or condition cannot be meant; or a file is given twice.
        MalformedInputError: A file is no capture; the rows of the files before it were yielded.
    """
    schema = schema_of(fields)
    condition = Filter(where, SCHEMA) if where else None
    for link, protocol in user_links.items():
        if link not in USER_LINKS or protocol not in PROTOCOLS:
            known = f"Give numbers {USER_LINKS[0]} to {USER_LINKS[-1]} and one of {', '.join(sorted(PROTOCOLS))}"
            raise UsageError(f"link type {link} cannot be read as {protocol}", where="user link types", fix=known)
    if len({path.resolve() for path in files}) != len(files):
        raise UsageError("a file is given twice", where="FILE", fix="Give each once")
    total = sum(_size(path) for path in files)
    work = partial(_batches, names=schema.names, condition=condition, user_links=user_links)
    is_empty = True
    in_turn = _in_processes if workers > 1 and len(files) > 1 else _in_this_process
    arguments = (list(fields), where, dict(user_links), workers)
    for batch in in_turn(files, work, arguments, lambda done: progress(done, total)):
        is_empty = False
        yield batch
    progress(total, total)
    if is_empty:
        yield pa.RecordBatch.from_pylist([], schema=schema)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        what = f"cannot be read ({error.strerror or type(error).__name__})"
        raise MalformedInputError(what, where=str(path), fix="Check that it exists and may be read") from error


def _in_this_process(
    files: Sequence[Path], work: Callable[..., Iterator[pa.RecordBatch]], _arguments: Any, told: Callable[[int], None]
) -> Iterator[pa.RecordBatch]:
    before = 0
    for path in files:
        yield from work(path, on_octets=partial(_add, told, before))
        before += _size(path)


def _add(told: Callable[[int], None], before: int, octets: int) -> None:
    told(before + octets)


def _in_processes(
    files: Sequence[Path], _work: Any, arguments: tuple[list[str], str, dict[int, str], int], told: Callable[[int], None]
) -> Iterator[pa.RecordBatch]:
    """Decode into Arrow files beside each other; hand their rows on in the order of the files."""
    context = get_context("spawn")
    fields, where, user_links, workers = arguments
    counts: Any = context.Array("q", len(files))
    with (
        tempfile.TemporaryDirectory(prefix="cellwarden-decode-") as folder,
        ProcessPoolExecutor(min(workers, len(files)), mp_context=context, initializer=_share, initargs=(counts,)) as pool,
    ):
        try:
            tasks: list[Future[tuple[str, str, str, str] | None]] = [
                pool.submit(
                    _task, place, path, Path(folder, f"{place}.arrow"), fields=fields, where=where, user_links=user_links
                )
                for place, path in enumerate(files)
            ]
            for place, task in enumerate(tasks):
                while not task.done():
                    told(sum(list(counts)))
                    time.sleep(_TICK_S)
                if (failure := task.result()) is not None:
                    raise _ERRORS.get(failure[0], CellwardenError)(failure[1], where=failure[2], fix=failure[3])
                rows = Path(folder, f"{place}.arrow")
                with pa.OSFile(str(rows)) as source, pa.ipc.open_stream(source) as reader:
                    yield from reader
                rows.unlink()
        finally:
            pool.shutdown(cancel_futures=True)


_ERRORS: dict[str, type[CellwardenError]] = {each.__name__: each for each in (MalformedInputError, UsageError)}
_shared: list[Any] = []
"""Octets read of each file, shared between the processes of one `decode`; empty in the parent."""


def _share(counts: Any) -> None:
    _shared[:] = [counts]


def _task(
    place: int, path: Path, out: Path, *, fields: list[str], where: str, user_links: dict[int, str]
) -> tuple[str, str, str, str] | None:
    """Decode one file in a process of its own; return what went wrong, taken apart, for errors do not travel whole."""

    def told(octets: int) -> None:
        _shared[0][place] = octets

    schema = schema_of(fields)
    condition = Filter(where, SCHEMA) if where else None
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    try:
        with pa.OSFile(str(out), "wb") as target, pa.ipc.new_stream(target, schema, options=options) as writer:
            for batch in _batches(path, names=schema.names, condition=condition, user_links=user_links, on_octets=told):
                writer.write_batch(batch)
    except CellwardenError as error:
        return type(error).__name__, error.what, error.where, error.fix
    told(_size(path))
    return None


def _batches(
    path: Path,
    *,
    names: list[str],
    condition: Filter | None,
    user_links: Mapping[int, str],
    on_octets: Callable[[int], None],
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of one file."""
    needed = sorted(set(names) | (condition.columns if condition else set()), key=NAMES.index)
    for rows in _chunks(path, user_links, on_octets):
        batch = _columns(rows, needed)
        if condition is not None:
            batch = condition.kept(batch)
        if batch.num_rows:
            yield batch.select(names)


def _columns(rows: list[Row], names: list[str]) -> pa.RecordBatch:
    """Turn rows into columns. A row sets some twenty of a hundred, so what is set is what is walked."""
    columns: dict[str, Sequence[Any]] = dict(zip(BASE, zip(*(row.base for row in rows), strict=True), strict=True))
    wanted, empty = frozenset(names), [None] * len(rows)
    sparse: dict[str, list[Any]] = {}
    for place, row in enumerate(rows):
        for name, value in row.values.items():
            column = sparse.get(name)
            if column is None:
                if name not in wanted:
                    continue
                column = sparse[name] = empty.copy()
            column[place] = value
    columns |= sparse
    arrays = [
        pa.array(columns[name], SCHEMA.field(name).type) if name in columns else pa.nulls(len(rows), SCHEMA.field(name).type)
        for name in names
    ]
    return pa.RecordBatch.from_arrays(arrays, names=names)


def _chunks(path: Path, user_links: Mapping[int, str], on_octets: Callable[[int], None]) -> Iterator[list[Row]]:
    """Yield the rows of one file in lists of about `BATCH_ROWS`."""
    rows: list[Row] = []
    sip, file, number = Sip(), str(path), 0
    for event in events(path, Contexts(), user_links=user_links, tunnels=Tunnels(), on_octets=on_octets):
        if isinstance(event, Message):
            number += 1
            rows.extend(of_message(event, number, file))
        elif isinstance(event, Datagram):
            for register in sip.take(event):
                number += 1
                rows.append(of_register(register, event, number, file))
        elif isinstance(event, Loss):
            rows.append(of_loss(event, file))
        if len(rows) >= BATCH_ROWS:
            yield rows
            rows = []
    if rows:
        yield rows
