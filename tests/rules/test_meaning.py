"""When two rules mean the same, and when a change is one."""

from __future__ import annotations

import pytest

from monitor import compile_rules

CONCEPTS = {"web3": ["Web3", "Web 3.0"], "asia": ["@japan", "Asia"], "japan": ["Japan"]}


def meaning(expression: str, concepts: dict[str, list[str]] | None = None) -> str:
    return compile_rules({"r": expression}, concepts or CONCEPTS).meanings["r"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a b", "a AND b"),
        ("a   OR\n b", "a OR b"),
        ("(a) -c", "a NOT c"),
        ("a NEAR/3 b", "a  NEAR/3  (b)"),
        ("START(a b)", "START( (a) OR b )"),
    ],
)
def test_spacing_and_spelling_make_no_difference(one: str, other: str) -> None:
    assert meaning(one) == meaning(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a", "b"),
        ("a OR b", "a AND b"),
        ("a NEAR/3 b", "a NEAR/4 b"),
        ("a", "title:a"),
        ("apple", "CASE(apple)"),
        ("a", "START(a)"),
        ("START(a)", "START(a b)"),
        ("/a/", "/a/c"),
    ],
)
def test_another_expression_is_another_meaning(one: str, other: str) -> None:
    assert meaning(one) != meaning(other)


@pytest.mark.parametrize(
    "expression",
    [
        "@asia",
        "x @asia",
        "x -@asia",
        "x OR @asia",
        "title:@asia",
        "SENTENCE(x @asia)",
        "START(x @asia)",
        "CASE(@asia)",
        "2 OF (x, y, @asia)",
        "x NEAR/2 @asia",
        "@asia BEFORE/2 x",
    ],
)
def test_a_concept_that_changed_changes_every_rule_that_uses_it(expression: str) -> None:
    """However deep it is, and through another concept, too."""
    assert meaning(expression) != meaning(expression, {**CONCEPTS, "japan": ["Japan", "Nippon"]})
    assert meaning(expression) == meaning(expression, {**CONCEPTS, "web3": ["other"]})
    assert meaning(expression) == meaning(expression, {**CONCEPTS, "asia": ["Asia", "@japan"]})


def test_other_rules_make_no_difference() -> None:
    assert compile_rules({"x": "y", "r": "a"}).meanings["r"] == meaning("a")
