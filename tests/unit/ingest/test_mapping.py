from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.ingest.mapping import Mapping, TableMapping

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """
[access]
files = ["mme/*.csv.gz"]
columns = { at = "EVENT_TIME", imsi = "IMSI" }
constants = { plmn = "45008", tac = 7 }
time_zone = "Asia/Seoul"
time_format = "%Y%m%d%H%M%S"
cell = "enb-cell"
delimiter = "|"
encoding = "EUC-KR"
[access.values.procedure]
ATT = "attach"
"""


def test_reads_every_key(tmp_path: Path):
    (path := tmp_path / "mapping.toml").write_text(TEXT)
    mapping = Mapping.read(path)
    assert mapping.of("access") == TableMapping(
        files=("mme/*.csv.gz",),
        columns={"at": "EVENT_TIME", "imsi": "IMSI"},
        constants={"plmn": "45008", "tac": "7"},
        time_zone=ZoneInfo("Asia/Seoul"),
        time_format="%Y%m%d%H%M%S",
        values={"procedure": {"ATT": "attach"}},
        cell="enb-cell",
        delimiter="|",
        encoding="euc_kr",
    )
    assert mapping.of("access").foreign("at") == "EVENT_TIME"
    assert mapping.of("access").foreign("cell") == "cell"
    assert mapping.of("usage") == TableMapping()
    assert Mapping.identity().of("access") == TableMapping()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ({"acces": {}}, "unknown tables acces.*Known are access, usage"),
        ({"access": {"column": {}}}, "unknown keys column.*Known are files, columns"),
        ({"access": {"columns": {"imsy": "X"}}}, "unknown columns in columns imsy.*Known are at, imsi"),
        ({"access": {"constants": {"x": "1"}}}, "unknown columns in constants x"),
        ({"access": {"values": {"x": {}}}}, "unknown columns in values x"),
        ({"access": {"values": {"rat": "lte"}}}, "values.rat: not a table of TOML"),
        ({"access": {"values": {"rat": {"L": 1}}}}, "values.rat.L: not a text"),
        ({"access": {"columns": {"at": 1}}}, "columns.at: not a text"),
        ({"access": {"columns": {"at": "T"}, "constants": {"at": "x"}}}, "at in columns and in constants"),
        ({"access": {"columns": "x"}}, "not a table of TOML"),
        ({"access": 1}, "not a table of TOML"),
        ({"access": {"files": "x"}}, "not a list of patterns"),
        ({"access": {"time_zone": "Asia/Soul"}}, "no zone is called Asia/Soul"),
        ({"access": {"time_zone": "../etc"}}, "no zone"),
        ({"access": {"time_format": "iso"}}, "iso is no format.*epoch_ms"),
        ({"access": {"cell": "octal"}}, "unknown notation octal.*auto, decimal, hex, enb-cell"),
        ({"access": {"delimiter": "||"}}, "not one ASCII character"),
        ({"access": {"delimiter": '"'}}, "not one ASCII character"),
        ({"access": {"encoding": "klingon"}}, "none is called klingon"),
        ({"access": {"encoding": "rot13"}}, "none is called rot13"),
        ({"access": {"encoding": "base64"}}, "none is called base64"),
    ],
)
def test_refuses_what_it_does_not_know_and_says_what_it_knows(content: dict[str, Any], says: str):
    with pytest.raises(MalformedInputError, match=says):
        Mapping.parse(content, where="mapping.toml")


@pytest.mark.parametrize("octets", [b"[access", b"\xff\xfe"])
def test_refuses_what_is_no_toml(tmp_path: Path, octets: bytes):
    (path := tmp_path / "mapping.toml").write_bytes(octets)
    with pytest.raises(MalformedInputError, match=r"mapping\.toml: not readable as TOML"):
        Mapping.read(path)
    with pytest.raises(MalformedInputError):
        Mapping.read(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("glob", "file", "fits"),
    [
        ("mme/*.csv", "mme/a.csv", True),
        ("mme/*.csv", "mme/b/a.csv", False),
        ("mme/**/*.csv", "mme/a.csv", True),
        ("mme/**/*.csv", "mme/b/c/a.csv", True),
        ("mme/**", "mme/b/c/a.csv", True),
        ("a?.csv", "ab.csv", True),
        ("a?.csv", "a/.csv", False),
        ("a.csv", "axcsv", False),
    ],
)
def test_a_star_stays_inside_its_folder(glob: str, file: str, fits: bool):
    mapping = Mapping.parse({"access": {"files": [glob]}}, where="m")
    assert (mapping.table_of(file) == "access") is fits
