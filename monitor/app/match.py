"""Try a rule on texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from monitor.app.expression import Expression
from monitor.model import Span


@dataclass(frozen=True, slots=True)
class Tried:
    """Whether an expression holds for a text, with the places that make it hold, or `failed` in words."""

    text: str
    holds: bool
    spans: tuple[Span, ...]
    failed: str


def try_expression(expression: Expression, texts: Iterable[str]) -> Iterator[Tried]:
    """Try the expression on each text, which is title and text at once, as an example of a rule is."""
    for text in texts:
        found = expression.rules.explain(expression.name, text, title=text)
        places = {(span.start, span.end): span for span in found.spans}  # each once, though it is in two fields
        yield Tried(text, found.held, tuple(places.values()), found.failed)
