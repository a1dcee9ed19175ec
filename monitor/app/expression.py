"""An expression of the rule language, as a person tries it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.rules import RuleSet, RuleWarning, compile_rules


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that can be used: the only rule of `rules`, called `name`. `slips` are what is likely a mistake."""

    name: str
    text: str
    rules: RuleSet
    slips: tuple[RuleWarning, ...] = ()


def compile_expression(name: str, text: str, concepts: Mapping[str, Sequence[str]]) -> Expression:
    """Compile `text` as a rule of this name. Raises RuleError."""
    rules = compile_rules({name: text}, concepts)
    return Expression(name, text, rules, tuple(slip for slip in rules.warnings if slip.rule == name))
