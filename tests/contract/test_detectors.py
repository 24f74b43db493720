"""What every detector and every innocent explanation owes: a card that explains itself, a version that moves, one answer on every engine."""

import hashlib
import importlib
import json
import re
import string
import sys
from pathlib import Path

import pytest

import cellwarden.detect
from cellwarden.detect.catalogue import DETECTORS, EXPLANATIONS
from cellwarden.detect.detector import Detector, Surroundings, Threshold
from cellwarden.detect.examination import BASE
from cellwarden.detect.preparation import in_order
from cellwarden.engines.port import Script
from cellwarden.records.tables import TABLES

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "detect"))

from made_up_records import OPERATOR, Room, engines, rich, room  # noqa: F401 (fixtures)

PACKAGE = Path(cellwarden.detect.__file__).parent
LOCK = PACKAGE / "versions.lock"
CARDS = (*DETECTORS, *EXPLANATIONS)
LANGUAGES = {"en", "ko"}
KEPT = {"plmn", "rat", "cell_type", "cell", "source", "source_ip", "from_at", "to_at"}
"""Columns that `Detector.finding` itself keeps."""
every_card = pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)


def module_of(card):
    """Return the module of a card: its script lies beside it under the same name."""
    return importlib.import_module("cellwarden." + card.script.name.removesuffix(".sql").replace("/", "."))


def text_of(card):
    """Return the source of a card's module and of the modules beside it that it draws on, the card's kind left out."""
    module = module_of(card)
    package = module.__name__.rpartition(".")[0]
    drawn_on = {getattr(each, "__module__", None) or getattr(each, "__name__", "") for each in vars(module).values()}
    shared = {"cellwarden.detect.share"} & drawn_on
    names = {each for each in drawn_on if each.rpartition(".")[0] == package} | shared | {module.__name__}
    return "".join(Path(sys.modules[name].__file__).read_text(encoding="utf-8") for name in sorted(names))


def digest(card):
    """Return a digest of what a card's findings depend on: its module, but for the version, and every script that it names."""
    module = module_of(card)
    prepared = {each.script.name: each.script.text for each in in_order(card.prepares)}
    scripts = (
        {each.name: each.text for each in vars(module).values() if isinstance(each, Script)}
        | {card.script.name: card.script.text}
        | prepared
    )
    content = Path(module.__file__).read_text(encoding="utf-8") + "".join(text for _, text in sorted(scripts.items()))
    return hashlib.sha256(re.sub(r"\bversion=\d+", "version=", content).encode()).hexdigest()[:16]


