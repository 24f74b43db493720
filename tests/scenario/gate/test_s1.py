"""S1 through the gate, inside real tunnels: who calls itself what it is gets through, byte for byte; nobody else does."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from network import CORE, wait_for
from s1_messages import configuration_update, setup, uplink
from world import World

PEERS = str(Path(__file__).with_name("s1_peers.py"))
GATE = "10.20.0.1"
S1_SETTINGS = """
[gate]
name = "s1"
folder = "s1"
[engine]
url = "http://127.0.0.1:8880"
token_file = "token"
timeout_s = 5
[s1]
listen = "10.20.0.1:36412"
core = "10.20.0.2:36412"
userland = true
"""


class Core:
    """The core's process, and what it says has come."""

    def __init__(self, world):
        self.lines = []
        self.process = world.network.start(
            world.network.core, sys.executable, PEERS, "core", CORE, "36412", stdout=subprocess.PIPE
        )
        threading.Thread(target=self._read, daemon=True).start()
        wait_for(lambda: self.lines, "the core listens")

    def _read(self):
        try:
            for line in self.process.stdout:
                self.lines.append(line.strip())
        except ValueError:
            return

    @property
    def came(self):
        return [line.split() for line in self.lines[1:]]


@pytest.fixture(scope="module")
def world(parts, tmp_path_factory):
    if not any(Path(folder).glob("libusrsctp.so.2") for folder in ("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu")):
        pytest.fail("libusrsctp is missing: apt install libusrsctp2")
    with World(tmp_path_factory.mktemp("s1")) as made:
        (made.folder / "s1.toml").write_text(S1_SETTINGS)
        made.core = Core(made)
        with (made.folder / "s1.log").open("w") as log:
            gate = made.network.start(
                made.network.segw, sys.executable, "-m", "cellwarden.interfaces.gate", "run", str(made.folder / "s1.toml"),
                stderr=log,
            )  # fmt: skip
        wait_for(
            lambda: (made.folder / "s1/ready").exists() or gate.poll() is not None,
            "the S1 gate",
            seconds=60,
            more=made.folder / "s1.log",
        )
        for number in (1, 2):
            made.genuine(number)
        made.settle()
        for number in (1, 2):
            assert made.units.call(f"henb{number}") == ""
        yield made


def unit(world, number, messages, *, seconds=3):
    """Send messages from a femtocell's tunnel; return the process."""
    inner = world.units.inner_of(f"henb{number}")
    assert inner
    process = world.network.start(
        world.network.units, sys.executable, PEERS, "unit", inner, GATE, "36412", str(seconds),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    process.stdin.writelines(f"{stream} {data.hex()}\n" for stream, data in messages)
    process.stdin.close()
    process.stdin = None
    return process


def heard(process):
    said, _ = process.communicate(timeout=40)
    return said.splitlines()


@pytest.mark.parametrize(
    ("case", "message", "code"),
    [
        ("wrong eNB id at S1", setup(cell=1002), "ENB_ID_NOT_OF_THIS_DEVICE"),
        ("a macro cell's id at S1", setup(cell=77, home=False), "ENB_ID_NOT_OF_THIS_DEVICE"),
        ("wrong TAC at S1", setup(cell=1001, tacs=(8,)), "TAC_MISMATCH"),
        ("another TAC besides at S1", setup(cell=1001, tacs=(7, 8)), "TAC_MISMATCH"),
        ("wrong PLMN at S1", setup(cell=1001, plmn="45008"), "PLMN_MISMATCH"),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else "",
)
def test_who_calls_itself_what_it_is_not_gets_nothing_through(world, seen, case, message, code):
    before = len(world.core.came)
    said = heard(unit(world, 1, [(0, message), (1, uplink(1))], seconds=10))
    assert said[0].startswith("0 18 4011"), "S1 Setup Failure"
    assert said[-1] == "gone"
    assert len(world.core.came) == before
    codes = {reason[0] for each in world.decisions(stage="s1_setup", equipment_id="henb1") for reason in each["reasons"]}
    assert code in codes
    seen(case, code, code, len(world.core.came) - before)


def test_nothing_passes_before_s1_setup(world, seen):
    before = len(world.core.came)
    assert heard(unit(world, 1, [(1, uplink(1)), (0, setup(cell=1001))], seconds=10))[-1:] == ["gone"]
    assert len(world.core.came) == before
    seen("no S1 Setup at all", "ended", "ended", 0)


def test_ten_thousand_messages_arrive_byte_for_byte_and_in_order(world, seen):
    messages = [(0, setup(cell=1001))] + [(number % 16, uplink(number)) for number in range(10_000)]
    before = len(world.core.came)
    process = unit(world, 1, messages, seconds=60)
    said = [process.stdout.readline().split() for _ in messages]
    came = world.core.came[before:]
    assert len(came) == len(messages)
    for lines in (came, [["0", "18", messages[0][1].hex()], *said[1:]]):
        for stream in range(16):
            expected = [data.hex() for number, data in messages if number == stream]
            got = [data for number, protocol, data in lines if int(number) == stream]
            assert got == expected
        assert {protocol for _, protocol, _ in lines} == {"18"}
    # While it lives, nobody sets up the same id again: neither another tunnel nor this one by a second association.
    second = heard(unit(world, 2, [(0, setup(cell=1001))], seconds=10))
    assert second[0].startswith("0 18 4011")
    again = heard(unit(world, 2, [(0, setup(cell=1002)), (0, configuration_update(tacs=(9,))), (3, uplink(3))], seconds=5))
    assert [line.split()[2][:4] for line in again[:3]] == ["2011", "401d", uplink(3).hex()[:4]]
    codes = {reason[0] for each in world.decisions(stage="s1_setup") for reason in each["reasons"]}
    assert "DUPLICATE_S1" in codes
    assert world.echoes("henb1") == 5, "the genuine tunnel is untouched"
    seen("second S1 Setup of a live id", "DUPLICATE_S1", "DUPLICATE_S1", 0)
    seen("10,000 S1AP messages", "byte-identical, in order", "byte-identical, in order", len(came) - 1)
    process.kill()
    process.wait()
