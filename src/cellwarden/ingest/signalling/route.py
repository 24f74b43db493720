"""The way of a message between two ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cellwarden.ingest.signalling.context import UeContext

CORE_PORTS = frozenset({36412, 38412})
"""Where an MME and an AMF listen (TS 36.412, 7; TS 38.412, 7)."""
Phones = dict["int | None", "UeContext"]
"""Contexts of the phones of an association, by RAN id; none stands under None, which a message without the id looks for."""


class Route:
    """The way of an SCTP packet: both ends, and the association that it belongs to; 0: there is none."""

    __slots__ = ("association", "destination", "destination_port", "is_uplink", "phones", "source", "source_port")

    def __init__(  # noqa: PLR0917 (both ends, then the association)
        self,
        source: str,
        source_port: int,
        destination: str,
        destination_port: int,
        association: int,
        phones: Phones | None = None,
    ) -> None:
        """Note the ends; `phones` is one table for all routes of an association, which `context` keeps."""
        self.source, self.source_port = source, source_port
        self.destination, self.destination_port = destination, destination_port
        self.association, self.phones = association, {} if phones is None else phones
        to_core = destination_port in CORE_PORTS
        self.is_uplink = to_core if to_core != (source_port in CORE_PORTS) else None
        """By the port of the core; None: the ports do not tell."""
