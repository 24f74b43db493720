"""Whom to call: people charged through an exposure who have not disputed it, and people who dispute and were never exposed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cellwarden.engines.port import Script

if TYPE_CHECKING:
    from cellwarden.engines.port import Engine

CONTACTS = Script.beside(__file__, "contacts.sql")
CHARGED, UNEXPOSED = "charged_not_disputed", "disputed_not_exposed"
"""The first are called first: they may not know yet. The second are no victims of the cells found, which is a lead to others."""


def contacts(engine: Engine) -> list[dict[str, Any]]:
    """Return one row a payment, most likely and largest first; `exposed` and `linked_payment` must lie on the engine."""
    rows: list[dict[str, Any]] = engine.run(CONTACTS).to_pylist()
    return rows
