"""Warnings about probable mistakes in rules, and suggestions for unknown names."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RuleWarning:
    """A probable mistake in a rule that works. `line` and `column` count from 1 within the expression.

    For a concept, `rule` is its name with the `@`, and `line` is the number of the term in its list.
    """

    rule: str
    line: int
    column: int
    message: str
    hint: str = ""

    def __str__(self) -> str:
        text = f"{self.message}; {self.hint}" if self.hint else self.message
        return f'rule "{self.rule}", line {self.line}, column {self.column}: {text}'


def suggest_name(word: str, known: Iterable[str], mark: str) -> str:
    """Return a hint for the unknown name `word`. `mark` is the form in which rules write such names: `@{}` or `{}:`."""
    names = list(known)
    close = difflib.get_close_matches(word.casefold(), names, n=1) or difflib.get_close_matches(word, names, n=1)
    if close:
        return f'did you mean "{mark.format(close[0])}"?'
    return f"known are {', '.join(mark.format(name) for name in sorted(names)[:20])}" if names else "none is defined"


_MAX_CONTEXT = 30  # code points shown on either side of a place


def text_around(expression: str, line: int, column: int) -> str:
    """Return the text around a place of an expression as one line, with ▸ at the place: `…AND ▸(web3 OR…`."""
    lines = expression.split("\n")
    at = sum(len(before) + 1 for before in lines[: line - 1]) + column - 1
    left, right = expression[max(0, at - _MAX_CONTEXT) : at], expression[at : at + _MAX_CONTEXT]
    opening, closing = "…" if at > _MAX_CONTEXT else "", "…" if at + _MAX_CONTEXT < len(expression) else ""
    return " ".join(f"{opening}{left}▸{right}{closing}".split())
