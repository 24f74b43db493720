"""A real charon in a namespace, told what to do by VICI as an operator's own tooling would."""

from __future__ import annotations

import contextlib
import logging
import socket
from typing import TYPE_CHECKING, Any

import vici
from network import SEGW, Network, wait_for

if TYPE_CHECKING:
    from pathlib import Path

    from authority import Authority, Credential

CHARON = "/usr/sbin/charon-systemd"
PLUGINS = (
    "random nonce openssl x509 revocation constraints pubkey pkcs1 pkcs8 pem hmac kdf gcm aes sha1 sha2 gmp curve25519 xcbc cmac"
    " drbg mgf1 socket-default vici curl kernel-libipsec kernel-netlink eap-identity eap-md5 md5 eap-radius"
)
SETTINGS = """charon-systemd {{
  load = {plugins}
  install_routes = no
  retransmit_timeout = 0.7
  retransmit_tries = 4
  threads = 16
  half_open_timeout = 10
  cookie_threshold = 0
  block_threshold = 0
  filelog {{
    f {{
      path = {folder}/charon.log
      default = 1
      flush_line = yes
    }}
  }}
  plugins {{
    vici {{
      socket = unix://{folder}/vici.sock
    }}
    kernel-libipsec {{
      allow_peer_ts = yes
    }}
    {more}
  }}
}}
"""
PROPOSAL = {"proposals": ["aes128-sha256-ecp256"]}
logging.getLogger("vici").setLevel(logging.ERROR)


class Charon:
    """One charon; `session` speaks VICI to it."""

    def __init__(self, network: Network, namespace: str, folder: Path, *, more: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.network = folder, network
        settings = folder / "strongswan.conf"
        settings.write_text(SETTINGS.format(plugins=PLUGINS, folder=folder, more=more))
        self.process = network.start(namespace, CHARON, environment={"STRONGSWAN_CONF": str(settings)})
        self.socket = folder / "vici.sock"
        wait_for(self._listens, "charon's socket")
        self.session = self.connected()

    def _listens(self) -> bool:
        with socket.socket(socket.AF_UNIX) as channel:
            return channel.connect_ex(str(self.socket)) == 0

    def connected(self) -> vici.Session:
        """Open one more VICI session."""
        channel = socket.socket(socket.AF_UNIX)
        channel.connect(str(self.socket))
        channel.settimeout(30)
        self.network.channels.append(channel)
        return vici.Session(channel)

    @property
    def log(self) -> str:
        """What it logged."""
        return (self.folder / "charon.log").read_text(errors="replace")

    def trust(self, authority: Authority) -> None:
        """Take the authority's root as one to trust."""
        self.session.load_cert({"type": "X509", "flag": "CA", "data": authority.root.der})

    def serve(
        self, own: Credential, *, pool: str = "10.9.0.0/16", revocation: str = "strict", eap: str = "", **more: Any
    ) -> None:
        """Be a security gateway for whoever the authority's root vouches for."""
        self.session.load_key({"type": "ecdsa", "data": own.key_pem})
        self.session.load_pool({"inner": {"addrs": pool}})
        remote = {"remote": {"auth": "pubkey", "revocation": revocation}}
        if eap:
            remote = {"remote-1": {"auth": "pubkey", "revocation": revocation}, "remote-2": {"auth": eap, "eap_id": "%any"}}
        self.session.load_conn(
            {
                "segw": {
                    "version": "2",
                    "local_addrs": [SEGW],
                    "local": {"auth": "pubkey", "certs": [own.der], "id": "segw.femto.example"},
                    **remote,
                    "pools": ["inner"],
                    "unique": "never",
                    "children": {"core": {"local_ts": ["10.20.0.0/24"], "esp_proposals": ["aes128gcm128"]}},
                    **PROPOSAL,
                    **more,
                }
            }
        )

    def prepare(
        self,
        name: str,
        identity: str,
        own: Credential,
        *,
        source: str,
        eap: tuple[str, str] | None = None,
        gateway: str = "segw.femto.example",
    ) -> None:
        """Be ready to call the security gateway as a femtocell from this outer address."""
        self.network.address(source)
        self.session.load_key({"type": "ecdsa", "data": own.key_pem})
        first = {"auth": "pubkey", "certs": [own.der], "id": f"{identity}.femto.example"}
        local: dict[str, Any] = {"local": first}
        if eap:
            self.session.load_shared({"type": "EAP", "data": eap[1], "owners": [f"{eap[0]}.femto.example"]})
            local = {
                "local-1": first,
                "local-2": {"auth": "eap-md5", "id": f"{eap[0]}.femto.example", "eap_id": f"{eap[0]}.femto.example"},
            }
        self.session.load_conn(
            {
                name: {
                    "version": "2",
                    "local_addrs": [source],
                    "remote_addrs": [SEGW],
                    **local,
                    "remote": {"auth": "pubkey", "id": gateway, "revocation": "relaxed"},
                    "vips": ["0.0.0.0"],  # noqa: S104 (asks for any address inside)
                    "children": {name: {"remote_ts": ["10.20.0.0/24"], "esp_proposals": ["aes128gcm128"]}},
                    **PROPOSAL,
                }
            }
        )

    def call(self, name: str, *, seconds: float = 6) -> str:
        """Bring a femtocell's tunnel up; return why that failed, or nothing."""
        try:
            for _ in self.session.initiate({"child": name, "timeout": str(int(seconds * 1000)), "loglevel": "1"}):
                pass
        except vici.exception.CommandException as error:
            return str(error)
        return ""

    def inner_of(self, name: str) -> str:
        """Return the address that a femtocell was given; empty if it has no tunnel."""
        for each in self.session.list_sas({"ike": name}):
            for sa in each.values():
                if sa.get("local-vips"):
                    return str(sa["local-vips"][0].decode())
        return ""

    def hang_up(self, name: str) -> None:
        """End a femtocell's tunnel."""
        with contextlib.suppress(vici.exception.CommandException):
            for _ in self.session.terminate({"ike": name, "timeout": "2000"}):
                pass

    def tunnels(self) -> list[dict[str, Any]]:
        """Return the established IKE SAs."""
        return [sa for each in self.session.list_sas() for sa in each.values() if sa["state"] == b"ESTABLISHED"]
