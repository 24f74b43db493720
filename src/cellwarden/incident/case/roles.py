"""Who may do what in a case. Seeing identifiers is a permission of its own: leading a case does not give it."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """One right; a role is a set of them."""

    READ = "read"
    """Read the case: timeline, tasks, decisions, evidence items, clocks and acts, all with pseudonyms."""
    WRITE = "write"
    """Add to timeline, tasks and evidence."""
    DECIDE = "decide"
    """Record a decision; close and reopen the case."""
    CLOCK = "clock"
    """Start, meet and explain legal clocks; judge alarms."""
    ASK_CONTAINMENT = "ask_containment"
    APPROVE_CONTAINMENT = "approve_containment"
    BREAK_GLASS = "break_glass"
    """Contain without the second person, with a reason; another person reviews it afterwards."""
    REVIEW = "review"
    """Judge a broken glass afterwards."""
    ASK_REVEAL = "ask_reveal"
    APPROVE_REVEAL = "approve_reveal"
    SEE_IDENTIFIERS = "see_identifiers"
    """Read what an approved reveal opens."""
    ASK_FORGETTING = "ask_forgetting"
    APPROVE_FORGETTING = "approve_forgetting"
    ASK_NOTICE = "ask_notice"
    """Prepare notices and reports for sending."""
    APPROVE_NOTICE = "approve_notice"
    ASK_GRANT = "ask_grant"
    """Enrol people and ask for their roles."""
    APPROVE_GRANT = "approve_grant"
    READ_LOG = "read_log"
    """Read the whole audit log and the privacy receipt."""


_P = Permission
ROLES: dict[str, frozenset[Permission]] = {
    "commander": frozenset(
        {_P.READ, _P.WRITE, _P.DECIDE, _P.CLOCK, _P.ASK_CONTAINMENT, _P.APPROVE_CONTAINMENT, _P.BREAK_GLASS, _P.REVIEW}
        | {_P.ASK_REVEAL, _P.ASK_NOTICE, _P.APPROVE_NOTICE}
    ),
    "analyst": frozenset({_P.READ, _P.WRITE, _P.ASK_CONTAINMENT, _P.ASK_REVEAL, _P.ASK_NOTICE}),
    "network": frozenset({_P.READ, _P.WRITE, _P.ASK_CONTAINMENT, _P.APPROVE_CONTAINMENT, _P.BREAK_GLASS}),
    "care": frozenset({_P.READ, _P.WRITE, _P.ASK_REVEAL, _P.SEE_IDENTIFIERS, _P.ASK_NOTICE}),
    "counsel": frozenset(
        {_P.READ, _P.WRITE, _P.DECIDE, _P.CLOCK, _P.APPROVE_REVEAL, _P.APPROVE_NOTICE, _P.REVIEW, _P.READ_LOG}
        | {_P.APPROVE_FORGETTING}
    ),
    "dpo": frozenset(
        {_P.READ, _P.WRITE, _P.CLOCK, _P.ASK_REVEAL, _P.APPROVE_REVEAL, _P.SEE_IDENTIFIERS, _P.ASK_FORGETTING}
        | {_P.APPROVE_FORGETTING, _P.APPROVE_NOTICE, _P.REVIEW, _P.READ_LOG}
    ),
    "auditor": frozenset({_P.READ, _P.REVIEW, _P.READ_LOG}),
    "steward": frozenset({_P.ASK_GRANT, _P.APPROVE_GRANT}),
}
"""Every role with its permissions. No role approves what it asked: that is decided by person, not by role."""
