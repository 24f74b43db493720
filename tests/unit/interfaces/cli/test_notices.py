import json
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

sys.path[:0] = [str(Path(__file__).parents[2] / "incident" / name) for name in ("notices", "case")]

from made_up_round import A, a_result  # noqa: E402
from response import Response  # noqa: E402

from cellwarden.foundation.errors import RefusedError, UsageError  # noqa: E402
from cellwarden.interfaces.cli.main import app  # noqa: E402
from cellwarden.workflows.investigate import utc_now  # noqa: E402


def run(*words):
    return CliRunner().invoke(app, ["notices", *map(str, words)])


@pytest.fixture
def order(tmp_path):
    return a_result(tmp_path)


@pytest.fixture
def made(order):
    told = run(
        "make", order.result, "--facts", order.facts, "--out", order.out, "--on", "2026-11-20", "--case", "C-1", "--json"
    )
    assert told.exit_code == 0, told.output
    return order


def test_faults_end_with_1(order):
    told = run(
        "make", order.result, "--facts", order.facts, "--out", order.out, "--on", "2026-11-20", "--under", "gdpr_34", "--json"
    )
    assert told.exit_code == 0
    order.facts.write_text(
        order.facts.read_text().replace("Mr", "").replace("We blocked the illegal base station.", "Nothing to worry about.")
    )
    told = run("make", order.result, "--facts", order.facts, "--out", order.out.with_name("again"), "--on", "2026-11-20")
    assert told.exit_code == 1


def test_nothing_goes_out_without_the_approval_of_another_person(made, tmp_path):
    for way in ("https://platform.example/notices", f"file:{tmp_path / 'post'}"):
        refused = run("send", made.out, "--to", way, "--on", "2026-11-20")
        assert isinstance(refused.exception, RefusedError)
    assert not (tmp_path / "post").exists()
    team = Response.made(str(tmp_path / "cases.sqlite"))
    team.clock.at = utc_now()
    case = team.case()
    for name in ("han", "seo"):
        team.tokens[name].write(tmp_path / f"{name}.token")
    team.store.close()
    at_store = ("--store", tmp_path / "cases.sqlite")
    asked = run("ask", made.out, "--case", case, "--purpose", "people must be told", "--until", "2999-01-01T00:00:00Z", *at_store, "--me", tmp_path / "han.token", "--json")  # fmt: skip
    assert isinstance(asked.exception, UsageError)  # an end so far off is forgotten
    until = (utc_now() + timedelta(days=2)).isoformat()
    asked = run("ask", made.out, "--case", case, "--purpose", "people must be told", "--until", until, *at_store, "--me", tmp_path / "han.token", "--json")  # fmt: skip
    assert asked.exit_code == 0, asked.exception
    request = json.loads(asked.stdout)["request_id"]
    send = ("send", made.out, "--to", "http://127.0.0.1:9/notices", "--request", request, "--on", "2026-11-20", *at_store, "--me", tmp_path / "han.token")  # fmt: skip
    assert "not approved" in str(run(*send).exception)
    approved = CliRunner().invoke(app, ["case", "approve", request, "--reason", "read and agreed", "--store", str(tmp_path / "cases.sqlite"), "--me", str(tmp_path / "seo.token")])  # fmt: skip
    assert approved.exit_code == 0, approved.exception
    sent = run(*send)
    assert sent.exit_code == 0, sent.exception  # nobody has an address: nothing fails, and the web stands in
    assert "2 on the web until 2026-12-20" in sent.stdout
    printed = run("send", made.out, "--to", f"file:{tmp_path / 'post'}", *send[4:], "--json")
    assert json.loads(printed.stdout)["delivered"] == 2
    assert len(list((tmp_path / "post").glob("*.pdf"))) == 2


def test_the_right_code_is_answered_and_a_wrong_one_ends_with_4(made, tmp_path):
    secret = ("--secret", tmp_path / "lookup.key")
    code = run("code", A, *secret).stdout.strip()
    place = ("--result", made.result, "--round", made.out, *secret, "--language", "en")
    assert run("answer", A, code, *place).stdout.startswith("Notice: ")
    wrong = run("answer", A, "abcdef", *place, "--json")
    assert (wrong.exit_code, json.loads(wrong.stdout)["is_proven"]) == (4, False)
    assert (tmp_path / "lookup.key").stat().st_mode & 0o077 == 0


def test_what_is_owed_and_the_packs_for_others(made, tmp_path):
    assert "sim_swap: 3" in run("owed", made.result, "--out", tmp_path / "owed.csv", "--on", "2025-11-01").stdout
    assert run("hand-over", made.result, "--facts", made.facts, "--out", tmp_path / "packs").stdout == "Example MVNO: 1\n"


@pytest.mark.parametrize(
    ("to", "sender"), [("pigeon:x", ""), ("file:", ""), ("smtp://relay", "a@b"), ("smtp://relay:25", "nobody")]
)
def test_a_way_that_is_none_is_refused(made, to, sender):
    told = run("send", made.out, "--to", to, "--sender", sender)
    assert isinstance(told.exception, UsageError)


def test_a_day_that_is_none_is_refused(order):
    assert isinstance(
        run("make", order.result, "--facts", order.facts, "--out", order.out, "--on", "soon").exception, UsageError
    )