def slots(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@every_card
def test_its_name_is_its_modules(card):
    module = module_of(card)
    assert module.__name__.rsplit(".", 1)[-1] == card.name
    assert getattr(module, "DETECTOR" if isinstance(card, Detector) else "EXPLANATION") is card
    assert not any(character.isdigit() for character in card.name), "a detector is named after what it sees, never by a number"


@every_card
def test_its_card_is_complete(card):
    assert card.version >= 1
    assert len(card.looks_for) > 20
    assert card.references
    assert all(reference.strip() for reference in card.references)
    assert card.thresholds
    for threshold in card.thresholds.values():
        assert isinstance(threshold, Threshold)
        assert threshold.unit
        assert len(threshold.reason) > 10 or threshold.reason.startswith("see ")
    if isinstance(card, Detector):
        assert card.innocent_causes
    else:
        assert set(card.accounts_for) <= {each.name for each in DETECTORS}


@every_card
def test_its_sentence_has_the_same_slots_in_both_languages(card):
    assert card.evidence.keys() == LANGUAGES
    assert len({frozenset(slots(text)) for text in card.evidence.values()}) == 1
    assert slots(card.evidence["en"])
    assert any("\uac00" <= character <= "\ud7a3" for character in card.evidence["ko"])


@every_card
def test_its_sources_are_tables_and_columns_of_the_contract(card):
    for need in (*card.needs, *card.helps):
        table, _, column = need.partition(".")
        assert table in TABLES
        assert not column or column in TABLES[table].schema.names
    assert card.needs
    assert not set(card.needs) & set(card.helps)


@every_card
def test_every_threshold_of_its_card_is_used(card):
    """A number on the card that nothing reads would be a promise that is not kept."""
    source = text_of(card)
    counted = re.findall(r'detector\.rarity\(.*?\bof="(\w+)"', source, re.DOTALL)
    by_rarity = (
        {"max_weight", "expected_share", "share_of_rogues", *(f"expected_share_{of}" for of in counted)} if counted else set()
    )
    for name in card.thresholds:
        assert name in by_rarity or f":{name}" in card.script.text or source.count(f'"{name}"') > 1


@every_card
def test_a_changed_detector_has_a_new_version(card):
    locked = json.loads(LOCK.read_text(encoding="utf-8"))
    version, known = locked.get(card.name, [0, ""])
    line = f'"{card.name}": [{version + 1}, "{digest(card)}"]'
    assert [card.version, digest(card)] == [version, known], (
        f"its findings may differ: raise its version to {version + 1}, then write {line} into {LOCK.name}"
    )


@every_card
def test_its_steps_leave_those_of_the_base_alone(card):
    """Steps share one room: one that took the name of a table that all read would answer for it from then on."""
    scripts = (card.script, *(each.script for each in in_order(card.prepares)))
    shared = {name for name, _ in BASE.steps()}
    assert [name for script in scripts for name, _ in script.steps() if name in shared] == []


def test_the_lock_holds_nobody_who_left():
    assert list(json.loads(LOCK.read_text(encoding="utf-8"))) == sorted(card.name for card in CARDS)


def test_empty_tables_give_no_finding_and_no_error(room):  # noqa: F811 (the fixture)
    """Every query, although the examination would not ask it: an empty table is not a missing one."""
    room.fill()
    room.base()
    room.prepare()
    for card in CARDS:
        rows = room.engine.run(card.script, **card.values()).to_pylist()
        assert list(card.judge(card, rows, Surroundings(operator=OPERATOR))) == [], card.name


@every_card
def test_it_reads_every_column_that_its_query_gives(card, engines):  # noqa: F811 (the fixture)
    """A column that nobody reads looks like a rule that holds, and is none."""
    room = Room(engines("duckdb"), engines("duckdb"))  # noqa: F811 (not the fixture)
    room.fill()
    room.base()
    room.prepare()
    columns = room.engine.run(card.script, **card.values()).column_names
    source = text_of(card)
    prefixes = {name.replace("other_", "") for name in columns if name.startswith("other_")}
    unread = [
        name
        for name in columns
        if f'"{name}"' not in source and name not in KEPT and name.removeprefix("other_") not in prefixes
    ]
    assert unread == []


def told(examined):
    """Return all that an examination says, in an order of its own."""
    findings = [
        (each.detector, each.subject, each.hand or "", each.from_at, each.to_at, each.known_at, round(each.weight, 9), *each.evidence.values(), each.rows())
        for each in examined.findings
    ]  # fmt: skip
    suspects = [
        (each.spell.key, each.spell.unit, each.spell.from_at, each.spell.to_at, each.spell.events, each.grade, round(each.log_odds, 9), each.alert_at, each.explained_by)
        for each in examined.suspects
    ]  # fmt: skip
    return sorted(findings), sorted(suspects, key=str), examined.silent


@pytest.fixture(scope="module")
def examined(engines):  # noqa: F811 (the fixture)
    return Room(engines("duckdb"), engines("duckdb")).examine(**rich())


def test_the_same_records_give_the_same_findings_on_every_engine(room, examined):  # noqa: F811 (the fixture)
    assert told(room.examine(**rich())) == told(examined)


def test_the_order_of_rows_and_rows_told_twice_change_nothing(room, examined):  # noqa: F811 (the fixture)
    """Links and registry rows often come twice; access rows do not, since their number is a fact."""
    tables = {name: rows[::-1] for name, rows in rich().items()}
    tables["links"] *= 2
    tables["equipment"] *= 2
    assert told(room.examine(**tables)) == told(examined)


def test_what_every_finding_owes(examined):
    packaged = {path.relative_to(PACKAGE.parent).as_posix() for path in PACKAGE.rglob("*.sql")}
    versions = {each.name: each.version for each in DETECTORS} | {"unit_membership": cellwarden.detect.unit_membership.VERSION}
    assert {each.detector for each in examined.findings} >= {each.name for each in DETECTORS} - {"two_places_at_once"}
    for finding in examined.findings:
        assert finding.version == versions[finding.detector]
        assert json.loads(finding.rows())["query"] in packaged
        assert finding.known_at >= finding.from_at, "nothing is known before it begins"
        assert finding.weight >= 0
        assert finding.from_at <= finding.to_at
        assert finding.evidence.keys() == LANGUAGES
        assert all("{" not in text and "None" not in text for text in finding.evidence.values())
        assert (finding.key is None) is (finding.subject_kind != "cell")
        assert finding.key is not None or finding.weight == 0
