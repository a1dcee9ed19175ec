"""Try a rule on texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from monitor.app.expression import Expression
from monitor.model import Span


@dataclass(frozen=True, slots=True)
class TextResult:
    """The result of an expression for a text: the places that match (`spans`), or the part that did not (`failed`)."""

    text: str
    holds: bool
    spans: tuple[Span, ...]
    failed: str


def try_expression(expression: Expression, texts: Iterable[str]) -> Iterator[TextResult]:
    """Try the expression on each text. A text is used as both title and text, like the examples of rules."""
    for text in texts:
        found = expression.rules.explain(expression.name, text, title=text)
        places = {(span.start, span.end): span for span in found.spans}  # each place once, though it is in both fields
        yield TextResult(text, found.held, tuple(places.values()), found.failed)
