"""Decide which sources and rules of an imported file go into `sources.toml`, and why others do not."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from monitor.config.durations import parse_duration
from monitor.config.findings import Findings
from monitor.config.naming import unused_name
from monitor.config.positions import Path as Keys
from monitor.config.positions import Place, Positions
from monitor.config.registries import SOURCES
from monitor.config.secrets import Secrets
from monitor.config.sources import SourceDefaults, read_sources
from monitor.config.tables import MAX_NAME_LENGTH
from monitor.config.values import MIN_EVERY
from monitor.errors import RuleError
from monitor.interchange.base import ParsedFile, SourceCandidate, Unmapped
from monitor.interchange.bridges import rsshub_advice, rsshub_route
from monitor.rules import compile_rules
from monitor.secret import is_reference
from monitor.text.address import canonical_url

_SELECTORS: Final = ("item", "link", "title", "date", "summary", "next")
_MAX_BASE_NAME: Final = MAX_NAME_LENGTH - 10  # of a name to which a number may be added
_REQUIRED: Final = frozenset({"name", "url"})


@dataclass(frozen=True, slots=True)
class PresentItem:
    """Something that the configuration already has: where it is in the imported file, and its name here."""

    where: str
    name: str


@dataclass(slots=True)
class ImportPlan:
    """The parts of an imported file: those to write, those already present, and those left out (`unmapped`)."""

    sources: list[dict[str, Any]] = field(default_factory=list)
    rules: list[dict[str, str]] = field(default_factory=list)
    concepts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    present: list[PresentItem] = field(default_factory=list)
    unmapped: list[Unmapped] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (self.sources or self.rules or self.concepts)


def plan_import(parsed: ParsedFile, data: Mapping[str, Any], environ: Mapping[str, str], folder: Path) -> ImportPlan:
    """Return what an import of `parsed` would add to a configuration file in `folder` whose tables are `data`."""
    plan = ImportPlan(unmapped=list(parsed.unmapped), warnings=list(parsed.warnings))
    _plan_sources(plan, parsed.candidates, data, Secrets(environ, folder))
    _plan_rules(plan, parsed, data)
    return plan


def _plan_sources(
    plan: ImportPlan, candidates: Collection[SourceCandidate], data: Mapping[str, Any], secrets: Secrets
) -> None:
    taken = {str(table.get("name")) for table in _tables_in(data, "source")}
    known = {_identity(table): str(table.get("name")) for table in _tables_in(data, "source")}
    defaults = _defaults(data, secrets)
    foreign: list[str] = []
    for candidate in candidates:
        host, route = rsshub_route(candidate.table)
        here = {**candidate.table, "url": route} if route and defaults.rsshub is not None else candidate.table
        if (same := known.get(_identity(candidate.table), known.get(_identity(here)))) is not None:
            plan.present.append(PresentItem(candidate.where, same))
            continue
        table = {**here, "name": _free_name(candidate.table, taken)}
        kept, left = _validate_table(candidate, table, secrets, defaults)
        plan.unmapped += [*(candidate.unmapped if kept else ()), *left]
        if kept:
            plan.sources.append(kept)
            taken.add(kept["name"])
            known[_identity(kept)] = kept["name"]
            foreign += [host] if route and here is candidate.table else []
    plan.warnings += rsshub_advice(foreign)


def _tables_in(data: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = data.get(key)
    return [table for table in value if isinstance(table, dict)] if isinstance(value, list) else []


def _identity(table: Mapping[str, Any]) -> tuple[str, str]:
    """Return a value that is the same for two equal sources: the address, and the body that is sent to it."""
    url = table.get("url")
    return canonical_url(url) if isinstance(url, str) else repr(url), str(table.get("body") or "")


def _free_name(table: Mapping[str, Any], taken: Collection[str]) -> str:
    """Return an unused valid name: the stated name, else one made of the address, with a number if necessary."""
    stated, url = table.get("name"), table.get("url")
    return unused_name(
        stated if isinstance(stated, str) else None,
        url if isinstance(url, str) else "",
        taken,
        max_length=_MAX_BASE_NAME,
    )


class _KeyedFindings(Findings):
    """Findings that remember which key each error is about."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__("", Positions(""), data)
        self.keyed: list[tuple[Keys, str]] = []

    def error(self, path: Keys, what: str, remedy: str = "", *, at: Place | None = None) -> None:
        """Add the error, and remember its key."""
        self.keyed.append((path, what))
        super().error(path, what, remedy, at=at)


def _defaults(data: Mapping[str, Any], secrets: Secrets) -> SourceDefaults:
    """Return the settings for all sources in the existing file. Invalid settings are replaced by their defaults."""
    fetch = data.get("fetch")
    stated = fetch if isinstance(fetch, dict) else {}
    try:
        floor = parse_duration(str(stated["min_every"]))
    except (KeyError, ValueError):
        floor = MIN_EVERY
    instance = stated.get("rsshub")
    try:
        rsshub = secrets.resolve(instance) if isinstance(instance, str) else None
    except ValueError:
        rsshub = None
    return SourceDefaults("UTC", floor, rsshub)


