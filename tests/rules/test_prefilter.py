"""The index is never asked for too much: where a rule holds, the words of the text have what it needs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor import RuleError, compile_rules
from monitor.model import AllOf, IndexWord, Need
from monitor.rules.tree import Node
from monitor.text.words import index_words

CONCEPTS = {"web3": ["Web3", "互联网3.0"], "new-area": ["两江新区", "Liangjiang*"]}
PIECES = (
    *(
        "web3",
        "Web 3.0",
        "ＷＥＢ３",
        "web30",
        "xweb3",
        "metaverse",
        "Metaverses",
        "重庆",
        "重慶",
        "重",
        "庆",
        "AI",
        "ai白皮书",
    ),
    *(
        "café",
        "cafe\u0301",
        "covid-19",
        "white",
        "whitepaper",
        "white\u00ad paper",
        "blockchain",
        "chain",
        "C++",
        'say "hi"',
    ),
    *(
        "两江 新区",
        "两江新区",
        "AND",
        "smart cities plan",
        "http://x.cn/",
        "互联网3.0",
        "元宇宙",
        "/b",
        "1.5",
        "①",
        "\u0301",
    ),
    *("a", "b", "c", "A", "。", ". ", "\n", "\u200b", "_", "\x00", "ก", "한국", "①5G"),
)
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=12).flatmap(
    lambda parts: st.sampled_from(("", " ")).map(lambda between: between.join(parts))
)


def has(words: set[str], need: Need) -> bool:
    """Return whether a text of these words has what is needed."""
    if isinstance(need, IndexWord):
        return need.text in words or (need.prefix and any(word.startswith(need.text) for word in words))
    return (all if isinstance(need, AllOf) else any)(has(words, part) for part in need.parts)


@pytest.fixture(scope="session")
def some_trees(trees: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return trees


@given(st.data())
@settings(deadline=None)
def test_what_holds_is_never_left_out(some_trees: st.SearchStrategy[Node], data: st.DataObject) -> None:
    expression = str(data.draw(some_trees))
    try:
        rules = compile_rules({"r": expression}, CONCEPTS)
    except RuleError:
        return
    need = rules.need()
    if need is None:
        return
    for title, text in data.draw(st.lists(st.tuples(texts, texts), min_size=1, max_size=4)):
        if rules.match(text, title=title, source="a", tag=["b"], author="c"):
            assert has(index_words(title, text), need)


@given(term=st.text(min_size=1, max_size=4) | texts, around=st.tuples(texts, texts))
@settings(deadline=None)
def test_a_term_that_occurs_is_never_left_out(term: str, around: tuple[str, str]) -> None:
    try:
        rules = compile_rules({"r": "@c"}, {"c": [term.replace("@", "")]})
    except RuleError:
        return
    text = f"{around[0]}{term}{around[1]}"
    need = rules.need()
    if rules.match(text) and need is not None:
        assert has(index_words(text), need)


def shown(need: Need | None) -> str:
    if need is None:
        return "any"
    if isinstance(need, IndexWord):
        return need.text + "*" * need.prefix
    return f"({(' & ' if isinstance(need, AllOf) else ' | ').join(map(shown, need.parts))})"


@pytest.mark.parametrize(
    ("expression", "need"),
    [
        ("web3", "web3"),
        ("web3 重庆", "(web3 & 重庆)"),
        ("web3 OR 元宇宙", "(web3 | (元宇 & 宇宙))"),
        ("web3 -game", "web3"),
        ("web3 NOT (NOT metaverse OR game)", "(web3 & metaverse)"),
        ("web3 NOT (NOT metaverse AND NOT game)", "(web3 & (metaverse | game))"),
        ("web3 OR /ab/", "any"),
        ("web3 /ab/", "web3"),
        ("web3 tag:press", "web3"),
        ("web3 OR source:press", "any"),
        ("title:web3", "web3"),
        ("CASE(Web3)", "web3"),
        ("*chain", "any"),
        ("*chain web3", "web3"),
        ("metaverse*", "metaverse*"),
        ('"smart cit* plan"', "(smart & cit* & plan)"),
        ("a NEAR/3 (b OR c)", "(a & (b | c))"),
        ("a NOT (a NEAR/3 b)", "a"),
        ("SENTENCE(a b -c)", "(a & b)"),
        ("a NOT SENTENCE(a b)", "a"),
        ("START(a b) c", "(c & (a | b))"),
        ("a NOT START(a)", "a"),
        ("2 OF (a, b, c)", "(a | b)"),
        ("3 OF (a, b, c, d)", "((a | b) & (c | d))"),
        ("3 OF (a, b, c)", "(a & b & c)"),
        ("1 OF (a, b)", "(a | b)"),
        ("2 OF (a, b, /c/)", "(a | b)"),
        ("3 OF (a, b, /c/)", "(a & b)"),
        ("x NOT 2 OF (a, NOT b)", "x"),
        ("x NOT 1 OF (a, NOT b)", "(x & b)"),
        ("@web3", "(web3 | (3 & 0 & 互联 & 联网))"),
        ("币", "币*"),
    ],
)
def test_what_is_needed(expression: str, need: str) -> None:
    found = shown(compile_rules({"r": expression}, CONCEPTS).need())
    assert sorted(found) == sorted(need) if "3 & 0" in need else found == need


def test_rules_together_need_what_one_of_them_does() -> None:
    assert shown(compile_rules({"a": "x y", "b": "z"}).need()) == "((x & y) | z)"
    assert compile_rules({"a": "x y", "b": "/z/"}).need() is None
    assert compile_rules({}).need() is None


def test_what_is_too_much_to_ask_is_not_asked() -> None:
    many = " OR ".join(f"w{number}" for number in range(600))
    assert compile_rules({"r": many}).need() is None
    assert shown(compile_rules({"r": f"({many}) few"}).need()) == "few"
    deep = "a0"
    for number in range(1, 30):
        deep = f"({deep} {'AND' if number % 2 else 'OR'} a{number})"
    assert compile_rules({"r": deep}).need() is None
