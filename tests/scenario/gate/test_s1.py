"""S1 through the gate, inside real tunnels: who calls itself what it is gets through, byte for byte; nobody else does."""

from pathlib import Path

import pytest
from s1_messages import configuration_update, setup, uplink
from s1_world import Core, begin, check_arrived, unit
from world import World


@pytest.fixture(scope="module")
def world(parts, tmp_path_factory):
    if not any(Path(folder).glob("libusrsctp.so.2") for folder in ("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu")):
        pytest.fail("libusrsctp is missing: apt install libusrsctp2")
    with World(tmp_path_factory.mktemp("s1")) as made:
        begin(made, Core(made))
        yield made


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
    check_arrived(came, messages)
    check_arrived([["0", "18", messages[0][1].hex()], *said[1:]], messages)
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