def _validate_table(
    candidate: SourceCandidate, table: dict[str, Any], secrets: Secrets, defaults: SourceDefaults
) -> tuple[dict[str, Any] | None, list[Unmapped]]:
    """Return the part of a table that is valid (None if no source is left), and what was left out, with reasons."""
    left: list[Unmapped] = []
    essential = candidate.needs | _REQUIRED
    table, refused = _drop_references(candidate.where, table)
    left += refused
    if any(item.what.startswith("body ") for item in refused):
        return None, left
    while errors := list(_errors(table, secrets, defaults)):
        key, inner, what = next(
            (error for error in errors if error[0] in essential or error[0] not in table), errors[0]
        )
        if key in essential or key not in table:
            return None, [*left, Unmapped(candidate.where, _label_of(table), f"{key}: {what}" if key else what)]
        left.append(Unmapped(candidate.where, f'{key} of "{table["name"]}"', what))
        table = _drop_part(table, key, inner)
    if missing := candidate.needs - table.keys():
        return None, [*left, Unmapped(candidate.where, _label_of(table), f"it needs {', '.join(sorted(missing))}")]
    return table, left


def _drop_part(table: Mapping[str, Any], key: str, inner: object) -> dict[str, Any]:
    """Return the table without the wrong part: without the header `inner` if `key` is "headers", else without `key`."""
    if key == "headers" and inner in table[key] and len(table[key]) > 1:
        return {**table, key: {name: value for name, value in table[key].items() if name != inner}}
    gone = _SELECTORS if key == "item" else (key,)
    return {name: value for name, value in table.items() if name not in gone}


def _label_of(table: Mapping[str, Any]) -> str:
    return f'"{table["name"]}"'


def _errors(table: Mapping[str, Any], secrets: Secrets, defaults: SourceDefaults) -> Iterator[tuple[str, object, str]]:
    """Yield each error of a source: the key ("" for the whole table), the wrong part of its value, and the message."""
    findings = _KeyedFindings({"source": [table]})
    read_sources(findings, SOURCES, secrets, defaults)
    for path, what in findings.keyed:
        key, inner = (*path[2:4], "", "")[:2]  # of ("source", 0, key, inner)
        yield str(key), inner, what


def _drop_references(where: str, table: dict[str, Any]) -> tuple[dict[str, Any], list[Unmapped]]:
    """Return the table without keys whose values have an `env:` or `file:`, except `url`, and what was left out.

    Otherwise the author of the file could have this machine's secrets sent to an address of their own.
    """
    refused = [key for key, value in table.items() if key != "url" and _is_reference(value)]
    kept = {key: value for key, value in table.items() if key not in refused}
    reason = "it names a secret of this machine; write it yourself if you trust the address"
    return kept, [Unmapped(where, f'{key} of "{table["name"]}"', reason) for key in refused]


def _is_reference(value: object) -> bool:
    if isinstance(value, str):
        return is_reference(value)
    if isinstance(value, Mapping):
        return any(map(_is_reference, value.values()))
    return isinstance(value, list) and any(map(_is_reference, value))


def _plan_rules(plan: ImportPlan, parsed: ParsedFile, data: Mapping[str, Any]) -> None:
    words = parsed.words
    plan.warnings += [
        f"line {warning.line}: {warning.rule}: {warning.message}" + (f"; {warning.hint}" if warning.hint else "")
        for warning in words.warnings
    ]
    stated = data.get("concept")
    concepts = {str(name): tuple(terms) for name, terms in stated.items()} if isinstance(stated, dict) else {}
    renamed = _plan_concepts(plan, words.concepts, concepts)
    existing_rules = {str(rule.get("name")): str(rule.get("match")) for rule in _tables_in(data, "rule")}
    taken = set(existing_rules)
    rewritten = {name: _rename_concepts(written, renamed) for name, written in words.rules.items()}
    is_valid = not _rule_problem(rewritten, {**concepts, **plan.concepts})
    for name, expression in rewritten.items():
        if expression in (
            existing_rules.get(name),
            *(existing_rules.get(other) for other in taken if _is_numbered_copy(other, name)),
        ):
            plan.present.append(PresentItem(f'rule "{name}"', name))
            continue
        if not is_valid and (wrong := _rule_problem({name: expression}, {**concepts, **plan.concepts})):
            plan.unmapped.append(Unmapped(f'rule "{name}"', "the rule", wrong))
            continue
        unique = _free_name({"name": name}, taken)
        taken.add(unique)
        plan.rules.append({"name": unique, "match": expression})


def _rule_problem(rules: Mapping[str, str], concepts: Mapping[str, tuple[str, ...]]) -> str:
    """Return what is wrong with the rules; "" if they are valid."""
    try:
        compile_rules(rules, concepts)
    except RuleError as wrong:
        return wrong.message
    return ""


def _is_numbered_copy(other: str, name: str) -> bool:
    return re.fullmatch(rf"{re.escape(name)} \(\d+\)", other) is not None


def _plan_concepts(
    plan: ImportPlan, new: Mapping[str, tuple[str, ...]], existing: Mapping[str, tuple[str, ...]]
) -> dict[str, str]:
    """Add the concepts to the plan. Return a new name for each concept whose name already means other terms."""
    renamed: dict[str, str] = {}
    for name, terms in new.items():
        free = name
        number = 1
        while existing.get(free, terms) != terms:
            number += 1
            free = f"{name}-{number}"
        if free != name:
            renamed[name] = free
        if free not in existing:
            plan.concepts[free] = terms
    return renamed


def _rename_concepts(expression: str, renamed: Mapping[str, str]) -> str:
    """Return the expression with renamed concepts. `renamed` has the new names by the old ones."""
    if not renamed:
        return expression
    names = "|".join(map(re.escape, sorted(renamed, key=len, reverse=True)))
    return re.sub(rf"@({names})(?![\w/-])", lambda found: f"@{renamed[found[1]]}", expression)
