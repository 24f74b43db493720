"""TR-069 on the wire: an Inform is read within narrow bounds, and answered under the ID that it came with.

No document type and no entity is read, the depth and the number of elements are bounded while parsing, and what is not an
Inform is told apart from what is none at all.

References: TR-069 Amendment 6, 3.5 (SOAP), A.3.3.1 (Inform), A.5.2 (faults); SOAP 1.1, 4.4 and 6.2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError, TreeBuilder
from xml.sax.saxutils import escape

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import XMLParser

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MOST_OCTETS = 1 << 20
"""Longest envelope; an Inform of a femtocell is some ten thousand octets."""
_MOST_DEPTH, _MOST_ELEMENTS = 16, 20_000
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_CWMP = re.compile(r"urn:dslforum-org:cwmp-1-[0-4]")
"""Namespaces of CWMP; 1.4 is also that of every later version."""
_LONGEST_ID = 256
METHOD_NOT_SUPPORTED, REQUEST_DENIED, INVALID_ARGUMENTS, RETRY_REQUEST = 8000, 8001, 8003, 8005
"""Fault codes of a management system."""
_FAULTS = {
    METHOD_NOT_SUPPORTED: "Method not supported",
    REQUEST_DENIED: "Request denied",
    INVALID_ARGUMENTS: "Invalid arguments",
    RETRY_REQUEST: "Retry request",
}


class Unreadable(Exception):  # noqa: N818 (what is the matter with an envelope, not an error of ours)
    """No envelope of CWMP."""


class Refused(Exception):  # noqa: N818
    """An envelope that is read and cannot be served: `fault` says why."""

    def __init__(self, envelope: Envelope, fault: int) -> None:
        super().__init__(fault)
        self.envelope, self.fault = envelope, fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What an answer must repeat."""

    namespace: str
    """Of CWMP."""
    header_id: str = ""
    """Of `cwmp:ID`; empty: there is none."""
    offers_versions: bool = False
    """Whether its sender said which versions it speaks, and wants to hear which one we do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inform:
    """What a unit tells of itself."""

    envelope: Envelope
    manufacturer: str
    oui: str
    """Six hex digits."""
    product_class: str
    serial: str
    events: tuple[str, ...]
    """Such as `1 BOOT`."""
    parameters: dict[str, str]
    """Values by full path; a path that is there twice with two values is refused."""


class _Bounded(TreeBuilder):
    """Builds a tree, and stops where none of ours would go."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = self._elements = 0

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        self._depth += 1
        self._elements += 1
        if self._depth > _MOST_DEPTH or self._elements > _MOST_ELEMENTS:
            raise Unreadable("larger than any Inform")
        return super().start(tag, attrs)

    def end(self, tag: str) -> Element:
        self._depth -= 1
        return super().end(tag)


def read_inform(content: bytes) -> Inform:
    """Read an Inform.

    Raises:
        Unreadable: It is no envelope of CWMP.
        Refused: It is one, and another method, or an Inform that lacks something or contradicts itself.
    """
    root = _parsed(content)
    body = root.find(f"{{{SOAP}}}Body")
    if root.tag != f"{{{SOAP}}}Envelope" or body is None or len(body) != 1:
        raise Unreadable("no envelope with one body")
    namespace, _, method = body[0].tag.removeprefix("{").rpartition("}")
    if not _CWMP.fullmatch(namespace):
        raise Unreadable("no namespace of CWMP")
    envelope = _envelope(root.find(f"{{{SOAP}}}Header"), namespace)
    if method != "Inform":
        raise Refused(envelope, METHOD_NOT_SUPPORTED)
    try:
        return _inform(body[0], envelope)
    except ValueError as error:
        raise Refused(envelope, INVALID_ARGUMENTS) from error


def _parsed(content: bytes) -> Element:
    if len(content) > MOST_OCTETS:
        raise Unreadable("larger than any Inform")
    parser = XMLParser(target=_Bounded(), forbid_dtd=True)
    try:
        parser.feed(content)
        root: Element = parser.close()
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Unreadable(type(error).__name__) from error
    return root


def _envelope(header: Element | None, namespace: str) -> Envelope:
    held = header if header is not None else ()
    texts = {each.tag: (each.text or "").strip() for each in held}
    header_id = texts.get(f"{{{namespace}}}ID", "")
    if len(header_id) > _LONGEST_ID or not (header_id.isprintable()):
        raise Unreadable("an ID that is none")
    return Envelope(namespace=namespace, header_id=header_id, offers_versions=f"{{{namespace}}}SupportedCWMPVersions" in texts)


def _inform(element: Element, envelope: Envelope) -> Inform:
    device, listed = element.find("DeviceId"), element.find("ParameterList")
    if device is None:
        raise ValueError("no DeviceId")
    parameters = dict[str, str]()
    for each in listed if listed is not None else ():
        name, value = _text(each, "Name"), _text(each, "Value")
        if parameters.setdefault(name, value) != value:
            raise ValueError("a parameter with two values")
    serial = _text(device, "SerialNumber")
    if not serial:
        raise ValueError("no serial number")
    return Inform(
        envelope=envelope,
        manufacturer=_text(device, "Manufacturer"),
        oui=_text(device, "OUI"),
        product_class=_text(device, "ProductClass"),
        serial=serial,
        events=tuple(_text(each, "EventCode") for each in element.findall("Event/EventStruct")),
        parameters=parameters,
    )


def _text(element: Element, name: str) -> str:
    """Return the text of the one child of this name; empty if there is none."""
    found = element.findall(name)
    if len(found) > 1:
        raise ValueError(f"{name} twice")
    text = (found[0].text or "").strip() if found else ""
    if not text.isprintable():
        raise ValueError(f"{name} is no text")
    return text


def response(envelope: Envelope) -> bytes:
    """Return an InformResponse."""
    return _written(envelope, "<cwmp:InformResponse><MaxEnvelopes>1</MaxEnvelopes></cwmp:InformResponse>")


def fault(envelope: Envelope, code: int) -> bytes:
    """Return a fault; it names no rule, since a unit that is refused need not learn which one to get around."""
    detail = f"<cwmp:Fault><FaultCode>{code}</FaultCode><FaultString>{_FAULTS[code]}</FaultString></cwmp:Fault>"
    return _written(
        envelope,
        f"<soap:Fault><faultcode>Client</faultcode><faultstring>CWMP fault</faultstring><detail>{detail}</detail></soap:Fault>",
    )


def _written(envelope: Envelope, body: str) -> bytes:
    header = ""
    if envelope.header_id:
        header += f'<cwmp:ID soap:mustUnderstand="1">{escape(envelope.header_id)}</cwmp:ID>'
    if envelope.offers_versions:
        header += '<cwmp:UseCWMPVersion soap:mustUnderstand="1">1.4</cwmp:UseCWMPVersion>'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="{SOAP}" xmlns:cwmp="{envelope.namespace}">'
        f"<soap:Header>{header}</soap:Header><soap:Body>{body}</soap:Body></soap:Envelope>"
    ).encode()
