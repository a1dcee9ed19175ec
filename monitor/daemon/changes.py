"""The differences between two configurations. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from monitor.config import Config
from monitor.model import Source

MAX_NAMES: Final = 5
"""Maximum number of names that a log line lists for each kind of change."""


def replaced_sources(old: Config, new: Config) -> frozenset[str]:
    """Return the names of the sources in `old` that `new` does not have, or reads from another address or otherwise.

    A source is read otherwise if its kind, options, request or timezone differ.
    """
    now = {source.name: _identity(source) for source in new.sources}
    return frozenset(source.name for source in old.sources if now.get(source.name) != _identity(source))


def _identity(source: Source) -> tuple[object, ...]:
    return source.url, source.kind, source.timezone, dict(source.options), source.request


def describe_changes(old: Config, new: Config) -> dict[str, str]:
    """Return which tables were added, changed and removed, in words, by kind of table."""
    before, after = _tables(old), _tables(new)
    changed = {table: _describe_table(before[table], after[table]) for table in after}
    return {table: words for table, words in changed.items() if words} or {"changes": "none"}


def _tables(config: Config) -> dict[str, Mapping[str, object]]:
    return {
        "sources": {source.name: source for source in config.sources},
        "concepts": config.concepts,
        "rules": {
            rule.name: (rule.match, rule.backfill, rule.must_match, rule.must_not_match) for rule in config.rules
        },
        "digests": {digest.name: digest for digest in config.digests},
        "channels": config.channels,
        "settings": {
            "timezone": config.timezone,
            "fetch": config.fetch,
            "stories": config.stories,
            "web": config.web,
            "keep": config.keep,
        },
    }


def _describe_table(before: Mapping[str, object], after: Mapping[str, object]) -> str:
    names_by_verb = {
        "added": after.keys() - before.keys(),
        "changed": {name for name in after.keys() & before.keys() if after[name] != before[name]},
        "removed": before.keys() - after.keys(),
    }
    return "; ".join(f"{verb} {_join_names(names)}" for verb, names in names_by_verb.items() if names)


def _join_names(names: Iterable[str]) -> str:
    ordered = sorted(names)
    more = f" and {len(ordered) - MAX_NAMES} more" if len(ordered) > MAX_NAMES else ""
    return f"{', '.join(ordered[:MAX_NAMES])}{more}"
