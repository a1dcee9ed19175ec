"""Regular expressions in rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import RuleError
from monitor.rules import compile_rules
from monitor.rules.patterns import UnusableTerm
from monitor.rules.regexes import MAX_TEXT_LENGTH, check_regex
from tests.support.growth import assert_grows_with_size


def marked(expression: str, text: str) -> list[str]:
    return [
        text[span.start : span.end] for match in compile_rules({"r": expression}).match(text) for span in match.spans
    ]


@pytest.mark.parametrize(
    ("expression", "text", "expected"),
    [
        (r"/web\s?3(\.0)?/", "WEB 3.0, web3", ["WEB 3.0", "web3"]),
        ("/Web3/i", "wEB3", ["wEB3"]),
        ("/Web3/c", "web3 Web3", ["Web3"]),
        (r"/web\s3/", "web\n3", ["web\n3"]),
        ("/^重庆.*方案$/", "重庆元宇宙方案", ["重庆元宇宙方案"]),
        ("/^a/", "b\na", []),
        ("/區塊鏈|元宇宙/", "区块链与元宇宙", ["区块链", "元宇宙"]),
        ("/区块链/", "發展區塊鏈", ["區塊鏈"]),
        ("/ＡＩ　３/", "AI 3", ["AI 3"]),
        ("/（智能）/", "(智能)（智能）", ["（智能）"]),
        ("/^《.*》/", "《a》《b》「c」", ["《a》《b》"]),
        (r"/[\u4e00-\u9fa5]{2}3\.0/", "互联网3.0", ["联网3.0"]),
        ("/[一-龥]+/", "x互聯網y", ["互聯網"]),
        (r"/[\x{4e00}-\x{9fa5}]\x{20}?3/", "网 3", ["网 3"]),
        (r"/\p{Han}+/", "x互联网y", ["互联网"]),
        (r"/\bAI\b/", "发布AI白皮书 aid", ["AI"]),
        (r"/x|\b/", "a x", ["x"]),
        ("/é+/", "𠀀éé😀é", ["éé", "é"]),
        (r"/[/]a\/b/", "x/a/b", ["/a/b"]),
        ("/a b/ c", "a b c", ["a b", "c"]),
    ],
)
def test_spans_point_into_the_original(expression: str, text: str, expected: list[str]) -> None:
    assert marked(expression, text) == expected


def test_a_field_is_searched_value_by_value() -> None:
    rules = compile_rules({"r": "tag:/^gov/ AND url:/cn\\/$/"})
    assert rules.match("", tag=["x", "government"], url="http://x.cn/")
    assert not rules.match("", tag=["xgov"], url="http://x.cn/")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("a?", "holds for any text"),
        (".", "holds for any text"),
        ("(unclosed", "missing )"),
        (r"(a)\1", "invalid escape"),
        ("(?=a)", "invalid perl operator"),
        ("a{2000}", "repetition size"),
        ("x" * 5_000, "too long"),
        ("[^b]{1000}b", "too large"),
        ("[z-a]", "invalid character class"),
    ],
)
def test_what_cannot_be_run_is_refused_with_the_reason(source: str, said: str) -> None:
    with pytest.raises(UnusableTerm, match=said.replace(")", r"\)")) as caught:
        check_regex(source)
    assert caught.value.message


def test_a_border_of_words_next_to_chinese_is_warned_about() -> None:
    (warning,) = compile_rules({"r": r"/\b元宇宙\b/"}).warnings
    assert "next to a Chinese character" in warning.message


@pytest.mark.slow
@pytest.mark.parametrize(
    "source", ["(a+)+$", "(x+x+)+y", "(a|aa)+$", "(.*)(.*)(.*)q", "a.*b|a", "(a?){90}a{90}", "[^b]{250}b"]
)
@pytest.mark.parametrize("piece", ["a", "xa ", "重庆a元 "])
def test_an_expression_takes_time_that_grows_with_the_text_or_is_refused(source: str, piece: str) -> None:
    try:
        rules = compile_rules({"r": f"/{source}/"})
    except RuleError:
        return
    assert_grows_with_size(lambda size: rules.match(piece * (size // len(piece))), 30_000)


def test_the_part_of_a_text_that_is_searched_is_bounded() -> None:
    assert marked("/b/", "b" + "a" * MAX_TEXT_LENGTH + "b") == ["b"]


SIGNS = [
    "\\",
    "x{4e00}",
    "[",
    "]",
    "^",
    "-",
    "(",
    ")",
    "?",
    "{2}",
    "*",
    "+",
    "|",
    "\\p{Han}",
    "\\u4e00",
    "é",
    "元",
    "a",
]
SIGNS += ["\ud800", "(?i)", "\\Q", "\\C", "[[:alpha:]]", "."]


@given(st.lists(st.sampled_from(SIGNS), max_size=8).map("".join))
def test_any_expression_is_made_or_refused_and_then_runs(source: str) -> None:
    try:
        regex = check_regex(source)
    except UnusableTerm:
        return
    for text in ("ab元é", "元" * 9, "\ud800a\U0001f600"):
        assert all(0 <= start < end <= len(text) for start, end in regex.find(text))


@pytest.mark.parametrize("source", [r"\C", r"a\C\C", r"\\\C[[:alpha:]]"])
def test_a_byte_is_no_character(source: str) -> None:
    with pytest.raises(UnusableTerm, match="byte"):
        check_regex(source)


def test_an_escaped_backslash_before_a_c_is_a_backslash() -> None:
    assert list(check_regex(r"\\C3").find(r"x \C3")) == [(2, 5)]
