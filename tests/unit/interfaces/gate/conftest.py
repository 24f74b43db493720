"""Lets these tests import what lies beside them, and the made-up units of the admission tests."""

import contextlib
import sys
from pathlib import Path

import httpx
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "admission"))
sys.path.insert(0, str(Path(__file__).parent))

from made_up_units import NOW, gate

from cellwarden.interfaces.gate.web import WebServer, bound
from cellwarden.workflows.gate_evidence import GateEvidence
from cellwarden.workflows.gatehouse import Gatehouse


@pytest.fixture
def house(tmp_path):
    evidence = GateEvidence(tmp_path / "gate", "test")
    yield Gatehouse(gate(), evidence, lambda: NOW)
    evidence.close()


@pytest.fixture
def served():
    """Serve an application on loopback, as the gate does; return a client of it."""

    @contextlib.contextmanager
    def serve(application, **options):
        channel = bound("127.0.0.1:0", where="test")
        server = WebServer(application, channel)
        server.start()
        url = f"http://127.0.0.1:{channel.getsockname()[1]}"
        try:
            with httpx.Client(base_url=url, timeout=30, trust_env=False, **options) as client:
                yield client
        finally:
            server.stop()

    return serve
