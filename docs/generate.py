"""Write the reference pages from the code: `python docs/generate.py`; with `--check` only say which are stale."""

from __future__ import annotations

import argparse
import ast
import dataclasses
import importlib
import inspect
import pkgutil
import sys
import textwrap
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import typer

import cellwarden
from cellwarden.admission.facts import Facts, Stage
from cellwarden.admission.policy import Policy, Region
from cellwarden.admission.rulebook import RULES
from cellwarden.detect import unit_membership
from cellwarden.detect.catalogue import DETECTORS, EXPLANATIONS
from cellwarden.detect.fusion import GRADES, PRIOR
from cellwarden.foundation.errors import CellwardenError
from cellwarden.incident.clocks.alarms import causes as alarm_causes
from cellwarden.incident.clocks.alarms import checks as alarm_checks
from cellwarden.incident.clocks.rules import rules as legal_rules
from cellwarden.incident.clocks.rules import triggers as clock_triggers
from cellwarden.ingest.folder import CAPTURE_SUFFIXES, TABLE_SUFFIXES
from cellwarden.ingest.mapping import CELL_NOTATIONS, EPOCHS, TableMapping
from cellwarden.interfaces.gate.settings import GATE_KEYS, SECTIONS, Settings
from cellwarden.records.operator import Operator
from cellwarden.records.results import RESULTS
from cellwarden.records.tables import IDENTIFIERS, TABLES, Column, Kind
from cellwarden.workflows.decoded_columns import COLUMNS as DECODED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cellwarden.detect.detector import Detector, Threshold
    from cellwarden.detect.explanations.explanation import Explanation

HERE = Path(__file__).parent
FOLDER = HERE / "reference"
COMMAND = "python docs/generate.py"
MADE = f"<!-- Made by `{COMMAND}`. Do not edit: change the code, then run it again. -->"
INTERRUPTED = ("Interrupted", 130, "", "Ctrl-C. Nothing half-written is left behind.")


def pages() -> dict[str, str]:
    """Return every generated page by file name."""
    made = {
        "input-tables.md": input_tables(),
        "result-files.md": result_files(),
        "detectors.md": detectors(),
        "cli.md": command_line(),
        "clock-rules.md": clock_rules(),
        "gate-rules.md": gate_rules(),
        "gate-settings.md": gate_settings(),
        "decode-columns.md": decode_columns(),
        "exit-codes.md": exit_codes(),
        "mapping-file.md": mapping_file(),
        "operator-file.md": operator_file(),
    }
    return {name: f"{MADE}\n\n{text.strip()}\n" for name, text in made.items()}


def stale() -> list[str]:
    """Return the generated pages that differ from the code, or that nothing generates any more."""
    made = pages()
    differing = [name for name, text in made.items() if _content(FOLDER / name) != text]
    left = [path.name for path in sorted(FOLDER.glob("*.md")) if path.name not in made and MADE in _content(path)]
    return differing + left


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Write a Markdown table."""
    head = list(head)
    lines = [head, ["---"] * len(head), *[list(map(_cell, row)) for row in rows]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def input_tables() -> str:
    """Describe what goes in."""
    kinds = field_docs(Kind)
    parts = [
        "# Input tables",
        f"""A record folder holds these tables. A table is one file (`payments.parquet`) or a folder of files in any depth
(`access/date=2025-08-05/part-0.parquet`). File names end with {_codes(TABLE_SUFFIXES)}; files of one table may mix formats.
Captures lie under `captures/` and end with {_codes(CAPTURE_SUFFIXES)}; they become rows of `access` and `links`.
An export with other names loads through a [mapping file](mapping-file.md). What no table says stands in [`operator.toml`](operator-file.md).

An empty value means *not known*, never *no*. A row that breaks the contract is rejected, kept and counted:
rows read = rows accepted + rows rejected, for every file.""",
        "## Kinds of values",
        table(
            ("kind", "how it is read, and what the lake keeps"),
            [(f"`{kind.value}`", kinds.get(kind.name, "") or _kind(kind)) for kind in Kind],
        ),
    ]
    for each in TABLES.values():
        parts += [f"## {each.name}", f"One row a {each.row}." + (" Kept by UTC day." if each.by_day else "")]
        parts.append(
            table(
                ("column", "kind", "required", "meaning"),
                [(f"`{c.name}`", f"`{c.kind.value}`", "yes" if c.required else "", _meaning(c)) for c in each.columns],
            )
        )
    return "\n\n".join(parts)


def result_files() -> str:
    """Describe what comes out."""
    known = tomllib.loads((HERE / "result_columns.toml").read_text(encoding="utf-8"))
    parts = [
        "# Result files",
        """`cellwarden investigate RECORDS --out RESULT` writes these files. A result folder is there as a whole or not at all.
