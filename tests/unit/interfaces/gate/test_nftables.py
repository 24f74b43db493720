import os
import shutil
import subprocess
import sys

import pytest

from cellwarden.foundation.errors import CellwardenError, UsageError
from cellwarden.interfaces.gate.nftables import rules

HERE = (
    "import sys; from cellwarden.interfaces.gate.nftables import Nftables; from cellwarden.foundation.errors import CellwardenError\n"
    "door = Nftables(); door.open('10.0.0.1'); door.open('2001:db8::1'); door.open('10.0.0.1')\n"
    "again = Nftables()\n"
    "assert again.admitted() == {'10.0.0.1', '2001:db8::1'}, again.admitted()\n"
    "again.close('10.0.0.1'); again.close('10.0.0.1'); assert door.admitted() == {'2001:db8::1'}\n"
    "for text in ('', '10.0.0.1; flush ruleset', '10.0.0.0/8'):\n"
    "    try: door.open(text)\n"
    "    except CellwardenError: pass\n"
    "    else: sys.exit('took ' + text)\n"
    "print('done')\n"
)


def test_rules_drop_what_is_not_let_in_and_leave_the_rest_alone():
    text = rules("gate", "meta secpath exists")
    assert text.count("meta secpath exists counter drop") == 2
    assert "policy accept" in text
    assert "table inet gate {" in text


@pytest.mark.parametrize("name", ["", "a b", "x; flush ruleset", "Ä"])
def test_a_table_has_a_plain_name(name):
    with pytest.raises(UsageError):
        rules(name)


def test_the_set_in_the_kernel_outlives_who_fills_it():
    if os.geteuid() or shutil.which("nft") is None or shutil.which("ip") is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs root, nftables and iproute2")
        pytest.skip("needs root, nftables and iproute2")
    name = f"cgn{os.getpid()}"
    subprocess.run(["ip", "netns", "add", name], check=True)
    try:
        done = subprocess.run(
            ["ip", "netns", "exec", name, sys.executable, "-c", HERE], capture_output=True, text=True, check=False
        )
    finally:
        subprocess.run(["ip", "netns", "del", name], check=True)
    assert done.stdout == "done\n", done.stderr
    assert CellwardenError.exit_code == 1
