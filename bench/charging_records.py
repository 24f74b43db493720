"""Random charging records, made up, encoded by pycrate's TS 32.298 module: for the benchmark and for the contract tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from pycrate_asn1dir import CDR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GPRS, CS, IMS = CDR.GPRSChargingDataTypes.GPRSRecord, CDR.CSChargingDataTypes.CSRecord, CDR.IMSChargingDataTypes.IMSRecord


class Dice:
    """Random values of the fields of charging records."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)

    def number(self, low: int, high: int) -> int:
        """Return a number of `low` up to `high`, exclusive."""
        return int(self.rng.integers(low, high))

    def chance(self, share: float) -> bool:
        """Say yes in this share of cases."""
        return bool(self.rng.random() < share)

    def octets(self, count: int) -> bytes:
        """Return random octets."""
        return self.rng.bytes(count)

    def digits(self, count: int) -> str:
        """Return random digits."""
        return "".join(map(str, self.rng.integers(0, 10, count)))

    def imsi(self) -> bytes:
        """Return a packed IMSI of 6 to 15 digits."""
        return packed("45008" + self.digits(self.number(1, 11)))

    def number_of(self, kind: int = 0x91) -> bytes:
        """Return an AddressString."""
        return bytes([kind]) + packed("8210" + self.digits(self.number(6, 9)))

    def plmn(self) -> bytes:
        """Return a packed PLMN."""
        return packed_plmn("450", ["08", "05", "006"][self.number(0, 3)])

    def address(self) -> tuple[str, Any]:
        """Return an IPAddress."""
        return "iPBinaryAddress", ("iPBinV4Address", self.octets(4))

    def time(self) -> bytes:
        """Return a TimeStamp of nine octets."""
        text = f"{self.number(20, 30):02d}{self.number(1, 13):02d}{self.number(1, 29):02d}"
        text += f"{self.number(0, 24):02d}{self.number(0, 60):02d}{self.number(0, 60):02d}"
        zone = f"{self.number(0, 13):02d}{self.number(0, 4) * 15:02d}"
        return bytes.fromhex(text) + (b"+" if self.chance(0.7) else b"-") + bytes.fromhex(zone)

    def uli(self) -> bytes:
        """Return User Location Information of TS 29.274."""
        flags = [0x18, 0x18, 0x18, 0x10, 0x01, 0x02, 0x58][self.number(0, 7)]
        parts = b"".join(
            self.plmn() + self.octets(size - 3) for bit, size in enumerate((7, 7, 7, 5, 7, 5, 6)) if flags >> bit & 1
        )
        return bytes([flags]) + parts

    def area(self) -> dict[str, bytes]:
        """Return a LocationAreaAndCell."""
        area = {"locationAreaCode": self.octets(2), "cellId": self.octets(2)}
        return area | ({"mCC-MNC": self.plmn()} if self.chance(0.7) else {})

    def access(self) -> bytes:
        """Return a P-Access-Network-Info."""
        network = ["45008", "450006"][self.number(0, 2)]
        kind = self.number(0, 4)
        if kind == 0:
            return f"3GPP-NR-TDD;utran-cell-id-3gpp={network}{self.octets(3).hex()}{self.octets(5).hex()[:9]}".encode()
        if kind == 1:
            return f"3GPP-GERAN;cgi-3gpp={network}{self.octets(4).hex()}".encode()
        return f'3GPP-E-UTRAN-FDD;utran-cell-id-3gpp="{network}{self.octets(2).hex()}{self.octets(4).hex()[:7]}"'.encode()

    def some(self, values: dict[str, Callable[[], Any]], share: float = 0.7) -> dict[str, Any]:
        """Return a random part of the optional fields."""
        return {name: make() for name, make in values.items() if self.chance(share)}


def packed(digits: str) -> bytes:
    """Pack digits, low nibble first, filled with f."""
    digits += "f" * (len(digits) % 2)
    return bytes(int(digits[place + 1] + digits[place], 16) for place in range(0, len(digits), 2))


def packed_plmn(mcc: str, mnc: str) -> bytes:
    return packed(mcc + (mnc[2:] or "f") + mnc[:2])


