"""Read `[concept]` and `[[rule]]` into one set of rules. Errors point at the wrong character in the file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from monitor.config.durations import format_duration
from monitor.config.findings import Findings
from monitor.config.positions import Path, Place
from monitor.config.reading import read_table
from monitor.config.shapes import table_of, tables_of
from monitor.config.suggestions import did_you_mean
from monitor.config.tables import ConceptTable, RuleTable
from monitor.config.values import RuleConfig
from monitor.errors import RuleError
from monitor.rules import RuleSet, RuleWarning, compile_rules
from monitor.rules.operators.field import FieldNode

Concepts = dict[str, tuple[str, ...]]

# Used as terms of a concept that has an error, so that rules that use the concept get no further errors.
_SAMPLE_TERMS = ("stand-in",)


def read_rules(findings: Findings) -> tuple[Concepts, tuple[RuleConfig, ...], RuleSet | None]:
    """Return concepts, rules, and the compiled rule set, which is None if there are errors. Errors are noted."""
    before = len(findings.errors)
    stated = table_of(findings, "concept")
    read = read_table(findings, ("concept",), ConceptTable, stated, {})
    # The error of a concept is noted, and the concept gets harmless terms.
    concepts: Concepts = {name: tuple(read.root[name]) if read else _SAMPLE_TERMS for name in stated}
    tables = [(path, read_table(findings, path, RuleTable, table, {})) for path, table in tables_of(findings, "rule")]
    rules = [(path, rule) for path, rule in tables if rule is not None]
    expressions = {rule.name: rule.match for _, rule in rules}
    try:
        ruleset = compile_rules(expressions, concepts)
    except RuleError:
        _find_all_errors(findings, rules, concepts)
        return concepts, (), None
    _add_warnings(findings, ruleset, concepts, rules)
    configs = tuple(_make_rule_config(findings, path, rule) for path, rule in rules)
    return concepts, configs, ruleset if len(findings.errors) == before else None


def warn_backfill_without_texts(findings: Findings, rules: Sequence[RuleConfig], keep: dt.timedelta) -> None:
    """Warn of each rule that looks back to articles whose texts are removed, because they are older than `keep`."""
    for index, rule in enumerate(rules):
        if rule.backfill > keep:
            what = f"backfill is longer than keep ({format_duration(keep)}): older articles have only their titles"
            findings.warning(("rule", index, "backfill"), what, "shorten backfill, or keep texts longer")


def warn_unknown_sources(findings: Findings, rules: RuleSet, sources: Collection[str]) -> None:
    """Warn of each `source:` in a rule that matches no source name: such a rule never matches."""
    written = {table.get("name"): ((*path, "match"), table.get("match")) for path, table in tables_of(findings, "rule")}
    for rule, term in rules.terms_in_field("source"):
        alone = compile_rules({rule: str(FieldNode("source", term))})
        if sources and not any(alone.match("", source=source) for source in sources):
            path, expression = written[rule]
            at = _place_in_text(findings, path, str(expression), term.at)
            findings.warning(path, f"no source is called {term}", did_you_mean(term.text, sources), at=at)


def _find_all_errors(findings: Findings, rules: list[tuple[Path, RuleTable]], concepts: Concepts) -> None:
    """Note the first error of each concept and rule, by compiling each separately."""
    compilable = dict(concepts)
    for _ in range(len(concepts)):
        try:
            compile_rules({}, compilable)
        except RuleError as wrong:
            name = wrong.rule.removeprefix("@")
            path, at = _place_in_concept(findings, concepts, wrong)
            if _is_concept_name(name):
                compilable[name] = _SAMPLE_TERMS
            else:
                path, at = path[:2], findings.positions.key(path[:2])
                del compilable[name]
            findings.error(path, wrong.message, wrong.hint, at=at)
    for path, rule in rules:
        try:
            compile_rules({rule.name: rule.match}, compilable)
        except RuleError as wrong:
            at = _place_in_text(findings, (*path, "match"), rule.match, (wrong.line, wrong.column))
            findings.error((*path, "match"), f"{wrong.message}, at {wrong.around}", wrong.hint, at=at)


def _is_concept_name(name: str) -> bool:
    """Return whether a concept may have this name."""
    try:
        compile_rules({}, {name: _SAMPLE_TERMS})
    except RuleError:
        return False
    return True


def _add_warnings(
    findings: Findings, ruleset: RuleSet, concepts: Concepts, rules: list[tuple[Path, RuleTable]]
) -> None:
    written = {rule.name: ((*path, "match"), rule.match) for path, rule in rules}
    for warning in ruleset.warnings:
        if warning.rule in written:
            path, expression = written[warning.rule]
            at = _place_in_text(findings, path, expression, (warning.line, warning.column))
        else:
            path, at = _place_in_concept(findings, concepts, warning)
        findings.warning(path, warning.message, warning.hint, at=at)


def _place_in_concept(findings: Findings, concepts: Concepts, problem: RuleError | RuleWarning) -> tuple[Path, Place]:
    """Return the place of a wrong term in a concept. `problem.rule` is `@NAME`; `problem.line` is the term's number."""
    name, index = problem.rule.removeprefix("@"), problem.line - 1
    path: Path = ("concept", name, index)
    return path, findings.positions.inside(path, min(problem.column - 1, len(concepts[name][index])))


def _place_in_text(findings: Findings, path: Path, expression: str, at: tuple[int, int]) -> Place:
    """Return the place in the file of `at`, a line and column of an expression."""
    line, column = at
    lines = expression.split("\n")
    before = sum(len(line) + 1 for line in lines[: line - 1])
    return findings.positions.inside(path, min(before + column - 1, len(expression)))


def _make_rule_config(findings: Findings, path: Path, rule: RuleTable) -> RuleConfig:
    examples = [("must_match", rule.must_match), ("must_not_match", rule.must_not_match)]
    return RuleConfig(
        name=rule.name,
        match=rule.match,
        must_match=tuple(rule.must_match),
        must_not_match=tuple(rule.must_not_match),
        place=findings.positions.value((*path, "match")),
        example_places=tuple(
            findings.positions.value((*path, key, index)) for key, texts in examples for index in range(len(texts))
        ),
        backfill=rule.backfill,
    )
