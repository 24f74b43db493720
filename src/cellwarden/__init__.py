"""Cellwarden: find the base station that should not be there, from an operator's own records."""

__version__ = "0.1.0"
