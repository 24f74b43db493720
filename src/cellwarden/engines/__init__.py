"""Engines: where a question runs. One port, thin adapters, the same portable SQL on each."""
