"""A block, a dead gate, a hung gate, a registry that is gone, a restart: newcomers stay out and whoever is in stays in."""

import signal
import time

import pytest
from network import ip, stop, wait_for
from world import World

from cellwarden.evidence.log import broken_at
from cellwarden.ingest.check import check


@pytest.fixture(scope="module")
def world(parts, tmp_path_factory):
    # Without strict revocation the door is all that holds while the gate, and with it the responder, is down.
    with World(tmp_path_factory.mktemp("life"), stale_after_s=2, revocation="relaxed", follows_sweeper=True) as made:
        made.confirm()
        yield made


@pytest.fixture(scope="module")
def resident(world):
    """Give a genuine unit that is in before everything happens."""
    name = world.genuine(1)
    world.settle()
    assert world.units.call(name) == ""
    assert world.echoes(name) == 5
    return name


def test_a_block_cuts_a_live_unit_within_a_second(world, resident, seen):
    name = world.genuine(2)
    world.settle()
    assert world.units.call(name) == ""
    assert world.echoes(name) == 5
    inner = world.units.inner_of(name)
    began = time.monotonic()
    assert world.tell(
        "POST", "/v1/blocks", {"kind": "equipment_id", "value": name, "reason": "case 7", "by": "duty officer"}
    ) == {"cut": 1}
    wait_for(lambda: f"{inner}," not in world.door() and f"{inner} " not in world.door(), "the door shuts", seconds=1)
    wait_for(
        lambda: not any(inner.encode() in sa.get("remote-vips", []) for sa in world.segw.tunnels()),
        "the tunnel ends",
        seconds=1,
    )
    took_ms = (time.monotonic() - began) * 1000
    with world.storm(name) as storm:
        world.units.call(name)
    assert storm.through == 0
    assert world.echoes(resident) == 5
    seen("block of a live unit", "cut within 1,000 ms", f"{took_ms:.0f} ms", storm.through)


def test_a_deletion_in_the_registry_cuts_a_live_unit_within_a_second(world, resident, seen):
    name = world.genuine(3)
    world.settle()
    assert world.units.call(name) == ""
    inner = world.units.inner_of(name)
    assert world.echoes(name) == 5
    began = time.monotonic()
    world.register(name, status="deleted")
    wait_for(
        lambda: not any(inner.encode() in sa.get("remote-vips", []) for sa in world.segw.tunnels()),
        "the tunnel ends",
        seconds=1,
    )
    took_ms = (time.monotonic() - began) * 1000
    assert world.echoes(resident) == 5
    seen("deletion of a live unit", "cut within 1,000 ms", f"{took_ms:.0f} ms", 0)


def test_a_dead_gate_lets_nobody_new_in_and_puts_nobody_out(world, resident, seen):
    name, leaver = world.genuine(4), world.genuine(5)
    world.settle()
    assert world.units.call(leaver) == ""
    assert world.echoes(leaver) == 5
    world.tell("POST", "/v1/blocks", {"kind": "serial", "value": "SN-76", "reason": "case 7", "by": "duty officer"})
    world.kill_gate()
    kept_out = world.dropped()
    with world.storm(name) as storm:
        world.units.call(name, seconds=1)
    assert storm.through == 0
    # The sharpest case: a tunnel ends while nobody watches, and its name, so its address, comes back.
    world.units.hang_up(leaver)
    with world.storm(leaver) as again:
        world.units.call(leaver, seconds=1)
    assert again.sent, "it had a tunnel, and nobody to shut the door but the sweeper"
    assert again.through == 0
    assert world.echoes(resident) == 5
    seen("gate killed", "newcomers 0, existing stay", f"kept out {world.dropped() - kept_out}", storm.through)


def test_a_gate_that_comes_back_takes_up_who_is_in_and_judges_who_came_meanwhile(world, resident, seen):
    before = [sa["uniqueid"] for sa in world.segw.tunnels() if sa["remote-host"] == b"192.0.2.1"]
    world.register("henb4", status="suspended")
    world.register("nobody")
    world.start_gate()
    world.settle()
    assert [sa["uniqueid"] for sa in world.segw.tunnels() if sa["remote-host"] == b"192.0.2.1"] == before
    assert world.echoes(resident) == 5
    assert {each["equipment_id"] for each in world.tell("GET", "/v1/sessions")} >= {resident}
    assert [block["value"] for block in world.tell("GET", "/v1/blocks")] == ["henb2", "SN-76"], (
        "a crash forgets no block, the last one neither"
    )
    seen("gate back after a crash", "existing stay", "existing stay", "")


