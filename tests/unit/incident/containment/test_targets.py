"""Targets take a message once, in whole, and say so when they do not."""

import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest

from cellwarden.admission.blocks import Block
from cellwarden.foundation.errors import MalformedInputError, RefusedError
from cellwarden.incident.containment.targets import (
    BlockListTarget,
    FileTarget,
    UndeliveredError,
    WebhookTarget,
    read_block_list,
    read_targets,
)

MESSAGE = {
    "request": "R-1",
    "act": "block_cell",
    "until": "2025-09-07T00:00:00Z",
    "block": {"kind": "cell", "value": "home:1001"},
    "people": [],
}


class Hook(BaseHTTPRequestHandler):
    """Answers as told and keeps what it heard."""

    answers: ClassVar[list[int]] = []
    heard: ClassVar[list[tuple[dict, bytes]]] = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).heard.append((dict(self.headers), body))
        status = type(self).answers.pop(0) if type(self).answers else 200
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "http://127.0.0.1:9/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def hook():
    Hook.answers, Hook.heard = [], []
    server = HTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/acts"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_file_takes_a_message_once(tmp_path):
    target = FileTarget(tmp_path / "work.jsonl")
    for key in ("V-1", "V-1", "V-10"):
        target.send("apply", MESSAGE, key=key)
    lines = [json.loads(line) for line in target.path.read_text().splitlines()]
    assert [(line["key"], line["step"], line["request"]) for line in lines] == [
        ("V-1", "apply", "R-1"),
        ("V-10", "apply", "R-1"),
    ]


def test_a_line_that_a_kill_cut_off_does_not_spoil_the_next(tmp_path):
    target = FileTarget(tmp_path / "work.jsonl")
    target.path.write_text('{"key": "V-1", "st')
    target.send("apply", MESSAGE, key="V-2")
    assert json.loads(target.path.read_text().splitlines()[-1])["key"] == "V-2"


def test_a_file_that_cannot_be_written_says_so(tmp_path):
    with pytest.raises(UndeliveredError, match="IsADirectoryError"):
        FileTarget(tmp_path).send("apply", MESSAGE, key="V-1")


def test_a_hook_hears_the_message_its_key_and_a_signature(hook):
    WebhookTarget(hook, b"shared").send("apply", MESSAGE, key="V-1")
    ((headers, body),) = Hook.heard
    assert json.loads(body) == {**MESSAGE, "key": "V-1", "step": "apply"}
    assert headers["Idempotency-Key"] == "V-1"
    assert headers["X-Cellwarden-Signature"] == "sha256=" + hmac.new(b"shared", body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize("status", [302, 400, 500])
def test_any_other_answer_is_a_failure_and_a_redirect_is_not_followed(hook, status):
    Hook.answers = [status]
    with pytest.raises(UndeliveredError, match=f"answers {status}"):
        WebhookTarget(hook).send("apply", MESSAGE, key="V-1")


def test_nobody_listening_is_a_failure():
    with pytest.raises(UndeliveredError):
        WebhookTarget("http://127.0.0.1:9/").send("apply", MESSAGE, key="V-1")


@pytest.mark.parametrize("url", ["http://gate.example/acts", "ftp://127.0.0.1/", "http://192.0.2.1/"])
def test_acts_do_not_cross_a_network_in_clear(url):
    with pytest.raises(RefusedError, match="https"):
        WebhookTarget(url)
    WebhookTarget("https://gate.example/acts")


def test_the_block_list_is_what_the_gate_reads(tmp_path):
    target = BlockListTarget(tmp_path / "blocks.json")
    target.send("apply", MESSAGE, key="V-1")
    target.send("apply", MESSAGE, key="V-1")
    other = {**MESSAGE, "request": "R-2", "block": {"kind": "network", "value": "203.0.113.0/24"}}
    target.send("apply", other, key="V-2")
    entries = read_block_list(target.path)
    assert [Block(each["kind"], each["value"], each["reason"]).value for each in entries] == ["home:1001", "203.0.113.0/24"]
    assert entries[0]["until"] == "2025-09-07T00:00:00Z"
    target.send("undo", MESSAGE, key="V-3")
    target.send("undo", MESSAGE, key="V-3")
    assert [each["request"] for each in read_block_list(target.path)] == ["R-2"]
    assert [path.name for path in tmp_path.iterdir()] == ["blocks.json"]


def test_undoing_one_of_two_blocks_of_the_same_cell_leaves_the_other(tmp_path):
    target = BlockListTarget(tmp_path / "blocks.json")
    target.send("apply", MESSAGE, key="V-1")
    target.send("apply", {**MESSAGE, "request": "R-2"}, key="V-2")
    target.send("undo", MESSAGE, key="V-3")
    assert [(each["request"], each["value"]) for each in read_block_list(target.path)] == [("R-2", "home:1001")]


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"blocks": [{}]}', '{"blocks": 5}'])
def test_what_is_no_block_list_is_not_written_over(tmp_path, content):
    target = BlockListTarget(tmp_path / "blocks.json")
    target.path.write_text(content)
    with pytest.raises(UndeliveredError, match="no block list"):
        target.send("apply", MESSAGE, key="V-1")
    assert target.path.read_text() == content


def test_the_gate_is_not_asked_what_it_cannot_do(tmp_path):
    with pytest.raises(UndeliveredError, match="cannot list_usim_swap"):
        BlockListTarget(tmp_path / "blocks.json").send("apply", {**MESSAGE, "act": "list_usim_swap", "block": None}, key="V-1")


def test_a_targets_file_names_each_with_its_kind(tmp_path):
    (tmp_path / "secret").write_text("shared\n")
    path = tmp_path / "targets.toml"
    path.write_text(
        '[field]\nkind = "file"\npath = "work.jsonl"\n[gate]\nkind = "block_list"\npath = "blocks.json"\n'
        '[notify]\nkind = "webhook"\nurl = "http://127.0.0.1:8080/"\nsecret_file = "secret"\n'
    )
    targets = read_targets(path)
    assert targets["field"] == FileTarget(tmp_path / "work.jsonl")
    assert targets["gate"] == BlockListTarget(tmp_path / "blocks.json")
    assert targets["notify"] == WebhookTarget("http://127.0.0.1:8080/", b"shared")


@pytest.mark.parametrize("content", ["x", '[a]\nkind = "pigeon"', '[a]\nkind = "file"', "a = 1"])
def test_what_is_no_targets_file_is_refused(tmp_path, content):
    (tmp_path / "targets.toml").write_text(content)
    with pytest.raises(MalformedInputError, match="no targets file"):
        read_targets(tmp_path / "targets.toml")


@pytest.mark.parametrize(
    ("secret", "message"), [(None, "hook.secret: no secret for target notify"), (b" \n", "target notify is empty")]
)
def test_a_hook_without_its_secret_is_told_by_name_with_what_to_write(tmp_path, secret, message):
    path = tmp_path / "targets.toml"
    path.write_text('[notify]\nkind = "webhook"\nurl = "https://pager.example/hook"\nsecret_file = "hook.secret"\n')
    if secret is not None:
        (tmp_path / "hook.secret").write_bytes(secret)
    with pytest.raises(MalformedInputError, match=message):
        read_targets(path)
