from __future__ import annotations

import contextlib
import gzip
from typing import TYPE_CHECKING

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.ingest import streams
from cellwarden.ingest.streams import as_utf8, open_octets

if TYPE_CHECKING:
    from pathlib import Path

TEXT = b"at,imsi\n" * 50_000


def read(path: Path, name: str, octets: bytes) -> bytes:
    (path / name).write_bytes(octets)
    return b"".join(open_octets(path / name, file=f"access/{name}"))


def zstd(octets: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(octets)


def test_every_packing_gives_the_same_octets(tmp_path: Path):
    assert read(tmp_path, "a.csv", TEXT) == TEXT
    assert read(tmp_path, "a.csv.gz", gzip.compress(TEXT)) == TEXT
    assert read(tmp_path, "a.csv.zst", zstd(TEXT)) == TEXT


def test_members_and_frames_follow_each_other(tmp_path: Path):
    assert read(tmp_path, "a.csv.gz", gzip.compress(TEXT) + gzip.compress(b"x") + b"\0" * 600) == TEXT + b"x"
    assert read(tmp_path, "a.csv.zst", zstd(TEXT) + zstd(b"x")) == TEXT + b"x"


@pytest.mark.parametrize(("name", "pack"), [("a.csv.gz", gzip.compress), ("a.csv.zst", zstd)])
def test_what_is_cut_short_or_no_packing_is_refused(tmp_path: Path, name: str, pack):
    packed = pack(TEXT)
    for octets in (packed[:-1], packed[: len(packed) // 2], b""):
        with pytest.raises(MalformedInputError, match="truncated"):
            read(tmp_path, name, octets)
    for octets in (TEXT, packed + b"garbage!"):
        with pytest.raises(MalformedInputError, match=r"in spite of its name|truncated"):
            read(tmp_path, name, octets)


@pytest.mark.parametrize(("name", "pack"), [("a.csv.gz", gzip.compress), ("a.csv.zst", zstd)])
def test_a_bomb_is_refused_and_a_well_packed_file_is_not(tmp_path: Path, name: str, pack, monkeypatch: pytest.MonkeyPatch):
    zeros = bytes(40 << 20)
    assert len(read(tmp_path, name, pack(zeros))) == len(zeros)
    monkeypatch.setattr(streams, "FREE_OCTETS", 8 << 20)
    with pytest.raises(MalformedInputError, match="swells to more than 300 times"):
        read(tmp_path, name, pack(zeros))


def test_a_missing_file_is_malformed_input(tmp_path: Path):
    with pytest.raises(MalformedInputError, match="cannot be read"):
        list(open_octets(tmp_path / "none.csv", file="none.csv"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(), st.sampled_from(["a.gz", "a.zst"]), st.sampled_from([b"", b"\x1f\x8b\x08\0\0\0\0\0\0\0", b"\x28\xb5\x2f\xfd"])
)
def test_nothing_but_malformed_input_comes_of_any_octets(tmp_path: Path, octets: bytes, name: str, magic: bytes):
    with contextlib.suppress(MalformedInputError):
        read(tmp_path, name, magic + octets)


@pytest.mark.parametrize("encoding", ["cp949", "euc_kr", "latin-1", "utf-16", "utf-16-le"])
def test_other_encodings_become_utf_8(encoding: str):
    text = "at,text\n1,é\n" if encoding == "latin-1" else "at,text\n1,소액결제\n"
    octets = text.encode(encoding)
    assert b"".join(as_utf8((octets[place : place + 1] for place in range(len(octets))), encoding)).decode() == text


def test_what_is_no_text_stays_no_text():
    with pytest.raises(UnicodeDecodeError):
        b"".join(as_utf8(iter([b"a\xff\n"]), "cp949")).decode()
