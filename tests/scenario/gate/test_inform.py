"""Inform through real tunnels, to a listener that is a process of its own and asks the gate at the security gateway."""

import contextlib
import http.client
import sys

import pytest
from network import inside, wait_for
from world import World

SETTINGS = """
[gate]
name = "hems"
folder = "hems"
[engine]
url = "http://127.0.0.1:8880"
token_file = "token"
timeout_s = 5
[cwmp]
listen = "10.20.0.1:7547"
"""
INFORM = """<?xml version="1.0" encoding="UTF-8"?>
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:cwmp="urn:dslforum-org:cwmp-1-2"><s:Header>
<cwmp:ID s:mustUnderstand="1">e2e</cwmp:ID></s:Header><s:Body><cwmp:Inform><DeviceId><Manufacturer>Example</Manufacturer>
<OUI>00005E</OUI><ProductClass>HeNB</ProductClass><SerialNumber>{serial}</SerialNumber></DeviceId>
<Event><EventStruct><EventCode>1 BOOT</EventCode><CommandKey/></EventStruct></Event><MaxEnvelopes>1</MaxEnvelopes>
<CurrentTime>2026-01-01T00:00:00Z</CurrentTime><RetryCount>0</RetryCount><ParameterList><ParameterValueStruct>
<Name>Device.Services.FAPService.1.CellConfig.LTE.RAN.Common.CellIdentity</Name><Value>{cell}</Value></ParameterValueStruct>
</ParameterList></cwmp:Inform></s:Body></s:Envelope>"""


@pytest.fixture(scope="module")
def world(parts, tmp_path_factory):
    with World(tmp_path_factory.mktemp("inform")) as made:
        (made.folder / "hems.toml").write_text(SETTINGS)
        with (made.folder / "hems.log").open("w") as log:
            listener = made.network.start(
                made.network.segw, sys.executable, "-m", "cellwarden.interfaces.gate", "run", str(made.folder / "hems.toml"),
                stderr=log,
            )  # fmt: skip
        ready = made.folder / "hems/ready"
        wait_for(
            lambda: ready.exists() or listener.poll() is not None, "the listener", seconds=60, more=made.folder / "hems.log"
        )
        for number in (1, 2, 3):
            made.genuine(number)
        made.settle()
        for number in (1, 2, 3):
            assert made.units.call(f"henb{number}") == ""
            wait_for(lambda: made.echoes(f"henb{number}", 1), "the door opens")  # noqa: B023 (called at once)
        yield made


def post(world, name, content, *, seconds=20):
    """Post from inside a femtocell's tunnel; None for the answer that does not come, since the tunnel is cut before it."""
    with inside(world.network.units):
        connection = http.client.HTTPConnection(
            "10.20.0.1", 7547, timeout=seconds, source_address=(world.units.inner_of(name), 0)
        )
        connection.request("POST", "/", content, {"Content-Type": "text/xml"})
    with contextlib.closing(connection):
        try:
            answer = connection.getresponse()
            return answer.status, answer.read()
        except TimeoutError:
            return None


def test_a_genuine_unit_is_answered_and_its_tunnel_stays(world, seen):
    status, content = post(world, "henb1", INFORM.format(serial="SN-1", cell=1001))
    assert status == 200
    assert b"InformResponse" in content
    assert b">e2e<" in content
    assert post(world, "henb1", b"") == (204, b"")
    assert world.echoes("henb1") == 5
    seen("Inform of a registered unit", "answered", "answered", 5)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("henb2", INFORM.format(serial="SN-1", cell=1002), "CONFIG_MISMATCH"),
        ("henb3", INFORM.format(serial="SN-3", cell=1001), "ENB_ID_NOT_OF_THIS_DEVICE"),
    ],
    ids=["another-serial-number", "another-eNB-id"],
)
def test_a_unit_that_tells_that_it_is_another_is_refused_and_loses_its_tunnel(world, seen, name, content, code):
    inner = world.units.inner_of(name)
    answer = post(world, name, content, seconds=1)
    assert answer is None or answer[0] == 500
    wait_for(lambda: not world.units.inner_of(name), "the end of the tunnel")
    assert code in world.refused_for(stage="inform")
    before = world.core_got(inner)
    with world.sender(inner) as unit:
        for _ in range(20):
            try:
                unit.sendto(b"after", ("10.20.0.2", 7))
            except OSError:
                break
    assert world.core_got(inner) == before
    assert world.echoes("henb1") == 5, "the genuine one is untouched"
    seen(f"Inform of {name}: {code}", "refused and cut", "refused and cut", world.core_got(inner) - before)
