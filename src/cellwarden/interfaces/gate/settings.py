"""The settings of one gate process: a TOML file in which each section switches an adapter on."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from cellwarden.admission.policy import Policy, policy_of
from cellwarden.foundation.errors import MalformedInputError

_FIX = "See docs/how-to/gate.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vici:
    """`[strongswan]`: watch a charon."""

    socket: Path = Path("/var/run/charon.vici")
    """VICI socket."""
    gateway: str = "segw"
    """Its name in facts, regions and evidence."""
    suffix: str = ""
    """Domain at the end of identities, with its dot."""
    connections: tuple[str, ...] = ()
    """Connections that femtocells use; empty: all."""
    pinned: bool = False
    """Each unit has a connection of its own, named after it, with its certificate."""
    watch_log: bool = False
    """Also record what charon refuses by itself, read from its log by VICI; costs the gateway some time for each attempt."""
    sweeper: Path | None = None
    """Where the sweeper passes on what it hears (its `--relay`): charon then tells one process instead of two. Without it, or when the
    sweeper is gone or hangs, the gate listens to charon itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Firewall:
    """`[nftables]`: the door."""

    table: str = "cellwarden"
    """Name of the table."""
    match: str = 'iifname "ipsec*"'
    """What tells packets out of a tunnel; `meta secpath exists` for ESP in the kernel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ocsp:
    """`[ocsp]`: answer whether a certificate is good."""

    listen: str
    """HOST:PORT."""
    certificate: Path
    """Of the responder, with the OCSP signing usage, PEM."""
    key: Path
    """Its private key, PEM."""
    issuer: Path
    """Certificate of the authority that issues device certificates, PEM."""
    issued: Path
    """Folder of the device certificates that were issued (`.pem`, `.der`, `.crt`); looked at again when it changes."""
    suffix: str = ""
    """Domain at the end of names in certificates, with its dot."""
    good_for_s: int = 5
    """How long an answer may be kept: long enough for a gateway under load to read it, since one that is stale is none. The
    tunnel of a unit that was deleted meanwhile is refused all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Http:
    """`[http]`: everything else asks here."""

    listen: str
    """HOST:PORT, or the path of a Unix socket."""
    token_file: Path
    """Whoever changes or asks something shows this token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class S1:
    """`[s1]`: stand between units and core, a process of its own."""

    listen: str
    """HOST:PORT that units set up S1 (or NG) to."""
    core: str
    """HOST:PORT of the MME (or AMF)."""
    protocol: str = "s1ap"
    """`s1ap` before an MME, `ngap` before an AMF."""
    name: str = "mme"
    """Name of the core in facts."""
    userland: bool = False
    """SCTP by libusrsctp instead of the kernel's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Radius:
    """`[radius]`: gateways ask, tell of their sessions and are told to end them, by RADIUS."""

    clients: Path
    """TOML file of who may ask: one `[[client]]` each with `name`, `address` and `secret_file`; `disconnect_port` (3799), and
    `quarantine`, a filter of the gateway that lets nothing through, are optional."""
    authorise: str = "0.0.0.0:1812"
    """HOST:PORT for Access-Requests; UDP."""
    accounting: str = "0.0.0.0:1813"
    """HOST:PORT for Accounting-Requests; UDP."""
    suffix: str = ""
    """Domain at the end of User-Name, with its dot."""
    interim_s: int = 300
    """How often gateways are asked to tell that a session lives, in seconds."""
    tries: int = 4
    """How often a Disconnect-Request is sent until it is answered."""
    wait_s: float = 1.0
    """For its first answer, in seconds; twice as long for each further one."""
    proof_s: float = 10.0
    """How long the Accounting Stop may take after the acknowledgement, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cwmp:
    """`[cwmp]`: take the Inform of units (TR-069)."""

    listen: str
    """HOST:PORT, as units see it: what comes through a tunnel must come from the unit's own address."""
    name: str = "hems"
    """Of this management system in facts and evidence."""
    cell_type: str = "home"
    """How cell identities of these units split: `home` or `macro`."""
    certificate: Path | None = None
    """Of this listener, PEM; with `key`: it speaks TLS."""
    key: Path | None = None
    """Its private key, PEM."""
    units_root: Path | None = None
    """Roots of the units' own certificates, PEM: who shows one is known by it, also outside of a tunnel."""
    suffix: str = ""
    """Domain at the end of names in certificates, with its dot."""
    passwords: Path | None = None
    """File of `htdigest`: a unit must then also show the password of OUI-SERIAL, or OUI-PRODUCTCLASS-SERIAL, by HTTP Digest."""
    realm: str = "cellwarden"
    """Realm of the passwords."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """`[engine]`: ask a gate in another process instead of deciding here."""

    url: str
    """Where its `[http]` listens: http://HOST:PORT, or unix:PATH."""
    token_file: Path
    """Its token."""
    timeout_s: float = 1.0
    """No answer by then is a refusal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Management:
    """`[management]`: the registry comes from the API of a management system."""

    url: str
    """Of its list of equipment; https, or http on this machine."""
    token_file: Path
    """The token it gave you."""
    ca: Path | None = None
    """Roots that its certificate must lead to, PEM; those of this machine if not given."""
    wait_s: int = 20
    """How long it may wait for a change before it answers that there is none; 0: it answers at once."""
    period_s: float = 0.5
    """At least so long from one question to the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One process."""

    name: str = "gate"
    """Of this process, in file names of evidence."""
    folder: Path = Path()
    """Evidence and state; this process writes nowhere else."""
    records: Path | None = None
    """Record folder with `equipment`; this, `sealed` or `[management]`."""
    sealed: Path | None = None
    """Sealed registry, deltas beside it."""
    key: Path | None = None
    """Public key of whoever seals it, PEM."""
    origins: Path | None = None
    """CSV with columns `network`, `asn`, `country` and `access_line`: whose an outer address is; the smallest network answers."""
    blocks: Path | None = None
    """Block list that `cellwarden contain` delivers to (a target of kind `block_list`); looked at with the registry."""
    policy: Policy = field(default_factory=Policy)
    """How strict it is."""
    strongswan: Vici | None = None
    nftables: Firewall = field(default_factory=Firewall)
    ocsp: Ocsp | None = None
    http: Http | None = None
    s1: S1 | None = None
    radius: Radius | None = None
    cwmp: Cwmp | None = None
    engine: Engine | None = None
    management: Management | None = None


SECTIONS: dict[str, type[Any]] = {
    "strongswan": Vici,
    "nftables": Firewall,
    "ocsp": Ocsp,
    "http": Http,
    "s1": S1,
    "radius": Radius,
    "cwmp": Cwmp,
    "engine": Engine,
    "management": Management,
}
"""Sections by name; `[gate]` and `[policy]` are the others."""
GATE_KEYS = ("name", "folder", "records", "sealed", "key", "origins", "blocks")


def read_settings(path: Path) -> Settings:
    """Read a settings file; relative paths are taken from where it lies.

    Raises:
        MalformedInputError: It is no TOML, a section or key is unknown, or a value is not what its key needs.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MalformedInputError(f"not TOML ({error})", where=path.name, fix=_FIX) from error
    if unknown := sorted(set(content) - {"gate", "policy", *SECTIONS}):
        raise MalformedInputError(f"unknown sections {', '.join(unknown)}", where=path.name, fix=_FIX)
    base = path.parent.resolve()
    values: dict[str, Any] = {}
    for name, section in content.items():
        try:
            if name == "policy":
                values[name] = policy_of(section)
            elif name == "gate":
                values |= _values(section, {each.name: each for each in fields(Settings) if each.name in GATE_KEYS}, base)
            else:
                kind = SECTIONS[name]
                values[name] = kind(**_values(section, {each.name: each for each in fields(kind)}, base))
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise MalformedInputError(f"[{name}]: {error}", where=path.name, fix=_FIX) from error
    settings = Settings(**values)
    sources = [each for each in (settings.records, settings.sealed, settings.management) if each is not None]
    if settings.engine is None and len(sources) != 1:
        raise MalformedInputError("give one of [gate] records, [gate] sealed and [management]", where=path.name, fix=_FIX)
    if settings.sealed is not None and settings.key is None:
        raise MalformedInputError("[gate]: sealed needs key", where=path.name, fix=_FIX)
    return settings


def _values(section: dict[str, Any], known: dict[str, Any], base: Path) -> dict[str, Any]:
    if unknown := sorted(set(section) - set(known)):
        raise ValueError(f"unknown keys {', '.join(unknown)}; known are {', '.join(sorted(known))}")
    return {key: _value(value, str(known[key].type), key, base) for key, value in section.items()}


def _value(value: Any, kind: str, key: str, base: Path) -> Any:
    wanted = {"str": str, "int": int, "bool": bool}.get(kind)
    if kind == "float" and type(value) in (int, float):
        return float(value)
    if "Path" in kind and isinstance(value, str):
        return base / value
    if kind.startswith("tuple") and isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(value)
    if wanted is None or type(value) is not wanted:
        raise ValueError(f"{key} is not {kind}")
    return value
