"""Evidence with its custody; seized equipment says by what it is known."""

from datetime import timedelta

import pytest
from response import START

from cellwarden.foundation.errors import MalformedInputError, UsageError
from cellwarden.incident.case.evidence_items import EnterEvidence, RecordCustody, custody_of

SHA, OTHER = "a" * 64, "b" * 64


def entered(case_id, **changes):
    facts = {"kind": "records", "name": "access.parquet", "sha256": SHA, "source": "signalling probe", "query": "all of August"}
    return EnterEvidence(case_id=case_id, **{**facts, **changes})


def test_custody_tells_every_hand_and_every_hash(response):
    case_id = response.case()
    item = response.do("han", entered(case_id, rows=5, first_at=START - timedelta(days=30), last_at=START)).evidence_id
    response.do("seo", RecordCustody(case_id=case_id, evidence_id=item, custody="handed_over", place="police", sha256=SHA))
    response.do("han", RecordCustody(case_id=case_id, evidence_id=item, custody="checked", place="vault", sha256=OTHER))
    with response.store.reading(response.tokens["oh"], case_id=case_id) as connection:
        steps = [(row["step"], row["by_person"], row["act"], row["sha256"]) for row in custody_of(connection, item)]
    assert steps == [(1, "han", "collected", SHA), (2, "seo", "handed_over", SHA), (3, "han", "checked", OTHER)]


def test_seized_equipment_keeps_serial_and_certificate(response):
    identifiers = {"serials": ["FC-0002", "FC-0001", "FC-0001"], "certificates": [OTHER]}
    done = response.do("han", entered(response.case(), kind="seized_equipment", name="list.pdf", identifiers=identifiers))
    assert done.identifiers == {"serials": ["FC-0001", "FC-0002"], "certificates": [OTHER]}


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"sha256": "A" * 64}, "64 hex digits"),
        ({"kind": "rumour"}, "no kind of evidence"),
        ({"first_at": START, "last_at": START - timedelta(days=1)}, "first record is later"),
        ({"identifiers": {"serials": ["FC-1"]}}, "only seized equipment"),
        ({"kind": "seized_equipment"}, "without serial, certificate or address"),
        ({"kind": "seized_equipment", "identifiers": {"colours": ["red"]}}, "unknown identifiers colours"),
        ({"kind": "seized_equipment", "identifiers": {"certificates": ["zz"]}}, "64 hex digits"),
        ({"name": "call from 010-0000-1234"}, "subscriber's number"),
    ],
)
def test_what_is_no_evidence_is_refused(response, changes, because):
    with pytest.raises((MalformedInputError, UsageError), match=because):
        response.do("han", entered(response.case(), **changes))


def test_collecting_is_not_a_later_step(response):
    case_id = response.case()
    item = response.do("han", entered(case_id)).evidence_id
    with pytest.raises(UsageError, match="no step of custody"):
        response.do("han", RecordCustody(case_id=case_id, evidence_id=item, custody="collected", place="here", sha256=SHA))
