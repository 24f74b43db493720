"""Informs of a femtocell that does not exist, written after TR-069 Amendment 6, A.3.3.1 and its examples of SOAP."""

import xml.etree.ElementTree as ET

SOAP, CWMP = "http://schemas.xmlsoap.org/soap/envelope/", "urn:dslforum-org:cwmp-1-0"
CELL = "Device.Services.FAPService.1.CellConfig.LTE."
PARAMETERS = {
    "Device.DeviceInfo.HardwareVersion": "B",
    "Device.DeviceInfo.SoftwareVersion": "2.1",
    "Device.DeviceInfo.SerialNumber": "SN-1",
    "Device.ManagementServer.ConnectionRequestURL": "http://10.9.0.1:7547/",
    f"{CELL}RAN.Common.CellIdentity": "1001",
    f"{CELL}RAN.RF.EARFCNDL": "1550",
    f"{CELL}EPC.TAC": "7",
    f"{CELL}EPC.PLMNList.1.PLMNID": "00101",
    "Device.FAP.GPS.LockedLatitude": "37500000",
    "Device.FAP.GPS.LockedLongitude": "127000000",
}
DEVICE = {"Manufacturer": "Example", "OUI": "00005E", "ProductClass": "HeNB", "SerialNumber": "SN-1"}


def inform(
    *, device=DEVICE, parameters=PARAMETERS, namespace=CWMP, header='<cwmp:ID soap:mustUnderstand="1">17</cwmp:ID>', **changes
):
    """Return an Inform; a parameter that is None is left out. Changes of parameters are given by a dictionary `more`."""
    listed = {**parameters, **changes.pop("more", {})}
    assert not changes
    values = "".join(
        f'<ParameterValueStruct><Name>{name}</Name><Value xsi:type="xsd:string">{value}</Value></ParameterValueStruct>'
        for name, value in listed.items()
        if value is not None
    )
    return envelope(
        f"<cwmp:Inform><DeviceId>{''.join(f'<{name}>{text}</{name}>' for name, text in device.items())}</DeviceId>"
        '<Event enc:arrayType="cwmp:EventStruct[1]"><EventStruct><EventCode>1 BOOT</EventCode><CommandKey/></EventStruct></Event>'
        "<MaxEnvelopes>1</MaxEnvelopes><CurrentTime>2025-09-05T12:00:00Z</CurrentTime><RetryCount>0</RetryCount>"
        f'<ParameterList enc:arrayType="cwmp:ParameterValueStruct[{len(listed)}]">{values}</ParameterList></cwmp:Inform>',
        namespace=namespace,
        header=header,
    )


def envelope(body, *, namespace=CWMP, header=""):
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<soap:Envelope xmlns:soap="{SOAP}" xmlns:enc="http://schemas.xmlsoap.org/soap/encoding/"'
        ' xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' xmlns:cwmp="{namespace}"><soap:Header>{header}</soap:Header><soap:Body>{body}</soap:Body></soap:Envelope>'
    ).encode()


def body_of(answer):
    """Return the ID and the body of an answer."""
    root = ET.fromstring(answer)  # noqa: S314 (our own answer)
    header_id = next((each.text for each in root.find(f"{{{SOAP}}}Header") if each.tag.endswith("}ID")), None)
    return header_id, root.find(f"{{{SOAP}}}Body")[0]


def fault_of(answer):
    """Return the ID and the CWMP fault code of an answer."""
    header_id, body = body_of(answer)
    assert body.tag == f"{{{SOAP}}}Fault"
    return header_id, int(body.find("detail")[0].find("FaultCode").text)


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
).encode()
"""A head that grows by ten with each of its entities."""


def hostile():
    """Yield what no unit sends, by name."""
    plain = inform()
    body = plain[plain.index(b"<soap:Envelope") :]
    yield "entity-bomb", BOMB + body.replace(b"SN-1", b"&i;")
    yield "quadratic-bomb", b'<!DOCTYPE x [<!ENTITY a "' + b"a" * 100_000 + b'">]>' + body.replace(b"SN-1", b"&a;" * 100)
    yield "file-entity", b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>' + body.replace(b"SN-1", b"&f;")
    yield "outside-dtd", b'<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd">' + body
    yield "deep", envelope("<a>" * 5000 + "</a>" * 5000)
    yield "many", envelope("<a/>" * 50_000)
    yield "huge", plain + b" " * (1 << 20)
    yield "unknown-encoding", plain.replace(b"UTF-8", b"x-none")
    yield "lying-encoding", plain.replace(b"UTF-8", b"UTF-16")
    yield "no-utf-8", plain.replace(b"SN-1", b"SN-\xff")
    yield "nothing-but-space-in-it", b"<a/>"
    yield "no-xml", b"\0\1\2"
    yield (
        "two-bodies",
        plain.replace(b"</soap:Body>", b"</soap:Body><soap:Body/>").replace(b"<soap:Body><cwmp", b"<soap:Body><a/><cwmp"),
    )
    yield "other-namespace", inform(namespace="urn:example:cwmp")
    yield "later-namespace", inform(namespace="urn:dslforum-org:cwmp-2-0")
    yield "long-id", inform(header=f"<cwmp:ID>{'1' * 300}</cwmp:ID>")
