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
