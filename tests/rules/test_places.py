"""Operators for which it counts where terms are, or how many hold."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import RuleError
from monitor.rules import compile_rules

CONCEPTS = {"web3": ["Web3", "Web 3.0"], "money": ["fund*", "投资"]}


def holds(expression: str, text: str = "", **fields: str | Sequence[str]) -> bool:
    return bool(compile_rules({"r": expression}, CONCEPTS).match(text, **fields))


def marked(expression: str, text: str) -> list[str]:
    (match,) = compile_rules({"r": expression}, CONCEPTS).match(text)
    return [text[span.start : span.end] for span in match.spans]


@pytest.mark.parametrize(
    ("expression", "yes", "no"),
    [
        ("a NEAR/2 b", ["a b", "b a", "a x y b", "b, x. a", "a-x-b", "ab a x 3.14 b"], ["a x y z b", "a", "a b1"]),
        ("a BEFORE/1 b", ["a b", "a x b", "b a x b"], ["b a", "a x y b"]),
        ("a NEAR/1 b", ["a don't b", "a 1,500 b", "a 한국어 b", "a … b"], ["a state-of b", "a x 한 b"]),
        ("重庆 NEAR/1 元宇宙", ["重庆元宇宙", "元宇宙在重庆", "重庆 x 元宇宙"], ["重庆发布了元宇宙", "重庆x的元宇宙"]),
        ("重庆 NEAR/2 元宇宙", ["重慶發展新元宇宙", "重庆的 x 元宇宙", "重庆的x的元宇宙"], ["重庆正发展的新元宇宙"]),
        ("a NEAR/1 a", ["a a", "a x a"], ["a", "a x x a"]),
        ("两江 NEAR/5 两江新区", ["两江的两江新区"], ["两江新区"]),
        ('"white paper" NEAR/1 (web3 OR "blue book")', ["white paper on web3", "blue book: white paper"], ["web3"]),
        ("@web3 NEAR/1 @money", ["funding for Web 3.0", "投资Web3"], ["funding of the new Web3"]),
        ("fund* NEAR/1 *chain", ["funding of blockchain"], ["funding of the blockchain"]),
        ("/pol[a-z]+/ NEAR/1 web3", ["policies on web3", "Politik: Web3"], ["policies on the web3"]),
        ("title:(a NEAR/1 b)", [], ["a b"]),
        ("CASE(US) NEAR/2 chips", ["US made chips"], ["us made chips"]),
        ("x NOT (a NEAR/1 b)", ["x a 1 2 b", "x a"], ["x a b"]),
        ("a NEAR/1 b NOT c", ["a b"], ["a b c"]),
        ("x OR a NEAR/1 b AND c", ["x", "a b c"], ["a c", "a b"]),
        ("SENTENCE(up down)", ["It. Up down! It", "up (Mr. Down)", "up；down"], ["up. Down", "up\ndown", "up！down"]),
        ("SENTENCE(重庆 元宇宙)", ["天晴。重庆，元宇宙", "重慶：「元宇宙」"], ["重庆有雨。元宇宙", "重庆？元宇宙"]),
        ("SENTENCE(up (down OR off) -out)", ["up out. Up down.", "off up"], ["up down out", "up. Down. Off"]),
        ("SENTENCE(up) SENTENCE(down)", ["up. Down"], ["up"]),
        ("SENTENCE(up NEAR/1 down)", ["up down", "It. Up and down"], ["up. Down", "up or even down"]),
        ("x -SENTENCE(up down)", ["x up. Down"], ["x is. Up down"]),
        ("SENTENCE(2 OF (up, down, off))", ["up. Down off."], ["up. Down. Off"]),
        ("SENTENCE(/a+b/ c)", ["aab c"], ["aab. C"]),
        ("START(up)", ["Up", "It. Up", "“Up” it is", "(Up)", "- up", "It\nup", "up; off"], ["so up", "3 up", "Upper"]),
        ("START(up down)", ["Down it is", "So. Up", "up down"], ["so up or down", "Mr. Up"]),
        ("START(重庆)", ["重慶发布", "天晴。「重庆」", "【重庆】", "天！\n\n　　重庆"], ["在重庆", "天，重庆"]),
        ("START(@web3 重庆)", ["Web 3.0 is", "“Web3”", "天晴。《重庆》"], ["the Web3", "天晴；重庆"]),
        ('START("white paper" OR fund*)', ["White-paper out", "funding"], ["a white paper", "white"]),
        ("START(/no\\. ?[0-9]/)", ["No. 5 is", "It is on. No.5"], ["so no. 5"]),
        ("START(CASE(Up))", ["Up"], ["up", "So Up"]),
        ("CASE(START(Up))", ["Up"], ["up"]),
        ("title:START(up)", [], ["up"]),
        ("START(C++)", ["“C++”"], ["the C++"]),
        ("x -START(up)", ["x up", "so x. It is up"], ["x it is. Up"]),
        ("SENTENCE(START(up) down)", ["It. Up or down"], ["Up. Down", "so up, down", "Up. So up, down"]),
        ("2 OF (START(up), down, x)", ["up x", "so up, down x"], ["so up x"]),
        ("2 OF (a, b, c)", ["a b", "c x a", "a b c"], ["a", "a a", "x"]),
        ("2 OF (a b, c OR d, -e, \"f g\")", ["a b", "c d", "f g e c"], ["c e", "a c e"]),
        ("2 OF (@web3, 重庆, /fund\\w*/)", ["Web 3.0 in 重庆", "funds in 重慶"], ["web3 Web 3.0"]),
        ("1 OF (a,b)", ["a", "b"], ["ab"]),
        ("x -(2 OF (a, b, c))", ["x a"], ["x b c"]),
        ("CASE(Apple)", ["Apple unveils", "苹果Apple", "apple Apple"], ["apple", "APPLE", "Apples"]),
        ('CASE("White Paper" OR AI*)', ["a White  Paper", "AIs", "ＡＩ"], ["white Paper", "ai", "Ai"]),
        ("CASE(區塊鏈)", ["区块链"], ["链"]),
        ("CASE(*Chain \"Smart Cit* Plan\")", ["blockChain: Smart Cities Plan"], ["blockchain: Smart Cities Plan"]),
        ("CASE(@web3)", ["Web3"], ["web3", "WEB3"]),
        ("apple CASE(IBM)", ["Apple IBM"], ["apple ibm"]),
        ("CASE(/Ab/)", ["xAb"], ["ab"]),
    ],
)  # fmt: skip
def test_what_holds_and_what_does_not(expression: str, yes: list[str], no: list[str]) -> None:
    assert [text for text in yes if not holds(expression, text)] == []
    assert [text for text in no if holds(expression, text)] == []


def test_operands_are_found_within_one_field() -> None:
    assert not holds("a NEAR/5 b", "b", title="a")
    assert not holds("SENTENCE(a b)", "b", title="a")
    assert holds("title:a NEAR/5 b", "x", title="a b")
    assert not holds("tag:(a NEAR/5 b)", "", tag=["a", "b"])
    assert holds("title:2 OF (a, b) text:SENTENCE(c d)", "d c", title="b a")


@pytest.mark.parametrize(
    ("expression", "column", "said"),
    [
        ("a NEAR/2 b NEAR/2 c", 3, "a NEAR/2 b is an operand"),
        ("(a b) NEAR/2 c", 1, "a AND b is an operand"),
        ("a NEAR/2 -b", 10, "NOT b is an operand"),
        ("a NEAR/2 SENTENCE(b)", 10, "SENTENCE(b) is an operand"),
        ("title:a NEAR/2 text:b", 9, "can never hold"),
        ("a NEAR/2 b -a", 3, "can never hold"),
        ("a BEFORE/2 b -(b NEAR/3 a)", 3, "can never hold"),
        ("SENTENCE(a b) -a", 1, "can never hold"),
        ("SENTENCE(a -a)", 1, "can never hold"),
        ("SENTENCE(title:a text:b)", 1, "can never hold"),
        ("SENTENCE(-a)", 1, "without any of its terms"),
        ("x SENTENCE(a b) -SENTENCE(a b)", 1, "can never hold"),
        ("-(a NEAR/2 b)", 1, "none of its terms occurs"),
        ("-START(a)", 1, "none of its terms occurs"),
        ("START(a b) -a -b", 1, "can never hold"),
        ("START(a) -START(a b)", 1, "can never hold"),
        ("START((a b) c)", 7, "a AND b is an operand of START"),
        ("START(SENTENCE(a))", 7, "SENTENCE(a) is an operand of START"),
        ("START(START(a))", 7, "START(a) is an operand of START"),
        ("START(a *b)", 9, "*b can match inside a word"),
        ("START(title:(b -c))", 13, "is an operand of START"),
        ("START(a) NEAR/2 b", 1, "START(a) is an operand of NEAR"),
        ("START(@nosuch)", 7, "there is no concept @nosuch"),
        ("3 OF (a, b)", 1, "3 OF asks for 3 of 2 different operands"),
        ("0 OF (a, b)", 1, "0 OF asks"),
        ("2 OF (a, A)", 1, "2 of 1 different operand"),
        ("1 OF (a, -b)", 1, "none of its terms occurs"),
        ("2 OF (a, b, c) -a -b", 1, "can never hold"),
        ("CASE(Apple) -apple", 1, "can never hold"),
        ("title:CASE(text:a)", 12, "is within another field"),
        ("@nosuch NEAR/2 a", 1, "there is no concept @nosuch"),
    ],
)
def test_what_can_never_be_meant_is_refused(expression: str, column: int, said: str) -> None:
    with pytest.raises(RuleError) as caught:
        compile_rules({"r": expression}, CONCEPTS)
    assert said in caught.value.message
    assert (caught.value.column, bool(caught.value.hint)) == (column, True)


@pytest.mark.parametrize(
    "expression",
    [
        "a NEAR/3 b -(a NEAR/2 b)",
        "SENTENCE(a -b) b",
        "a -CASE(A)",
        "a NEAR/2 b -(a BEFORE/2 b)",
        "a -START(a)",
        "START(a b) -START(a)",
        "2 OF (a, b, c) -a",
    ],
)
def test_what_may_hold_passes(expression: str) -> None:
    assert compile_rules({"r": expression}).warnings == ()


@pytest.mark.parametrize(
    ("expression", "text", "expected"),
    [
        ("a NEAR/1 b", "a 1 2 3 b 4 5 6 a, 1 b", ["a", "b"]),
        ("SENTENCE(up down)", "Up. Down. Up down. Up", ["Up", "down"]),
        ("START(up down)", "Down. So up. “Up” is up. Down", ["Down", "Up", "Down"]),
        ("2 OF (a, b c, d)", "a b d", ["a", "d"]),
        ("CASE(A)", "a A a", ["A"]),
        ("企业 BEFORE/1 ㎏", "企業 １ ㎏", ["企業", "㎏"]),
    ],
)
def test_spans_are_those_that_made_it_hold(expression: str, text: str, expected: list[str]) -> None:
    assert marked(expression, text) == expected


@pytest.mark.parametrize(
    ("expression", "text", "said"),
    [
        ("a NEAR/1 b", "a", "b does not occur in title or text"),
        ("a NEAR/1 b", "a x x b", "a is nowhere near b with at most 1 word between them"),
        ("a BEFORE/2 b", "b a", "a is nowhere before b with at most 2 words between them"),
        ("x -(a NEAR/1 b)", "x a b", "a NEAR/1 b holds, but the rule excludes it"),
        ("SENTENCE(up down)", "up. Down", "no single sentence has up AND down"),
        ("SENTENCE(a b)", "b", "a does not occur in title or text"),
        ("x -SENTENCE(a b)", "x a b", "SENTENCE(a AND b) holds, but the rule excludes it"),
        ("START(up down)", "off", "up OR down does not occur in title or text"),
        ("START(up)", "so up", "no title or sentence begins with up"),
        ("x -START(up)", "up x", "START(up) holds, but the rule excludes it"),
        ("2 OF (a, b, c)", "c", "only 1 of 2 OF (a, b, c) holds"),
        ("3 OF (a, b, c, d)", "c a", "only 2 of 3 OF (a, b, c, d) hold"),
        ("2 OF (a, b)", "x", "none of 2 OF (a, b) holds"),
        ("x -(1 OF (a, b))", "x a", "1 OF (a, b) holds, but the rule excludes it"),
    ],
)
def test_a_failure_names_the_smallest_part(expression: str, text: str, said: str) -> None:
    assert compile_rules({"r": expression}).explain("r", text).failed == said


texts = st.lists(st.sampled_from(["a", "b", "元", "x", "。", "3.0", ","]), max_size=12).map(" ".join)


@given(texts, st.integers(1, 6))
def test_what_is_near_is_near_at_a_greater_distance_and_in_either_order(text: str, words: int) -> None:
    near = holds(f"a NEAR/{words} b", text)
    assert near == holds(f"b NEAR/{words} a", text)
    assert near == (holds(f"a BEFORE/{words} b", text) or holds(f"b BEFORE/{words} a", text))
    assert not near or holds(f"a NEAR/{words + 1} b", text)
    assert not near or holds("a b", text)


@given(texts)
def test_a_sentence_is_part_of_the_text_and_or_loses_nothing(text: str) -> None:
    together = holds("SENTENCE(a b)", text)
    assert not together or holds("a b", text)
    assert not together or holds("SENTENCE(a (b OR x))", text)
    assert together == any(holds("a b", sentence) for sentence in text.split("。"))


@pytest.mark.parametrize(
    "part", ["a (b OR x)", "a -b", "(a OR b) x", "2 OF (a, b, x)", "a NEAR/1 b", "a (b BEFORE/2 元 OR x)", "a -(b x)"]
)
@given(text=texts)
def test_a_sentence_holds_what_holds_for_one_sentence_by_itself(part: str, text: str) -> None:
    assert holds(f"SENTENCE({part})", text) == any(holds(part, sentence) for sentence in text.split("。"))


@given(texts)
def test_a_sentence_opens_with_a_term_that_no_word_precedes(text: str) -> None:
    """By the book: behind each `。`, and at the beginning, the first word, which no other sign is."""
    first = (re.search(r"[^\W_]+(\.\d)?", sentence) for sentence in text.split("。"))
    opening = {found[0] for found in first if found}
    assert holds("START(a 元)", text) == bool(opening & {"a", "元"})
    assert holds("b START(a)", text) == holds("b SENTENCE(START(a))", text)


@given(texts)
def test_of_counts_as_the_logic_of_its_operands_says(text: str) -> None:
    assert holds("2 OF (a, b, x)", text) == holds("(a b) OR (a x) OR (b x)", text)
    assert holds("1 OF (a, b, x)", text) == holds("a OR b OR x", text)
    assert holds("3 OF (a, b, x)", text) == holds("a b x", text)


def test_every_occurrence_counts_in_a_long_text() -> None:
    assert marked("a NEAR/1 b", "a x x " * 5_000 + "a b") == ["a", "b"]
    assert marked("SENTENCE(up down)", "Up. " * 5_000 + "Up down.") == ["Up", "down"]
    assert marked("START(up)", "so up and " * 5_000 + "off. Up") == ["Up"]
