"""Slips of those who write Chinese without blanks."""

from __future__ import annotations

import pytest

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
    assert "code of a language" in warning.message
