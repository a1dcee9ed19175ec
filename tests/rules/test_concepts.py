"""Concepts: lists of terms, which may use one another."""

from __future__ import annotations

from itertools import pairwise

import pytest

from monitor.errors import RuleError
from monitor.rules.concepts import resolve_concepts


def texts(lists: dict[str, list[str]], name: str) -> list[str]:
    return [term.text for term in resolve_concepts(lists).terms[name]]


def test_terms_are_written_with_or_without_quotes() -> None:
    lists = {"c": ["Web 3.0", ' "a b" ', "「x」", "m*", "“元宇宙”"]}
    assert texts(lists, "c") == ["Web 3.0", "a b", "x", "m*", "元宇宙"]


def test_of_terms_that_are_the_same_to_the_search_the_first_is_kept_with_a_warning() -> None:
    assert texts({"c": ["Web3", "@d"], "d": ["WEB3", "x"]}, "c") == ["Web3", "x"]


def test_a_concept_has_the_terms_of_those_it_uses_once_each() -> None:
    lists = {
        "asia": ["@japan", "@china", "Asia"],
        "china": ["重慶", "@city"],
        "japan": ["Japan", "@city"],
        "city": ["重庆", "Tokyo"],
    }
    assert texts(lists, "asia") == ["Japan", "重庆", "Tokyo", "Asia"]


@pytest.mark.parametrize(
    ("lists", "rule", "line", "said"),
    [
        ({"a": ["x"], "b": ["y", "…"]}, "@b", 2, "no letter or digit"),
        ({"b": ["y", ""]}, "@b", 2, "no letter or digit"),
        ({"b": []}, "@b", 1, "has no terms"),
        ({"b c": ["x"]}, "@b c", 1, "not a name for a concept"),
        ({"b": ["x", "@web4"], "web3": ["Web3"]}, "@b", 2, "there is no concept @web4"),
        ({"a": ["@a"]}, "@a", 1, "uses itself: @a → @a"),
        ({"a": ["x", "@b"], "b": ["@c"], "c": ["y", "z", "@a"]}, None, None, "uses itself: "),
        ({"a": ["m*n"]}, "@a", 1, "is not allowed there"),
    ],
)
def test_what_cannot_be_used_is_refused_by_its_place_in_the_list(
    lists: dict[str, list[str]], rule: str | None, line: int | None, said: str
) -> None:
    with pytest.raises(RuleError) as caught:
        resolve_concepts(lists)
    assert said in caught.value.message
    assert caught.value.hint
    if rule is not None:
        assert (caught.value.rule, caught.value.line) == (rule, line)


def test_a_circle_is_named_in_the_order_in_which_concepts_use_each_other() -> None:
    with pytest.raises(RuleError) as caught:
        resolve_concepts({"a": ["x", "@b"], "b": ["@c"], "c": ["y", "z", "@a"]})
    steps = caught.value.message.removeprefix("the concept uses itself: ").split(" → ")
    assert set(pairwise(steps)) == {("@a", "@b"), ("@b", "@c"), ("@c", "@a")}


def test_a_misspelt_concept_gets_a_suggestion() -> None:
    with pytest.raises(RuleError) as caught:
        resolve_concepts({"b": ["@web4"], "web3": ["Web3"]})
    assert caught.value.hint == 'did you mean "@web3"?'


def test_long_chains_of_concepts_are_followed() -> None:
    lists = {f"c{n}": [f"@c{n + 1}"] for n in range(5_000)} | {"c5000": ["end"]}
    assert texts(lists, "c0") == ["end"]


@pytest.mark.parametrize(
    ("entries", "line", "said"),
    [
        (["区块链", "x", "區塊鏈"], 3, '"區塊鏈" is the same as "区块链"'),
        (["Web3", "ＷＥＢ３"], 2, "is the same as"),
        (["Web3 OR metaverse"], 1, "is read as one phrase"),
    ],
)
def test_slips_in_a_list_are_warned_about(entries: list[str], line: int, said: str) -> None:
    (warning,) = resolve_concepts({"c": entries}).warnings
    assert (warning.rule, warning.line) == ("@c", line)
    assert said in warning.message
