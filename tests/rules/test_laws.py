"""Laws that hold for every rule, with every operator."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor import RuleError, RuleSet, compile_rules
from monitor.rules.tree import Node

CONCEPTS = {"web3": ["Web3", "Web 3.0"], "new-area": ["两江新区", "新区*"]}
PIECES = [
    "web3",
    "Web 3.0",
    "重庆",
    "AI",
    "ai",
    "white paper",
    "两江 新区",
    "blockchain",
    "。",
    ". ",
    "元宇",
    "\n",
    "…",
    "ﬁ",
]
texts = st.lists(st.sampled_from(PIECES)).map(" ".join)


def compiled(expression: str) -> RuleSet | None:
    try:
        return compile_rules({"r": expression}, CONCEPTS)
    except RuleError:
        return None


@given(st.data(), texts, texts)
def test_a_match_points_into_the_text_and_a_failure_is_explained(
    trees: st.SearchStrategy[Node], data: st.DataObject, text: str, title: str
) -> None:
    rules = compiled(str(data.draw(trees)))
    if rules is None:
        return
    found, explained = rules.match(text, title=title), rules.explain("r", text, title=title)
    assert explained.held == bool(found) == (not explained.failed)
    lengths = {"text": len(text), "title": len(title)}
    assert all(0 <= span.start < span.end <= lengths[span.field] for match in found for span in match.spans)


@given(st.data(), texts, texts)
def test_an_alternative_loses_nothing_and_a_negation_holds_where_the_rule_does_not(
    trees: st.SearchStrategy[Node], data: st.DataObject, text: str, title: str
) -> None:
    tree = data.draw(trees)
    rules, wider, negated = compiled(str(tree)), compiled(f"({tree}) OR zzz"), compiled(f"qqq NOT ({tree})")
    text = f"{text} qqq"
    if rules and wider and rules.match(text, title=title):
        assert wider.match(text, title=title)
    if rules and negated:
        assert bool(rules.match(text, title=title)) != bool(negated.match(text, title=title))
