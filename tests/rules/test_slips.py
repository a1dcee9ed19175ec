"""Slips of those who write Chinese without blanks."""

from __future__ import annotations

import pytest

from monitor.errors import RuleError
from monitor.rules import compile_rules


@pytest.mark.parametrize(
    ("rule", "meant"),
    [
        ("元宇宙AND重庆", "元宇宙 AND 重庆"),
        ("元宇宙OR区块链", "元宇宙 OR 区块链"),
        ("元宇宙 AND重庆", "AND 重庆"),
        ("元宇宙AND 重庆", "元宇宙 AND"),
    ],
)
def test_an_operator_that_touches_han_text_is_warned_about(rule: str, meant: str) -> None:
    (warning,) = compile_rules({"r": rule}).warnings
    assert "operator" in warning.message
    assert meant in warning.hint


@pytest.mark.parametrize("rule", ["元宇宙 AND 重庆", "BRAND元宇宙", "ANDROID手机", '"元宇宙AND重庆"'])
def test_what_only_looks_like_one_is_not(rule: str) -> None:
    assert compile_rules({"r": rule}).warnings == ()


@pytest.mark.parametrize(
    ("term", "meant"),
    [
        ("Web3,Web 3.0", '"Web3", "Web 3.0"'),
        ("Web3, Web 3.0, Internet 3.0", '"Web3", "Web 3.0", "Internet 3.0"'),
        ("元宇宙、互联网3.0", '"元宇宙", "互联网3.0"'),
        ("元宇宙，区块链", '"元宇宙", "区块链"'),
        ("metaverse|metacosm", '"metaverse", "metacosm"'),
    ],
)
def test_several_terms_in_one_are_warned_about(term: str, meant: str) -> None:
    (warning,) = compile_rules({}, {"c": ["blockchain", term]}).warnings
    assert (warning.rule, warning.line) == ("@c", 2)
    assert meant in warning.hint


@pytest.mark.parametrize("term", ["Chongqing, China", "1,500 yuan", "U.S., Inc", "C++", ",NET", "Web3;"])
def test_a_term_with_a_sign_in_it_is_a_term(term: str) -> None:
    assert compile_rules({}, {"c": [term]}).warnings == ()


@pytest.mark.parametrize("code", ["en", "zh", "zh-TW", "zh_Hans", "zh*", "yue", "en-*", "ZH"])
def test_a_code_of_a_language_is_one(code: str) -> None:
    assert compile_rules({"r": f"a lang:{code}"}).warnings == ()


@pytest.mark.parametrize("name", ["chinese", "中文", "english", "简体", "(en OR German)"])
def test_the_name_of_a_language_is_warned_about(name: str) -> None:
    (warning,) = compile_rules({"r": f"a lang:{name}"}).warnings
    assert "not a language code" in warning.message


@pytest.mark.parametrize(
    ("rule", "message", "hint"),
    [
        ("sentence(a b)", '"sentence" is read as a term', "SENTENCE(a b)"),
        ("start(a b)", '"start" is read as a term', "START(a b)"),
        ("START a b", '"START" is read as a term', 'write "START"'),
        ("START(web3 WEB3)", "WEB3 is the same as web3 to the search", "leave one"),
        ("Case(Apple)", '"Case" is read as a term', "CASE(Apple)"),
        ("a NEAR5 b", '"NEAR5" is read as a term', "NEAR/5"),
        ("a ANDNOT b", '"ANDNOT" is read as a term', "AND NOT"),
        ("a;b", "the semicolon is read literally", "a OR b"),
        ("a,b", "the comma is read literally", "a OR b"),
        ("colour~1", 'the "~" is read literally', "colour*"),
        ("web3^2", 'the "^" is read literally', "write web3"),
        ("colo?r", 'the "?" is read literally', "/colou?r/"),
        ("[a OR b]", "the bracket is read literally", "( and )"),
        ("title :web3", "the colon is read literally", "title:web3"),
        ("`a b`", "the single quote is read literally", '"…"'),
        ('"web3 OR metaverse"', "the operator within the quotes is read as a word", "one by one"),
        ("title:web3 OR title:Web3", "title:Web3 is the same as title:web3 to the search", "leave one"),
        ("@web3 OR a OR WEB3", "WEB3 is among the terms of @web3", "leave it out"),
        ("lang:cn", "cn is not a language code", "lang:zh"),
    ],
)
def test_what_other_programs_would_read_otherwise_is_warned_about(rule: str, message: str, hint: str) -> None:
    (warning, *_) = compile_rules({"r": rule}, {"web3": ["Web3"]}).warnings
    assert message in warning.message
    assert hint in warning.hint


@pytest.mark.parametrize(
    "rule",
    [
        "1,500 OR 2,000",
        "sentence (a b)",
        "in case (a OR b)",
        '"terms and conditions"',
        '"AND" b',
        "url:x.cn/a?b=c",
        "《数据安全法》",
        "O'Reilly AT&T C++ U.S.",
        "title:web3 OR web3",
        "web3 AND @other",
        "lang:zh",
    ],
)
def test_what_may_well_be_meant_is_not(rule: str) -> None:
    assert compile_rules({"r": rule}, {"other": ["b"]}).warnings == ()


@pytest.mark.parametrize(
    ("rule", "hint"),
    [
        ("site:gov.cn", 'did you mean "url:"?'),
        ("标题:元宇宙", 'did you mean "title:"?'),
        ("body:web3", 'did you mean "text:"?'),
        ("a NEAR/5 (b or c)", '"or" is read as a term: the operator is OR'),
        ("not （a -a）", '"not" is read as a term'),
    ],
)
def test_a_refusal_shows_the_likely_intent(rule: str, hint: str) -> None:
    with pytest.raises(RuleError) as caught:
        compile_rules({"r": rule})
    assert hint in caught.value.hint