Times are UTC. Identifiers are pseudonyms of 16 hex digits, or the real ones under `--reveal`.""",
        table(("file", "what it is"), [(f"`{name}`", text) for name, text in known["files"].items()]),
    ]
    for name, schema in RESULTS.items():
        said = {**known["everywhere"], **known.get(name, {})}
        if lacking := [field.name for field in schema if field.name not in said]:
            raise SystemExit(f"docs/result_columns.toml: [{name}] lacks {', '.join(lacking)}")
        parts += [
            f"## {name}.parquet",
            f"One row a {known['rows'][name]}.",
            table(("column", "type", "meaning"), [(f"`{f.name}`", f"`{_type(f.type)}`", said[f.name]) for f in schema]),
        ]
    return "\n\n".join(parts)


def detectors() -> str:
    """Print the catalogue."""
    parts = [
        "# Detectors and explanations",
        f"""Each detector returns weights of evidence (natural log of a likelihood ratio, in nats), never a verdict.
Weights of one episode are added to a prior of {PRIOR.value:g} ({PRIOR.unit}: {PRIOR.reason}); an innocent explanation takes
weight away. The sum is the score. How this works stands in [evidence and weights](../explanation/evidence-weights.md).""",
        table(("grade", "least score"), [(f"`{grade}`", f"{least:g}") for grade, least in GRADES.items()]),
        f"""`{unit_membership.NAME}` (version {unit_membership.VERSION}) adds {unit_membership.LIFT.value:g} {unit_membership.LIFT.unit} to a flagged
cell whose hardware is graded `rogue` under another cell: {unit_membership.LIFT.reason}.""",
        "## Detectors",
    ]
    parts += [_card(each, [("Innocent causes", "; ".join(each.innocent_causes))]) for each in DETECTORS]
    parts.append("## Innocent explanations")
    parts += [_card(each, [("Accounts for", _codes(each.accounts_for))]) for each in EXPLANATIONS]
    return "\n\n".join(parts)


def command_line() -> str:
    """Describe every command, option and argument, as the command's own help says."""
    main = importlib.import_module("cellwarden.interfaces.cli.main")
    group: Any = typer.main.get_command(main.app)
    parts = [
        "# Command line",
        group.help or "",
        "Every command prints its help with `--help`. Exit codes stand [here](exit-codes.md).",
    ]
    for name, command in _commands(group):
        arguments = [param for param in command.params if param.param_type_name == "argument"]
        options = [param for param in command.params if param.param_type_name == "option" and param.name != "help"]
        words = [(each.metavar or each.name).upper() for each in arguments]
        words = [word if each.required else f"[{word}]" for word, each in zip(words, arguments, strict=True)]
        required = [f"{max(each.opts, key=len)} {_value_of(each)}" for each in options if each.required]
        optional = ["[OPTIONS]"] if len(required) < len(options) else []
        usage = " ".join(["cellwarden", name, *words, *required, *optional])
        parts += [f"## {name}", command.help or "", f"```\n{usage}\n```"]
        rows = [(f"`{word}`", each.help or "", "") for word, each in zip(words, arguments, strict=True)]
        rows += [(f"`{_option(each)}`", each.help or "", _default(each)) for each in options]
        if rows:
            parts.append(table(("argument or option", "meaning", "default"), rows))
    return "\n\n".join(parts)


