"""Lets these tests import what lies beside them, and the made-up units of the admission tests."""

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "admission"))
sys.path.insert(0, str(Path(__file__).parent))

from made_up_units import NOW, gate
from radius_by_hand import Gateway

from cellwarden.interfaces.gate.web import WebServer, bound
from cellwarden.workflows.gate_evidence import GateEvidence
from cellwarden.workflows.gatehouse import Gatehouse


@pytest.fixture
def house(tmp_path):
    evidence = GateEvidence(tmp_path / "gate", "test")
    yield Gatehouse(gate(), evidence, lambda: NOW)
    evidence.close()


@pytest.fixture
def gateway():
    """Make RADIUS gateways that take Disconnect-Requests."""
    made = []

    def make(answer, **options):
        made.append(Gateway(answer, **options))
        return made[-1]

    yield make
    for each in made:
        each.channel.close()


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


@pytest.fixture
def in_namespace():
    """Run Python in a network namespace of its own; return what it printed."""
    if os.geteuid() or shutil.which("nft") is None or shutil.which("ip") is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs root, nftables and iproute2")
        pytest.skip("needs root, nftables and iproute2")
    name = f"cgn{os.getpid()}"
    subprocess.run(["ip", "netns", "add", name], check=True)

    def run(text):
        done = subprocess.run(
            ["ip", "netns", "exec", name, sys.executable, "-c", text], capture_output=True, text=True, check=False
        )
        assert not done.returncode, done.stderr
        return done.stdout

    yield run
    subprocess.run(["ip", "netns", "del", name], check=True)
