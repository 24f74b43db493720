"""A real FreeRADIUS before the gate: one server of it proxies, another authenticates and asks as the how-to says; and `radclient`, which asks as a gateway does."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from network import wait_for

if TYPE_CHECKING:
    from network import Network

PROXY = "127.0.0.2"
"""From which it asks the gate, and where it takes Disconnect-Requests."""
PAGE = Path(__file__).parents[3] / "docs/how-to/gate-radius.md"
WORD = "of this test"
"""Password of every unit."""
GATEWAYS_SECRET = "between gateways and proxy"  # noqa: S105 (of nothing but this test)
SETTINGS = """
name = radiusd
raddbdir = {folder}
logdir = {folder}
run_dir = {folder}
libdir = /usr/lib/freeradius
security {{
  reject_delay = 0
}}
thread pool {{
  start_servers = 2
  max_servers = 4
  min_spare_servers = 1
  max_spare_servers = 2
}}
modules {{
  always ok {{
    rcode = ok
  }}
  always reject {{
    rcode = reject
  }}
  linelog told {{
    filename = {folder}/told
    format = "%{{Packet-Type}} %{{Acct-Session-Id}} %{{User-Name}} %{{Framed-IP-Address}} %{{NAS-Identifier}}"
  }}
  pap {{
  }}
  {rest}
}}
proxy server {{
  default_fallback = no
}}
home_server gate {{
  type = auth+acct
  ipaddr = 127.0.0.1
  port = 1812
  secret = "{secret}"
  src_ipaddr = {proxy}
  response_window = 2
  zombie_period = 5
  status_check = status-server
  check_interval = 6
  num_answers_to_alive = 3
}}
home_server_pool gates {{
  type = fail-over
  home_server = gate
}}
realm gate {{
  auth_pool = gates
  acct_pool = gates
  nostrip
}}
client gateways {{
  ipaddr = 127.0.0.1
  secret = "{gateways}"
}}
clients gates {{
  client gate {{
    ipaddr = 127.0.0.1
    secret = "{secret}"
  }}
}}
server front {{
  listen {{
    type = auth
    ipaddr = 127.0.0.1
    port = 2812
  }}
  listen {{
    type = acct
    ipaddr = 127.0.0.1
    port = 2813
  }}
  authorize {{
    update control {{
      Proxy-To-Realm := "gate"
    }}
  }}
  preacct {{
    update control {{
      Proxy-To-Realm := "gate"
    }}
  }}
  pre-proxy {{
    if (Packet-Type == "Access-Request") {{
      update proxy-request {{
        Message-Authenticator := 0x00
      }}
    }}
  }}
}}
server asking {{
  listen {{
    type = auth
    ipaddr = 127.0.0.1
    port = 3812
  }}
  authorize {{
    update control {{
      Cleartext-Password := "{word}"
    }}
    pap
  }}
  authenticate {{
    pap
  }}
  post-auth {{
    {asking}
  }}
}}
server gateway {{
  listen {{
    type = coa
    ipaddr = {proxy}
    port = 3799
    clients = gates
  }}
  recv-coa {{
    told
    ok
  }}
}}
"""


class FreeRadius:
    """One server; it proxies to the gate, and takes Disconnect-Requests as a gateway would."""

    def __init__(self, network: Network, namespace: str, folder: Path, *, secret: str, token: str) -> None:
        folder.mkdir()
        self.folder, self._network, self._namespace = folder, network, namespace
        shown = dict(re.findall(r"```unlang (\S+)\n(.*?)```", PAGE.read_text(), re.DOTALL))
        settings = SETTINGS.format(
            folder=folder,
            secret=secret,
            proxy=PROXY,
            gateways=GATEWAYS_SECRET,
            word=WORD,
            rest=shown["rest"],
            asking=shown["post-auth"].replace("TOKEN", token),
        )
        (folder / "radiusd.conf").write_text(settings)
        self.process = network.start(
            namespace,
            "freeradius",
            "-f",
            "-l",
            str(folder / "radius.log"),
            "-d",
            str(folder),
            "-D",
            "/usr/share/freeradius",
            "-n",
            "radiusd",
        )
        log = folder / "radius.log"
        wait_for(lambda: log.exists() and "Ready to process requests" in log.read_text(), "FreeRADIUS", more=log)

    @property
    def told(self) -> list[str]:
        """What came by CoA-Request or Disconnect-Request."""
        told = self.folder / "told"
        return told.read_text().splitlines() if told.exists() else []


def radclient(
    network: Network, namespace: str, port: int, kind: str, secret: str, *attributes: str, tries: int = 1, seconds: float = 5
) -> str:
    """Ask as a gateway does; return what `radclient` says of the answer."""
    told = subprocess.run(
        ["ip", "netns", "exec", namespace, "radclient", "-x", "-r", str(tries), "-t", str(seconds), f"127.0.0.1:{port}", kind, secret],
        input="\n".join(attributes) + "\n", capture_output=True, text=True, check=False,
    )  # fmt: skip
    return told.stdout + told.stderr
