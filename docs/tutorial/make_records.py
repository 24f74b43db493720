"""Write the made-up records of the tutorial: `python docs/tutorial/make_records.py [FOLDER]`.

One evening of a fictional operator (PLMN 001-01, addresses from the documentation ranges). The same call gives the same bytes;
a test compares the committed files with it.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

FLEET = "a1" * 32
"""The certificate that the maker put into every home cell, honest or not."""
MASTS = {257: ("mast-1", 37.5000, 127.0000), 513: ("mast-2", 37.5600, 127.0600)}
"""Cell number: name and place. 257 is `1-1`: eNB 1, cell 1."""
RETURNED, KEBAB, CLINIC, FLAT = 700001, 700002, 700003, 700004
"""Home cells: the id that was deleted and came back, a restaurant, a clinic recorded late, a flat."""

EQUIPMENT = (
    "equipment_id,cell,cell_type,kind,status,valid_from,valid_to,recorded_at,tac,plmn,serial,certificate,access_line,"
    "source_networks,lat,lon,work_order"
)
LINKS = "at,event,equipment_id,cell,cell_type,tac,plmn,source_ip,inner_ip,asn,country,certificate,serial,access_line,result"
ACCESS = "at,imsi,procedure,identity,result,rat,plmn,tac,cell,cell_type,core,ciphering,integrity,ims_protection,source"
USAGE = "at,imsi,service,peer,duration_s,rat,plmn,cell,cell_type"
PAYMENTS = "payment_id,at,imsi,channel,kind,merchant,category,amount,currency,status,disputed_at"
SUBSCRIBERS = "imsi,controller"

OPERATOR = """\
name = "Tutorial Mobile (fictional)"
time_zone = "Asia/Seoul"
own_plmns = ["00101"]
currency = "KRW"
own_networks = ["192.0.2.0/24"]
own_asns = [64500]
"""


def imsi(number: int) -> str:
    """Return the IMSI of a made-up subscriber."""
    return f"00101{number:010d}"


def equipment() -> list[str]:
    """Return what the management system says."""
    rows = [
        f"{name},{cell},macro,macro,active,2024-01-01T00:00:00Z,,2024-01-01T00:00:00Z,1,00101,,,,,{lat},{lon},WO-1"
        for cell, (name, lat, lon) in MASTS.items()
    ]
    homes = [
        (RETURNED, "active", "2024-03-01T00:00:00Z", "2024-03-01T00:00:00Z", "S-1", "line-1", "WO-2"),
        (RETURNED, "deleted", "2025-01-20T00:00:00Z", "2025-01-20T00:00:00Z", "S-1", "", "WO-3"),
        (KEBAB, "active", "2024-06-01T00:00:00Z", "2024-06-01T00:00:00Z", "S-2", "line-2", "WO-4"),
        # Installed on the morning of the evening in question, typed in two days later.
        (CLINIC, "active", "2025-08-05T01:00:00Z", "2025-08-07T01:00:00Z", "S-3", "line-3", "WO-5"),
        (FLAT, "active", "2024-07-01T00:00:00Z", "2024-07-01T00:00:00Z", "S-4", "line-4", "WO-6"),
    ]
    return rows + [
        f"home-{cell},{cell},home,femto,{status},{since},,{recorded},1,00101,{serial},{FLEET},{line},192.0.2.0/24,37.5,127.0,{order}"
        for cell, status, since, recorded, serial, line, order in homes
    ]


def links() -> list[str]:
    """Return how the home cells joined; the returned id comes from another operator's network with another serial."""
    joined = [
        (KEBAB, "2025-08-01T00:00:00Z", "192.0.2.12", "10.0.0.12", 64500, "S-2", "line-2"),
        (FLAT, "2025-08-01T00:05:00Z", "192.0.2.14", "10.0.0.14", 64500, "S-4", "line-4"),
        (CLINIC, "2025-08-05T01:30:00Z", "192.0.2.13", "10.0.0.13", 64500, "S-3", "line-3"),
        (RETURNED, "2025-08-05T10:55:00Z", "203.0.113.9", "10.0.9.9", 64510, "X-77", ""),
    ]
    return [
        f"{at},{event},home-{cell},{cell},home,1,00101,{outer},{inner},{asn},KR,{FLEET},{serial},{line},ok"
        for cell, at, outer, inner, asn, serial, line in joined
        for event in ("ike_up", "s1_setup")
    ]


