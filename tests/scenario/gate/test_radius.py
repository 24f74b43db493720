"""RADIUS with real peers: `radclient` and FreeRADIUS ask, strongSwan tells of its tunnels and is told to end them."""

import json
import os
import shutil
import time
import urllib.request

import pytest
from freeradius import GATEWAYS_SECRET, WORD, FreeRadius, radclient
from network import inside, wait_for
from world import API, SETTINGS, TOKEN, World

SECRET = "between the gate and its clients"  # noqa: S105 (of nothing but this test)
RADIUS = """[radius]
clients = "clients.toml"
authorise = "127.0.0.1:1812"
accounting = "127.0.0.1:1813"
suffix = ".femto.example"
tries = 3
wait_s = 0.5
proof_s = 5
"""
CLIENTS = """
[[client]]
name = "segw"
address = "127.0.0.1"
secret_file = "radius.secret"
matches_by_name = true
[[client]]
name = "proxy"
address = "127.0.0.2"
secret_file = "radius.secret"
"""


class RadiusWorld(World):
    """A gateway that is not watched by VICI, but tells by RADIUS."""

    settings = SETTINGS[: SETTINGS.index("[strongswan]")] + RADIUS + SETTINGS[SETTINGS.index("[ocsp]") :]
    charon = f"""eap-radius {{
      accounting = yes
      accounting_requires_vip = yes
      accounting_close_on_timeout = no
      accounting_interval = 1
      nas_identifier = segw-1
      dae {{
        enable = yes
        listen = 127.0.0.1
        secret = "{SECRET}"
      }}
      servers {{
        gate {{
          address = 127.0.0.1
          secret = "{SECRET}"
          nas_identifier = segw-1
        }}
      }}
    }}"""

    def start_gate(self):
        (self.folder / "clients.toml").write_text(CLIENTS)
        (self.folder / "radius.secret").write_text(SECRET)
        super().start_gate()

    def ask(self, *attributes, port=1812, kind="auth", secret=SECRET, **options):
        return radclient(self.network, self.network.segw, port, kind, secret, *attributes, **options)

    def metrics(self):
        with inside(self.network.segw), urllib.request.urlopen(f"http://{API}/metrics", timeout=5) as answer:
            return answer.read().decode()

    def acts(self, act):
        paths = sorted((self.folder / "gate/audit").glob("*.jsonl"))
        lines = [line for path in paths for line in path.read_text().splitlines(keepends=True) if line.endswith("\n")]
        return [each for each in map(json.loads, lines) if each["act"] == act]


@pytest.fixture(scope="module")
def world(parts, tmp_path_factory):
    if shutil.which("freeradius") is None or shutil.which("radclient") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("needs FreeRADIUS: apt install freeradius freeradius-utils")
    with RadiusWorld(tmp_path_factory.mktemp("radius")) as made:
        made.proxy = FreeRadius(made.network, made.network.segw, made.folder / "freeradius", secret=SECRET, token=TOKEN)
        for number in range(1, 6):
            made.genuine(number)
        made.register("henb7", status="deleted", source_networks="192.0.2.7/32", certificate="7" * 64)
        made.settle()
        yield made


def question(number, *more, source=None):
    return (
        f'User-Name = "henb{number}.femto.example"', f'Calling-Station-Id = "{source or f"192.0.2.{number}"}[4500]"',
        'NAS-Identifier = "segw-2"', "Message-Authenticator = 0x00", *more,
    )  # fmt: skip


def told(kind, number, session, *more):
    return (
        f"Acct-Status-Type = {kind}", f'Acct-Session-Id = "{session}"', f'User-Name = "henb{number}.femto.example"',
        f'Calling-Station-Id = "192.0.2.{number}[4500]"', 'NAS-Identifier = "segw-2"', f"Framed-IP-Address = 10.8.0.{number}", *more,
    )  # fmt: skip


