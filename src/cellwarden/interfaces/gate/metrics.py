"""What the gate tells a Prometheus server: decisions, reasons, sessions, the age of the registry, and what is not enforced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client.core import CollectorRegistry, CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import generate_latest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.core import Metric

    from cellwarden.workflows.gatehouse import Gatehouse


class Metrics:
    """Reads the gatehouse whenever it is asked; keeps nothing."""

    def __init__(self, house: Gatehouse) -> None:
        self._house = house
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def text(self) -> bytes:
        """Return everything in the text format of Prometheus."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics; labels name stages, verdicts, reasons and regions, never equipment."""
        gate, now, counts = self._house.gate, self._house.clock(), dict(self._house.counts)
        decisions = CounterMetricFamily("cellwarden_gate_decisions", "Decisions.", labels=["stage", "verdict"])
        reasons = CounterMetricFamily("cellwarden_gate_reasons", "Refusals by reason.", labels=["code"])
        would = CounterMetricFamily("cellwarden_gate_would_have_refused", "Reasons that are not enforced yet.", labels=["code"])
        events = CounterMetricFamily("cellwarden_gate_adapter_events", "What is no decision.", labels=["adapter", "event"])
        families = {"decision": decisions, "reason": reasons, "would_have": would, "adapter": events}
        for key, value in sorted(counts.items()):
            family = families.get(key[0])
            if family is not None:
                family.add_metric(key[1:], value)
        yield from (decisions, reasons, would, events)
        yield CounterMetricFamily("cellwarden_gate_alerts", "Imitations reported.", value=counts.get(("alert",), 0))
        yield CounterMetricFamily("cellwarden_gate_cuts", "Live sessions ended.", value=counts.get(("cut",), 0))
        yield GaugeMetricFamily("cellwarden_gate_sessions", "Live sessions.", value=len(gate.sessions))
        yield GaugeMetricFamily("cellwarden_gate_units", "Units in the registry.", value=len(gate.registry))
        age_s = (now - gate.registry.as_of).total_seconds()
        yield GaugeMetricFamily("cellwarden_gate_registry_age_seconds", "Since the registry was confirmed.", value=age_s)
        yield GaugeMetricFamily("cellwarden_gate_blocks", "Entries of the block list.", value=len(gate.registry.blocks))
        loose = GaugeMetricFamily(
            "cellwarden_gate_not_enforced", "1 for each region not fully enforced.", labels=["region", "mode"]
        )
        for region in gate.policy.loose_regions(now):
            loose.add_metric([region.name, region.mode], 1)
        yield loose
