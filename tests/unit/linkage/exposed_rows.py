"""Exposures and linked payments as the linkage reads them; made up."""

import pyarrow as pa
from made_up_records import HOME, PLMN, at, minutes

START, END = at("15 10:00"), at("15 11:00")
_AT = pa.timestamp("us")
EXPOSED = pa.schema(
    [("plmn", pa.string()), ("rat", pa.string()), ("cell_type", pa.string()), ("cell", pa.int64()), ("unit", pa.string()), ("imsi", pa.int64()),
     ("from_at", _AT), ("to_at", _AT), ("episode_from", _AT), ("episode_to", _AT)]
)  # fmt: skip
LINKED_PAYMENT = pa.schema(
    [
        ("payment_id", pa.string()),
        ("imsi", pa.int64()),
        ("cell", pa.int64()),
        ("unit", pa.string()),
        ("probability", pa.float64()),
    ]
)


def exposure(imsi=1, *, from_at=START, to_at=END, cell=HOME, unit="unit-1"):
    return {
        "plmn": PLMN, "rat": "lte", "cell_type": "home", "cell": cell, "unit": unit, "imsi": imsi, "from_at": from_at, "to_at": to_at,
        "episode_from": from_at - minutes(30), "episode_to": to_at + minutes(30),
    }  # fmt: skip


def stolen(payment_id, imsi=1, *, probability=0.9, cell=HOME, unit="unit-1"):
    return {"payment_id": payment_id, "imsi": imsi, "cell": cell, "unit": unit, "probability": probability}


def hand_in(room, exposures, payments=()):
    room.engine.put("exposed", pa.Table.from_pylist(list(exposures), EXPOSED))
    room.engine.put("linked_payment", pa.Table.from_pylist(list(payments), LINKED_PAYMENT))