WAYS = {
    "direct": {"port": 1812, "secret": SECRET},
    "FreeRADIUS between": {"port": 2812, "secret": GATEWAYS_SECRET},
    "FreeRADIUS asks": {"port": 3812, "secret": GATEWAYS_SECRET},
}
REFUSED = {
    "deleted id": (question(7), "STATUS_DELETED"),
    "unregistered id": (question(99), "NOT_REGISTERED"),
    "wrong line": (question(1, source="192.0.2.77"), "SOURCE_IP_NOT_INSTALLED_LINE"),
    "wrong country": (question(1, source="203.0.113.1"), "COUNTRY_FOREIGN"),
    "no address": (question(1)[:1] + question(1)[2:], "FACTS_MISSING"),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", REFUSED)
def test_a_gateway_learns_who_may_not_join(world, seen, way, case):
    asked, code = REFUSED[case]
    said = world.ask(*asked, f'User-Password = "{WORD}"', **WAYS[way])
    assert "Received Access-Reject" in said
    if way == "FreeRADIUS asks":  # which tells no reason to its gateway, and refuses by itself whoever comes from nowhere
        assert case == "no address" or code in world.refused_for(stage="authorise", gateway="segw-1")
    else:
        assert code in said
    seen(f"RADIUS, {way}: {case}", code, code if code in said else "refused", "-")


def test_a_registered_unit_is_accepted_by_a_freeradius_that_asks(world):
    before = len(world.decisions(stage="authorise", allow=True))
    assert "Received Access-Accept" in world.ask(*question(1), f'User-Password = "{WORD}"', **WAYS["FreeRADIUS asks"])
    assert len(world.decisions(stage="authorise", allow=True)) == before + 1
    assert "Received Access-Reject" in world.ask(*question(1), 'User-Password = "guess"', **WAYS["FreeRADIUS asks"])


@pytest.mark.parametrize("way", ["direct", "FreeRADIUS between"])
def test_a_registered_unit_is_accepted_with_the_address_that_its_gateway_proposed(world, way):
    said = world.ask(*question(1), "Framed-IP-Address = 10.8.0.1", **WAYS[way])
    assert "Received Access-Accept" in said
    answer = said[said.index("Received") :]
    assert "Framed-IP-Address = 10.8.0.1" in answer
    assert "Acct-Interim-Interval = 300" in answer


def test_an_unsigned_question_and_one_under_another_secret_get_no_answer(world):
    unsigned = [each for each in question(1) if "Message-Authenticator" not in each]
    assert "No reply" in world.ask(*unsigned, seconds=1)
    assert "No reply" in world.ask(*question(1), secret="another secret of sixteen", seconds=1)  # noqa: S106 (none)
    for event in ("unsigned", "forged"):
        assert f'cellwarden_gate_adapter_events_total{{adapter="radius",event="{event}"}}' in world.metrics()


def test_a_session_is_known_and_its_double_is_refused_and_a_block_ends_it_at_its_gateway(world, seen):
    world.ask(*told("Start", 2, "s2"), port=2813, kind="acct", secret=GATEWAYS_SECRET)
    assert [each["inner_ip"] for each in world.tell("GET", "/v1/sessions?equipment_id=henb2")] == ["10.8.0.2"]
    world.register("henb2", source_networks="192.0.2.2/32 192.0.2.77/32")
    world.settle()
    assert "DUPLICATE_SESSION" in world.ask(*question(2, source="192.0.2.77"))
    began = time.monotonic()
    assert world.tell("POST", "/v1/blocks", {"kind": "equipment_id", "value": "henb2", "reason": "case 7", "by": "duty"}) == {
        "cut": 1
    }
    wait_for(lambda: world.proxy.told, "the Disconnect-Request")
    took_s = time.monotonic() - began
    assert world.proxy.told == ["Disconnect-Request s2 henb2.femto.example 10.8.0.2 segw-2"]
    world.ask(*told("Stop", 2, "s2"), port=2813, kind="acct", secret=GATEWAYS_SECRET)
    wait_for(lambda: world.acts("disconnect"), "the outcome")
    assert [each["outcome"] for each in world.acts("disconnect")] == ["proven"]
    assert "BLOCKED" in world.ask(*question(2))
    seen("RADIUS: block of a live session", "disconnected, proven by Stop", f"disconnected in {took_s:.2f} s, proven", "-")


def test_a_tunnel_of_strongswan_is_known_by_its_accounting_and_a_block_ends_it(world, seen):
    assert world.units.call("henb3") == ""
    wait_for(lambda: world.tell("GET", "/v1/sessions?equipment_id=henb3"), "the Accounting Start")
    session = world.tell("GET", "/v1/sessions?equipment_id=henb3")[0]
    assert session["source_ip"] == "192.0.2.3"
    assert session["inner_ip"] == world.units.inner_of("henb3")
    before = len(world.acts("disconnect"))
    began = time.monotonic()
    world.tell("POST", "/v1/blocks", {"kind": "equipment_id", "value": "henb3", "reason": "case 7", "by": "duty"})
    wait_for(lambda: not world.units.inner_of("henb3"), "the end of the tunnel")
    took_s = time.monotonic() - began
    wait_for(lambda: len(world.acts("disconnect")) > before, "the outcome")
    assert world.acts("disconnect")[-1]["outcome"] == "proven"
    seen("RADIUS: block of a strongSwan tunnel", "ended, proven by Stop", f"ended in {took_s:.2f} s, proven", "-")


def test_a_strongswan_tunnel_from_a_wrong_line_is_ended(world, seen):
    own = world.issue("henb6", serial="SN-6")
    world.register("henb6", cell=1006, serial="SN-6", certificate=own.sha256, source_networks="192.0.2.6/32")
    world.units.prepare("henb6", "henb6", own, source="192.0.2.66")
    world.settle()
    assert world.units.call("henb6") == ""
    wait_for(lambda: not world.units.inner_of("henb6"), "the end of the tunnel")
    wait_for(lambda: world.acts("disconnect")[-1]["equipment_id"] == "henb6", "the outcome")
    assert world.acts("disconnect")[-1]["outcome"] == "proven"
    assert "SOURCE_IP_NOT_INSTALLED_LINE" in world.refused_for(equipment_id="henb6")
    seen("RADIUS: strongSwan tunnel from a wrong line", "ended after it is up", "ended after it is up", "-")


def test_a_clone_of_a_strongswan_tunnel_is_told_and_the_genuine_one_is_untouched(world, seen):
    own = world.issue("henb8", serial="SN-8")
    world.register("henb8", cell=1008, serial="SN-8", certificate=own.sha256, source_networks="192.0.2.8/32")
    for name, source in (("henb8", "192.0.2.8"), ("clone", "192.0.2.88")):
        world.units.prepare(name, "henb8", own, source=source)
    world.settle()
    assert world.units.call("henb8") == ""
    wait_for(lambda: world.tell("GET", "/v1/sessions?equipment_id=henb8"), "the Accounting Start")
    genuine = world.units.inner_of("henb8")
    assert world.units.call("clone") == ""
    # strongSwan ends every tunnel of a name: the gate does not ask it to, and says so.
    wait_for(lambda: world.acts("disconnect")[-1]["outcome"] == "not_told_apart", "the outcome")
    assert "DUPLICATE_SESSION" in world.refused_for(equipment_id="henb8")
    assert world.units.inner_of("henb8") == genuine
    assert [each["inner_ip"] for each in world.tell("GET", "/v1/sessions?equipment_id=henb8")] == [genuine]
    world.units.hang_up("clone")
    seen("RADIUS: clone of a strongSwan tunnel", "alert; genuine untouched", "alert; genuine untouched", "-")


def test_a_tunnel_that_ends_by_itself_ends_its_session(world):
    assert world.units.call("henb4") == ""
    wait_for(lambda: world.tell("GET", "/v1/sessions?equipment_id=henb4"), "the Accounting Start")
    world.units.hang_up("henb4")
    wait_for(lambda: not world.tell("GET", "/v1/sessions?equipment_id=henb4"), "the Accounting Stop")


def test_a_registry_change_ends_a_live_tunnel_and_a_gate_that_restarts_takes_up_who_is_in(world, seen):
    assert world.units.call("henb5") == ""
    wait_for(lambda: world.tell("GET", "/v1/sessions?equipment_id=henb5"), "the Accounting Start")
    world.kill_gate()
    world.start_gate()
    wait_for(lambda: world.tell("GET", "/v1/sessions?equipment_id=henb5"), "an Interim-Update")
    assert world.units.inner_of("henb5")
    world.register("henb5", status="lost")
    wait_for(lambda: not world.units.inner_of("henb5"), "the end of the tunnel")
    assert "STATUS_LOST" in {each["why"].split()[-1] for each in world.acts("tunnel_cut")}
    seen("RADIUS: gate restarted, then id reported lost", "taken up, then ended", "taken up, then ended", "-")


def test_a_gate_that_is_down_or_hangs_means_no_behind_freeradius(world, seen):
    world.hang_gate()
    for way in ("FreeRADIUS between", "FreeRADIUS asks"):
        assert "Received Access-Accept" not in world.ask(*question(1), f'User-Password = "{WORD}"', **WAYS[way], seconds=10)
    world.wake_gate()
    world.kill_gate()
    for way in ("FreeRADIUS between", "FreeRADIUS asks"):
        assert "Received Access-Accept" not in world.ask(*question(1), f'User-Password = "{WORD}"', **WAYS[way], seconds=10)
    world.start_gate()
    wait_for(lambda: "Received Access-Accept" in world.ask(*question(1)), "the gate")
    seen("RADIUS: gate down or hung", "nobody accepted", "nobody accepted", "-")
