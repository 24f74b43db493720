"""Checkpoints: what left the house cannot be denied, whoever holds the log."""

import base64
import json
import stat
from datetime import UTC, datetime

import pytest

from cellwarden.evidence import checkpoint
from cellwarden.evidence.log import START, line_after
from cellwarden.evidence.merkle import root
from cellwarden.foundation.errors import MalformedInputError, RefusedError

AT = datetime(2025, 9, 5, tzinfo=UTC)


def written(*reasons):
    lines, previous = [], START
    for reason in reasons:
        line, previous = line_after(previous, "act", at=AT, reason=reason)
        lines.append(line)
    return lines


LINES = written("하나", "two", "three", "four")


@pytest.fixture
def signer(tmp_path):
    return checkpoint.Signer.read_or_make(tmp_path / "key", "cellwarden-test")


def test_a_note_states_size_and_root_and_opens_with_its_verifier_alone(signer, tmp_path):
    note = signer.note(LINES)
    assert note.split("\n")[:3] == ["cellwarden-test", "4", base64.b64encode(root([line.encode() for line in LINES])).decode()]
    stated = checkpoint.opened(note, signer.verifier)
    assert (stated.origin, stated.size) == ("cellwarden-test", 4)
    other = checkpoint.Signer.read_or_make(tmp_path / "other", "cellwarden-test")
    with pytest.raises(RefusedError, match="not of this verifier"):
        checkpoint.opened(note, other.verifier)
    with pytest.raises(RefusedError, match="not of this verifier"):
        checkpoint.opened(note, checkpoint.Signer.read_or_make(tmp_path / "key", "somebody-else").verifier)


def test_every_changed_octet_of_a_note_is_found(signer):
    note = signer.note(LINES).encode()
    for place in range(len(note) - 1):
        changed = note[:place] + bytes([note[place] ^ 1]) + note[place + 1 :]
        with pytest.raises((RefusedError, MalformedInputError)):
            checkpoint.opened(changed.decode(errors="replace"), signer.verifier)


def test_a_verifier_of_the_published_form_is_what_other_tools_read(signer):
    """The example of the Go package golang.org/x/mod/sumdb/note has this form: name, 8 hex digits, base64 that starts with type 1."""
    origin, key_hash, key = signer.verifier.split("+", 2)
    assert (origin, len(key_hash), base64.b64decode(key)[0], len(base64.b64decode(key))) == ("cellwarden-test", 8, 1, 33)


def test_a_published_verifier_and_note_open():
    """The example of golang.org/x/mod/sumdb/note (BSD): a text signed by PeterNeumann."""
    verifier = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    origin, key_hash, key = verifier.split("+", 2)
    public = base64.b64decode(key)[1:]
    assert checkpoint._key_hash(origin, public).hex() == key_hash


def test_a_key_file_is_for_its_owner_and_is_kept(tmp_path):
    first = checkpoint.Signer.read_or_make(tmp_path / "key", "a")
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert checkpoint.Signer.read_or_make(tmp_path / "key", "a").verifier == first.verifier
    (tmp_path / "key").chmod(0o644)
    with pytest.raises(RefusedError, match="others may read"):
        checkpoint.Signer.read_or_make(tmp_path / "key", "a")
    (tmp_path / "bad").write_text("00ff")
    (tmp_path / "bad").chmod(0o600)
    with pytest.raises(MalformedInputError, match="32 octets"):
        checkpoint.Signer.read_or_make(tmp_path / "bad", "a")


def test_a_log_that_goes_on_holds_and_one_that_was_written_anew_does_not(signer):
    held = [checkpoint.entry(signer.note(LINES[:2]), LINES[:2], at=AT), checkpoint.entry(signer.note(LINES), LINES, at=AT)]
    assert checkpoint.problems(LINES, held, signer.verifier) == []
    assert checkpoint.problems([*LINES, *written("x")], held, None) == ["line 5 does not follow from the line before it"]
    anew = written("하나", "another two", "three", "four")
    assert checkpoint.problems(anew, [], None) == [], "the chain alone does not tell"
    assert [problem.split(" are not")[0] for problem in checkpoint.problems(anew, held, signer.verifier)] == [
        "the first 2 lines",
        "the first 4 lines",
    ]


def test_every_changed_octet_of_a_log_with_a_checkpoint_is_found(signer):
    held = [checkpoint.entry(signer.note(LINES), LINES, at=AT)]
    content = "\n".join(LINES).encode()
    for place in range(len(content)):
        changed = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
        assert checkpoint.problems(changed.decode(errors="replace").split("\n"), held, signer.verifier), place


def test_lines_taken_off_the_end_are_found_and_a_checkpoint_of_another_log_too(signer):
    held = [checkpoint.entry(signer.note(LINES), LINES, at=AT)]
    assert "lines were taken out" in checkpoint.problems(LINES[:3], held, signer.verifier)[0]
    lying = [{**held[0], "size": 3, "root": root([line.encode() for line in LINES[:3]]).hex()}]
    assert "states another log" in checkpoint.problems(LINES, lying, signer.verifier)[0]


def test_a_broken_file_of_checkpoints_is_not_taken_for_an_empty_one(tmp_path):
    path = tmp_path / "audit.checkpoints.json"
    assert checkpoint.read_checkpoints(path) == []
    path.write_text(json.dumps([{"size": 1}]))
    with pytest.raises(MalformedInputError, match="no checkpoints"):
        checkpoint.read_checkpoints(path)
