from dataclasses import fields

from cellwarden.admission.facts import Facts
from cellwarden.admission.rulebook import BLOCKED, CLONE_CODES, RULES, UNAVAILABLE


def test_there_are_fifteen_rules_each_with_its_clause_and_what_was_lacked():
    assert sorted(rule.number for rule in RULES) == list(range(1, 16))
    for rule in RULES:
        assert rule.name
        assert rule.codes
        assert rule.clause
        assert rule.lacked


def test_every_code_belongs_to_one_rule():
    codes = [code for rule in RULES for code in (*rule.codes, *rule.findings)]
    assert len(codes) == len(set(codes))
    assert not {BLOCKED, UNAVAILABLE} & set(codes)
    assert set(codes) >= CLONE_CODES


def test_rules_need_facts_that_exist():
    assert {name for rule in RULES for name in rule.needs} <= {each.name for each in fields(Facts)}
