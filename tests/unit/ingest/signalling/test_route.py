from __future__ import annotations

import pytest

from cellwarden.ingest.signalling.route import Route


@pytest.mark.parametrize(
    ("source_port", "destination_port", "is_uplink"),
    [(40001, 36412, True), (38412, 40001, False), (36412, 36412, None), (40001, 40002, None)],
)
def test_the_port_of_the_core_tells_the_direction(source_port, destination_port, is_uplink):
    assert Route("10.0.0.1", source_port, "10.0.0.2", destination_port, 1).is_uplink is is_uplink
