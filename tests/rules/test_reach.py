"""Which sources a rule could match."""

from __future__ import annotations

from itertools import product

import pytest

from monitor.rules import Reach, compile_rules

TAGGED = ("Beijing Daily", ("government", "beijing"))
PLAIN = ("Web3 Weekly", ("media",))


@pytest.mark.parametrize(
    ("rule", "of_tagged", "of_plain"),
    [
        ("web3", True, True),
        ("NOT tag:media AND web3", True, False),
        ("web3 AND source:beijing", True, False),
        ('source:"Web3 Weekly" OR metaverse', True, True),
        ('source:"Web3 Weekly" metaverse', False, True),
        ("tag:government web3 OR tag:media metaverse", True, True),
        ("tag:(government OR media) web3", True, True),
        ("tag:(government AND NOT beijing) web3", False, False),
        ("web3 AND NOT (source:beijing AND tag:beijing)", False, True),
        ("web3 AND NOT (source:beijing AND chain)", True, True),
        ("2 OF (tag:government, source:beijing, web3)", True, False),
        ("@places web3", True, True),
        ("source:@places web3", True, False),
        ("web3 AND title:beijing AND lang:en", True, True),
        ("web3 NEAR/5 fund AND tag:nowhere", False, False),
    ],
)
def test_what_a_rule_asks_of_sources_and_tags_decides(rule: str, of_tagged: bool, of_plain: bool) -> None:
    reach = Reach({"r": rule}, {"places": ["Beijing", "Chongqing"]})
    assert [bool(reach.rules_for(name, tags)) for name, tags in (TAGGED, PLAIN)] == [of_tagged, of_plain]


RULES = (
    "web3 AND source:beijing",
    "tag:media OR web3",
    "web3 NOT tag:media",
    "2 OF (web3, metaverse, tag:beijing) web3",
)


@pytest.mark.parametrize(("rule", "source"), list(product(RULES, (TAGGED, PLAIN))))
def test_a_rule_that_holds_for_an_article_could_match_its_source(
    rule: str, source: tuple[str, tuple[str, ...]]
) -> None:
    name, tags = source
    rules = compile_rules({"r": rule})
    held = any(rules.match(text, source=name, tag=tags) for text in ("", "web3", "web3 metaverse", "beijing media"))
    assert not held or Reach({"r": rule}, {}).rules_for(name, tags) == {"r"}
