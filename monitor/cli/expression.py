"""An expression of the rule language given as an argument."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from monitor.cli.common import print_error

if TYPE_CHECKING:
    from monitor.app.expression import Expression
    from monitor.rules import RuleWarning


def compile_argument(name: str, text: str, concepts: Mapping[str, Sequence[str]]) -> Expression:
    """Compile the argument as a rule of this name, and print warnings about probable mistakes. Raises RuleError."""
    from monitor.app.expression import compile_expression

    expression = compile_expression(name, text, concepts)
    warn_of_slips(expression.slips, text)
    return expression


def warn_of_slips(slips: Iterable[RuleWarning], text: str) -> None:
    """Print each warning about a probable mistake, with its place in `text`."""
    for slip in slips:
        line = f"line {slip.line}, " if "\n" in text else ""
        print_error(f"warning: {line}column {slip.column}: {slip.message}; {slip.hint}")
