"""What can never hold, and what holds without any term, compared with the table of all cases."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import RuleError
from monitor.rules import compile_rules
from monitor.rules.compiler import Rule, compile_rule
from monitor.rules.concepts import Concepts, resolve_concepts
from monitor.rules.plan import TermIds
from monitor.rules.tree import Node

CONCEPTS = resolve_concepts({"web3": ["Web3", "Web 3.0"], "chongqing": ["重庆市", "重庆话"]})
Meaning = Callable[[Node, Collection[str]], bool]


def made(expression: str, concepts: Concepts = CONCEPTS) -> Rule:
    return compile_rule("r", expression, concepts, TermIds())


def cases() -> Iterator[frozenset[str]]:
    return (frozenset(held) for count in range(4) for held in combinations("abc", count))


@given(st.data())
def test_a_rule_is_refused_just_when_it_holds_on_nothing_or_never(
    small_trees: st.SearchStrategy[Node], meaning: Meaning, data: st.DataObject
) -> None:
    tree = data.draw(small_trees)
    usable = not meaning(tree, ()) and any(meaning(tree, held) for held in cases())
    try:
        made(str(tree))
    except RuleError:
        assert not usable
    else:
        assert usable


@pytest.mark.parametrize(
    ("expression", "column", "part"),
    [
        ("NOT foo", 1, "NOT foo"),
        ("a OR NOT b", 6, "NOT b"),
        ("-foo -bar", 1, "NOT foo AND NOT bar"),
        ("(a b) OR (c OR (NOT d))", 17, "NOT d"),
        ("NOT (a AND b)", 1, "NOT (a AND b)"),
        ("NOT (NOT a AND b)", 1, "NOT (NOT a AND b)"),
        ("NOT (a AND (b OR NOT c))", 1, "NOT (a AND (b OR NOT c))"),
        ("NOT ((a OR b) AND c)", 1, "NOT ((a OR b) AND c)"),
        ("a OR -@web3", 6, "NOT @web3"),
        ("title:(a OR -b)", 13, "NOT b"),
    ],
)
def test_a_rule_that_needs_none_of_its_terms_is_refused_at_the_part_to_blame(
    expression: str, column: int, part: str
) -> None:
    with pytest.raises(RuleError) as caught:
        made(expression)
    assert caught.value.column == column
    assert caught.value.message.endswith(f"because of {part}")


@pytest.mark.parametrize(
    ("expression", "column"),
    [
        ("x AND NOT x", 1),
        ("x -X", 1),
        ("a b (c -c)", 1),
        ("a title:(c -c)", 9),
        ("重庆市 (-重庆市 OR b) (-重庆 OR (c -c))", 1),
        ("(-重庆 OR b) (-重庆市 OR c) (重庆市 OR g) (p OR q) (p OR -q) (-p OR q) (-p OR -q)", 1),
        ("web3 -@web3", 1),
        ("@chongqing -重庆", 1),
        ("重慶市 NOT 重庆", 1),
        ("metaverse NOT *verse", 1),
        ("title:x -x", 1),
        ("(a -a) OR (b -b)", 1),
        ("a (b OR c) -b -c", 1),
        ("a NOT (a OR b)", 1),
        ("a (NOT a OR NOT a)", 1),
        ('"white paper" -paper', 1),
    ],
)
def test_a_rule_that_excludes_what_it_asks_for_is_refused(expression: str, column: int) -> None:
    with pytest.raises(RuleError) as caught:
        made(expression)
    assert "can never hold" in caught.value.message
    assert caught.value.column == column


@given(st.data())
def test_what_is_said_never_to_hold_never_holds(small_trees: st.SearchStrategy[Node], data: st.DataObject) -> None:
    words = {"a": "重庆市", "b": "重庆", "c": data.draw(st.sampled_from(["chain", "*chain", "blockchain", "市"]))}
    expression = "".join(words.get(char, char) for char in str(data.draw(small_trees)))
    try:
        made(expression)
    except RuleError as error:
        if "can never hold" in error.message:
            text = data.draw(st.lists(st.sampled_from(["重庆", "市", "chain", "block", " "])).map("".join))
            assert compile_rules({"r": f"({expression}) OR other"}).match(text) == []


@pytest.mark.parametrize(
    "expression",
    [
        "x -title:x",
        "@web3 -web3",
        "*verse -metaverse",
        "重庆 -重庆市",
        "blockchain -chain",
        "title:x -text:x",
        "a (b OR NOT c)",
        "(a OR b) -(a b)",
        "a -b -c",
        "NOT (a OR NOT b)",
        "重庆市 (-重庆市 OR b) (-重庆 OR c)",
    ],
)
def test_a_rule_that_may_hold_is_not_refused(expression: str) -> None:
    assert made(expression).warnings == ()


@pytest.mark.parametrize(
    ("expression", "column"), [("x OR (a -a)", 6), ("y (x OR a -A)", 9), ("x OR (y z (a OR b -b))", 17)]
)
def test_an_alternative_that_can_never_hold_is_warned_about(expression: str, column: int) -> None:
    (warning,) = made(expression).warnings
    assert "can never hold" in warning.message
    assert warning.column == column


@pytest.mark.slow
def test_a_rule_that_would_take_too_long_to_judge_passes() -> None:
    birds, holes = range(9), range(8)  # more birds than holes, one each: impossible, and known for being hard to see
    each = " ".join(f"({' OR '.join(f'b{bird}h{hole}' for hole in holes)})" for bird in birds)
    pairs = combinations(birds, 2)
    alone = " ".join(f"(-b{one}h{hole} OR -b{two}h{hole})" for one, two in pairs for hole in holes)
    assert made(f"text:({each} {alone})").warnings == ()


def test_many_exclusions_cost_little() -> None:
    some = [f"t{number}" for number in range(200)]
    assert made(f"x NOT ({' OR '.join(f't{number}' for number in range(2_000))})").warnings == ()
    assert made(f"{' '.join(some)} ({' OR '.join(f'-{term}' for term in some)} OR x)").warnings == ()


def test_a_rule_is_looked_at_only_where_its_rarest_part_occurs() -> None:
    assert len(made("@web3 (a OR b) title:c").triggers) == 1
    assert len(made("(a OR b) @web3").triggers) == 4
