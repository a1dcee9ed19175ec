"""Test a change of rules on the archive: find the articles that it adds and drops."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.app.expression import compile_expression
from monitor.app.search import tags_by_source
from monitor.config import Config
from monitor.errors import UsageError
from monitor.rules import RuleWarning, compile_rules
from monitor.search import BacktestWindow, Effect, RuleChange, backtest, failed_examples, window
from monitor.store import Store

NEW_RULE: Final = "expression"
"""The name for an expression that is tested as a new rule."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The change of rules to test. `before` and `after` have each rule's expression, by the rule's name.

    A new rule is not in `before`, and a removed rule is not in `after`. `against` says in words what is compared with
    what; `slips` are warnings about a new expression.
    """

    change: RuleChange
    against: str
    before: Mapping[str, str]
    after: Mapping[str, str]
    slips: tuple[RuleWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class BacktestResult:
    """The effect of the change, by rule. `failed` has the examples in the file that fail after the change, by rule.

    `texts_removed_until`: articles of the period that were first seen until then have no text any more, and were not
    compared.
    """

    comparison: Comparison
    window: BacktestWindow
    effects: Mapping[str, Effect]
    failed: Mapping[str, tuple[str, ...]]
    texts_removed_until: dt.datetime | None = None


def compare(config: Config, rule: str | None, expression: str | None, other: Config | None) -> Comparison:
    """Plan a comparison: of `expression` with `rule` or, if there is no expression, of all rules in the file.

    An expression is compared with `rule` in `other` or, if that is None, in the file. The file is compared with `other`
    or, if that is None, with the recorded matches. Raises UsageError if there is no such rule, RuleError if the
    expression cannot be used.
    """
    in_file = {one.name: one.match for one in config.rules}
    in_force = {one.name: one.match for one in other.rules} if other else in_file
    if rule is not None and rule not in {**in_file, **in_force}:
        raise UsageError(f'no rule is called "{rule}"; rules are: {", ".join(in_file) or "none"}', argument="rule")
    if expression is not None:
        return _compare_expression(config, rule, expression, other or config, in_force)
    names = [rule] if rule is not None else list({**in_file, **in_force})
    return _compare_file(config, names, other, in_force)


def _compare_expression(
    config: Config, rule: str | None, expression: str, other: Config, active_rules: Mapping[str, str]
) -> Comparison:
    name = rule or NEW_RULE
    before = {name: active_rules[name]} if rule in active_rules else {}
    after = compile_expression(name, expression, config.concepts)
    return Comparison(
        RuleChange((name,), compile_rules(before, other.concepts), after.rules),
        "the rule in the file" if before else "no rule",
        before,
        {name: expression},
        after.slips,
    )


def _compare_file(
    config: Config, names: Sequence[str], other: Config | None, active_rules: Mapping[str, str]
) -> Comparison:
    after = {one.name: one.match for one in config.rules if one.name in names}
    rules = compile_rules(after, config.concepts)
    if other is None:
        return Comparison(RuleChange(tuple(names), None, rules), "what was recorded", {}, after)
    before = {name: active_rules[name] for name in names if name in active_rules}
    change = RuleChange(tuple(names), compile_rules(before, other.concepts), rules)
    return Comparison(change, f"the rules of {other.path}", before, after)


def run_backtest(
    store: Store, config: Config, comparison: Comparison, now: dt.datetime, *, days: float, examples: int
) -> BacktestResult:
    """Test the change on the archive's articles of the last `days`, with up to `examples` examples of each kind."""
    began, removed = store.archive_began(), store.texts_removed_until()
    complete_since = max(began, removed) if began and removed else began
    covered = window(complete_since, now, days)
    tags = tags_by_source(config)
    effects = backtest(store, comparison.change, tags, since=covered.start, examples=examples)
    removed_until = removed if removed is not None and removed >= covered.start else None
    return BacktestResult(comparison, covered, effects, _broken_examples(config, comparison), removed_until)


def _broken_examples(config: Config, comparison: Comparison) -> dict[str, tuple[str, ...]]:
    rules = comparison.change.after
    found = {
        rule.name: failed_examples(rules, rule.name, rule.must_match, rule.must_not_match)
        for rule in config.rules
        if rule.name in rules.names
    }
    return {name: failed for name, failed in found.items() if failed}