def _gateway(dice: Dice, name: str) -> tuple[Any, Any]:
    is_sgw = name == "sGWRecord"

    def volumes() -> list[dict[str, Any]]:
        if is_sgw:
            return [
                {
                    "dataVolumeGPRSUplink": dice.number(0, 1 << 33),
                    "dataVolumeGPRSDownlink": dice.number(0, 1 << 40),
                    "changeCondition": "recordClosure",
                    "changeTime": dice.time(),
                    "ePCQoSInformation": {
                        "qCI": 9,
                        "aRP": dice.number(1, 100),
                        "aPNAggregateMaxBitrateUL": dice.number(1, 1 << 27),
                    },
                }
                | dice.some({"userLocationInformation": dice.uli}, 0.2)
                for _ in range(dice.number(1, 4))
            ]
        return [
            {"ratingGroup": dice.number(0, 1000), "serviceConditionChange": (1, 24), "timeOfReport": dice.time()}
            | {"datavolumeFBCUplink": dice.number(0, 1 << 33), "datavolumeFBCDownlink": dice.number(0, 1 << 40)}
            | dice.some({"userLocationInformation": dice.uli}, 0.2)
            for _ in range(dice.number(1, 4))
        ]

    def csg() -> dict[str, Any]:
        group = {
            "cSGId": bytes([dice.number(0, 8)]) + dice.octets(3),
            "cSGAccessMode": ["closedMode", "hybridMode"][dice.number(0, 2)],
        }
        return group | ({"cSGMembershipIndication": 0} if dice.chance(0.5) else {})

    values: dict[str, Any] = {
        "recordType": 84 if is_sgw else 85,
        "s-GWAddress" if is_sgw else "p-GWAddress": dice.address(),
        "chargingID": dice.number(0, 1 << 32),
        "servingNodeAddress": [dice.address() for _ in range(dice.number(1, 3))],
        "recordOpeningTime": dice.time(),
        "duration": dice.number(0, 100_000),
        "causeForRecClosing": dice.number(0, 26),
        "chargingCharacteristics": b"\x08\x00",
        "servingNodeType": ["mME"],
    }
    values |= dice.some(
        {
            "servedIMSI": dice.imsi,
            "accessPointNameNI": lambda: "internet",
            "servedPDPPDNAddress": lambda: ("iPAddress", dice.address()),
            "dynamicAddressFlag": lambda: True,
            "listOfTrafficVolumes" if is_sgw else "listOfServiceData": volumes,
            "recordSequenceNumber": lambda: dice.number(0, 1000),
            "nodeID": lambda: "GW" + dice.digits(3),
            "localSequenceNumber": lambda: dice.number(0, 1 << 32),
            "servedMSISDN": dice.number_of,
            "chChSelectionMode": lambda: "homeDefault",
            "servingNodePLMNIdentifier": dice.plmn,
            "servedIMEI": lambda: packed(dice.digits(dice.number(15, 17))),
            "rATType": lambda: [6, 6, 6, 1, 2, 8, 3, 10][dice.number(0, 8)],
            "mSTimeZone": lambda: b"\x63\x00",
            "userLocationInformation": dice.uli,
            "p-GWPLMNIdentifier": dice.plmn,
            "pdpPDNType": lambda: b"\xf1\x21",
            "apnSelectionMode": lambda: "mSorNetworkProvidedSubscriptionVerified",
            "userLocationInfoTime": dice.time,
            "servedPDPPDNAddressExt": lambda: ("iPAddress", dice.address()),
            "pDNConnectionChargingID": lambda: dice.number(0, 1 << 32),
            "diagnostics": lambda: ("gsm0408Cause", dice.number(1, 100)),
            "startTime": dice.time,
            "stopTime": dice.time,
        },
        0.95,
    )
    if is_sgw:
        values |= dice.some({"p-GWAddressUsed": dice.address, "sGWChange": lambda: False})
    values |= dice.some({"userCSGInformation": csg, "lastUserLocationInformation": dice.uli}, 0.1)
    return GPRS, (name, values)


def sgw(dice: Dice) -> tuple[Any, Any]:
    """Make the value of an SGW record."""
    return _gateway(dice, "sGWRecord")


def pgw(dice: Dice) -> tuple[Any, Any]:
    """Make the value of a PGW record."""
    return _gateway(dice, "pGWRecord")


def _call(dice: Dice, name: str) -> tuple[Any, Any]:
    is_mo = name == "moCallRecord"
    values: dict[str, Any] = {
        "recordType": int(not is_mo),
        "servedIMSI": dice.imsi(),
        "recordingEntity": dice.number_of(),
        "callDuration": dice.number(0, 10_000),
        "causeForTerm": dice.number(0, 5),
        "callReference": dice.octets(4),
    }
    optional: dict[str, Callable[[], Any]] = {
        "servedIMEI": lambda: packed(dice.digits(dice.number(15, 17))),
        "servedMSISDN": dice.number_of,
        "callingNumber": dice.number_of,
        "location": dice.area,
        "changeOfLocation": lambda: [{"location": dice.area(), "changeTime": dice.time()} for _ in range(dice.number(1, 3))],
        "basicService": lambda: ("teleservice", b"\x11"),
        "msClassmark": lambda: b"\x33\x19\x81",
        "seizureTime": dice.time,
        "answerTime": dice.time,
        "releaseTime": dice.time,
        "dataVolume": lambda: dice.number(0, 1 << 20),
        "sequenceNumber": lambda: dice.number(0, 100),
        "networkCallReference": lambda: dice.octets(5),
        "mSCAddress": dice.number_of,
        "speechVersionUsed": lambda: b"\x03",
        "systemType": lambda: ["unknown", "iuUTRAN", "gERAN"][dice.number(0, 3)],
    }
    if is_mo:
        optional["calledNumber"] = dice.number_of
    return CS, (name, values | dice.some(optional, 0.85))


