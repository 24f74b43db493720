"""A capture of S1-MME or N2 to rows of `access` and `links`, or to decoded messages; the only door of this package.

Captures of the radio side (GSMTAP, exported PDUs) give decoded messages but no rows: no base station stands beside them.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from cellwarden.foundation.errors import UsageError
from cellwarden.ingest.signalling.context import Contexts
from cellwarden.ingest.signalling.datagrams import Datagram, Tunnels
from cellwarden.ingest.signalling.faults import Loss
from cellwarden.ingest.signalling.message import Message
from cellwarden.ingest.signalling.reading import events
from cellwarden.ingest.signalling.sctp import Closed
from cellwarden.ingest.signalling.userside import PROTOCOLS, USER_LINKS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from cellwarden.records.batch import Batch

NO_LINKS: Mapping[int, str] = MappingProxyType({})
"""User link types have no meaning until a site says which."""


def read_capture(
    path: Path, *, file: str, user_links: Mapping[int, str] = NO_LINKS, on_octets: Callable[[int], None] | None = None
) -> Iterator[Batch]:
    """Yield the rows of a capture, in the order of its frames, and what had to be refused.

    Args:
        path: pcap or pcapng, plain, gzip or Zstandard.
        file: The path to show in rejections.
        user_links: What the user link types 147 to 162 hold here: `s1ap`, `ngap`, `nas-eps`, `nas-5gs`.
        on_octets: Told now and then how many octets of the file have been read.

    Yields:
        Batches of `access` and of `links`; a row of `access` comes when nothing later can complete it any more.
        `faults["guessed_nas"]` counts rows from messages that were taken as plain for their looks. A damaged file ends
        with a rejection; the rows before the damage are kept.

    Raises:
        MalformedInputError: This is no capture at all.
        UsageError: A user link type is set to something else.
    """
    # Arrow takes longer to import than a small capture to decode.
    from cellwarden.ingest.signalling.registrations import Registrations  # noqa: PLC0415
    from cellwarden.ingest.signalling.rows import Rows  # noqa: PLC0415

    contexts = Contexts()
    rows, registrations = Rows(file, contexts), Registrations(file)
    told = events(path, contexts, user_links=_checked(user_links), tunnels=Tunnels(), on_octets=on_octets)
    for count, event in enumerate(told):
        if isinstance(event, Message):
            rows.take(event)
            registrations.learn(event)
        elif isinstance(event, Datagram):
            registrations.take(event)
        elif isinstance(event, Closed):
            rows.close_association(event.association)
        elif isinstance(event, Loss):
            rows.lost(event.frame, event.reason, event.label)
        if not count % 4096:
            yield from rows.batches()
            yield from registrations.batches()
    yield from rows.batches(is_last=True)
    yield from registrations.batches(is_last=True)


def decode_messages(
    path: Path,
    *,
    user_links: Mapping[int, str] = NO_LINKS,
) -> Iterator[Message]:
    """Yield every message of a capture, decoded as far as it can be; unreadable parts are in `faults`.

    Args:
        path: pcap or pcapng, plain, gzip or Zstandard.
        user_links: What the user link types 147 to 162 hold here: `s1ap`, `ngap`, `nas-eps`, `nas-5gs`.

    Raises:
        MalformedInputError: This is no capture at all.
        UsageError: A user link type is set to something else.
    """
    return cast("Iterator[Message]", events(path, Contexts(), user_links=_checked(user_links), is_all=False))


def decode_datagrams(path: Path) -> Iterator[Datagram]:
    """Yield what is inside the GTP-U tunnels of a capture, in the order of its frames.

    Raises:
        MalformedInputError: This is no capture at all.
    """
    for event in events(path, Contexts(), user_links=NO_LINKS, tunnels=Tunnels()):
        if isinstance(event, Datagram):
            yield event


def _checked(user_links: Mapping[int, str]) -> Mapping[int, str]:
    """Refuse link types and protocols that cannot be meant."""
    for link, protocol in user_links.items():
        if link not in USER_LINKS or protocol not in PROTOCOLS:
            raise UsageError(
                f"link type {link} cannot be read as {protocol}",
                where="user link types",
                fix=f"Give numbers {USER_LINKS[0]} to {USER_LINKS[-1]} and one of {', '.join(sorted(PROTOCOLS))}",
            )
    return user_links
