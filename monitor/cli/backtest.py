"""`monitor backtest`: what a change of rules would do to the articles of the archive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.common import (
    ATTENTION,
    DONE,
    ConfigOption,
    JsonOption,
    NowOption,
    clock_at,
    finish,
    load_config,
    show,
    show_json,
)
from monitor.cli.expression import compiled
from monitor.cli.progress import working
from monitor.cli.search import tags_of, tell_of_index
from monitor.clock import Clock
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.search import Change, Effect, Window

_NEW = "expression"  # what a rule is called that has no name yet
_LONGEST = 36_500  # days


@dataclass(frozen=True, slots=True)
class Task:
    """What is compared with what: in words, and each rule's expression on either side, as far as there is one."""

    change: Change
    against: str
    before: Mapping[str, str]
    after: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it. `failed` are the examples, by rule, that its candidate does not hold to."""

    task: Task
    window: Window
    effects: Mapping[str, Effect]
    failed: Mapping[str, tuple[str, ...]]


def backtest(
    *,
    rule: Annotated[str | None, typer.Option("--rule", metavar="NAME", help="Only this rule.")] = None,
    expression: Annotated[
        str | None, typer.Option("--expr", metavar="EXPR", help="What the rule would be; without --rule, a new one.")
    ] = None,
    against: Annotated[
        Path | None, typer.Option("--against", metavar="FILE", help="Compare with the rules of this configuration.")
    ] = None,
    days: Annotated[
        float, typer.Option("--days", metavar="N", min=0.01, max=_LONGEST, help="Articles of the last N days.")
    ] = 30,
    examples: Annotated[int, typer.Option("--examples", metavar="N", min=0, help="Show so many of each kind.")] = 10,
    now: NowOption = None,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Try a change of rules on the archive: what it adds and drops, and how many alerts a week it means.

    With --expr, the expression is compared with the rule now in the file. Without it, the rules of the file are
    compared with what was recorded when the articles came in, or with the rules of another file (--against).
    """
    from monitor.cli.effects import as_json, as_lines

    loaded = load_config(config)
    clock = clock_at(now, loaded.timezone)
    task = _task(loaded, rule, expression, _other(against))
    with working("reading the archive"):
        result = _run(loaded, task, clock, days, examples)
    if json:
        show_json(as_json(result))
    else:
        show("\n".join(as_lines(result, loaded.timezone)))
    finish(ATTENTION if result.failed else DONE)


def _other(path: Path | None) -> Config | None:
    from monitor import config

    return None if path is None else config.load(path, config.environment())


def _task(loaded: Config, rule: str | None, expression: str | None, other: Config | None) -> Task:
    """Raises UsageError when there is no such rule, RuleError when the expression cannot be used."""
    in_file = {one.name: one.match for one in loaded.rules}
    in_force = {one.name: one.match for one in other.rules} if other else in_file
    if rule is not None and rule not in {**in_file, **in_force}:
        raise UsageError(f'--rule: no rule is called "{rule}"; rules are: {", ".join(in_file) or "none"}')
    if expression is not None:
        return _of_expression(loaded, rule, expression, other or loaded, in_force)
    names = [rule] if rule is not None else list({**in_file, **in_force})
    return _of_file(loaded, names, other, in_force)


def _of_expression(
    loaded: Config, rule: str | None, expression: str, other: Config, in_force: Mapping[str, str]
) -> Task:
    from monitor.rules import compile_rules
    from monitor.search import Change

    name = rule or _NEW
    before = {name: in_force[name]} if rule in in_force else {}
    after = compiled(name, expression, loaded.concepts)
    change = Change((name,), compile_rules(before, other.concepts), after)
    return Task(change, "the rule in the file" if before else "no rule", before, {name: expression})


def _of_file(loaded: Config, names: Sequence[str], other: Config | None, in_force: Mapping[str, str]) -> Task:
    from monitor.rules import compile_rules
    from monitor.search import Change

    after = {one.name: one.match for one in loaded.rules if one.name in names}
    rules = compile_rules(after, loaded.concepts)
    if other is None:
        return Task(Change(tuple(names), None, rules), "what was recorded", {}, after)
    before = {name: in_force[name] for name in names if name in in_force}
    change = Change(tuple(names), compile_rules(before, other.concepts), rules)
    return Task(change, f"the rules of {other.path}", before, after)


def _run(loaded: Config, task: Task, clock: Clock, days: float, examples: int) -> Result:
    from monitor.app.wiring import open_store
    from monitor.search import backtest as run
    from monitor.search import failed_examples, window

    with open_store(loaded, clock, create=False) as store:
        tell_of_index(store)
        looked_at = window(store.archive_began(), clock.now(), days)
        effects = run(store, task.change, tags_of(loaded), since=looked_at.start, examples=examples)
    held = task.change.after
    failed = {
        rule.name: told
        for rule in loaded.rules
        if rule.name in held.names and (told := failed_examples(held, rule.name, rule.must_match, rule.must_not_match))
    }
    return Result(task, looked_at, effects, failed)
