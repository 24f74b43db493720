from datetime import timedelta

from made_up_units import NOW, tunnel
from prometheus_client.parser import text_string_to_metric_families

from cellwarden.admission.policy import Policy, Region
from cellwarden.interfaces.gate.metrics import Metrics


def told(house):
    families = text_string_to_metric_families(Metrics(house).text().decode())
    return {(sample.name, *sorted(sample.labels.values())): sample.value for family in families for sample in family.samples}


def test_decisions_reasons_and_sessions_are_told(house):
    house.ask(tunnel(1))
    house.ask(tunnel(1, key="clone", source_ip="203.0.113.1"))
    seen = told(house)
    assert seen["cellwarden_gate_decisions_total", "admitted", "tunnel"] == 1
    assert seen["cellwarden_gate_decisions_total", "refused", "tunnel"] == 1
    assert seen["cellwarden_gate_reasons_total", "DUPLICATE_SESSION"] == 1
    assert seen["cellwarden_gate_alerts_total",] == 1
    assert seen["cellwarden_gate_sessions",] == 1
    assert seen["cellwarden_gate_registry_age_seconds",] == 0
    assert not any("henb" in str(key) for key in seen), "equipment is no label"


def test_what_is_not_enforced_is_loud(house):
    house.enforce(Policy(regions=(Region(name="busan", mode="monitor", until=NOW + timedelta(days=1)),)))
    house.ask(tunnel(3))
    seen = told(house)
    assert seen["cellwarden_gate_not_enforced", "busan", "monitor"] == 1
    assert seen["cellwarden_gate_would_have_refused_total", "NOT_REGISTERED"] == 1
