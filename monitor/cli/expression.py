"""An expression of the rule language given as an argument."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from monitor.cli.common import tell
from monitor.errors import RuleError

if TYPE_CHECKING:
    from monitor.rules import RuleSet


def compiled(name: str, expression: str, concepts: Mapping[str, Sequence[str]]) -> RuleSet:
    """The expression as a rule of this name; its slips are told. Raises RuleError, its place shown."""
    from monitor.rules import compile_rules

    try:
        rules = compile_rules({name: expression}, concepts)
    except RuleError as error:
        if error.rule == name:
            line = expression.split("\n")[error.line - 1]
            tell(f"{line[: error.column - 1]} ▸{line[error.column - 1 :]}")
        raise
    for warning in rules.warnings:
        if warning.rule == name:
            tell(f"warning: column {warning.column}: {warning.message}; {warning.hint}")
    return rules
