"""The concepts that come with the program."""

from __future__ import annotations

import pytest

from monitor import RuleError, compile_rules
from monitor.rules.concepts import resolve_concepts
from monitor.rules.starter import STARTER_CONCEPTS


@pytest.mark.parametrize(
    ("concept", "texts"),
    [
        ("web3", ["Web3", "WEB 3.0", "互联网3.0", "互聯網3.0", "網際網路3.0"]),
        ("metaverse", ["Metaverses", "元宇宙", "数字孪生", "數位孿生"]),
        ("blockchain", ["區塊鏈", "区块链", "smart contracts", "智慧合約"]),
        ("ai", ["发布AI白皮书", "人工智能", "人工智慧", "大型語言模型"]),
        ("digital-economy", ["數位經濟", "数字经济", "the digital economy"]),
        ("internet", ["網際網路", "互联网", "互聯網"]),
        ("liangjiang", ["兩江新區", "Liangjiang New Area"]),
        ("chongqing", ["重慶", "Chongqing", "成渝"]),
    ],
)
def test_a_concept_holds_in_each_way_of_writing(concept: str, texts: list[str]) -> None:
    rules = compile_rules({"r": f"@starter/{concept}"})
    assert [text for text in texts if not rules.match(text)] == []
    assert not rules.match("Paris in spring 春天")


def test_they_have_no_slips() -> None:
    assert resolve_concepts(dict(STARTER_CONCEPTS)).warnings == ()


def test_a_concept_of_ones_own_may_build_on_one() -> None:
    rules = compile_rules({"r": "@web3"}, {"web3": ["@starter/web3", "DePIN"]})
    assert rules.match("depin")
    assert rules.match("互联网3.0")


def test_one_of_the_same_name_takes_its_place() -> None:
    rules = compile_rules({"r": "@starter/web3"}, {"starter/web3": ["DePIN"]})
    assert rules.match("depin")
    assert not rules.match("web3")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("web3", "@starter/web3 comes with the program"),
        ("starter/metavers", "@starter/metaverse"),
        ("other", "none is defined"),
    ],
)
def test_an_unknown_name_is_answered_with_the_likely_one(name: str, hint: str) -> None:
    with pytest.raises(RuleError, match=hint):
        compile_rules({"r": f"@{name}"})
