"""Throw mutated octets at every layer of the signalling decoder: nothing may escape, hang or eat the memory.

    python tests/fuzz/signalling.py --runs 1000000 [--seed 1] [--layers s1ap,nas-eps]

Coverage guides the mutation where atheris is installed (`--coverage`); else octets of seeds are changed, cut, repeated and
spliced at random. Seeds are the messages of the shared captures, if they are there, and the made-up ones of
`corpus/signalling.txt`, which also holds what once went wrong: one `layer hex` a line.
"""

from __future__ import annotations

import io
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

from campaign import run

from cellwarden.foundation.errors import MalformedInputError
from cellwarden.ingest.signalling import decoding, layouts, ngap, reading, s1ap
from cellwarden.ingest.signalling.context import Contexts
from cellwarden.ingest.signalling.courses import course_of
from cellwarden.ingest.signalling.datagrams import Tunnels
from cellwarden.ingest.signalling.decoding import decode, decode_at
from cellwarden.ingest.signalling.faults import DecodeError, TruncatedCaptureError
from cellwarden.ingest.signalling.frames import _pcap, _pcapng
from cellwarden.ingest.signalling.internet import Packet
from cellwarden.ingest.signalling.layouts import BOOKS
from cellwarden.ingest.signalling.message import Message
from cellwarden.ingest.signalling.reading import _General
from cellwarden.ingest.signalling.route import Route
from cellwarden.ingest.signalling.rows import Rows
from cellwarden.ingest.signalling.window import Window

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
CORPUS = HERE / "corpus" / "signalling.txt"
CAPTURES = HERE.parents[1].parent / "shared" / "captures"
LAYERS = ("file", "frame", "sctp", "s1ap", "ngap", "nas-eps", "nas-5gs")


class State:
    """What lives between inputs, as within one capture."""

    def __init__(self) -> None:
        self.contexts = Contexts()
        self.general = _General(self.contexts, {147: "s1ap"}, Tunnels())
        self.rows = Rows("fuzz", self.contexts)
        up = Route("10.0.0.1", 40001, "10.0.0.2", 36412, 1)
        self.routes = (up, Route("10.0.0.2", 36412, "10.0.0.1", 40001, 1, up.phones))
        self.count = 0
        self.untaught = {
            name: layouts.Protocol(
                name, book, (known.core_key, known.ran_key, known.nas_key, known.pair_key), known.core_shift, set()
            )
            for (name, known), book in zip(layouts.BOOKS.items(), (s1ap, ngap), strict=True)
        }

    def take(self, layer: str, data: bytes) -> None:
        """Give one input to one layer; only our own errors may be raised, and none by a message."""
        self.count += 1
        if layer == "file":
            self._file(data)
        elif layer in {"frame", "sctp"}:
            self._packet(layer, data)
        else:
            route = self.routes[self.count & 1]
            if layer in {"s1ap", "ngap"}:
                self._message(self._same(layer, route, data))
            else:
                message = Message(self.count, 0, route, course_of(layer), len(data))
                message.nas_pdus = (data,)
                self._message(message)
        if not self.count % 4096:
            for _ in self.rows.batches(is_last=True):
                pass

    @staticmethod
    def _file(data: bytes) -> None:
        window = Window(io.BytesIO(data))
        with suppress(TruncatedCaptureError, MalformedInputError):
            for _ in _pcapng(window) if data[:1] == b"\0" else _pcap(window, "<", 1, 16):
                pass

    def _packet(self, layer: str, data: bytes) -> None:
        with suppress(DecodeError):
            if layer == "frame" and data:
                link = (1, 113, 276, 101, 0, 252, 147)[data[0] % 7]
                for event in self._frame(link, data[1:]):
                    if isinstance(event, Message):
                        self.rows.take(event)
            else:
                for event in self.general.sctp.messages(Packet("10.0.0.1", "10.0.0.2", data, is_cut=False)):
                    if hasattr(event, "route"):
                        self._message(decode(self.count, 0, event.route, BOOKS[event.protocol], event.data))

    def _frame(self, link: int, data: bytes) -> Iterator[object]:
        """Give every other frame to the short path, which begins at a file, and the rest to the general one."""
        if self.count & 1:
            return self.general.events(self.count, 0, link, data)
        frame = (self.count, 0, link, data)
        with mock.patch.object(reading, "records", return_value=iter([frame])):
            return iter([*reading.events(HERE, self.contexts, user_links={147: "s1ap"}, tunnels=Tunnels())])

    def _same(self, layer: str, route: Route, data: bytes) -> Message:
        """Decode by what was learnt of earlier messages and by walking: both must say the same."""
        # Octets of others stand around a message, in a frame.
        message = decode_at(self.count, 0, route, BOOKS[layer], data[:9] + data + data, min(9, len(data)), len(data))
        if not self.count & 3:
            walked = Message(self.count, 0, route, course_of(layer), len(data))
            decoding._walk(walked, self.untaught[layer], data)
            told = [{name: value for name, value in vars(each).items() if value is not None} for each in (message, walked)]
            assert told[0] == told[1], "a remembered layout reads something else"
        return message

    def _message(self, message: Message) -> None:
        self.contexts.take(message)
        self.rows.take(message)


def seeds() -> dict[str, list[bytes]]:
    """Collect inputs to begin with, by layer."""
    found: dict[str, list[bytes]] = {layer: [] for layer in LAYERS}
    for line in CORPUS.read_text().splitlines():
        if line and not line.startswith("#"):
            layer, _, text = line.partition(" ")
            found[layer].append(bytes.fromhex(text))
    for path in sorted(CAPTURES.rglob("*.pcap*")) if CAPTURES.exists() else []:
        _gather(path, found)
    return {layer: [*dict.fromkeys(inputs)] or [b"\0"] for layer, inputs in found.items()}


def _gather(path: Path, found: dict[str, list[bytes]]) -> None:
    """Take frames, SCTP packets, messages and NAS messages out of a capture."""
    from cellwarden.ingest.signalling import context  # noqa: PLC0415 (only to listen)
    from cellwarden.ingest.signalling.frames import records  # noqa: PLC0415
    from cellwarden.ingest.signalling.internet import SCTP, Internet  # noqa: PLC0415

    found["file"].append(path.read_bytes()[4:3000])
    internet, general = Internet(), _General(context.Contexts(), {}, None)
    for number, at_us, link, data in records(path):
        packet = internet.inside(link, data)
        if packet is None:
            continue
        if len(found["frame"]) < 3000:
            found["frame"].append(bytes([{1: 0, 113: 1, 276: 2}.get(link, 3)]) + data)
        if packet.protocol == SCTP:
            found["sctp"].append(packet.data)
            for event in general.sctp.messages(packet):
                if hasattr(event, "data"):
                    found[event.protocol].append(event.data)
                    message = decode(number, at_us, event.route, BOOKS[event.protocol], event.data)
                    found["nas-eps" if event.protocol == "s1ap" else "nas-5gs"].extend(message.nas_pdus)


if __name__ == "__main__":
    sys.exit(run(State, LAYERS, seeds))