def test_a_graceful_restart_drops_no_tunnel_and_forgets_no_block(world, resident, seen):
    world.tell("POST", "/v1/blocks", {"kind": "serial", "value": "SN-77", "reason": "case 7", "by": "duty officer"})
    before = [sa["uniqueid"] for sa in world.segw.tunnels() if sa["remote-host"] == b"192.0.2.1"]
    with world.storm(resident) as storm:
        world.stop_gate()
        world.start_gate()
    assert [sa["uniqueid"] for sa in world.segw.tunnels() if sa["remote-host"] == b"192.0.2.1"] == before
    assert storm.through == storm.sent, "not one packet was lost"
    assert [block["value"] for block in world.tell("GET", "/v1/blocks")] == ["henb2", "SN-76", "SN-77"]
    seen("graceful restart", "no packet of a live tunnel lost", f"{storm.sent} of {storm.sent}", "")


def test_a_hung_gate_lets_nobody_new_in_and_puts_nobody_out(world, resident, seen):
    name = world.genuine(6)
    world.settle()
    world.hang_gate()
    try:
        with world.storm(name) as storm:
            world.units.call(name, seconds=1)
        assert storm.through == 0
        assert world.echoes(resident) == 5
    finally:
        world.wake_gate()
    world.units.hang_up(name)
    seen("gate hung", "newcomers 0, existing stay", "newcomers 0, existing stay", storm.through)


def lost(world):
    """Count how often the gate lost its sweeper."""
    return (world.folder / "gate.log").read_text().count("sweeper_lost")


@pytest.mark.parametrize(("how", "number"), [(signal.SIGSTOP, 9), (signal.SIGKILL, 10)])
def test_a_gate_whose_sweeper_hangs_or_dies_hears_the_gateway_itself(world, resident, seen, how, number):
    leaver, name = world.genuine(number), world.genuine(number + 10)
    world.settle()
    assert world.units.call(leaver) == ""
    assert world.echoes(leaver) == 5
    inner, before = world.units.inner_of(leaver), lost(world)
    world.sweeper.send_signal(how)
    try:
        world.units.hang_up(leaver)
        began = time.monotonic()
        wait_for(lambda: f"{inner}," not in world.door() and f"{inner} " not in world.door(), "the door shuts", seconds=1)
        took_ms = (time.monotonic() - began) * 1000
        assert lost(world) == before + 1
        assert world.units.call(name) == ""
        assert world.echoes(name) == 5
        assert world.echoes(resident) == 5
    finally:
        stop(world.sweeper)
        world.start_sweeper()
        world.stop_gate()
        world.start_gate()
    assert lost(world) == before + 1, "it follows the new one"
    seen(f"sweeper gone ({how.name})", "the gate shuts the door", f"after {took_ms:.0f} ms", 0)


def test_a_registry_that_is_gone_lets_in_who_was_in_and_nobody_else(world, resident, seen):
    known, name = world.genuine(7), world.genuine(8)
    world.settle()
    assert world.units.call(known) == ""
    world.units.hang_up(known)
    world.unconfirm()
    (world.folder / "records/equipment.csv").unlink()
    wait_for(lambda: world.tell("GET", "/v1/health")["registry_age_s"] > 2, "the registry grows stale")
    with world.storm(name) as storm:
        world.units.call(name)
    assert storm.through == 0
    assert "REGISTRY_STALE" in world.refused_for(equipment_id=name)
    assert world.units.call(known) == "", "it shows what it showed when it was let in last"
    assert world.echoes(known) == 5
    assert world.echoes(resident) == 5
    seen("registry gone", "newcomers 0, existing stay", "REGISTRY_STALE, existing stay", storm.through)


def test_the_evidence_of_all_that_is_whole_and_a_record_folder(world):
    world.stop_gate()
    logs = sorted((world.folder / "gate/audit").glob("*.jsonl"))
    assert logs
    assert [broken_at(log) for log in logs] == [None] * len(logs)
    found = [each for each in check(world.folder / "gate") if each.table == "links"]
    assert sum(each.accepted for each in found) > 10
    assert [each.rejected for each in found] == [0] * len(found)
    assert ip("-n", world.network.segw, "link")
