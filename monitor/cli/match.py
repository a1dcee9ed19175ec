"""`monitor match`: try a rule on texts."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.common import DONE, ConfigOption, JsonOption, finish, load_config, show, show_json, tell
from monitor.errors import RuleError

if TYPE_CHECKING:
    from monitor.model import Span
    from monitor.rules import Explanation, RuleSet

_RULE = "match"
_AROUND = 40  # code points shown before and behind the terms of a long text


def match(
    expression: Annotated[str, typer.Argument(metavar="EXPR", help="A rule, such as '@web3 AND Chongqing'.")],
    texts: Annotated[
        list[str] | None, typer.Argument(metavar="[TEXT]...", help="Left out: the lines of the standard input.")
    ] = None,
    *,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Try a rule on texts, and show the terms that made it hold or what failed."""
    rules = _compiled(expression, _concepts(config))
    for warning in rules.warnings:
        if warning.rule == _RULE:
            tell(f"warning: column {warning.column}: {warning.message}; {warning.hint}")
    found = ((text, rules.explain(_RULE, text, title=text)) for text in texts or _lines())
    if json:
        show_json([_document(text, each) for text, each in found])
    else:
        for text, each in found:
            show(_told(text, each))
    finish(DONE)


def _lines() -> Iterator[str]:
    """The lines that are piped in; none from a terminal, where the expression itself is the question."""
    if not sys.stdin.isatty():
        yield from (line.rstrip("\n") for line in sys.stdin if line.strip())


def _concepts(given: Path | None) -> Mapping[str, Sequence[str]]:
    """Those of the configuration; a missing default file has none."""
    from monitor import config

    if given is None and not config.config_path(config.environment()).exists():
        return {}
    return load_config(given).concepts


def _compiled(expression: str, concepts: Mapping[str, Sequence[str]]) -> RuleSet:
    from monitor.rules import compile_rules

    try:
        return compile_rules({_RULE: expression}, concepts)
    except RuleError as error:
        if error.rule == _RULE:
            line = expression.split("\n")[error.line - 1]
            tell(f"{line[: error.column - 1]} ▸{line[error.column - 1 :]}")
        raise


def _spans(found: Explanation) -> list[Span]:
    """The places, each once: the text is title and text at once, as an example of a rule is."""
    return list({(span.start, span.end): span for span in found.spans}.values())


def _document(text: str, found: Explanation) -> dict[str, object]:
    spans = [{"start": span.start, "end": span.end, "term": span.term} for span in _spans(found)]
    return {"text": text, "holds": found.held, "spans": spans, "failed": found.failed}


def _told(text: str, found: Explanation) -> str:
    if not found.held:
        return f"fails: {_marked(text, _spans(found))}\n       {found.failed}"
    return f"holds: {_marked(text, _spans(found))}"


def _marked(text: str, spans: Sequence[Span]) -> str:
    """The text in one line, its terms in brackets, cut to what stands around them."""
    parts: list[str] = []
    done = 0
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if span.start >= done:
            parts += [_cut(text[done : span.start], first=not parts), f"[{text[span.start : span.end]}]"]
            done = span.end
    return " ".join("".join([*parts, _cut(text[done:], first=not parts, last=True)]).split())


def _cut(between: str, *, first: bool = False, last: bool = False) -> str:
    if len(between) <= 2 * _AROUND:
        return between
    head = "" if first and not last else between[:_AROUND]
    return f"{head}…{'' if last else between[-_AROUND:]}"
