"""Expressions that a person tries, and the texts that they are tried on."""

from __future__ import annotations

import pytest

from monitor.app.expression import compile_expression
from monitor.app.match import try_expression
from monitor.errors import RuleError

CONCEPTS = {"web3": ["Web3", "互联网3.0"]}


def test_an_expression_knows_the_concepts_and_its_own_slips() -> None:
    expression = compile_expression("tried", "@web3 and plan", CONCEPTS)
    assert expression.rules.names == ("tried",)
    assert [slip.column for slip in expression.slips] == [7]


def test_one_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(RuleError):
        compile_expression("tried", "(", CONCEPTS)


def test_each_text_says_whether_it_holds_and_where_or_what_fails() -> None:
    expression = compile_expression("tried", "@web3 AND plan", CONCEPTS)
    held, failed = try_expression(expression, ["A Web3 plan", "A Web3 game"])
    assert (held.holds, held.failed) == (True, "")
    assert [held.text[span.start : span.end] for span in held.spans] == ["Web3", "plan"]
    assert not failed.holds
    assert "plan" in failed.failed
