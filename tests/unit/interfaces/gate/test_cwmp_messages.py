from xml.etree.ElementTree import ParseError

import pytest
from hypothesis import given
from hypothesis import strategies as st
from informs import CWMP, DEVICE, PARAMETERS, body_of, envelope, fault_of, hostile, inform

from cellwarden.interfaces.gate.cwmp_messages import Envelope, Refused, Unreadable, fault, read_inform, response


def test_an_inform_is_read():
    made = read_inform(inform())
    assert (made.manufacturer, made.oui, made.product_class, made.serial) == tuple(DEVICE.values())
    assert made.events == ("1 BOOT",)
    assert made.parameters == PARAMETERS
    assert made.envelope == Envelope(namespace=CWMP, header_id="17")


@pytest.mark.parametrize("version", range(5))
def test_every_version_is_read_and_answered_in_its_own_namespace(version):
    namespace = f"urn:dslforum-org:cwmp-1-{version}"
    answer = response(read_inform(inform(namespace=namespace)).envelope)
    header_id, body = body_of(answer)
    assert header_id == "17"
    assert body.tag == f"{{{namespace}}}InformResponse"
    assert body.find("MaxEnvelopes").text == "1"


def test_a_unit_that_offers_versions_hears_which_one_is_spoken():
    offered = inform(
        namespace="urn:dslforum-org:cwmp-1-4", header="<cwmp:SupportedCWMPVersions>1.0,1.4</cwmp:SupportedCWMPVersions>"
    )
    assert b">1.4</cwmp:UseCWMPVersion>" in response(read_inform(offered).envelope)
    assert b"UseCWMPVersion" not in response(read_inform(inform()).envelope)


def test_an_id_comes_back_as_it_was_and_cannot_add_anything():
    made = read_inform(inform(header="<cwmp:ID>&lt;a&gt;&amp;</cwmp:ID>"))
    assert body_of(response(made.envelope))[0] == "<a>&"
    assert body_of(response(read_inform(inform(header="")).envelope))[0] is None


def test_utf_16_that_says_so_is_read():
    text = inform().decode().replace("UTF-8", "UTF-16")
    assert read_inform(text.encode("utf-16")).serial == "SN-1"


@pytest.mark.parametrize("content", [pytest.param(content, id=name) for name, content in hostile()])
def test_what_no_unit_sends_is_unreadable(content):
    with pytest.raises(Unreadable):
        read_inform(content)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (envelope("<cwmp:GetRPCMethods/>"), 8000),
        (envelope("<cwmp:TransferComplete/>"), 8000),
        (envelope("<cwmp:Inform/>"), 8003),
        (inform(device={**DEVICE, "SerialNumber": ""}), 8003),
        (inform(device={**DEVICE, "SerialNumber": "SN-1</SerialNumber><SerialNumber>SN-2"}), 8003),
        (inform(device={**DEVICE, "OUI": "a&#10;b"}), 8003),
        (inform(more={"a</Name><Value>1</Value></ParameterValueStruct><ParameterValueStruct><Name>a": "2"}), 8003),
    ],
    ids=range(7),
)
def test_what_cannot_be_served_is_a_fault(content, code):
    with pytest.raises(Refused) as error:
        read_inform(content)
    assert error.value.fault == code
    assert fault_of(fault(error.value.envelope, code))[1] == code


@given(st.data())
def test_any_inform_that_is_cut_or_changed_is_read_or_turned_away(data):
    content = bytearray(inform())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = bytes(content[: data.draw(st.integers(0, len(content)))])
    try:
        made = read_inform(content)
    except (Unreadable, Refused):
        return
    response(made.envelope)


@given(st.binary(max_size=400))
def test_noise_is_unreadable(content):
    with pytest.raises(Unreadable):
        read_inform(content)


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_text_stands_in_an_inform_comes_out_the_same_or_not_at_all(name, value):
    from xml.sax.saxutils import escape  # noqa: PLC0415

    try:
        made = read_inform(inform(parameters={escape(name): escape(value)}))
    except (Unreadable, Refused):
        return
    assert made.parameters == {name.strip(): value.strip()}


def test_an_answer_is_what_another_parser_reads():
    try:
        body_of(fault(Envelope(namespace=CWMP, header_id='"<>&'), 8001))
    except ParseError:
        pytest.fail("not XML")