def mo_call(dice: Dice) -> tuple[Any, Any]:
    """Make the value of a record of a call that the subscriber made."""
    return _call(dice, "moCallRecord")


def mt_call(dice: Dice) -> tuple[Any, Any]:
    """Make the value of a record of a call that the subscriber received."""
    return _call(dice, "mtCallRecord")


def _sms(dice: Dice, name: str) -> tuple[Any, Any]:
    is_mo = name == "moSMSRecord"
    values: dict[str, Any] = {
        "recordType": 6 if is_mo else 7,
        "servedIMSI": dice.imsi(),
        "msClassmark": b"\x33\x19\x81",
        "serviceCentre": dice.number_of(),
        "recordingEntity": dice.number_of(),
        "originationTime" if is_mo else "deliveryTime": dice.time(),
    }
    if is_mo:
        values["messageReference"] = dice.octets(1)
    optional: dict[str, Callable[[], Any]] = {
        "servedIMEI": lambda: packed(dice.digits(15)),
        "servedMSISDN": dice.number_of,
        "location": dice.area,
        "systemType": lambda: ["iuUTRAN", "gERAN"][dice.number(0, 2)],
    }
    if is_mo:
        digits = dice.digits(dice.number(3, 13))
        optional["destinationNumber"] = lambda: bytes([len(digits), 0x91]) + packed(digits)
    return CS, (name, values | dice.some(optional, 0.9))


def mo_sms(dice: Dice) -> tuple[Any, Any]:
    """Make the value of a record of a message that the subscriber sent."""
    return _sms(dice, "moSMSRecord")


def mt_sms(dice: Dice) -> tuple[Any, Any]:
    """Make the value of a record of a message that the subscriber received."""
    return _sms(dice, "mtSMSRecord")


def _ims(dice: Dice, name: str, kind: int) -> tuple[Any, Any]:
    imsi = "45008" + dice.digits(10)
    optional: dict[str, Callable[[], Any]] = {
        "sIP-Method": lambda: ["INVITE", "INVITE", "MESSAGE", "REGISTER"][dice.number(0, 4)],
        "role-of-Node": lambda: ["originating", "terminating"][dice.number(0, 2)],
        "session-Id": lambda: dice.octets(8).hex() + "@10.0.0.1",
        "list-Of-Calling-Party-Address": lambda: [
            ("sIP-URI", f"sip:+8210{dice.digits(8)}@ims.example;user=phone"),
            ("tEL-URI", f"tel:+8210{dice.digits(8)}"),
        ],
        "called-Party-Address": lambda: ("tEL-URI", f"tel:+8210{dice.digits(8)}"),
        "privateUserID": lambda: f"{imsi}@ims.mnc008.mcc450.3gppnetwork.org",
        "serviceRequestTimeStamp": dice.time,
        "serviceDeliveryStartTimeStamp": dice.time,
        "serviceDeliveryEndTimeStamp": dice.time,
        "recordOpeningTime": dice.time,
        "recordClosureTime": dice.time,
        "causeForRecordClosing": lambda: "serviceDeliveryEndSuccessfully",
        "iMS-Charging-Identifier": lambda: dice.octets(12),
        "accessNetworkInformation": dice.access,
        "list-of-subscription-ID": lambda: [
            {"subscriptionIDType": "eND-USER-E164", "subscriptionIDData": "8210" + dice.digits(8)},
            {"subscriptionIDType": "eND-USER-IMSI", "subscriptionIDData": imsi},
        ],
        "userLocationInformation": lambda: b"\x82" + dice.plmn() + dice.octets(2) + dice.plmn() + dice.octets(4),
    }
    return IMS, (name, {"recordType": kind} | dice.some(optional, 0.8))


def s_cscf(dice: Dice) -> tuple[Any, Any]:
    """Make the value of an S-CSCF record."""
    return _ims(dice, "sCSCFRecord", 63)


def p_cscf(dice: Dice) -> tuple[Any, Any]:
    """Make the value of a P-CSCF record."""
    return _ims(dice, "pCSCFRecord", 64)


def application_server(dice: Dice) -> tuple[Any, Any]:
    """Make the value of a record of an application server."""
    return _ims(dice, "aSRecord", 69)


KINDS: dict[str, Callable[[Dice], tuple[Any, Any]]] = {
    "sgw": sgw,
    "pgw": pgw,
    "mo_call": mo_call,
    "mt_call": mt_call,
    "mo_sms": mo_sms,
    "mt_sms": mt_sms,
    "s_cscf": s_cscf,
    "p_cscf": p_cscf,
    "as": application_server,
}
"""Makers by the kind's name in the standard dialect."""


def encoded(kind: str, count: int, seed: int) -> Iterator[bytes]:
    """Yield BER of so many random records of a kind."""
    dice = Dice(seed)
    for _ in range(count):
        asn1, value = KINDS[kind](dice)
        asn1.set_val(value)
        yield asn1.to_ber()
