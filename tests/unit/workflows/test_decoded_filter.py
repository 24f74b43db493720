"""The condition language of `cellwarden decode --where`."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellwarden.foundation.errors import UsageError
from cellwarden.workflows.decoded_columns import SCHEMA
from cellwarden.workflows.decoded_filter import Filter

ROWS = [
    {
        "frame": 1,
        "nas_type": "attach_request",
        "imsi": "450080000000001",
        "uplink": True,
        "csg_ids": [1, 17],
        "at": datetime(2025, 8, 5),
    },
    {"frame": 2, "nas_type": "attach_accept", "uplink": False, "cause": 3, "at": datetime(2025, 8, 6)},
    {"frame": 3, "enb_name": "o'clock", "csg_ids": []},
]
BATCH = pa.RecordBatch.from_pylist(ROWS, schema=SCHEMA)


@pytest.mark.parametrize(
    ("where", "frames"),
    [
        ("nas_type = 'attach_request'", [1]),
        ("nas_type = 'attach_request' and imsi is not null", [1]),
        ("imsi is null", [2, 3]),
        ("NOT imsi IS NULL", [1]),
        ("nas_type != 'attach_request'", [2]),
        ("not nas_type = 'attach_request'", [2]),
        ("frame >= 2 and (cause = 3 or enb_name = 'o''clock')", [2, 3]),
        ("frame in (1, 3)", [1, 3]),
        ("nas_type not in ('attach_request')", [2]),
        ("imsi like '45008%'", [1]),
        ("nas_type not like '%accept'", [1]),
        ("uplink = true or frame = 0x3", [1, 3]),
        ("csg_ids has 17", [1]),
        ("csg_ids not has 17", [3]),
        ("at >= '2025-08-05T12:00:00+00:00'", [2]),
        ("at < '2025-08-05T12:00'", [1]),
        ("frame<2 or frame>2", [1, 3]),
        ("imsi = '1' or frame = 3", [3]),
    ],
)
def test_conditions(where, frames):
    assert Filter(where, SCHEMA).kept(BATCH).column("frame").to_pylist() == frames


def test_it_says_which_columns_it_needs():
    assert Filter("imsi is null and (frame = 1 or cell > 2)", SCHEMA).columns == {"imsi", "frame", "cell"}


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ("nas_typ = 'x'", "no column is called nas_typ"),
        ("frame = 'x'", "int64"),
        ("frame = 99999999999999999999", "int64"),
        ("imsi = 5", "string"),
        ("frame", "ends where a comparison"),
        ("frame =", "ends where a value"),
        ("frame = 1 and", "ends where a column"),
        ("(frame = 1", "expected \\)"),
        ("frame = 1)", "cannot read on"),
        ("frame = 1 frame = 2", "cannot read on"),
        ("csg_ids = 1", "is a list"),
        ("imsi has '1'", "no list"),
        ("frame like '1'", "no text"),
        ("frame not 1", "after"),
        ("frame; drop", "cannot read"),
        ("__import__('os')", "no column"),
        ("uplink = 1", "bool"),
        ("at = 'yesterday'", "timestamp"),
        ("(" * 100 + "frame = 1" + ")" * 100, "deeply"),
        ("not " * 100 + "frame = 1", "deeply"),
        ("frame = 1 or " * 2000 + "frame = 1", "longer"),
        ("", "ends where a column"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_says_why(where, says):
    with pytest.raises(UsageError, match=says):
        Filter(where, SCHEMA)


@given(
    st.lists(
        st.sampled_from(
            ["frame", "imsi", "=", "1", "'a'", "and", "or", "not", "(", ")", "in", "is", "null", ",", "like", "has"]
        ),
        max_size=12,
    )
)
def test_no_text_raises_anything_else(words):
    with suppress(UsageError):
        Filter(" ".join(words), SCHEMA).kept(BATCH)
