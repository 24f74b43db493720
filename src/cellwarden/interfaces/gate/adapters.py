"""Which section of the settings starts which adapter."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from cellwarden.foundation.errors import UsageError
from cellwarden.workflows.gatehouse import Gatehouse

if TYPE_CHECKING:
    from collections.abc import Callable

    from cellwarden.foundation.clock import Clock
    from cellwarden.interfaces.gate.sctp import Stack
    from cellwarden.interfaces.gate.settings import Settings
    from cellwarden.workflows.gatehouse import House
    from cellwarden.workflows.registry_view import RegistrySource

    Started = tuple[threading.Event, Callable[[], None]] | None
    """Set once it serves; called to end it. None: its section is not there."""
    Starter = Callable[[Settings, House, Clock, threading.Event, RegistrySource | None], Started]


def strongswan(settings: Settings, house: House, clock: Clock, stop: threading.Event, source: Any) -> Started:
    """Watch a charon."""
    del source
    section = settings.strongswan
    if section is None:
        return None
    from cellwarden.interfaces.gate.nftables import Nftables  # noqa: PLC0415 (only if asked for)
    from cellwarden.interfaces.gate.strongswan import StrongSwan  # noqa: PLC0415

    watcher = StrongSwan(
        _own(house, "[strongswan]"),
        Nftables(settings.nftables.table, settings.nftables.match),
        section.socket,
        gateway=section.gateway,
        clock=clock,
        suffix=section.suffix,
        connections=frozenset(section.connections),
        pinned=section.pinned,
        sweeper=section.sweeper,
    )
    started = _thread(watcher.watch, stop)
    if section.watch_log:
        from cellwarden.interfaces.gate.charon_log import CharonLog  # noqa: PLC0415

        reader = CharonLog(
            _own(house, "[strongswan]"), section.socket, gateway=section.gateway, clock=clock, suffix=section.suffix
        )
        threading.Thread(target=reader.watch, args=(stop,), daemon=True).start()
    return started


def ocsp(settings: Settings, house: House, clock: Clock, stop: threading.Event, source: Any) -> Started:
    """Answer OCSP."""
    del stop, source
    section = settings.ocsp
    if section is None:
        return None
    from cellwarden.interfaces.gate.ocsp import read_responder  # noqa: PLC0415
    from cellwarden.interfaces.gate.ocsp_http import ocsp_app  # noqa: PLC0415

    responder = read_responder(
        house,
        clock,
        certificate=section.certificate,
        key=section.key,
        issuer=section.issuer,
        issued=section.issued,
        suffix=section.suffix,
        good_for_s=section.good_for_s,
    )
    return _web(ocsp_app(responder), section.listen, "[ocsp] listen")


def http(settings: Settings, house: House, clock: Clock, stop: threading.Event, source: Any) -> Started:
    """Serve the API."""
    del clock, stop
    section = settings.http
    if section is None:
        return None
    from cellwarden.interfaces.gate.api import api  # noqa: PLC0415
    from cellwarden.interfaces.gate.decision_lane import DecisionLane  # noqa: PLC0415
    from cellwarden.workflows.registry_view import SealedSource  # noqa: PLC0415

    own = _own(house, "[http]")
    take = (lambda content: source.take(content, own, where="upload")) if isinstance(source, SealedSource) else None
    token = section.token_file.read_text(encoding="utf-8").strip()
    return _web(DecisionLane(api(own, token, take), own, token), section.listen, "[http] listen")


def s1(settings: Settings, house: House, clock: Clock, stop: threading.Event, source: Any) -> Started:
    """Stand between units and core."""
    del source
    section = settings.s1
    if section is None:
        return None
    from cellwarden.interfaces.gate.s1_guard import DIALECTS  # noqa: PLC0415
    from cellwarden.interfaces.gate.s1_proxy import S1Proxy  # noqa: PLC0415
    from cellwarden.interfaces.gate.sctp import KernelSctp  # noqa: PLC0415
    from cellwarden.interfaces.gate.web import endpoint  # noqa: PLC0415

    if section.protocol not in DIALECTS:
        raise UsageError(f"protocol is one of {', '.join(DIALECTS)}", where="[s1]", fix="See docs/how-to/gate.md")
    stack: Stack = KernelSctp()
    if section.userland:
        from cellwarden.interfaces.gate.sctp_userland import UserlandSctp  # noqa: PLC0415

        stack = UserlandSctp()
    proxy = S1Proxy(
        house,
        stack,
        listen=endpoint(section.listen, where="[s1] listen"),
        core=endpoint(section.core, where="[s1] core"),
        name=section.name,
        clock=clock,
        dialect=DIALECTS[section.protocol],
    )
    if isinstance(house, Gatehouse):
        house.on_cut(proxy.cut)
    return _thread(proxy.watch, stop)


def radius(settings: Settings, house: House, clock: Clock, stop: threading.Event, source: Any) -> Started:
    """Answer gateways by RADIUS."""
    del source
    section = settings.radius
    if section is None:
        return None
    from cellwarden.interfaces.gate.radius_accounting import Accounting  # noqa: PLC0415
    from cellwarden.interfaces.gate.radius_clients import read_clients  # noqa: PLC0415
    from cellwarden.interfaces.gate.radius_cuts import Cuts  # noqa: PLC0415
    from cellwarden.interfaces.gate.radius_exchange import Exchange  # noqa: PLC0415
    from cellwarden.interfaces.gate.radius_server import RadiusServer  # noqa: PLC0415
    from cellwarden.interfaces.gate.web import endpoint  # noqa: PLC0415

    own, clients = _own(house, "[radius]"), read_clients(section.clients)
    cuts = Cuts(
        own,
        {client.name: client for client in clients.values()},
        tries=section.tries,
        wait_s=section.wait_s,
        proof_s=section.proof_s,
    )
    accounting = Accounting(own, cuts, clock=clock, suffix=section.suffix, interim_s=section.interim_s)
    exchange = Exchange(own, accounting, clients, clock=clock, suffix=section.suffix, interim_s=section.interim_s)
    server = RadiusServer(
        exchange,
        authorise=endpoint(section.authorise, where="[radius] authorise"),
        accounting=endpoint(section.accounting, where="[radius] accounting"),
    )
    ready, end = _thread(server.watch, stop)

    def close() -> None:
        end()
        cuts.close(_LAST_CUTS_S)

    return ready, close


def cwmp(settings: Settings, house: House, clock: Clock, stop: threading.Event, source: Any) -> Started:
    """Take the Inform of units."""
    del stop, source
    section = settings.cwmp
    if section is None:
        return None
    from cellwarden.interfaces.gate.cwmp_http import InformListener  # noqa: PLC0415
    from cellwarden.interfaces.gate.http_digest import Digest, read_passwords  # noqa: PLC0415
    from cellwarden.interfaces.gate.tls_peer import tls_options  # noqa: PLC0415

    digest = None
    if section.passwords is not None:
        digest = Digest(read_passwords(section.passwords, section.realm), section.realm, clock)
    listener = InformListener(
        house,
        clock,
        gateway=section.name,
        cell_type=section.cell_type,
        suffix=section.suffix,
        digest=digest,
        **({"count": house.count} if isinstance(house, Gatehouse) else {}),
    )
    options = tls_options(section.certificate, section.key, section.units_root)
    return _web(listener.application(), section.listen, "[cwmp] listen", **options)


STARTERS: tuple[Starter, ...] = (http, ocsp, s1, radius, cwmp, strongswan)
"""In the order of starting: what others ask comes first."""


_LAST_CUTS_S = 1
"""For Disconnect-Requests that are under way when the process ends; what is alive after that shows by its Interim-Update."""


def _own(house: House, section: str) -> Gatehouse:
    if not isinstance(house, Gatehouse):
        raise UsageError("this adapter decides in its own process", where=section, fix="Take [engine] out of these settings")
    return house


def _thread(watch: Callable[..., None], stop: threading.Event) -> tuple[threading.Event, Callable[[], None]]:
    ready = threading.Event()
    thread = threading.Thread(target=watch, args=(stop, ready.set), daemon=True)
    thread.start()

    def close() -> None:
        stop.set()
        thread.join(3)

    return ready, close


def _web(application: Any, listen: str, where: str, **options: Any) -> Started:
    from cellwarden.interfaces.gate.web import WebServer, bound  # noqa: PLC0415

    server = WebServer(application, bound(listen, where=where), **options)
    server.start()
    ready = threading.Event()
    ready.set()
    return ready, server.stop
