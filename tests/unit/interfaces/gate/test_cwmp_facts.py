import pytest
from informs import CELL, inform
from made_up_units import NOW

from cellwarden.admission.facts import Stage
from cellwarden.interfaces.gate.cwmp_facts import facts_of
from cellwarden.interfaces.gate.cwmp_messages import Refused, read_inform

SECOND = CELL.replace("FAPService.1", "FAPService.2")


def facts(**options):
    return facts_of(read_inform(inform(**options)), source_ip="10.9.0.1", at=NOW, gateway="hems", cell_type="home")


def test_an_inform_says_what_the_unit_is_and_what_it_is_configured_for():
    (made,) = facts()
    assert (made.stage, made.at, made.gateway, made.source_ip) == (Stage.INFORM, NOW, "hems", "10.9.0.1")
    assert (made.serial, made.software) == ("SN-1", "2.1")
    assert (made.cell, made.cell_type, made.plmn, made.tacs) == (1001, "home", "00101", (7,))
    assert (made.lat, made.lon) == (37.5, 127.0)
    assert made.equipment_id is None, "nothing here proves who it is"


def test_the_older_root_is_read_too():
    content = inform().replace(b"Device.Services", b"InternetGatewayDevice.Services")
    assert facts_of(read_inform(content), source_ip="10.9.0.1", at=NOW, gateway="", cell_type="home")[0].cell == 1001


def test_each_cell_is_asked_about():
    more = {f"{SECOND}RAN.Common.CellIdentity": "2001", f"{SECOND}EPC.TAC": "8"}
    assert [(each.cell, each.tacs) for each in facts(more=more)] == [(1001, (7,)), (2001, (8,))]


def test_what_is_not_stated_is_not_known():
    (made,) = facts(parameters={})
    assert (made.serial, made.software, made.cell, made.cell_type, made.tacs, made.lat) == ("SN-1", *[None] * 5)
    (empty,) = facts(more={f"{CELL}RAN.Common.CellIdentity": "", f"{CELL}EPC.TAC": "", "Device.DeviceInfo.SoftwareVersion": ""})
    assert (empty.cell, empty.tacs, empty.software) == (None, None, None)


def test_a_receiver_without_a_fix_has_no_place():
    (made,) = facts(more={"Device.FAP.GPS.LockedLatitude": "0", "Device.FAP.GPS.LockedLongitude": "0"})
    assert (made.lat, made.lon) == (None, None)


def test_a_shared_cell_has_no_plmn_of_its_own():
    assert facts(more={f"{CELL}EPC.PLMNList.2.PLMNID": "45008"})[0].plmn is None


@pytest.mark.parametrize(
    "more",
    [
        {f"{CELL}RAN.Common.CellIdentity": "one"},
        {f"{CELL}RAN.Common.CellIdentity": "-1"},
        {f"{CELL}RAN.Common.CellIdentity": str(1 << 28)},
        {f"{CELL}RAN.Common.CellIdentity": "9" * 5000},
        {f"{CELL}RAN.Common.CellIdentity": "\u0661"},
        {f"{CELL}EPC.TAC": "65536"},
        {f"{CELL}EPC.PLMNList.1.PLMNID": "1"},
        {"Device.DeviceInfo.SerialNumber": "SN-2"},
        {"Device.FAP.GPS.LockedLatitude": "north"},
        {"Device.FAP.GPS.LockedLatitude": "91000000"},
        {"Device.FAP.GPS.LockedLongitude": "9" * 5000},
    ],
    ids=range(11),
)
def test_a_value_that_is_none_refuses_the_inform(more):
    with pytest.raises(Refused) as error:
        facts(more=more)
    assert error.value.fault == 8003
