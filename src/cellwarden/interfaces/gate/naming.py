"""Names of equipment inside identities: IKE, EAP and certificates put the operator's domain behind them (TS 33.310; TR-196)."""

from __future__ import annotations


def unit_of(identity: str | None, suffix: str) -> str | None:
    """Return the equipment that an identity names: what stands before the operator's domain; None for no identity."""
    if identity is None:
        return None
    return identity.removesuffix(suffix) if suffix else identity