def _commands(group: Any, above: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each command with the words that call it; a group of commands is followed by its own."""
    for name, command in sorted(group.commands.items()):
        yield above + name, command
        yield from _commands(command, f"{above}{name} ") if hasattr(command, "commands") else ()


def gate_rules() -> str:
    """List the rules of the gate."""
    return "\n\n".join(
        [
            "# Rules of the gate",
            """The gate lets equipment in if no rule refuses it. A rule that lacks a fact is silent, and the decision names it; what a stage
cannot do without is rule 10. The block list stands above the rules and is enforced everywhere, always, as `BLOCKED`. An adapter
that gets no decision in time refuses with `DECISION_UNAVAILABLE`. How strict each rule is stands under `[policy]`, below.""",
            table(
                ("rule", "demands", "refuses with", "tells only", "clause", "the robbed network"),
                [(r.number, r.name, _codes(r.codes), _codes(r.findings), r.clause, r.lacked) for r in RULES],
            ),
            "## What each stage must know",
            table(
                ("stage", "what it is", "must know"),
                [(f"`{s.value}`", field_docs(Stage)[s.name], _codes(s.must_know)) for s in Stage],
            ),
            "## Facts",
            table(("fact", "meaning"), [(f"`{name}`", meaning) for name, meaning in field_docs(Facts).items()]),
            "## Policy",
            "The `[policy]` table of a gate's settings. Every key is optional; an unknown one is refused.",
            table(("key", "meaning"), [(f"`{name}`", meaning) for name, meaning in field_docs(Policy).items()]),
            "### Regions: `[[policy.regions]]`",
            "Part of the network in which refusals are not all enforced yet. It names the day on which that ends.",
            table(("key", "meaning"), [(f"`{name}`", meaning) for name, meaning in field_docs(Region).items()]),
        ]
    )


def gate_settings() -> str:
    """List the sections of a gate's settings with their keys, and the list of RADIUS clients."""
    parts = [
        "# Settings of the gate",
        """`cellwarden gate run FILE` reads one TOML file; one file is one process. Each section switches an adapter on, an unknown key is
refused, and a path starts where the file lies. `[policy]` stands in [Rules of the gate](gate-rules.md).""",
        "## `[gate]`",
        _keys(Settings, only=GATE_KEYS),
    ]
    for name, section in SECTIONS.items():
        told = str(section.__doc__).partition(": ")[2]
        parts += [f"## `[{name}]`", told[0].upper() + told[1:], _keys(section)]
    return "\n\n".join(parts)


def _keys(of: type, only: Iterable[str] = ()) -> str:
    wanted, meanings = set(only), field_docs(of)
    rows = [
        (f"`{each.name}`", meanings[each.name], "must be given" if each.default is dataclasses.MISSING else _toml(each.default))
        for each in dataclasses.fields(of)
        if not wanted or each.name in wanted
    ]
    return table(("key", "meaning", "if it is left out"), rows)


def _toml(value: object) -> str:
    """Write a default as the file would."""
    if value is None or value in {"", ()}:
        return "none"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def decode_columns() -> str:
    """List the columns of `cellwarden decode` with the element and the tshark fields that each equals."""
    rows = [
        (
            f"`{each.name}`",
            _arrow_name(each.type),
            each.meaning,
            each.element,
            "<br>".join(f"{protocol}: {_codes(names)}" for protocol, names in each.tshark.items()),
        )
        for each in DECODED
    ]
    return "\n\n".join(
        [
            "# Columns of `cellwarden decode`",
            """One row a NAS message, or a PDU that holds none, and one for each identity if a message shows several. A value is null where the
message does not hold it. Each column equals the tshark fields beside it (spelling of tshark 4.0; later versions write `nas-eps` for
`nas_eps`); a test compares them on every capture that the project has.""",
            table(("column", "type", "meaning", "information element", "tshark fields"), rows),
        ]
    )


def _arrow_name(kind: pa.DataType) -> str:
    """Name a type in a word."""
    if pa.types.is_list(kind):
        return f"list of {_arrow_name(kind.value_type)}"
    names = {pa.string(): "text", pa.int64(): "number", pa.bool_(): "yes or no", pa.timestamp("us"): "time, UTC"}
    return names[kind]


def clock_rules() -> str:
    """List the legal deadlines with article, trigger, period, recipient and content."""
    parts = [
        "# Rules of legal clocks",
        """A clock starts by a recorded act (`cellwarden clock start`). Hours run straight on; days and weeks end with the last local day;
months end on the same day of a later month. The rules are data: `incident/clocks/rules.toml`. They are no legal advice.""",
        "## What starts a clock",
        table(
            ("trigger", "English", "Korean"), [(f"`{name}`", said["en"], said["ko"]) for name, said in clock_triggers().items()]
        ),
        "## Rules",
    ]
    for rule in legal_rules().values():
        facts = [
            ("Law", rule.law),
            ("Article", rule.article),
            ("Started by", f"`{rule.trigger}`"),
            ("Period", rule.period),
            ("To", rule.to),
            ("In force from", rule.in_force_on.isoformat()),
            ("May slip for", ", ".join(rule.slips_for) or "nothing"),
            *([("Replaced by", f"`{rule.replaced_by}`")] if rule.replaced_by else []),
            *([("Condition", rule.condition)] if rule.condition else []),
            ("Source", rule.source),
        ]
        parts += [f"### {rule.name}", "\n".join(f"- {name}: {text}" for name, text in facts)]
        rows = [(f"`{e.key}`", e.en, e.ko, e.asked_from.isoformat() if e.asked_from else "") for e in rule.content]
        parts.append(table(("element", "English", "Korean", "asked from"), rows))
    parts += [
        "## What else an alarm may be",
        "`cellwarden clock aside` takes an answer to each check. An answer under *speaks against* contradicts the cause and asks for a justification.",
        table(
            ("cause", "check", "question", "speaks against"),
            [
                (f"`{name}`", f"`{check}`", alarm_checks()[check]["en"], cause["speaks_against"].get(check, ""))
                for name, cause in alarm_causes().items()
                for check in cause["checks"]
            ],
        ),
    ]
    return "\n\n".join(parts)


def exit_codes() -> str:
    """List the errors with their exit codes and HTTP statuses."""
    rows = [(f"`{kind.__name__}`", kind.exit_code, kind.http_status, _summary(kind)) for kind in _errors()]
    return "\n\n".join(
        [
            "# Exit codes and HTTP statuses",
            """An error is one line on standard error: *where: what. What to do next.* Values are shown by their shape
(`45005…(15)`), never whole. A rejected row is no error: it is counted and kept in `rejected.parquet`. The statuses are what
an HTTP interface answers with; there is none yet.""",
            table(
                ("error", "exit", "HTTP", "meaning"),
                [("done", 0, 200, ""), *rows, INTERRUPTED],
            ),
            "`cellwarden check` ends with 3 when a file could not be read to its end. Rejected rows alone end with 0.",
        ]
    )


def mapping_file() -> str:
    """Describe the keys of a mapping file."""
    import cellwarden.ingest.mapping as module  # noqa: PLC0415 (its docstring is the example)

    example = (module.__doc__ or "").split("\n\n", 1)[1].strip()
    docs = field_docs(TableMapping)
    extra = {
        "cell": f"How cell numbers are written in text: {_codes(CELL_NOTATIONS)}. `enb-cell` (`77158-113`) makes the cell a macro one.",
        "time_format": f"A format such as `%Y%m%d%H%M%S`, or {_codes(EPOCHS)}; empty: ISO 8601.",
        "delimiter": "One ASCII character between the columns of a CSV file.",
        "encoding": "Character set of a CSV file, as `utf-8` or `cp949`.",
        "time_zone": "IANA zone of times that do not state one; without it such times are rejected.",
    }
    rows = [(f"`{name}`", extra.get(name) or docs.get(name, "")) for name in TableMapping.__dataclass_fields__]
    return "\n\n".join(
        [
            "# Mapping file",
            """A TOML file with one part a table. Put it into the record folder as `mapping.toml`, or give it with `--mapping`.
Whatever it does not say is read as the [input tables](input-tables.md) say.""",
            f"```toml\n{example}\n```",
            table(("key", "meaning"), rows),
            "An unknown table, key, column, zone, format or encoding is refused with the list of known ones.",
        ]
    )


def operator_file() -> str:
    """Describe the keys of operator.toml."""
    docs = field_docs(Operator)
    meant = {
        "name": "Who the report is about.",
        "time_zone": "IANA name; hours and days in reports are local. Absent: the zone of the country, if it has one; else UTC.",
        "own_plmns": "List of PLMNs whose cells are judged. Absent: the most frequent in `access`.",
        "currency": "ISO 4217.",
        "own_asns": "List of autonomous systems of the operator's own wireline network. Absent: those from which a fair share of the fleet comes.",
    }
    rows = [(f"`{name}`", meant.get(name) or docs.get(name, "")) for name in Operator.__dataclass_fields__ if name != "notes"]
    return "\n\n".join(
        [
            "# operator.toml",
            "Optional, at the top of the record folder. It says what no table says. Every key is optional; an unknown key is refused. The report names what was assumed.",
            table(("key", "meaning"), rows),
        ]
    )


def field_docs(of: type) -> dict[str, str]:
    """Return the docstrings that stand under the fields of a class."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(of))).body
    docs: dict[str, str] = {}
    name = ""
    for node in tree.body if isinstance(tree, ast.ClassDef) else []:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name = node.target.id
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and name:
            docs[name] = " ".join(str(node.value.value).split())
            name = ""
        else:
            name = ""
    return docs


def _card(each: Detector | Explanation, more: list[tuple[str, str]]) -> str:
    sources = [("Needs", each.needs), ("Weaker without", each.helps)]
    facts = [
        *more,
        *[(name, ", ".join(f"`{source}`" for source in listed)) for name, listed in sources if listed],
        ("References", "; ".join(each.references)),
        *[("Reads, prepared a day at a time", f"`{made.name}`, a row a {made.row}") for made in each.prepares],
        ("Query", f"[`{each.script.name}`](../../src/cellwarden/{each.script.name})"),
        ("Evidence", f"“{each.evidence['en']}”"),
    ]
    lines = [
        f"### {each.name}",
        f"Version {each.version}. Looks for {each.looks_for}.",
        "\n".join(f"- {name}: {text}" for name, text in facts),
    ]
    if each.thresholds:
        lines.append(_thresholds(each.thresholds))
    return "\n\n".join(lines)


def _thresholds(thresholds: dict[str, Threshold]) -> str:
    rows = [(f"`{name}`", f"{limit.value:g}", limit.unit, limit.reason) for name, limit in thresholds.items()]
    return table(("threshold", "value", "unit", "reason"), rows)


def _errors() -> Iterator[type[CellwardenError]]:
    """Yield every error of the code, in the order of exit codes."""
    for module in pkgutil.walk_packages(cellwarden.__path__, "cellwarden."):
        importlib.import_module(module.name)

    def below(kind: type[CellwardenError]) -> Iterator[type[CellwardenError]]:
        yield kind
        for child in kind.__subclasses__():
            yield from below(child)

    yield from sorted(
        below(CellwardenError), key=lambda kind: (kind.exit_code, kind.__name__ != "CellwardenError", kind.__name__)
    )


def _summary(kind: type) -> str:
    return (
        " ".join((kind.__doc__ or "").split("\n\n")[0].split())
        if kind is not CellwardenError
        else "Something of ours went wrong."
    )


def _meaning(column: Column) -> str:
    values = f"one of {_codes(column.values)}" if column.values else ""
    return "; ".join(part for part in (column.meaning, values) if part)


def _kind(kind: Kind) -> str:
    said = {
        Kind.DATE: "A local date, `2025-08-05`.",
        Kind.INTEGER: "A whole number, 64 bits.",
        Kind.FLOAT: "A number.",
        Kind.ENUM: "One of the words listed; an unknown word rejects the row.",
        Kind.TEXT: "Text, kept as it is.",
    }
    return said[kind] + (" A pseudonym in the lake." if kind in IDENTIFIERS else "")


def _type(kind: pa.DataType) -> str:
    if pa.types.is_timestamp(kind):
        return "timestamp, UTC"
    if pa.types.is_list(kind):
        return f"list of {_type(kind.value_type)}"
    return {"string": "text", "int64": "integer", "double": "number"}.get(str(kind), str(kind))


def _option(option: Any) -> str:
    name = max(option.opts, key=len)
    return name if option.is_flag else f"{name} {_value_of(option)}"


def _value_of(option: Any) -> str:
    return str(option.metavar or max(option.opts, key=len).lstrip("-").replace("-", "_").upper())


def _default(option: Any) -> str:
    if option.required:
        return "required"
    if option.is_flag or option.default in (None, ""):
        return ""
    return f"`{option.default}`"


def _codes(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _cell(value: object) -> str:
    return " ".join(str(value).split()).replace("|", "\\|")


def _content(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def main() -> int:
    """Write the pages, or check them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a page is stale")
    if parser.parse_args().check:
        found = stale()
        for name in found:
            print(f"docs/reference/{name} is stale: run {COMMAND}")
        return 1 if found else 0
    FOLDER.mkdir(exist_ok=True)
    made = pages()
    for name in stale():
        path = FOLDER / name
        if name in made:
            path.write_text(made[name], encoding="utf-8")
            print(f"wrote docs/reference/{name}")
        else:
            path.unlink()
            print(f"removed docs/reference/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
