"""`monitor match`: try a rule on texts."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.common import DONE, ConfigOption, JsonOption, finish, load_config, show, show_json
from monitor.cli.expression import compiled
from monitor.cli.marked import marked

if TYPE_CHECKING:
    from monitor.model import Span
    from monitor.rules import Explanation

_RULE = "match"


def match(
    expression: Annotated[str, typer.Argument(metavar="EXPR", help="A rule, such as '@web3 AND Chongqing'.")],
    texts: Annotated[
        list[str] | None, typer.Argument(metavar="TEXT", help="Left out: the lines of the standard input.")
    ] = None,
    *,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Try a rule on texts, and show the terms that made it hold or what failed."""
    rules = compiled(_RULE, expression, _concepts(config))
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


def _spans(found: Explanation) -> list[Span]:
    """The places, each once: the text is title and text at once, as an example of a rule is."""
    return list({(span.start, span.end): span for span in found.spans}.values())


def _document(text: str, found: Explanation) -> dict[str, object]:
    spans = [{"start": span.start, "end": span.end, "term": span.term} for span in _spans(found)]
    return {"text": text, "holds": found.held, "spans": spans, "failed": found.failed}


def _told(text: str, found: Explanation) -> str:
    if not found.held:
        return f"fails: {marked(text, _spans(found))}\n       {found.failed}"
    return f"holds: {marked(text, _spans(found))}"
