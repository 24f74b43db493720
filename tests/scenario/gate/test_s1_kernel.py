"""S1 over the kernel's own SCTP: Debian's user-mode Linux stands in for it, since few test machines have it.

Once as the core behind a gate over libusrsctp, once as the gate itself as it runs in production.
"""

import os
import shutil

import pytest
from network import wait_for
from s1_messages import setup, uplink
from s1_world import GATE, KERNEL_GATE, Core, KernelCore, begin, begin_in_kernel, check_arrived, unit
from world import SETTINGS, World


class OpenWorld(World):
    """Its gate answers the machine behind the namespace too."""

    settings = SETTINGS.replace('"127.0.0.1:8880"', '"0.0.0.0:8880"')


@pytest.fixture(scope="module", params=["core", "gate"])
def world(request, parts, tmp_path_factory):
    if shutil.which("linux.uml") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("needs user-mode Linux: apt install user-mode-linux")
    with OpenWorld(tmp_path_factory.mktemp("kernel")) as made:
        made.part = request.param
        if made.part == "core":
            begin(made, KernelCore(made))
        else:
            begin_in_kernel(made, Core(made))
        made.s1_gate = GATE if made.part == "core" else KERNEL_GATE
        yield made


def test_ten_thousand_messages_arrive_over_the_kernels_sctp(world, seen):
    messages = [(0, setup(cell=1001))] + [(number % 16, uplink(number)) for number in range(10_000)]
    process = unit(world, 1, messages, seconds=120, gate=world.s1_gate)
    said = [process.stdout.readline().split() for _ in messages]
    wait_for(lambda: len(world.core.came) >= len(messages), "all messages")
    check_arrived(world.core.came, messages)
    assert said[0][2].startswith("2011"), "S1 Setup Response"
    check_arrived([["0", "18", messages[0][1].hex()], *said[1:]], messages)
    second, _ = unit(world, 2, [(0, setup(cell=1001))], seconds=10, gate=world.s1_gate).communicate(timeout=40)
    assert second.startswith("0 18 4011"), "S1 Setup Failure for a second unit under a live id"
    process.kill()
    process.wait()
    seen(f"10,000 S1AP messages, {world.part} over kernel SCTP", "byte-identical, in order", "byte-identical, in order", 10_000)


def test_who_calls_itself_what_it_is_not_gets_nothing_through(world, seen):
    before = len(world.core.came)
    said, _ = unit(world, 2, [(0, setup(cell=1001)), (1, uplink(1))], seconds=10, gate=world.s1_gate).communicate(timeout=40)
    assert said.splitlines()[0].startswith("0 18 4011"), "S1 Setup Failure"
    assert said.splitlines()[-1] == "gone"
    assert len(world.core.came) == before
    seen(f"wrong eNB id, {world.part} over kernel SCTP", "refused", "refused", 0)
