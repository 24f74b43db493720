"""A capture of S1-MME or N2 to rows of `access` and `links`; the only door of this package.

Captures of the radio side (GSMTAP) and of IKEv2 hold no S1AP or NGAP and yield no rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.ingest.signalling import ngap, s1ap
from cellwarden.ingest.signalling.aper import elements
from cellwarden.ingest.signalling.context import Contexts
from cellwarden.ingest.signalling.faults import DecodeError, TruncatedCaptureError
from cellwarden.ingest.signalling.frames import frames
from cellwarden.ingest.signalling.internet import Internet
from cellwarden.ingest.signalling.message import KINDS, Loss, Message
from cellwarden.ingest.signalling.rows import Rows
from cellwarden.ingest.signalling.sctp import Closed, Sctp, UserMessage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cellwarden.ingest.signalling.context import UeContext
    from cellwarden.ingest.signalling.frames import Frame
    from cellwarden.records.batch import Batch

_ELEMENTS = {"s1ap": s1ap.ELEMENTS, "ngap": ngap.ELEMENTS}


def read_capture(path: Path, *, file: str) -> Iterator[Batch]:
    """Yield the rows of a capture, in the order of its frames, and what had to be refused.

    Args:
        path: pcap or pcapng, plain or gzip.
        file: The path to show in rejections.

    Yields:
        Batches of `access` and of `links`; a row of `access` comes when nothing later can complete it any more.
        `faults["guessed_nas"]` counts rows from messages that were taken as plain for their looks. A damaged file ends
        with a rejection; the rows before the damage are kept.

    Raises:
        MalformedInputError: This is no capture at all.
    """
    contexts = Contexts()
    rows = Rows(file, contexts)
    for count, event in enumerate(_events(path, contexts)):
        if isinstance(event, Closed):
            rows.close_association(event.association)
        elif isinstance(event, Loss):
            rows.lost(event.frame, event.reason, event.label)
        else:
            rows.take(*event)
        if not count % 256:
            yield from rows.batches()
    yield from rows.batches(is_last=True)


def decode_messages(path: Path) -> Iterator[Message]:
    """Yield every S1AP and NGAP message of a capture, decoded as far as it can be; unreadable parts are in `faults`.

    Raises:
        MalformedInputError: This is no capture at all.
    """
    for event in _events(path, Contexts()):
        if not isinstance(event, Closed | Loss):
            yield event[0]


def _events(path: Path, contexts: Contexts) -> Iterator[tuple[Message, UeContext | None] | Closed | Loss]:
    """Yield messages with the context they belong to, ends of associations, and losses."""
    internet, sctp, number = Internet(), Sctp(), 0
    try:
        for frame in frames(path):
            number = frame.number
            try:
                packet = internet.packet(frame)
                if packet is None:
                    continue
                for event in sctp.messages(packet):
                    if isinstance(event, Closed):
                        contexts.close_association(event.association)
                        yield event
                    else:
                        message = _message(frame, event)
                        yield message, contexts.take(message)
            except DecodeError as error:
                yield Loss(number, str(error), f"frame of {len(frame.data)} bytes")
    except TruncatedCaptureError as error:
        yield Loss(number + 1, str(error), "")
        return
    for waiting, what in ((internet.waiting, "IP datagrams"), (sctp.waiting, "SCTP fragments")):
        if waiting:
            yield Loss(number, f"{what}: {waiting} never became complete", "")


def _message(frame: Frame, event: UserMessage) -> Message:
    """Decode one S1AP or NGAP message: the one place where a short slice or a bad field is caught."""
    message = Message(
        frame.number,
        frame.at_us,
        event.source,
        event.source_port,
        event.destination,
        event.destination_port,
        event.association,
        event.protocol,
        len(event.data),
    )
    readers = _ELEMENTS[event.protocol]
    try:
        kind, message.procedure, found = elements(event.data)
    except (DecodeError, IndexError) as error:
        message.faults.append(f"{event.protocol}: {_why(error)}")
        return message
    message.kind = KINDS[kind]
    for identifier, content in found:
        known = readers.get(identifier)
        if known:
            try:
                known[1](message, content)
            except (DecodeError, IndexError) as error:
                message.faults.append(f"{known[0]}: {_why(error)}")
    return message


def _why(error: Exception) -> str:
    return str(error) if isinstance(error, DecodeError) else "ends early"
