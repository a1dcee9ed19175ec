"""`monitor match`: try a rule on texts."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.common import EXIT_DONE, ConfigOption, JsonOption, finish, load_config, show, show_json
from monitor.cli.expression import compile_argument
from monitor.cli.marked import mark_terms

if TYPE_CHECKING:
    from monitor.app.match import TextResult

_RULE_NAME = "match"


def match(
    expression: Annotated[str, typer.Argument(metavar="EXPR", help="A rule, such as '@web3 AND Chongqing'.")],
    texts: Annotated[
        list[str] | None,
        typer.Argument(metavar="TEXT", help="The texts. Without any, the lines of standard input are read."),
    ] = None,
    *,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Try a rule on texts, and show the terms that made it hold or what failed."""
    from monitor.app.match import try_expression

    compiled = compile_argument(_RULE_NAME, expression, _concepts(config))
    # Without texts, try the lines that are piped in. At a terminal, only check the expression.
    piped = (line.rstrip("\n") for line in (() if texts or sys.stdin.isatty() else sys.stdin) if line.strip())
    tried = try_expression(compiled, texts or piped)
    if json:
        show_json([_document(each) for each in tried])
    else:
        for each in tried:
            shown = mark_terms(each.text, each.spans)
            show(f"holds: {shown}" if each.holds else f"fails: {shown}\n       {each.failed}")
    finish(EXIT_DONE)


def _concepts(given: Path | None) -> Mapping[str, Sequence[str]]:
    """Return the concepts of the configuration; no concepts if the default file is missing."""
    from monitor import config

    if given is None and not config.config_path(config.environment()).exists():
        return {}
    return load_config(given, without_secrets=True).concepts


def _document(tried: TextResult) -> dict[str, object]:
    spans = [{"start": span.start, "end": span.end, "term": span.term} for span in tried.spans]
    return {"text": tried.text, "holds": tried.holds, "spans": spans, "failed": tried.failed}
