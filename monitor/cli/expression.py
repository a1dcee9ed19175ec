"""An expression of the rule language given as an argument."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from monitor.cli.common import tell

if TYPE_CHECKING:
    from monitor.rules import RuleSet


def compiled(name: str, expression: str, concepts: Mapping[str, Sequence[str]]) -> RuleSet:
    """The expression as a rule of this name; its slips are told. Raises RuleError."""
    from monitor.rules import compile_rules

    rules = compile_rules({name: expression}, concepts)
    for warning in rules.warnings:
        if warning.rule == name:
            line = f"line {warning.line}, " if "\n" in expression else ""
            tell(f"warning: {line}column {warning.column}: {warning.message}; {warning.hint}")
    return rules
