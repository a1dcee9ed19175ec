"""`monitor backtest`: test a change of rules on the articles of the archive."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.common import (
    EXIT_ATTENTION,
    EXIT_DONE,
    ConfigOption,
    JsonOption,
    NowOption,
    clock_at,
    finish,
    load_config,
    show,
    show_json,
)
from monitor.cli.expression import warn_of_slips
from monitor.cli.progress import working
from monitor.cli.search import warn_of_slow_search

_MAX_DAYS = 36_500  # days


def backtest(
    *,
    rule: Annotated[str | None, typer.Option("--rule", metavar="NAME", help="Only this rule.")] = None,
    expression: Annotated[
        str | None,
        typer.Option(
            "--expr",
            metavar="EXPR",
            help="Test this expression in place of the rule's, or, without --rule, as a new rule.",
        ),
    ] = None,
    against: Annotated[
        Path | None, typer.Option("--against", metavar="FILE", help="Compare with the rules of this configuration.")
    ] = None,
    days: Annotated[
        float, typer.Option("--days", metavar="N", min=0.01, max=_MAX_DAYS, help="Articles of the last N days.")
    ] = 30,
    examples: Annotated[int, typer.Option("--examples", metavar="N", min=0, help="Show N examples of each kind.")] = 10,
    now: NowOption = None,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Try a change of rules on the archive: what it adds and drops, and how many alerts a week it means.

    With --expr, the expression is compared with the rule now in the file. Without it, the rules of the file are
    compared with what was recorded when the articles came in, or with the rules of another file (--against).
    """
    from monitor.app.backtest import compare, run_backtest
    from monitor.app.opening import open_store
    from monitor.cli.effects import as_json, as_lines
    from monitor.config import environment, load

    loaded = load_config(config, without_secrets=True)
    clock = clock_at(now, loaded.timezone)
    other = None if against is None else load(against, environment(), without_secrets=True)
    comparison = compare(loaded, rule, expression, other)
    warn_of_slips(comparison.slips, expression or "")
    with working("reading the archive"), open_store(loaded, clock, create=False) as store:
        warn_of_slow_search(current=store.index_is_current())
        result = run_backtest(store, loaded, comparison, clock.now(), days=days, examples=examples)
    if json:
        show_json(as_json(result))
    else:
        show("\n".join(as_lines(result, loaded.timezone)))
    finish(EXIT_ATTENTION if result.failed else EXIT_DONE)
