"""Check the examples of rules: texts that a rule must match, and texts that it must not match."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.config.findings import sort_problems
from monitor.config.positions import Place
from monitor.config.values import Config, RuleConfig
from monitor.errors import Problem

if TYPE_CHECKING:
    from monitor.rules import Explanation

MAX_SHOWN_LENGTH = 60


def check_examples(config: Config) -> tuple[Problem, ...]:
    """Return a problem for each example that fails, sorted by place. It says which part failed, or which terms matched.

    An example is used as both title and text. All other fields are empty.
    """
    problems: list[Problem] = []
    for rule in config.rules:
        wanted = [(text, True) for text in rule.must_match] + [(text, False) for text in rule.must_not_match]
        for (text, should_match), place in zip(wanted, rule.example_places, strict=True):
            explanation = config.ruleset.explain(rule.name, text, title=text)
            if explanation.held != should_match:
                problems.append(_describe_failure(config, rule, place, text, explanation))
    return sort_problems(problems)


def _describe_failure(config: Config, rule: RuleConfig, place: Place, text: str, explanation: Explanation) -> Problem:
    example = f'"{text if len(text) <= MAX_SHOWN_LENGTH else text[: MAX_SHOWN_LENGTH - 1] + "…"}"'
    if explanation.held:
        terms = dict.fromkeys(f'"{text[span.start : span.end]}"' for span in explanation.spans)
        what = f"the rule must not match {example}, but does: it has {', '.join(terms)}"
    else:
        what = f"the rule must match {example}, but does not: {explanation.failed}"
    remedy = "fix the rule or the example"
    return Problem(str(config.path), place.line, place.column, f'[[rule]] "{rule.name}"', what, remedy)
