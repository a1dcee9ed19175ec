"""A rule printed is a rule again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.rules.language import parse
from monitor.rules.operators.field import FieldNode
from monitor.rules.tree import And, Negation, Node, Or, Term


@given(st.data())
def test_printing_a_tree_and_reading_it_gives_the_same_tree(
    trees: st.SearchStrategy[Node], data: st.DataObject
) -> None:
    tree = data.draw(trees)
    assert parse("r", str(tree)).tree == tree


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (Term("web3"), "web3"),
        (Term("white paper", phrase=True), '"white paper"'),
        (Term('say "hi"', phrase=True), '「say "hi"」'),
        (Negation(Or((Term("a"), Term("b")))), "NOT (a OR b)"),
        (Or((And((Term("a"), Term("b"))), Term("c"))), "a AND b OR c"),
        (And((Or((Term("a"), Term("b"))), Negation(Term("c")))), "(a OR b) AND NOT c"),
        (FieldNode("title", Term("a")), "title:a"),
        (FieldNode("title", Negation(Term("a"))), "title:(NOT a)"),
        (Negation(FieldNode("tag", Or((Term("a"), Term("b"))))), "NOT tag:(a OR b)"),
    ],
)
def test_a_tree_prints_with_no_more_parentheses_than_it_needs(tree: Node, text: str) -> None:
    assert str(tree) == text
