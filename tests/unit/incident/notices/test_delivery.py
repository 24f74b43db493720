import email
import email.policy
import http.server
import itertools
import json
import threading
from datetime import UTC, date, datetime

import pytest
from aiosmtpd.controller import Controller

from cellwarden.foundation.errors import UsageError
from cellwarden.incident.notices.delivery import Folder, Letter, Receipt, Smtp, Webhook, deliver, fallback, read_receipts

STOPPED = datetime(2026, 11, 20, tzinfo=UTC)


def letter(reference="0123456789ab", address="kim@example.com"):
    return Letter(
        reference=reference, title="개인정보 유출 통지", text="본문입니다.\n", pdf=b"%PDF-1.7\n", language="ko", address=address
    )


def delivered(letters, adapter, path):
    return deliver(letters, adapter, path, clock=lambda: STOPPED)


class Mailbox:
    """Takes mail, and refuses receivers that begin with `refuse`."""

    def __init__(self):
        self.mails = []

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 (the library's name)
        if address.startswith("refuse"):
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 (the library's name)
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


@pytest.fixture
def relay():
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=_free_port())
    server.start()
    yield box, Smtp("127.0.0.1", server.port, "care@mobile.example", starttls=False)
    server.stop()


def _free_port():
    import socket  # noqa: PLC0415 (only here)

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_mail_carries_text_and_pdf_and_its_own_name(relay, tmp_path):
    box, adapter = relay
    assert delivered([letter()], adapter, tmp_path / "r.jsonl")["delivered"] == 1
    (mail,) = box.mails
    assert (mail["Subject"], mail["To"], mail["Message-ID"]) == (
        "개인정보 유출 통지",
        "kim@example.com",
        "<0123456789ab@mobile.example>",
    )
    assert mail.get_body().get_content().replace("\r\n", "\n") == "본문입니다.\n"
    (attached,) = mail.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("0123456789ab.pdf", b"%PDF-1.7\n")


def test_a_refused_mail_is_tried_again_and_a_delivered_one_is_not(relay, tmp_path):
    box, adapter = relay
    receipts = tmp_path / "r.jsonl"
    letters = [letter("a" * 12), letter("b" * 12, address="refuse@example.com")]
    assert delivered(letters, adapter, receipts) == {"delivered": 1, "failed": 1, "unreachable": 0, "already": 0}
    assert delivered(letters, adapter, receipts) == {"delivered": 0, "failed": 1, "unreachable": 0, "already": 1}
    assert len(box.mails) == 1
    assert [(each.reference[0], each.outcome) for each in read_receipts(receipts)] == [
        ("a", "delivered"),
        ("b", "failed"),
        ("b", "failed"),
    ]


def test_who_had_no_address_is_tried_again_once_there_is_a_way(relay, tmp_path):
    box, adapter = relay
    receipts = tmp_path / "r.jsonl"
    nobody, later = letter("a" * 12, address=""), letter("b" * 12, address="")
    assert delivered([nobody, later], adapter, receipts)["unreachable"] == 2
    assert delivered([nobody, letter("b" * 12)], adapter, receipts) == {
        "delivered": 1,
        "failed": 0,
        "unreachable": 0,
        "already": 1,
    }
    assert len(box.mails) == 1
    assert delivered([nobody, letter("b" * 12)], Folder(tmp_path / "post"), receipts)["delivered"] == 1
    assert [path.name for path in (tmp_path / "post").glob("*.pdf")] == [f"{'a' * 12}.pdf"]
    assert fallback(read_receipts(receipts), ["a" * 12, "b" * 12], on=date(2026, 11, 20))["references"] == []


def test_a_server_that_is_not_there_is_a_failure_not_a_crash(tmp_path):
    counted = delivered([letter()], Smtp("127.0.0.1", _free_port(), "care@mobile.example"), tmp_path / "r.jsonl")
    assert counted["failed"] == 1


def test_a_receipt_never_shows_an_address(relay, tmp_path):
    delivered([letter()], relay[1], tmp_path / "r.jsonl")
    text = (tmp_path / "r.jsonl").read_text()
    assert "kim@example.com" not in text
    assert "k\u2026(15)" in text


@pytest.fixture
def platform():
    taken = []
    answers = itertools.chain([503], itertools.repeat(202))

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = next(answers)
            if status == 202:
                taken.append((dict(self.headers), json.loads(body)))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield taken, Webhook(f"http://127.0.0.1:{server.server_port}/notices", token="t0ken")  # noqa: S106 (made up)
    server.shutdown()
    server.server_close()


def test_a_webhook_gets_json_with_the_reference_as_idempotency_key(platform, tmp_path):
    taken, adapter = platform
    assert delivered([letter()], adapter, tmp_path / "r.jsonl")["failed"] == 1  # 503: later
    assert delivered([letter()], adapter, tmp_path / "r.jsonl")["delivered"] == 1
    ((headers, body),) = taken
    assert (headers["Idempotency-Key"], headers["Authorization"]) == ("0123456789ab", "Bearer t0ken")
    assert (body["to"], body["text"]) == ("kim@example.com", "본문입니다.\n")
    assert [each.answer for each in read_receipts(tmp_path / "r.jsonl")] == ["OSError", "202"]


def test_a_webhook_that_would_read_this_machine_is_refused():
    with pytest.raises(UsageError, match="not an HTTP address"):
        Webhook("file:///etc/hosts")


def test_a_folder_takes_letters_without_an_address(tmp_path):
    assert delivered([letter(address="")], Folder(tmp_path / "post"), tmp_path / "r.jsonl")["delivered"] == 1
    assert sorted(path.name for path in (tmp_path / "post").iterdir()) == ["0123456789ab.pdf", "0123456789ab.txt"]


def test_who_has_no_address_stands_on_the_web_for_thirty_days(relay, tmp_path):
    letters = [letter("a" * 12), letter("b" * 12, address=""), letter("c" * 12, address="refuse@example.com")]
    assert delivered(letters, relay[1], tmp_path / "r.jsonl")["unreachable"] == 1
    standing = fallback(read_receipts(tmp_path / "r.jsonl"), [each.reference for each in letters], on=date(2026, 11, 20))
    assert standing == {"from": "2026-11-20", "until": "2026-12-20", "references": ["b" * 12, "c" * 12]}


def test_a_line_cut_short_by_a_crash_is_no_receipt(tmp_path):
    path = tmp_path / "r.jsonl"
    delivered([letter()], Folder(tmp_path / "post"), path)
    with path.open("a") as file:
        file.write('{"reference": "bbb')
    assert [type(each) for each in read_receipts(path)] == [Receipt]
    assert read_receipts(tmp_path / "none.jsonl") == []
