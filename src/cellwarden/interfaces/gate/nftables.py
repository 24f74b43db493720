"""The door itself: a default-drop nftables set of addresses inside tunnels. Whoever is not in it passes no packet.

The set outlives the process that fills it: a gate that is dead or hung lets nobody new in and puts nobody out. Rules go
through libnftables, single addresses by netlink; both answer whether the kernel took them (an `nft -i` behind a pipe does not).
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import re
import threading
from ipaddress import ip_address
from typing import TYPE_CHECKING, Protocol

from cellwarden.foundation.errors import CellwardenError, MissingPartError, UsageError
from cellwarden.interfaces.gate.nft_elements import Elements

if TYPE_CHECKING:
    from collections.abc import Iterator
    from ipaddress import IPv4Address, IPv6Address

LIBRARY = "libnftables.so.1"
_JSON_OUTPUT = 1 << 4
"""NFT_CTX_OUTPUT_JSON of libnftables(3)."""
_FIX = "Load `cellwarden gate firewall` at boot; the gate needs CAP_NET_ADMIN in the gateway's network namespace"
_TABLE = re.compile(r"[a-z][a-z0-9_]{0,30}")
RULES = """table inet {table} {{
  set admitted {{ type ipv4_addr; }}
  set admitted6 {{ type ipv6_addr; }}
  chain input {{
    type filter hook input priority filter; policy accept;
    {match} ip saddr @admitted counter accept
    {match} ip6 saddr @admitted6 counter accept
    {match} counter drop
  }}
  chain forward {{
    type filter hook forward priority filter; policy accept;
    {match} ip saddr @admitted counter accept
    {match} ip6 saddr @admitted6 counter accept
    {match} counter drop
  }}
}}
"""


class Door(Protocol):
    """What an adapter does with a decision."""

    def open(self, *inner_ips: str) -> None:
        """Let packets from these addresses pass; raise CellwardenError if that did not work, and then from none of them."""

    def close(self, inner_ip: str) -> None:
        """Let no packet from this address pass; nothing happens if none did."""

    def admitted(self) -> set[str]:
        """Return the addresses that may pass."""


def rules(table: str = "cellwarden", match: str = 'iifname "ipsec*"') -> str:
    """Return the rule set to load at boot, before the security gateway starts.

    Args:
        table: Name of the table.
        match: What tells packets that came out of a tunnel: `iifname "ipsec*"` for libipsec, `meta secpath exists` for ESP
            in the kernel.
    """
    if not _TABLE.fullmatch(table):
        raise UsageError(f"{table!r} is no name of a table", where="[nftables]", fix="Use lower-case letters, digits and _")
    return RULES.format(table=table, match=match)


class Nftables:
    """The set in the kernel, in the network namespace of this process."""

    def __init__(self, table: str = "cellwarden", match: str = 'iifname "ipsec*"') -> None:
        try:
            self._library = ctypes.CDLL(LIBRARY)
        except OSError as error:
            raise MissingPartError("libnftables is not installed", where="[nftables]", fix="apt install nftables") from error
        self._declare()
        self._context = self._library.nft_ctx_new(0)
        self._library.nft_ctx_buffer_error(self._context)
        self._library.nft_ctx_buffer_output(self._context)
        self._library.nft_ctx_output_set_flags(self._context, _JSON_OUTPUT)
        self._lock = threading.Lock()
        self._table = table
        self._rules = rules(table, match)
        if self._run(f"list table inet {table}")[0]:
            self._must(self._rules)
        self._elements = Elements(table)

    def open(self, *inner_ips: str) -> None:
        """Let packets from these addresses pass."""
        by_set: dict[str, list[IPv4Address | IPv6Address]] = {}
        for address in map(_address, inner_ips):
            by_set.setdefault(_set_of(address), []).append(address)
        for name, addresses in by_set.items():
            with _refusals():
                self._elements.add(name, addresses)

    def close(self, inner_ip: str) -> None:
        """Let no packet from this address pass; nothing happens if none did."""
        address = _address(inner_ip)
        with _refusals():
            self._elements.delete(_set_of(address), address)

    def admitted(self) -> set[str]:
        """Return the addresses that may pass."""
        found = set[str]()
        for name in ("admitted", "admitted6"):
            failed, told = self._run(f"list set inet {self._table} {name}")
            if failed:
                raise CellwardenError("the set is not there", where="nftables", fix="Load cellwarden gate firewall at boot")
            for each in json.loads(told)["nftables"]:
                found.update(each.get("set", {}).get("elem", ()))
        return found

    def _must(self, command: str) -> None:
        failed, said = self._run(command)
        if failed:
            raise CellwardenError(
                f"the kernel refused ({said.strip().splitlines()[0] if said.strip() else 'no reason given'})",
                where="nftables",
                fix=_FIX,
            )

    def _run(self, command: str) -> tuple[bool, str]:
        """Return whether a command failed, and what was said: output or errors. Each must be taken, or the next is put behind it."""
        with self._lock:
            failed = bool(self._library.nft_run_cmd_from_buffer(self._context, command.encode()))
            output = self._library.nft_ctx_get_output_buffer(self._context)
            errors = self._library.nft_ctx_get_error_buffer(self._context)
        return failed, (errors if failed else output).decode(errors="replace")

    def _declare(self) -> None:
        library, context, text = self._library, ctypes.c_void_p, ctypes.c_char_p
        library.nft_ctx_new.argtypes, library.nft_ctx_new.restype = [ctypes.c_uint32], context
        library.nft_ctx_buffer_error.argtypes = library.nft_ctx_buffer_output.argtypes = [context]
        library.nft_ctx_get_error_buffer.argtypes, library.nft_ctx_get_error_buffer.restype = [context], text
        library.nft_ctx_get_output_buffer.argtypes, library.nft_ctx_get_output_buffer.restype = [context], text
        library.nft_ctx_output_set_flags.argtypes = [context, ctypes.c_uint]
        library.nft_run_cmd_from_buffer.argtypes = [context, text]


def _address(text: str) -> IPv4Address | IPv6Address:
    """Read an address; what is none goes nowhere."""
    try:
        return ip_address(text)
    except ValueError as error:
        raise CellwardenError("no address", where="nftables", fix="Look at what the gateway gave out") from error


def _set_of(address: IPv4Address | IPv6Address) -> str:
    return "admitted" if address.version == 4 else "admitted6"


@contextlib.contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CellwardenError(f"the kernel refused ({error.strerror})", where="nftables", fix=_FIX) from error
