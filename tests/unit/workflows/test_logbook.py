"""The log as a file: exported, signed, checked, and held against the store."""

from datetime import UTC, datetime

import pytest

from cellwarden.evidence.log import append
from cellwarden.foundation.errors import MalformedInputError, RefusedError
from cellwarden.workflows import logbook

AT = datetime(2025, 9, 5, tzinfo=UTC)


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "lake.audit.jsonl"
    for number in range(5):
        append(path, "identifiers_revealed", at=AT, people=number)
    return path


def sign(log):
    return logbook.sign(log, log.with_name("key"), origin="test", clock=lambda: AT)


def test_a_signed_log_goes_on_and_holds(log):
    _, verifier = sign(log)
    append(log, "identifiers_revealed", at=AT, people=9)
    made, _ = sign(log)
    assert made["size"] == 6
    assert logbook.verify(log, verifier=verifier) == []


def test_a_log_written_anew_is_found_and_not_signed_again(log):
    _, verifier = sign(log)
    log.unlink()
    for number in range(6):
        append(log, "identifiers_revealed", at=AT, people=0 * number)
    assert "are not those of the checkpoint" in logbook.verify(log, verifier=verifier)[0]
    with pytest.raises(RefusedError, match="are not those"):
        sign(log)


def test_nothing_is_stamped_before_it_is_signed_and_nothing_signed_that_is_not_there(log, tmp_path):
    with pytest.raises(MalformedInputError, match="no checkpoint"):
        logbook.stamp_request(log)
    with pytest.raises(MalformedInputError, match="no log"):
        logbook.verify(tmp_path / "none.jsonl", verifier=None)
    sign(log)
    assert logbook.stamp_request(log)[:1] == b"0", "a DER sequence"
