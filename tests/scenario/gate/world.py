"""A small operator in three namespaces: a security gateway, a core that counts what reaches it, femtocells, and a gate."""

from __future__ import annotations

import contextlib
import csv
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any, Self

from authority import Authority, Credential
from charon import Charon
from network import CORE, Network, as_unit, inside, ip, stop, wait_for

from cellwarden.interfaces.gate.nftables import rules

if TYPE_CHECKING:
    from pathlib import Path

OCSP, API = "127.0.0.1:8881", "127.0.0.1:8880"
TOKEN = "token-of-this-test"  # noqa: S105 (of nothing but this test)
PORT = 7
ROUND = 3
"""Packets of a storm between two looks at whether the tunnel is there."""
COLUMNS = [
    "equipment_id",
    "cell",
    "cell_type",
    "kind",
    "status",
    "valid_from",
    "recorded_at",
    "tac",
    "plmn",
    "serial",
    "certificate",
    "source_networks",
]
ORIGINS = "network,asn,country\n192.0.2.0/24,64500,KR\n198.51.100.0/24,64501,KR\n203.0.113.0/24,64502,US\n"
SETTINGS = """
[gate]
name = "test"
folder = "gate"
records = "records"
origins = "origins.csv"
[policy]
country = "KR"
own_asns = [64500]
stale_after_s = {stale_after_s}
[strongswan]
socket = "segw/vici.sock"
gateway = "segw"
suffix = ".femto.example"
watch_log = {watches_log}
{sweeper}
[ocsp]
listen = "127.0.0.1:8881"
certificate = "responder.pem"
key = "responder.key"
issuer = "root.pem"
issued = "issued"
suffix = ".femto.example"
[http]
listen = "127.0.0.1:8880"
token_file = "token"
"""


