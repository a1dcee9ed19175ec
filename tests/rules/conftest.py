"""Random rules, and what they mean by the book: the oracle that the engine is compared with."""

from __future__ import annotations

from collections.abc import Callable, Collection

import pytest
from hypothesis import strategies as st

from monitor.rules.operators.case import Case
from monitor.rules.operators.count_of import CountOf
from monitor.rules.operators.field import FieldNode
from monitor.rules.operators.near import Near
from monitor.rules.operators.sentence import Sentence
from monitor.rules.operators.start import Start
from monitor.rules.tree import FIELDS, And, Concept, Negation, Node, Or, Regex, Term

WORDS = ("web3", "metaverse", "重庆", "AI", "café", "covid-19", "white*", "*chain")
PHRASES = ("white paper", "C++", 'say "hi"', "两江 新区", "AND", "smart cit* plan", "http://x.cn/")
leaves = (
    st.sampled_from(WORDS).map(Term)
    | st.sampled_from(PHRASES).map(lambda text: Term(text, phrase=True))
    | st.sampled_from(("web3", "new-area")).map(Concept)
    | st.builds(Regex, st.sampled_from(("web\\s?3", "[/a]b", "a\\/ b", "元(宇|界)")), st.booleans())
)


def _all_of(kind: type[And | Or], parts: list[Node]) -> Node:
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, kind) else (part,))]
    return kind(tuple(flat))


def _denied(node: Node) -> Node:
    return node.part if isinstance(node, Negation) else Negation(node)


def compound(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(children, min_size=2, max_size=4)
    return (
        several.map(lambda parts: _all_of(And, parts))
        | several.map(lambda parts: _all_of(Or, parts))
        | children.map(_denied)
    )


def fielded(node: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.builds(FieldNode, st.sampled_from(FIELDS), node)


def operators(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    operand = leaves | st.lists(leaves, min_size=2, max_size=3).map(lambda parts: _all_of(Or, list(parts)))
    return (
        st.builds(Near, operand, operand, st.integers(1, 9), st.booleans())
        | children.map(Sentence)
        | children.map(Case)
        | operand.map(Start)
        | st.builds(CountOf, st.lists(children, min_size=2, max_size=4).map(tuple), st.integers(1, 2))
    )


def everything(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return compound(children) | operators(children)


plain_trees: st.SearchStrategy[Node] = st.recursive(leaves, everything, max_leaves=6)
trees: st.SearchStrategy[Node] = st.recursive(leaves | fielded(plain_trees), everything, max_leaves=8)
small_trees: st.SearchStrategy[Node] = st.recursive(st.sampled_from("abc").map(Term), compound, max_leaves=7)


def meaning(node: Node, held: Collection[str]) -> bool:
    """Return what a tree of plain words means where just these words occur."""
    match node:
        case Term():
            return node.text in held
        case Negation():
            return not meaning(node.part, held)
        case And():
            return all(meaning(part, held) for part in node.parts)
        case Or():
            return any(meaning(part, held) for part in node.parts)
    raise TypeError(node)


@pytest.fixture(name="trees", scope="session")
def any_tree() -> st.SearchStrategy[Node]:
    """Trees with every kind of node."""
    return trees


@pytest.fixture(name="small_trees", scope="session")
def any_small_tree() -> st.SearchStrategy[Node]:
    """Trees over the words a, b and c."""
    return small_trees


@pytest.fixture(name="meaning", scope="session")
def oracle() -> Callable[[Node, Collection[str]], bool]:
    """Return the oracle."""
    return meaning
