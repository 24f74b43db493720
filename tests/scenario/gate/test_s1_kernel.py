"""S1 through the gate to a core over the kernel's own SCTP: a user-mode Linux of Debian's, since few test machines have it."""

import os
import shutil

import pytest
from network import wait_for
from s1_messages import setup, uplink
from s1_world import KernelCore, begin, check_arrived, unit
from world import World


@pytest.fixture(scope="module")
def world(parts, tmp_path_factory):
    if shutil.which("linux.uml") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("needs user-mode Linux: apt install user-mode-linux")
    with World(tmp_path_factory.mktemp("kernel")) as made:
        begin(made, KernelCore(made))
        yield made


def test_ten_thousand_messages_arrive_at_a_core_over_the_kernels_sctp(world, seen):
    messages = [(0, setup(cell=1001))] + [(number % 16, uplink(number)) for number in range(10_000)]
    process = unit(world, 1, messages, seconds=120)
    said = [process.stdout.readline().split() for _ in messages]
    wait_for(lambda: len(world.core.came) >= len(messages), "all messages")
    check_arrived(world.core.came, messages)
    assert said[0][2].startswith("2011"), "S1 Setup Response"
    check_arrived([["0", "18", messages[0][1].hex()], *said[1:]], messages)
    process.kill()
    process.wait()
    seen("10,000 S1AP messages to kernel SCTP", "byte-identical, in order", "byte-identical, in order", len(messages) - 1)


def test_who_calls_itself_what_it_is_not_gets_nothing_through_to_it(world, seen):
    before = len(world.core.came)
    said, _ = unit(world, 2, [(0, setup(cell=1001)), (1, uplink(1))], seconds=10).communicate(timeout=40)
    assert said.startswith("0 18 4011"), "S1 Setup Failure"
    assert len(world.core.came) == before
    seen("wrong eNB id, core over kernel SCTP", "refused", "refused", 0)
