"""Rules at work on articles."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import RuleError
from monitor.model import Article, Match, Span
from monitor.rules import RuleSet, compile_rules
from monitor.rules.lexer import MAX_DEPTH
from monitor.rules.tree import Node
from monitor.text.matching import Matchable

CONCEPTS = {"web3": ["Web3", "Web 3.0", "互联网3.0"], "liangjiang": ["Liangjiang", "两江"]}
WORDS = ["web3", "重庆", "metaverse", "a"]
Meaning = Callable[[Node, Collection[str]], bool]


def holds(expression: str, text: str = "", **fields: str | Sequence[str]) -> bool:
    return bool(compile_rules({"r": expression}, CONCEPTS).match(text, **fields))


def spans(expression: str, text: str, **fields: str | Sequence[str]) -> tuple[Span, ...]:
    (match,) = compile_rules({"r": expression}, CONCEPTS).match(text, **fields)
    return match.spans


@pytest.mark.parametrize(
    ("expression", "yes", "no"),
    [
        (
            "@web3 AND (Chongqing OR 重庆 OR @liangjiang)",
            ["Web 3.0 in 重慶", "兩江 互聯網3.0"],
            ["Web3 in Beijing", "重庆"],
        ),
        ("metaverse -game", ["metaverse gaming"], ["Metaverse Game", "game"]),
        ("a OR b c", ["a", "b c"], ["b", "c"]),
        ("NOT game metaverse", ["metaverse"], ["metaverse game", ""]),
        ("a (b OR NOT c)", ["a", "a b", "a b c"], ["a c", "b"]),
        ('"white paper"', ["White\nPaper", "“white  paper”"], ["whitepaper", "white and paper"]),
        ("text:a", ["a"], ["b"]),
    ],
)
def test_rules_hold_where_they_should(expression: str, yes: list[str], no: list[str]) -> None:
    assert [text for text in yes if not holds(expression, text)] == []
    assert [text for text in no if holds(expression, text)] == []


def test_fields_are_asked_one_by_one() -> None:
    assert holds("title:metaverse", "x", title="Metaverse in Wuhan")
    assert not holds("title:metaverse", "metaverse")
    assert holds("metaverse", "x", title="Metaverse")
    assert holds("url:gov.cn lang:zh", "", url="http://ljxq.cq.gov.cn/a/", lang="zh-CN")
    assert holds("author:“Li Wei”", "", author=["Wang Fang", "Li Wei"])
    assert holds("title:(a OR b) -text:c", "", title="b")
    assert not holds("title:(a AND b)", "b", title="a")


def test_the_values_of_a_field_are_asked_one_by_one() -> None:
    assert holds("tag:(chongqing government)", "", tag=("government", "Chongqing"))
    assert not holds('tag:"new area"', "", tag=("new", "area"))


def test_an_article_brings_its_fields_and_what_is_passed_replaces_them() -> None:
    article = Article("http://x.cn/web3", "标题 web3", "重慶", language="zh-CN", authors=("Li Wei",))
    rules = compile_rules(
        {"all": "title:web3 text:重庆 url:web3 lang:zh author:li", "src": "source:x", "au": "author:wang"}
    )
    assert [match.rule for match in rules.match(article)] == ["all"]
    assert [match.rule for match in rules.match(article, source="X")] == ["all", "src"]
    assert [match.rule for match in rules.match(article, author=["Wang"])] == ["au"]
    assert rules.match(Article("", "", "")) == []


def test_a_field_that_does_not_exist_is_an_error_of_the_caller() -> None:
    with pytest.raises(TypeError, match="no field summary"):
        compile_rules({"r": "a"}).match("a", summary="a")


def test_matches_come_in_the_order_of_the_rules() -> None:
    rules = compile_rules({"z": "a", "m": "b", "a": "a b", "none": "c"})
    assert [match.rule for match in rules.match("b a")] == ["z", "m", "a"]
    assert rules.names == ("z", "m", "a", "none")


def test_no_rules_match_nothing() -> None:
    assert compile_rules({}).match("anything") == []


def test_spans_point_into_the_original_and_name_the_term_as_written() -> None:
    text = "在重慶市，ＷＥＢ３.０ and “Cafe\u0301”"
    assert spans("重庆 Web3* café -x", text) == (
        Span("text", 1, 3, "重庆"),
        Span("text", 5, 9, "Web3*"),
        Span("text", 17, 22, "café"),
    )
    assert text[17:22] == "Cafe\u0301"


def test_spans_are_sorted_by_field_value_and_place() -> None:
    found = spans("a b tag:a", "b a", title="a", tag=["x a", "a"])
    assert found == (
        Span("title", 0, 1, "a"),
        Span("text", 0, 1, "b"),
        Span("text", 2, 3, "a"),
        Span("tag", 2, 3, "a"),
        Span("tag", 0, 1, "a"),
    )


def test_only_what_made_a_rule_hold_is_reported() -> None:
    assert spans("(a b) OR c", "a c") == (Span("text", 2, 3, "c"),)
    assert spans("c -(a -b)", "a b c") == (Span("text", 2, 3, "b"), Span("text", 4, 5, "c"))
    assert spans("c (a OR NOT b)", "c") == (Span("text", 0, 1, "c"),)


def test_a_place_of_several_terms_is_reported_once_by_the_first() -> None:
    assert spans("重庆市 重慶市", "重庆市") == (Span("text", 0, 3, "重庆市"),)
    assert spans("重庆市 重庆", "重庆市") == (Span("text", 0, 2, "重庆"), Span("text", 0, 3, "重庆市"))


def test_overlapping_terms_are_all_found() -> None:
    assert holds('"a b" "b c" "a b c"', "a b c")


def test_a_text_that_is_full_of_a_term_tells_its_first_thousand_places() -> None:
    found = spans("ai", "ai " * 100_000)
    assert len(found) == 1_000
    assert found[-1] == Span("text", 2997, 2999, "ai")


@given(st.lists(st.sampled_from([*WORDS, "重慶", "WEB3", "ＡＩ", "e\u0301", "  ", "ﬁ"]), max_size=12).map(" ".join))
def test_a_span_has_the_form_of_its_term(text: str) -> None:
    rules = compile_rules({"r": 'web3 OR 重庆 OR metaverse OR ai OR é OR "a web3" OR fi'})
    for match in rules.match(text):
        written = [(text[span.start : span.end], span.term) for span in match.spans]
        assert [pair for pair in written if Matchable(pair[0]).text != Matchable(pair[1]).text] == []


@given(st.data())
def test_rules_mean_what_their_trees_mean(
    small_trees: st.SearchStrategy[Node], meaning: Meaning, data: st.DataObject
) -> None:
    tree = data.draw(small_trees)
    held = data.draw(st.sets(st.sampled_from("abc")))
    expected = meaning(tree, held)
    assert holds(f"x ({tree} OR y)", " ".join(["x", *sorted(held)])) == expected


def outcome(expression: str, text: str) -> str:
    """Return whether it holds, or that it is refused, as it is if the random part can never hold or never fail."""
    try:
        return "holds" if holds(expression, text) else "fails"
    except RuleError:
        return "refused"


def agree(one: str, other: str, text: str) -> None:
    assert outcome(one, text) == outcome(other, text)


@given(st.data())
def test_the_laws_of_logic_hold(small_trees: st.SearchStrategy[Node], data: st.DataObject) -> None:
    one, other = data.draw(small_trees), data.draw(small_trees)
    text = data.draw(st.lists(st.sampled_from("abcxz")).map(" ".join))
    p, q = f"(({one}) OR y)", f"(({other}) OR z)"  # y and z keep the rules from being refused
    agree(f"x NOT ({p} OR {q})", f"x (NOT {p} AND NOT {q})", text)
    agree(f"x NOT ({p} AND {q})", f"x (NOT {p} OR NOT {q})", text)
    agree(f"x {p} {q}", f"{q} {p} x", text)
    agree(f"x ({p} OR {q})", f"({q} OR {p}) x", text)
    assert outcome(f"x ({p} OR {q})", text) == "holds" or outcome(f"x {p}", text) != "holds"


@pytest.mark.parametrize(
    ("expression", "text", "failed"),
    [
        ("a b", "a", "b does not occur in title or text"),
        ("a title:b", "a b", "b does not occur in title"),
        ("a @web3", "a", "@web3 does not occur in title or text"),
        ("a (b OR c)", "a", "no alternative of b OR c holds"),
        ("a -b", "a b", "b occurs in text, but the rule excludes it"),
        ("a -@web3", "a Web 3.0", "Web 3.0 occurs in text, but the rule excludes it"),
        ("a -(b c)", "a b c", "b AND c holds, but the rule excludes it"),
        ("a -(b OR c)", "a c", "c occurs in text, but the rule excludes it"),
        ("a (b OR (c d))", "a c", "no alternative of b OR c AND d holds: d does not occur in title or text"),
        (
            "a b OR c -d",
            "c d",
            "no alternative of a AND b OR c AND NOT d holds: d occurs in text, but the rule excludes it",
        ),
        ("a OR b", "c", "no alternative of a OR b holds"),
        (
            "a -b OR c d OR e",
            "d",
            "no alternative of a AND NOT b OR c AND d OR e holds: c does not occur in title or text",
        ),
    ],
)
def test_the_smallest_part_that_failed_is_named(expression: str, text: str, failed: str) -> None:
    explanation = compile_rules({"r": expression}, CONCEPTS).explain("r", text)
    assert not explanation.held
    assert explanation.failed == failed


def test_a_rule_that_held_is_explained_by_its_match() -> None:
    rules = compile_rules({"r": "a -b"})
    explanation = rules.explain("r", "a")
    assert (explanation.held, explanation.failed) == (True, "")
    assert [Match(explanation.rule, explanation.spans)] == rules.match("a")


def test_a_rule_that_failed_tells_where_its_terms_occur() -> None:
    explanation = compile_rules({"r": "a -b c"}).explain("r", "b a")
    assert explanation.spans == (Span("text", 0, 1, "b"), Span("text", 2, 3, "a"))


def test_a_very_long_part_is_shortened_in_an_explanation() -> None:
    rules = compile_rules({"r": f"a ({' OR '.join(f't{n}' for n in range(1_000))})"})
    assert len(rules.explain("r", "a").failed) < 300


def test_a_rule_that_is_not_there_cannot_be_explained() -> None:
    with pytest.raises(KeyError):
        compile_rules({"r": "a"}).explain("s", "a")


def test_warnings_come_from_concepts_and_rules_in_their_order() -> None:
    rules = compile_rules({"r": "a|b", "s": "区块链 OR x OR 區塊鏈", "t": "y (c -(d OR D))"}, {"c": ["web3", "WEB3"]})
    assert [(warning.rule, warning.column) for warning in rules.warnings] == [("@c", 1), ("r", 1), ("s", 13), ("t", 13)]


@pytest.mark.parametrize(
    ("expression", "column", "said", "hint"),
    [
        ("重庆 @wbe3", 4, "there is no concept @wbe3", 'did you mean "@web3"?'),
        ("重庆 @", 4, "there is no concept @", "known are @liangjiang, @web3"),
        ("title:(a text:b)", 10, "is within another field", "give each term one field"),
        ("title:(a -text:b)", 11, "is within another field", "give each term one field"),
    ],
)
def test_names_that_do_not_fit_are_refused_with_their_place(expression: str, column: int, said: str, hint: str) -> None:
    with pytest.raises(RuleError) as caught:
        compile_rules({"r": expression}, CONCEPTS)
    assert (caught.value.rule, caught.value.column) == ("r", column)
    assert said in caught.value.message
    assert caught.value.hint == hint


@pytest.mark.parametrize(
    ("expression", "around"),
    [
        ("foo AND (bar", "foo AND ▸(bar"),
        ("foo\n  AND\n  titel:x", "foo AND ▸titel:x"),
        ("元宇宙 " * 20 + "@nosuch" + " 元宇宙" * 20, f"…宙 {'元宇宙 ' * 7}▸@nosuch{' 元宇宙' * 5} 元宇…"),
        ("", "▸"),
        ("a OR", "a ▸OR"),
    ],
)
def test_an_error_shows_the_text_around_its_place(expression: str, around: str) -> None:
    with pytest.raises(RuleError) as caught:
        compile_rules({"r": expression}, CONCEPTS)
    assert caught.value.around == around
    assert f", at {around}" in str(caught.value)
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301  # our own
    assert (str(again), again.around) == (str(caught.value), around)


def test_without_concepts_the_hint_says_so() -> None:
    with pytest.raises(RuleError, match="none is defined"):
        compile_rules({"r": "@web3"})


def test_one_set_of_rules_serves_several_threads() -> None:
    rules: RuleSet = compile_rules({f"r{n}": f"t{n} -u{n}" for n in range(50)})
    texts = [f"t{n} t{n + 1} u{n + 1}" for n in range(49)] * 4
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda text: [match.rule for match in rules.match(text)], texts))
    assert found == [[f"r{n}"] for n in range(49)] * 4


@pytest.mark.slow
def test_hostile_rules_and_texts_end() -> None:
    rules = compile_rules({"r": " OR ".join(f"t{n}" for n in range(5_000)), "s": "a* " * 50 + "b"})
    assert [match.rule for match in rules.match("a" * 300_000 + " t77")] == ["r"]


def test_a_rule_as_deep_as_they_may_be_works_from_a_stack_that_is_deep_itself() -> None:
    expression = "".join(f"(a{n} OR b{n} -" for n in range(MAX_DEPTH)) + "z" + ")" * MAX_DEPTH

    def from_below(frames: int) -> list[str]:
        if frames:
            return from_below(frames - 1)
        rules = compile_rules({"r": expression})
        assert rules.explain("r", "b0 a1").failed
        return [match.rule for match in rules.match(" ".join(f"b{n}" for n in range(0, MAX_DEPTH, 2)))]

    assert from_below(300) == ["r"]
