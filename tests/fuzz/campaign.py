"""A campaign of mutated octets against one kind of state: what every fuzzer in this folder runs."""

from __future__ import annotations

import argparse
import random  # noqa: TID251 (seeded by the argument)
import resource
import sys
import tempfile
import time
from importlib import util
from pathlib import Path

MAX_SECONDS = 1.0
MAX_GROWTH_MIB = 512
RENEW = 20_000
"""After so many inputs a state is made anew, so that what one collects stays small."""


def mutated(chance, pool):
    """Return a seed with some octets changed, cut, repeated or spliced."""
    octets = bytearray(chance.choice(pool))
    for _ in range(chance.randint(1, 5)):
        place = chance.randrange(len(octets) + 1)
        match chance.randrange(9):
            case 0 | 1:
                octets[place : place + 1] = bytes([chance.choice((0, 0x7F, 0x80, 0x84, 0xFF, chance.randrange(256)))])
            case 2:
                del octets[place : place + chance.randint(1, 9)]
            case 3:
                octets[place:place] = octets[place : place + chance.randint(1, 40)]
            case 4:
                other = chance.choice(pool)
                octets[place:] = other[chance.randrange(len(other)) :]
            case 5:
                octets[place : place + 1] = bytes([each ^ 1 << chance.randrange(8) for each in octets[place : place + 1]])
            case 6:
                number = chance.choice((0, 0xFFFF, 0x8000, 0xC004, len(octets) & 0xFFFF, chance.randrange(1 << 16)))
                octets[place : place + 2] = number.to_bytes(2)
            case 7:
                del octets[place:]
            case _:
                octets[place:place] = chance.randbytes(chance.randint(1, 6))
        if not octets:
            octets = bytearray(b"\0")
    return bytes(octets[:100_000])


def guided(state_of, layers, pools, known) -> None:
    """Run under atheris, whose own options follow `--coverage`; `state_of` makes a state, which counts what it takes.

    It begins from the seeds: from nothing it would find its way into few of the formats that are read here.
    """
    import atheris  # noqa: PLC0415 (optional)

    state = state_of()

    def one(data: bytes) -> None:
        nonlocal state
        if data:
            state.take(layers[data[0] % len(layers)], data[1:])
        if state.count >= RENEW:
            state = state_of()

    atheris.instrument_all()
    folder = Path(tempfile.gettempdir()) / f"cellwarden-fuzz-{Path(sys.argv[0]).stem}"
    folder.mkdir(exist_ok=True)  # it stays, so that the next run goes on from what this one found
    for number, (layer, data) in enumerate([*known, *((layer, data) for layer, pool in pools.items() for data in pool)]):
        (folder / str(number)).write_bytes(bytes([layers.index(layer)]) + data)
    atheris.Setup([sys.argv[0], *sys.argv[sys.argv.index("--coverage") + 1 :], str(folder)], one)
    atheris.Fuzz()


def run(state_of, layers, seeds, known=()) -> int:
    """Run as the command line says; return whether an input went wrong.

    Args:
        state_of: Makes a state: `take(layer, octets)` raises what must not escape.
        layers: Their names.
        seeds: Gathers what each layer begins with.
        known: Regressions, tried first: layer and octets.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--layers", default=",".join(layers))
    parser.add_argument("--coverage", action="store_true", help="let atheris guide; its options follow")
    options, _ = parser.parse_known_args()
    pools = seeds()
    if options.coverage and util.find_spec("atheris"):
        guided(state_of, layers, pools, known)
    chance, state, wrong = random.Random(options.seed), state_of(), 0  # noqa: S311 (repeatable)
    chosen = options.layers.split(",")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in range(options.runs):
        layer = chosen[number % len(chosen)]
        data = mutated(chance, pools[layer])
        if number < len(known):
            layer, data = known[number]
        start = time.process_time()
        try:
            state.take(layer, data)
            problem = f"took {spent:.1f} s" if (spent := time.process_time() - start) > MAX_SECONDS else ""
        except Exception as error:  # noqa: BLE001 (whatever escapes is what we look for)
            problem = f"{type(error).__name__}: {error}"
        if problem:
            wrong += 1
            print(layer, data.hex(), problem)  # noqa: T201
        if state.count >= RENEW:
            state = state_of()
    growth = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    print(f"{options.runs:,} runs, {wrong} wrong, memory grew by {growth} MiB")  # noqa: T201
    return int(wrong > 0 or growth > MAX_GROWTH_MIB)
