"""What is owed to a subscriber on a day, by dated rules with exclusions; each answer says why."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from cellwarden.foundation.errors import MalformedInputError

if TYPE_CHECKING:
    from pathlib import Path

_KINDS: dict[str, type] = {
    "name": str,
    "means": dict,
    "source": str,
    "from": date,
    "until": date,
    "left_from": date,
    "exclude_joined_from": date,
    "exposed": bool,
    "charged": bool,
    "exclude_ex_officio": bool,
    "exclude_controllers_other_than": list,
    "exclude_device_classes": list,
}
_NEEDED = ("name", "means", "source", "from")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """How a subscriber left."""

    on: date | None
    """None: has not left."""
    ex_officio: bool = False
    """Cancelled by the operator."""


STAYED = Leaving(on=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """What the rules ask about; None: not known."""

    exposed: bool
    charged: bool
    """Has an approved linked payment."""
    controller: str | None
    device_class: str | None
    joined_on: date | None
    """Joined, changed device or renewed: the later."""
    leaving: Leaving | None = None
    """Whether and how they left; None: not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlement:
    """One rule applied to one subscriber."""

    rule: str
    is_owed: bool
    because: tuple[str, ...]
    """Conditions that fail or cannot be told; empty where it is owed."""


def read_rules(path: Path | None = None) -> list[dict[str, Any]]:
    """Read rules; without a path those of the public case.

    Raises:
        MalformedInputError: A key is unknown, missing or of the wrong kind: a misspelt exclusion would entitle everybody.
    """
    source = path or files("cellwarden.incident") / "entitlements.toml"
    where = path.name if path else "entitlements.toml"
    try:
        rules = tomllib.loads(source.read_text(encoding="utf-8")).get("rule", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise MalformedInputError(
            f"not readable as TOML ({error})", where=where, fix="See incident/entitlements.toml"
        ) from error
    for rule in rules:
        name = str(rule.get("name", "a rule without a name"))
        if wrong := sorted(key for key in rule if key not in _KINDS or not isinstance(rule[key], _KINDS[key])):
            raise MalformedInputError(f"{name}: {', '.join(wrong)}", where=where, fix=f"Known are {', '.join(_KINDS)}")
        if lacking := [key for key in _NEEDED if key not in rule]:
            raise MalformedInputError(
                f"{name}: {', '.join(lacking)} is missing", where=where, fix="Say what, from when, and who decided it"
            )
    return list(rules)


def entitlements(subscriber: Subscriber, on: date, rules: list[dict[str, Any]]) -> list[Entitlement]:
    """Apply every rule, in order."""
    found = []
    for rule in rules:
        because = tuple(_fails(rule, subscriber, on))
        found.append(Entitlement(rule=rule["name"], is_owed=not because, because=because))
    return found


def _fails(rule: dict[str, Any], subscriber: Subscriber, on: date) -> list[str]:
    """Return the conditions that do not hold; a fact that is not known is said, and never taken for a yes."""
    failed = []
    if on < rule["from"]:
        failed.append(f"not before {rule['from']}")
    if "until" in rule and on > rule["until"]:
        failed.append(f"not after {rule['until']}")
    failed += [f"not {name}" for name in ("exposed", "charged") if name in rule and getattr(subscriber, name) is not rule[name]]
    if "exclude_joined_from" in rule:
        failed += _unless(
            subscriber.joined_on,
            "joining date",
            lambda day: day >= rule["exclude_joined_from"],
            f"joined from {rule['exclude_joined_from']} on",
        )
    if "left_from" in rule:
        failed += _unless(
            subscriber.leaving,
            "leaving",
            lambda leaving: leaving.on is None or not rule["left_from"] <= leaving.on <= on,
            f"has not left since {rule['left_from']}",
        )
    if "exclude_controllers_other_than" in rule:
        kept = rule["exclude_controllers_other_than"]
        failed += _unless(subscriber.controller, "controller", lambda name: name not in kept, "customer of another company")
    if "exclude_device_classes" in rule:
        left_out = rule["exclude_device_classes"]
        failed += _unless(
            subscriber.device_class, "device class", lambda name: name in left_out, f"line of a {subscriber.device_class}"
        )
    if rule.get("exclude_ex_officio") and subscriber.leaving is not None and subscriber.leaving.ex_officio:
        failed.append("cancelled by the operator")
    return failed


def _unless(value: Any, name: str, is_excluded: Any, said: str) -> list[str]:
    if value is None:
        return [f"{name} is not known"]
    return [said] if is_excluded(value) else []
