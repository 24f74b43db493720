"""What a setup or update may hold besides id, name and areas. Nothing is made of it, but each is read to its end.

An element says how long it is, and a core that overlooks that finds the next one where its own reading ends: octets that the gate
passed over would be elements to it. So the gate finds where the reading ends too.

References: TS 36.413, 9.1.8.4, 9.1.8.7, 9.3.4; TS 38.413, 9.2.6.1, 9.2.6.4, 9.4.5; X.691.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.ingest.signalling.aper import Reader, transport_address
from cellwarden.ingest.signalling.s1ap import supported_areas

if TYPE_CHECKING:
    from collections.abc import Callable


def closed_groups(reader: Reader) -> None:
    """Read a CSG Id List: up to 256 ids of 27 bits."""
    for _ in range(reader.integer(1, 256)):
        is_extended, has_extensions = reader.bits(1), reader.bits(1)
        reader.align()
        reader.bits(27)
        reader.close(has_extensions=bool(has_extensions), is_extended=bool(is_extended))


def connected_stations(reader: Reader) -> None:
    """Read a Connected en-gNB List: up to 256 ids of 22 to 32 bits, each with its areas."""
    for _ in range(reader.integer(1, 256)):
        is_extended, has_extensions = reader.bits(1), reader.bits(1)
        bits = reader.length() if reader.bits(1) else reader.integer(22, 32)
        reader.align()
        reader.bits(bits)
        supported_areas(reader)
        reader.close(has_extensions=bool(has_extensions), is_extended=bool(is_extended))


def extended_name(reader: Reader) -> None:
    """Read an Extended RAN Node Name: one of 1 to 150 visible characters, one in UTF-8, or both."""
    is_extended, has_visible, has_any, has_extensions = (reader.bits(1) for _ in range(4))
    if has_visible:
        reader.octets(reader.length() if reader.bits(1) else reader.integer(1, 150))
    if has_any:
        reader.octets(reader.length())
    reader.close(has_extensions=bool(has_extensions), is_extended=bool(is_extended))


def removed_associations(reader: Reader) -> None:
    """Read a TNL Association to Remove List: up to 32 addresses of the station, each with one of the core or not."""
    for _ in range(reader.integer(1, 32)):
        has_core, has_extensions = reader.bits(1), reader.bits(1)
        for _ in range(1 + has_core):
            if reader.bits(1):
                reader.octets(3)  # a single container: id and criticality
                reader.string()
            else:
                transport_address(reader)
        reader.close(has_extensions=bool(has_extensions), is_extended=False)


S1AP: dict[int, Callable[[Reader], object]] = {
    128: closed_groups,
    291: connected_stations,
    292: connected_stations,
    293: connected_stations,
}
NGAP: dict[int, Callable[[Reader], object]] = {167: removed_associations, 273: extended_name}
