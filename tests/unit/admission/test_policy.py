import pytest
from made_up_units import NOW, gate, later, tunnel, unit

from cellwarden.admission.blocks import Block
from cellwarden.admission.gate import Cut
from cellwarden.admission.policy import Policy, Region, parse_policy
from cellwarden.foundation.errors import MalformedInputError

FULL = """
[policy]
max_certificate_days = 31
own_networks = ["192.0.2.0/24"]
own_asns = [64500]
country = "KR"
takes_over = false
[[policy.regions]]
name = "busan"
mode = "staged"
until = 2025-12-01T00:00:00+09:00
tacs = [7]
reasons = ["NOT_REGISTERED"]
"""


def region(mode, **changes):
    return Region(name="test", mode=mode, until=later(days=1), **changes)


def test_a_policy_file_says_what_it_says():
    policy = parse_policy(FULL, where="gate.toml")
    assert (policy.max_certificate_days, policy.takes_over, policy.needs_line) == (31, False, True)
    assert policy.regions[0].reasons == {"NOT_REGISTERED"}
    assert parse_policy("", where="gate.toml") == Policy()


@pytest.mark.parametrize(
    "text",
    [
        "[policy",
        "[policy]\ncolour = 1",
        "[policy]\ncountry = 1",
        "[policy]\nmax_certificate_days = true",
        "[policy]\nown_networks = ['x']",
        "[policy]\nown_asns = 3",
        "[policy]\nregions = 3",
        "[[policy.regions]]\nname = 'a'\nmode = 'off'\nuntil = 2025-12-01T00:00:00Z",
        "[[policy.regions]]\nname = 'a'\nmode = 'monitor'",
        "[[policy.regions]]\nname = 'a'\nmode = 'monitor'\nuntil = 2025-12-01T00:00:00",
        "[[policy.regions]]\nname = 'a'\nmode = 'canary'\nuntil = 2025-12-01T00:00:00Z\nshare = 101",
    ],
)
def test_a_policy_that_is_not_understood_is_refused(text):
    with pytest.raises(MalformedInputError, match=r"gate\.toml"):
        parse_policy(text, where="gate.toml")


def test_monitor_mode_lets_in_and_says_what_it_would_have_done():
    held = gate(policy=Policy(regions=(region("monitor"),)))
    decision = held.ask(tunnel(3))[0].decision
    assert decision.allow
    assert [reason.code for reason in decision.would_have] == ["NOT_REGISTERED"]
    assert decision.region == "test"
    assert held.policy.loose_regions(NOW)
    assert not held.policy.loose_regions(later(days=1))


def test_monitor_mode_ends_by_itself():
    held = gate(policy=Policy(regions=(region("monitor"),)))
    assert not held.ask(tunnel(3, at=later(days=1)))[0].decision.allow


def test_monitor_mode_does_not_loosen_the_block_list():
    held = gate(policy=Policy(regions=(region("monitor"),)))
    held.block(Block("equipment_id", "henb1", "case 7"), NOW)
    assert held.ask(tunnel(1))[0].decision.codes == ("BLOCKED",)


def test_a_region_is_a_gateway_or_a_tracking_area():
    by_gateway = Policy(regions=(region("monitor", gateways=frozenset({"segw-busan"})),))
    assert gate(policy=by_gateway).ask(tunnel(3, gateway="segw-busan"))[0].decision.allow
    assert not gate(policy=by_gateway).ask(tunnel(3))[0].decision.allow
    by_area = Policy(regions=(region("monitor", tacs=frozenset({7})),))
    assert gate(policy=by_area).ask(tunnel(1, source_ip="203.0.113.1"))[0].decision.allow
    assert not gate(unit(1, tac=8), policy=by_area).ask(tunnel(1, source_ip="203.0.113.1"))[0].decision.allow


def test_a_canary_enforces_for_its_share_and_always_for_the_same_units():
    policy = Policy(regions=(region("canary", share=30),))
    refused = [
        {n for n in range(1000, 1500) if not gate(policy=policy).ask(tunnel(n, source_ip="192.0.2.1"))[0].decision.allow}
        for _ in range(2)
    ]
    assert refused[0] == refused[1]
    assert 100 < len(refused[0]) < 200, "about 30 per cent of 500"


def test_staged_enforcement_refuses_by_the_rules_that_are_switched_on():
    policy = Policy(regions=(region("staged", reasons=frozenset({"NOT_REGISTERED"})),))
    assert gate(policy=policy).ask(tunnel(3))[0].decision.codes == ("NOT_REGISTERED",)
    loose = gate(policy=policy).ask(tunnel(1, source_ip="203.0.113.1"))[0].decision
    assert loose.allow
    assert [reason.code for reason in loose.would_have] == ["SOURCE_IP_NOT_INSTALLED_LINE"]


def test_enforcing_cuts_who_should_not_have_been_let_in():
    held = gate(policy=Policy(regions=(region("monitor"),)))
    held.ask(tunnel(1))
    held.ask(tunnel(3))
    held.ask(tunnel(1, key="clone", at=later(seconds=1), inner_ip="10.9.0.8", source_ip="203.0.113.1"))
    cut = [each.session.key for each in held.enforce(Policy(), later(seconds=2)) if isinstance(each, Cut)]
    assert cut == ["sa3", "clone"]
