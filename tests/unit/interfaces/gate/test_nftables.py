import pytest

from cellwarden.foundation.errors import UsageError
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


def test_the_set_in_the_kernel_outlives_who_fills_it(in_namespace):
    assert in_namespace(HERE) == "done\n"
