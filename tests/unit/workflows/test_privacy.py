"""Approvals at work: an investigation that reveals under one, a person who is forgotten, and the receipt of both."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from cellwarden.foundation.errors import DamagedLakeError, MalformedInputError, RefusedError
from cellwarden.incident.case.cases import OpenCase
from cellwarden.incident.case.people import Enrol, GrantRole, RenewToken
from cellwarden.incident.case.requests import Ask, Decide
from cellwarden.incident.case.store import CaseStore
from cellwarden.incident.case.token import Token
from cellwarden.incident.privacy.forgetting import AskForgetting
from cellwarden.incident.privacy.receipt import is_proven
from cellwarden.incident.privacy.reveals import AskReveal
from cellwarden.lake.store import Lake
from cellwarden.workflows import privacy
from cellwarden.workflows.investigate import Request, investigate
from cellwarden.workflows.respond import Desk

RECORDS = Path(__file__).parents[3] / "docs/tutorial/records"
AT = datetime(2025, 9, 5, tzinfo=UTC)
ENDS = AT + timedelta(hours=5)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Give a folder with a store of two privacy officers and a bound lake."""
    folder = tmp_path_factory.mktemp("privacy")
    store = CaseStore(str(folder / "cases.sqlite"), clock=lambda: AT)
    tokens = {token.name: token for token in store.make(("ahn", "bae"))}

    def own(name):
        token = Token.made(name)
        store.handle(RenewToken(token_digest=token.digest), tokens[name])
        tokens[name] = token

    own("ahn")
    own("bae")
    for name in ("dho", "seo"):
        tokens[name] = Token.made(name)
        store.handle(Enrol(name=name, token_digest=tokens[name].digest), tokens["ahn"])
        own(name)
        ask = Ask(kind="grant", purpose="guards privacy", expires_at=ENDS, content={"person": name, "role": "dpo"})
        request = store.handle(ask, tokens["ahn"]).request_id
        store.handle(Decide(request_id=request, reason="known to us"), tokens["bae"])
        store.handle(GrantRole(request_id=request), tokens["ahn"])
    desks = [Desk(store=store, me=tokens[name], now=lambda: AT) for name in ("dho", "seo")]
    desks[0].do(OpenCase(title="the tutorial's rogue"))
    yield folder, *desks
    store.close()


def run(folder, name, **more):
    investigate(Request(records=RECORDS, out=folder / name, lake=folder / "lake", **more), clock=lambda: AT)
    return Lake(folder / "lake")


def test_from_reveal_to_forgetting_to_receipt(place):
    folder, dho, seo = place
    lake = run(folder, "masked")
    privacy.bind(lake, dho.store)
    with pytest.raises(RefusedError, match="under an approval"):
        run(folder, "revealed", reveal="because I can")
    ask = AskReveal(case_id="C-1", purpose="notices are due today", until_at=ENDS, most_people=50)
    request = dho.do(ask).request_id
    with pytest.raises(RefusedError, match="not approved"):
        run(folder, "revealed", reveal="notices", authorise=privacy.authorised(dho, request, lake, "revealed"))
    seo.do(Decide(request_id=request, reason="the notice is due"))
    run(folder, "revealed", reveal="notices", authorise=privacy.authorised(dho, request, lake, "revealed"))
    assert json.loads((folder / "revealed/summary.json").read_text())["revealed"] is True

    masked = pq.read_table(folder / "masked/exposures.parquet")["imsi"].to_pylist()
    person = masked[0]
    named = privacy.open_identifiers(dho, request, lake, [person], "one.csv")
    imsi = named[person]
    assert privacy.pseudonym_of(lake, imsi) == person

    forgetting = dho.do(
        AskForgetting(case_id="C-1", purpose="the person asked for it", until_at=ENDS, pseudonym=person)
    ).request_id
    with pytest.raises(RefusedError, match="not approved"):
        privacy.forget(dho, forgetting, lake, person)
    assert imsi in privacy.open_identifiers(dho, request, lake, [person], "still.csv").values()
    seo.do(Decide(request_id=forgetting, reason="no duty to keep it"))
    done = privacy.forget(dho, forgetting, lake, person)
    assert done.proof["rows_removed"] >= 1
    assert (done.proof["rows_left"], done.proof["sealed_octets_left"]) == (0, 0)
    assert privacy.open_identifiers(dho, request, lake, [person], "gone.csv") == {}
    assert privacy.forget(dho, forgetting, lake, person).proof["rows_removed"] == 0, "done again after a kill, it is the same"

    found = privacy.privacy_receipt(seo)
    assert is_proven(found)
    assert (found["openings"], found["forgotten"]) == (4, 2)
    text = json.dumps(found)
    assert imsi not in text


def test_what_was_revealed_by_the_key_alone_is_on_the_receipt_too(place, tmp_path):
    _, _, seo = place
    lake = run(tmp_path, "masked")
    (found,) = privacy.privacy_receipt(seo, [lake])["lakes"]
    assert (found["openings"], found["lines"]) == (0, [])
    run(tmp_path, "revealed", reveal="before the lake was bound")
    (found,) = privacy.privacy_receipt(seo, [lake])["lakes"]
    assert (found["lake"], found["openings"]) == ("lake", 1)
    assert "before the lake was bound" in found["lines"][0]["line"]
    assert is_proven(found)
    lake.audit_path.write_text(lake.audit_path.read_text().replace("before", "after"))
    with pytest.raises(DamagedLakeError, match="line 1"):
        privacy.privacy_receipt(seo, [lake])


def test_what_is_no_pseudonym_and_no_imsi_is_refused(place):
    folder, dho, _ = place
    with pytest.raises(MalformedInputError, match="no pseudonym"):
        privacy.open_identifiers(dho, "R-1", run(folder, "masked"), ["not hex"], "x")
    with pytest.raises(MalformedInputError, match="no IMSI"):
        privacy.pseudonym_of(Lake(folder / "lake"), "kim")


def test_a_bound_lake_opens_under_no_other_store(place, tmp_path):
    folder, dho, _ = place
    lake = Lake(folder / "lake")
    privacy.bind(lake, dho.store)
    held = lake.approvals_path.read_bytes()
    own = CaseStore(str(tmp_path / "own.sqlite"), clock=lambda: AT)
    token, _ = own.make(("dho", "also-dho"))
    desk = Desk(store=own, me=token, now=lambda: AT)
    for attempt in (
        lambda: privacy.bind(lake, own),
        lambda: privacy.open_identifiers(desk, "R-1", lake, ["00000000000000aa"], "one.csv"),
        lambda: privacy.authorised(desk, "R-1", lake, "revealed")([1]),
        lambda: privacy.forget(desk, "R-1", lake, "00000000000000aa"),
    ):
        with pytest.raises(RefusedError, match=r"approvals of another case store.*cases\.sqlite"):
            attempt()
    assert lake.approvals_path.read_bytes() == held
    own.close()
