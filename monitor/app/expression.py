"""An expression of the rule language that a user wants to try."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.rules import RuleSet, RuleWarning, compile_rules


@dataclass(frozen=True, slots=True)
class Expression:
    """A valid expression.

    `rules` contains it as its only rule, `name`. `slips` are warnings about probable mistakes.
    """

    name: str
    text: str
    rules: RuleSet
    slips: tuple[RuleWarning, ...] = ()


def compile_expression(name: str, text: str, concepts: Mapping[str, Sequence[str]]) -> Expression:
    """Compile `text` as a rule of this name. Raises RuleError if it is invalid."""
    rules = compile_rules({name: text}, concepts)
    return Expression(name, text, rules, tuple(slip for slip in rules.warnings if slip.rule == name))