class World:
    """Everything that one test file shares."""

    settings, charon = SETTINGS, ""
    """Settings of the gate, and more settings of the gateway."""

    def __init__(
        self,
        folder: Path,
        *,
        stale_after_s: int = 900,
        revocation: str = "strict",
        more: str = "",
        is_bare: bool = False,
        watches_log: bool = True,
        follows_sweeper: bool = False,
    ) -> None:
        self.folder, self.network = folder, Network()
        self.authority = Authority(ocsp=f"http://{OCSP}")
        self.registered: dict[str, dict[str, Any]] = {}
        self.gate: subprocess.Popen[str] | None = None
        self.counted: dict[str, int] = {}
        self.sweeper: subprocess.Popen[str] | None = None
        self._is_bare, self._watches_log, self._follows_sweeper = is_bare, watches_log, follows_sweeper
        self._more, self._stale_after_s, self._revocation = more, stale_after_s, revocation
        self._stop, self._unconfirmed = threading.Event(), threading.Event()
        self._threads: list[threading.Thread] = []
        self._issued = 0

    def __enter__(self) -> Self:
        self.network.__enter__()
        try:
            self._build()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self.network.__exit__()
        for thread in self._threads:
            thread.join(2)

    def _build(self) -> None:
        folder, authority = self.folder, self.authority
        responder = authority.issue("responder", is_responder=True)
        for name, content in {
            "root.pem": authority.root.pem,
            "responder.pem": responder.pem,
            "responder.key": responder.key_pem,
            "token": TOKEN.encode(),
            "origins.csv": ORIGINS.encode(),
            "gate.toml": (
                self.settings.format(
                    stale_after_s=self._stale_after_s,
                    watches_log=str(self._watches_log).lower(),
                    sweeper='sweeper = "relay"' if self._follows_sweeper else "",
                )
                + self._more
            ).encode(),
        }.items():
            (folder / name).write_bytes(content)
        for name in ("issued", "records", "gate"):
            (folder / name).mkdir()
        self.register("nobody")
        self.segw = Charon(self.network, self.network.segw, folder / "segw", more=self.charon)
        self.segw.trust(authority)
        own = authority.issue("segw", "segw-eap")
        self.segw.serve(own, revocation=self._revocation)
        self.segw.session.load_conn(self._eap_connection(own))
        self.units = Charon(self.network, self.network.units, folder / "units")
        self.units.trust(authority)
        self._count()
        if not self._is_bare:
            self.nft("-f", "-", typed=rules())
            if self._follows_sweeper:
                self.start_sweeper()
            self.start_gate()

    @staticmethod
    def _eap_connection(own: Credential) -> dict[str, Any]:
        return {
            "segw-eap": {
                "version": "2",
                "local_addrs": ["192.0.2.254"],
                "local": {"auth": "pubkey", "certs": [own.der], "id": "segw-eap.femto.example"},
                "remote-1": {"auth": "pubkey", "revocation": "strict"},
                "remote-2": {"auth": "eap-md5", "eap_id": "%any"},
                "pools": ["inner"],
                "unique": "never",
                "children": {"core": {"local_ts": ["10.20.0.0/24"], "esp_proposals": ["aes128gcm128"]}},
                "proposals": ["aes128-sha256-ecp256"],
            }
        }

    # The gate -----------------------------------------------------------------------------------------------------------------

    def start_gate(self) -> None:
        """Start the gate and wait until it serves."""
        ready = self.folder / "gate/ready"
        ready.unlink(missing_ok=True)
        self.gate_log = (self.folder / "gate.log").open("a")
        self.gate = self.network.start(
            self.network.segw,
            *as_unit("cellwarden-gate"), sys.executable, "-m", "cellwarden.interfaces.gate", "run", str(self.folder / "gate.toml"),
            stderr=self.gate_log,
        )  # fmt: skip
        self.gate_log.close()
        wait_for(lambda: ready.exists() or self.gate.poll() is not None, "the gate", seconds=60, more=self.folder / "gate.log")
        assert self.gate.poll() is None, (self.folder / "gate.log").read_text()

    def start_sweeper(self) -> subprocess.Popen[str]:
        """Start the process that shuts the door behind tunnels that end, and wait until it has shut it behind one long gone."""
        stray = "10.99.99.99"
        self.nft("add", "element", "inet", "cellwarden", "admitted", "{", stray, "}")
        self.sweeper = self.network.start(
            self.network.segw,
            *as_unit("cellwarden-sweep"), sys.executable, "-m", "cellwarden.interfaces.gate", "sweep",
            "--socket", str(self.segw.socket), "--relay", str(self.folder / "relay"),
        )  # fmt: skip
        wait_for(lambda: stray not in self.door(), "the sweeper sweeps")
        return self.sweeper

    def nft(self, *words: str, typed: str | None = None) -> str:
        """Run `nft` where the security gateway is."""
        return subprocess.run(
            ["ip", "netns", "exec", self.network.segw, "nft", *words], input=typed, check=True, capture_output=True, text=True
        ).stdout

    def door(self) -> str:
        """Return the set of those who were let in, as the kernel lists it."""
        return self.nft("list", "set", "inet", "cellwarden", "admitted")

    def kill_gate(self) -> None:
        """End the gate as a crash would."""
        self.gate.kill()
        self.gate.wait()

    def hang_gate(self) -> None:
        """Stop the gate in the middle of whatever it does."""
        self.gate.send_signal(signal.SIGSTOP)

    def wake_gate(self) -> None:
        """Let it go on."""
        self.gate.send_signal(signal.SIGCONT)

    def stop_gate(self) -> None:
        """End the gate as an operator would."""
        stop(self.gate)

    def tell(self, method: str, path: str, content: Any = None) -> Any:
        """Call the gate's API."""
        with inside(self.network.segw):
            host, port = API.split(":")
            connection = http.client.HTTPConnection(host, int(port), timeout=5)
            connection.request(
                method, path, json.dumps(content) if content is not None else None,
                {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"},
            )  # fmt: skip
        response = connection.getresponse()
        text = response.read()
        connection.close()
        assert response.status < 300, (response.status, text)
        return json.loads(text) if text else None

    # The registry -------------------------------------------------------------------------------------------------------------

    def register(self, name: str, **columns: Any) -> None:
        """Put a unit into the registry, or change it; the gate sees it within a moment."""
        row = {
            "equipment_id": name,
            "cell": 1,
            "cell_type": "home",
            "kind": "femto",
            "status": "active",
            "tac": 7,
            "plmn": "00101",
        }
        row |= {"valid_from": "2025-01-01T00:00:00Z", "recorded_at": "2025-01-01T00:00:00Z"}
        self.registered[name] = {**self.registered.get(name, row), **columns}
        fresh = self.folder / "records/.equipment.new"
        with fresh.open("w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(self.registered.values())
        fresh.replace(self.folder / "records/equipment.csv")

    def confirm(self) -> None:
        """Have the management system confirm its export again and again, as it does while it lives."""

        def confirm() -> None:
            while not self._stop.wait(0.4) and not self._unconfirmed.is_set():
                with contextlib.suppress(FileNotFoundError):
                    os.utime(self.folder / "records/equipment.csv")

        self._threads.append(threading.Thread(target=confirm, daemon=True))
        self._threads[-1].start()

    def unconfirm(self) -> None:
        """Have it die."""
        self._unconfirmed.set()
        self._threads[-1].join(2)

    def issue(self, *names: str, **options: Any) -> Credential:
        """Issue a certificate as the operator does: the responder knows it."""
        credential = self.authority.issue(*names, **options)
        self._issued += 1
        (self.folder / f"issued/{self._issued}.der").write_bytes(credential.der)
        return credential

    def settle(self) -> None:
        """Wait until the gate has seen the registry as it is now."""
        newest = (self.folder / "records/equipment.csv").stat().st_mtime
        wait_for(
            lambda: _epoch(self.tell("GET", "/v1/health")["registry_as_of"]) >= newest - 1e-5, "the gate reads the registry"
        )

    def genuine(self, number: int, **options: Any) -> str:
        """Register a femtocell on its line and make it ready to call; return its name."""
        name, source = f"henb{number}", f"192.0.2.{number}"
        own = self.issue(name, serial=f"SN-{number}", **options)
        self.register(name, cell=1000 + number, serial=f"SN-{number}", certificate=own.sha256, source_networks=f"{source}/32")
        self.units.prepare(name, name, own, source=source)
        return name

    # Traffic ------------------------------------------------------------------------------------------------------------------

    def _count(self) -> None:
        """Have the core count what reaches it, by source, and answer."""
        with inside(self.network.core):
            core = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        core.bind((CORE, PORT))
        core.settimeout(0.1)

        def count() -> None:
            with core:
                while not self._stop.is_set():
                    try:
                        content, sender = core.recvfrom(100)
                    except TimeoutError:
                        continue
                    self.counted[sender[0]] = self.counted.get(sender[0], 0) + 1
                    core.sendto(content, sender)

        self._threads.append(threading.Thread(target=count, daemon=True))
        self._threads[-1].start()

    def sender(self, inner: str) -> socket.socket:
        """Return a socket of a femtocell that sends from an inner address, whether it has it or not."""
        with inside(self.network.units):
            unit = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        unit.setsockopt(socket.IPPROTO_IP, 15, 1)  # IP_FREEBIND
        unit.bind((inner, 0))
        unit.settimeout(0.5)
        return unit

    def echoes(self, name: str, count: int = 5) -> int:
        """Send through a femtocell's tunnel; return how many came back."""
        inner, came = self.units.inner_of(name), 0
        if not inner:
            return 0
        with self.sender(inner) as unit:
            for number in range(count):
                came += self._echoed(unit, b"%d" % number)
        return came

    def _echoed(self, unit: socket.socket, content: bytes) -> bool:
        """Send a datagram, again if it is lost as datagrams are on a busy machine, and wait for it to come back."""
        for _ in range(3):
            try:
                unit.sendto(content, (CORE, PORT))
                while unit.recv(100) != content:
                    pass
            except OSError:
                continue
            return True
        return False

    def storm(self, name: str) -> Storm:
        """Send a packet a millisecond through whatever tunnel a femtocell gets, from its first instant."""
        return Storm(self, name)

    # Evidence -----------------------------------------------------------------------------------------------------------------

    def decisions(self, **wanted: Any) -> list[dict[str, Any]]:
        """Return what the gate wrote down, the entries whose facts or unit are these."""
        entries = list[dict[str, Any]]()
        for path in sorted((self.folder / "gate/audit").glob("*.jsonl")):
            entries += [json.loads(line) for line in path.read_text().splitlines(keepends=True) if line.endswith("\n")]
        return [
            each
            for each in entries
            if each["act"] == "gate_decided"
            and all({**each["facts"], **each}.get(key) == value for key, value in wanted.items())
        ]

    def refused_for(self, **wanted: Any) -> set[str]:
        """Return the reason codes of every refusal of these."""
        return {reason[0] for each in self.decisions(**wanted) for reason in each["reasons"]}

    def dropped(self) -> int:
        """Return how many packets the door kept out."""
        told = self.nft("-j", "list", "table", "inet", "cellwarden")
        rules = [each["rule"]["expr"] for each in json.loads(told)["nftables"] if "rule" in each]
        return sum(part["counter"]["packets"] for rule in rules if {"drop": None} in rule for part in rule if "counter" in part)

    def core_got(self, inner: str) -> int:
        """Return how many packets the core has from an inner address."""
        return self.counted.get(inner, 0)


class Storm:
    """Packets from the first instant of a tunnel on."""

    def __init__(self, world: World, name: str) -> None:
        self._world, self._name = world, name
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._send, daemon=True)
        self.sent = 0
        self.inner: set[str] = set()
        """Inner addresses that the femtocell was given."""

    def __enter__(self) -> Self:
        self._before = dict(self._world.counted)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        time.sleep(0.3)
        self._stop.set()
        self._thread.join(3)

    @property
    def through(self) -> int:
        """How many packets reached the core since the storm began."""
        return sum(self._world.core_got(inner) - self._before.get(inner, 0) for inner in self.inner)

    def _send(self) -> None:
        session, unit = self._world.units.connected(), None
        while not self._stop.is_set():
            given = [
                vip.decode()
                for each in session.list_sas({"ike": self._name})
                for sa in each.values()
                for vip in sa.get("local-vips", ())
            ]
            if given and given[0] not in self.inner:
                self.inner.add(given[0])
                unit = self._world.sender(given[0])
            if unit is not None:
                for _ in range(ROUND):
                    try:
                        unit.sendto(b"storm", (CORE, PORT))
                        self.sent += 1
                    except OSError:
                        pass
                    time.sleep(0.001)
        if unit is not None:
            unit.close()


def _epoch(text: str) -> float:
    from datetime import datetime  # noqa: PLC0415

    return datetime.fromisoformat(text).timestamp()


def parts_missing() -> str:
    """Return what a machine lacks for these tests; empty if nothing."""
    from pathlib import Path  # noqa: PLC0415

    if os.geteuid() != 0:
        return "root, for network namespaces"
    if not Path("/dev/net/tun").exists():
        return "/dev/net/tun"
    lacking = [
        path
        for path in ("/usr/sbin/charon-systemd", "/usr/sbin/nft", "/usr/lib/ipsec/plugins/libstrongswan-kernel-libipsec.so")
        if not Path(path).exists()
    ]
    if lacking:
        return "strongSwan and nftables: apt install charon-systemd strongswan-swanctl libcharon-extra-plugins libstrongswan-extra-plugins libstrongswan-standard-plugins nftables"
    try:
        ip("netns", "add", f"cgprobe{os.getpid()}")
        ip("netns", "del", f"cgprobe{os.getpid()}")
    except (subprocess.CalledProcessError, FileNotFoundError):
        return "the right to make network namespaces (iproute2, CAP_SYS_ADMIN)"
    return ""
