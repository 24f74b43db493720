import hashlib
import json
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "incident" / "notices"))

from made_up_round import A, B, C, a_result
from told_people import DAY, TOML, exposure

from cellwarden.foundation.errors import MalformedInputError, RefusedError, UsageError
from cellwarden.incident.notices.delivery import Folder
from cellwarden.records.results import RESULTS
from cellwarden.workflows.load import quiet
from cellwarden.workflows.notify import INDEX, LINTED, make_notices, pdf_path, read_index, send_notices

STOPPED = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def order(tmp_path):
    return a_result(tmp_path)


def content(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_everybody_is_told_in_their_language_or_handed_to_their_controller(order):
    told = make_notices(order, progress=quiet)
    assert told["by_class"] == {"confirmed": 1, "possible": 1}
    assert told["handed_over"] == {"Example MVNO": 1}
    assert {row["subject"]: row["language"] for row in read_index(order.out)} == {A: "en", B: "ko"}


def test_each_pdf_is_the_one_of_the_index(order):
    make_notices(order, progress=quiet)
    for row in read_index(order.out):
        assert hashlib.sha256(pdf_path(order.out, row["reference"]).read_bytes()).hexdigest() == row["pdf_sha256"]


def test_a_second_run_gives_the_same_bytes_with_any_number_of_workers(order, tmp_path):
    make_notices(order, progress=quiet)
    make_notices(replace(order, out=tmp_path / "again", workers=2), progress=quiet)
    assert content(order.out) == content(tmp_path / "again")


def test_a_second_round_tells_only_what_is_new(order, tmp_path):
    make_notices(order, progress=quiet)
    nothing = make_notices(replace(order, out=tmp_path / "second", earlier=(order.out,)), progress=quiet)
    assert nothing["notices"] == 0
    rows = [{**exposure(B), "rat": "lte", "events": 1, "evidence": ""}]
    pq.write_table(pa.Table.from_pylist(rows, RESULTS["exposures"]), order.result / "exposures.parquet")
    later = make_notices(replace(order, out=tmp_path / "third", earlier=(order.out, tmp_path / "second")), progress=quiet)
    assert {row["subject"]: row["kind"] for row in read_index(tmp_path / "third")} == {A: "cleared", B: "upgrade"}
    assert later["faults"] == 0


def test_a_round_is_never_written_over(order):
    make_notices(order, progress=quiet)
    with pytest.raises(UsageError, match="not empty"):
        make_notices(order, progress=quiet)


def test_a_round_with_faults_is_written_and_never_sent(order, tmp_path):
    order.facts.write_text(TOML.replace('en = ["We blocked the illegal base station.", "We lowered the limit of small payments."]', 'en = ["See www.mobile-help.com now."]'))  # fmt: skip
    told = make_notices(order, progress=quiet)
    assert told["faults"] >= 2
    found = json.loads((order.out / LINTED).read_text())["found"]
    assert {fault["element"] for fault in found} == {"response"}
    with pytest.raises(RefusedError, match="faults, the first: response"):
        send_notices(order.out, Folder(tmp_path / "post"), addresses=None, clock=lambda: STOPPED, on=DAY)
    assert not (tmp_path / "post").exists()


def test_a_changed_pdf_is_not_sent(order, tmp_path):
    make_notices(order, progress=quiet)
    path = pdf_path(order.out, read_index(order.out)[0]["reference"])
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(RefusedError, match="changed after it was made"):
        send_notices(order.out, Folder(tmp_path / "post"), addresses=None, clock=lambda: STOPPED, on=DAY)


def test_who_is_not_reached_stands_on_the_web(order, tmp_path):
    make_notices(order, progress=quiet)

    class Broken:
        name = "smtp"

        def deliver(self, letter):
            raise OSError(letter.reference)

    addresses = tmp_path / "addresses.csv"
    addresses.write_text(f"subject,address\n{A},kim@example.com\n")
    told = send_notices(order.out, Broken(), addresses=addresses, clock=lambda: STOPPED, on=DAY)
    assert (told["failed"], told["unreachable"], told["on_the_web"]) == (1, 1, 2)
    assert told["until"] == (DAY + timedelta(days=30)).isoformat()
    assert told["until"] in (order.out / "web.html").read_text(encoding="utf-8")


def test_addresses_without_their_columns_are_refused(order, tmp_path):
    make_notices(order, progress=quiet)
    (tmp_path / "a.csv").write_text("imsi,mail\n")
    with pytest.raises(MalformedInputError, match="no columns subject and address"):
        send_notices(order.out, Folder(tmp_path / "post"), addresses=tmp_path / "a.csv", clock=lambda: STOPPED, on=DAY)


def test_a_result_of_an_older_version_says_so(order):
    (order.result / "payment_details.parquet").unlink()
    with pytest.raises(UsageError, match=r"no payment_details\.parquet"):
        make_notices(order, progress=quiet)


def test_an_index_that_is_none_is_said(tmp_path):
    with pytest.raises(UsageError, match="no round of notices"):
        read_index(tmp_path)
    assert INDEX == "notices.jsonl"
    assert C not in (A, B)
