"""Innocent causes, with the same rigour as the detectors."""
