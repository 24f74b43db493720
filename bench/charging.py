"""Records a CPU-second, ours against pycrate, on the same records in the same run; prints a Markdown table.

Judged is like against like: our values of a row of `usage` against pycrate's `from_ber` and `get_val`, both of octets in
memory. Beside it stands our whole way, from a file to Arrow batches.

    python bench/charging.py [RECORDS]
"""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from charging_records import CS, GPRS, encoded  # type: ignore[import-not-found] # beside this file

from cellwarden.ingest.charging.dialect import dialect_of
from cellwarden.ingest.charging.files import Record
from cellwarden.ingest.charging.files import records as records_of
from cellwarden.ingest.charging.reading import read_charging
from cellwarden.ingest.charging.records import usage
from cellwarden.ingest.signalling.faults import DecodeError

GATES = {"sgw": 15.0, "mo_call": 10.0}
"""At least so many times pycrate."""


def values(path: Path) -> tuple[float, int]:
    """Return CPU-seconds and records of making rows of records in memory."""
    dialect = dialect_of("standard")
    inside = [each for each in records_of(path, file=path.name, dialect=dialect) if isinstance(each, Record)]
    start = time.process_time()
    for each in inside:
        with suppress(DecodeError):  # some name no cell
            usage(each, dialect.records[each.tag])
    return time.process_time() - start, len(inside)


def batches(path: Path) -> tuple[float, int]:
    """Return CPU-seconds and records of reading a file into Arrow batches."""
    start = time.process_time()
    read = sum(batch.read for batch in read_charging(path, file=path.name))
    return time.process_time() - start, read


def theirs(records: list[bytes], asn1: object) -> float:
    """Return CPU-seconds of pycrate."""
    start = time.process_time()
    for record in records:
        asn1.from_ber(record)  # type: ignore[attr-defined] # pycrate's class has no types
        asn1.get_val()  # type: ignore[attr-defined]
    return time.process_time() - start


def main(count: int) -> int:
    print("| record | octets | our values, records a CPU-s | pycrate | times | gate | our batches | times |")
    print("|---|---|---|---|---|---|---|---|")
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for kind, asn1 in (("sgw", GPRS), ("mo_call", CS)):
            few = list(encoded(kind, max(count // 20, 500), seed=1))
            path = Path(folder, f"{kind}.ber")
            path.write_bytes(b"".join(few) * 20)
            batches(path)
            reference = min(theirs(few, asn1) for _ in range(3)) / len(few)
            decoded, whole = (min(way(path) for _ in range(3)) for way in (values, batches))
            times = [reference * read / spent for spent, read in (decoded, whole)]
            failed += times[0] < GATES[kind]
            size = sum(map(len, few)) / len(few)
            print(
                f"| {kind} | {size:.0f} | {decoded[1] / decoded[0]:,.0f} | {1 / reference:,.0f} | {times[0]:.1f} | >= {GATES[kind]:.0f} "
                f"| {whole[1] / whole[0]:,.0f} | {times[1]:.1f} |"
            )
    return failed


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
