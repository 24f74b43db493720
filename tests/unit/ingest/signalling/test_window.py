from __future__ import annotations

import gzip
import io

import pytest
import zstandard

from cellwarden.ingest.signalling import window
from cellwarden.ingest.signalling.faults import TruncatedCaptureError
from cellwarden.ingest.signalling.window import Told, Window, unpacked

OCTETS = bytes(range(256)) * 1000


@pytest.mark.parametrize("packed", [OCTETS, gzip.compress(OCTETS), zstandard.compress(OCTETS)], ids=["plain", "gzip", "zstd"])
def test_octets_come_whole_and_in_order_over_the_ends_of_pieces(tmp_path, packed):
    path = tmp_path / "file"
    path.write_bytes(packed)
    with path.open("rb") as file:
        at_hand = Window(unpacked(file, path))
        assert at_hand.take(70_000) == OCTETS[:70_000]
        at_hand.skip(100_001)
        assert at_hand.take(100_000, at_most=True) == OCTETS[170_001:]
        assert not at_hand.has(1)


@pytest.mark.parametrize("behind", [b"", b"damage"], ids=["cut", "damaged"])
@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_packed_file_that_is_cut_or_damaged_says_so(tmp_path, pack, behind):
    path = tmp_path / "file"
    packed = pack(OCTETS)
    path.write_bytes(packed[: len(packed) // 2] + behind)
    with path.open("rb") as file, pytest.raises(TruncatedCaptureError):
        Window(unpacked(file, path)).skip(len(OCTETS))


def test_what_ends_early_says_by_how_much():
    with pytest.raises(TruncatedCaptureError, match="3 octets early"):
        Window(io.BytesIO(b"ab")).take(5)


def test_a_bomb_is_refused_while_it_swells(tmp_path, monkeypatch):
    monkeypatch.setattr(window, "FREE_OCTETS", 1000)
    monkeypatch.setattr(window, "MAX_RATIO", 10)
    path = tmp_path / "bomb"
    path.write_bytes(gzip.compress(bytes(1_000_000)))
    with path.open("rb") as file, pytest.raises(TruncatedCaptureError, match="swells"):
        Window(unpacked(file, path)).skip(1_000_000)


def test_a_reader_is_told_how_far_the_file_was_read(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(OCTETS)
    told: list[int] = []
    with path.open("rb") as file:
        Window(unpacked(Told(file, told.append), path)).skip(len(OCTETS))
    assert told == sorted(told)
    assert told[-1] == len(OCTETS)