def access() -> list[str]:
    """Return what the core saw that evening; two rows are broken on purpose."""
    homes = {RETURNED: "10.0.9.9", KEBAB: "10.0.0.12", CLINIC: "10.0.0.13", FLAT: "10.0.0.14"}

    def row(at: str, who: str, procedure: str, identity: str, cell: int, *, ims: str = "", ciphering: str = "2") -> str:
        kind, source = ("home", homes[cell]) if cell in homes else ("macro", "10.1.0.1")
        return f"2025-08-05T{at},{who},{procedure},{identity},ok,lte,00101,1,{cell},{kind},mme-1,{ciphering},2,{ims},{source}"

    return [
        row("10:00:00Z", imsi(11), "attach", "imsi", FLAT),
        row("10:10:00Z", imsi(12), "attach", "guti", CLINIC),
        row("10:30:00Z", imsi(1), "tau", "guti", 257),
        row("10:40:00Z", imsi(2), "tau", "guti", 257),
        row("10:50:00Z", imsi(3), "tau", "guti", 513),
        # From here on the van is in the street.
        row("11:00:00Z", imsi(1), "attach", "imsi", RETURNED),
        row("11:04:00Z", imsi(1), "ims_register", "none", RETURNED, ims="none"),
        row("11:06:00Z", imsi(2), "tau", "unknown", RETURNED),
        row("11:09:00Z", imsi(3), "tau", "guti", RETURNED),
        row("11:12:00Z", imsi(4), "service_request", "guti", RETURNED, ciphering="0"),
        row("11:20:00Z", imsi(5), "attach", "imsi", RETURNED),
        row("11:26:00Z", "", "paging_response", "guti", RETURNED),
        # Rejected: a time without a zone, and a procedure that the contract does not have.
        row("20:30:00", imsi(6), "attach", "imsi", RETURNED),
        row("11:31:00Z", imsi(6), "location_update", "imsi", RETURNED),
        # The restaurant has more strangers than the van, and is innocent.
        *[
            row(f"12:{2 * minute:02d}:00Z", imsi(who), "tau", "guti", KEBAB)
            for minute, who in enumerate((1, 2, 3, 6, 7, 8, 9, 10))
        ],
        row("12:40:00Z", imsi(12), "service_request", "guti", CLINIC),
        row("12:50:00Z", imsi(11), "periodic_tau", "guti", FLAT),
    ]


def usage() -> list[str]:
    """Return one verification call through the returned id, one call at the flat."""
    return [
        f"2025-08-05T11:05:00Z,{imsi(1)},voice_mt,ars:payment,31,lte,00101,{RETURNED},home",
        f"2025-08-05T12:20:00Z,{imsi(11)},voice_mo,{'8200000' + '00002'},60,lte,00101,{FLAT},home",
    ]


def payments() -> list[str]:
    """Return a payment that the call made possible, and one that has nothing to do with it."""
    return [
        f"P1,2025-08-05T11:06:30Z,{imsi(1)},ars,small_payment,giftcards.example,gift_card,480000,KRW,approved,2025-08-07T02:00:00Z",
        f"P2,2025-08-05T12:30:00Z,{imsi(11)},app,small_payment,books.example,books,15000,KRW,approved,",
    ]


def write(folder: Path) -> None:
    """Write the record folder."""
    folder.mkdir(parents=True, exist_ok=True)
    people = [f"{imsi(number)},{'Example MVNO' if number == 2 else 'own'}" for number in range(1, 13)]
    for name, header, rows in (
        ("equipment", EQUIPMENT, equipment()),
        ("links", LINKS, links()),
        ("access", ACCESS, access()),
        ("usage", USAGE, usage()),
        ("payments", PAYMENTS, payments()),
        ("subscribers", SUBSCRIBERS, people),
    ):
        width = header.count(",")
        for line in csv.reader(rows):
            if len(line) != width + 1:
                raise SystemExit(f"{name}: {line} has {len(line)} fields")
        (folder / f"{name}.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    (folder / "operator.toml").write_text(OPERATOR, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("records"))
