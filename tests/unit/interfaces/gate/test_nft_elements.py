"""What is added by netlink is what `nft` lists."""

import json

HERE = """
import json, subprocess
from ipaddress import ip_address
from cellwarden.interfaces.gate.nft_elements import Elements

subprocess.run(["nft", "add table inet t; add set inet t a { type ipv4_addr; }; add set inet t b { type ipv6_addr; }"], check=True)

def listed(name):
    told = subprocess.run(["nft", "-j", "list", "set", "inet", "t", name], check=True, capture_output=True).stdout
    return sorted(json.loads(told)["nftables"][1]["set"].get("elem", []))

elements = Elements("t")
many = [ip_address(f"10.0.{n >> 8}.{n & 255}") for n in range(1000)]
elements.add("a", many)
elements.add("a", many[:2])
elements.add("b", [ip_address("2001:db8::1")])
assert listed("a") == sorted(map(str, many))
assert listed("b") == ["2001:db8::1"]
elements.delete("a", many[0])
elements.delete("a", many[0])
elements.delete("b", ip_address("2001:db8::2"))
assert listed("a") == sorted(map(str, many[1:]))
refused = []
for name, address in (("none", "10.0.0.1"), ("b", "10.0.0.1"), ("a", "2001:db8::1")):
    try:
        elements.add(name, [ip_address(address)])
    except OSError as error:
        refused.append(error.errno)
assert len(listed("a")) == 999 and listed("b") == ["2001:db8::1"]
print(json.dumps(refused))
"""


def test_the_kernel_takes_addresses_in_and_out_and_says_what_it_refuses(in_namespace):
    assert len(json.loads(in_namespace(HERE))) == 3
