"""`monitor rules`: show the matches of each rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from monitor.cli.common import (
    EXIT_DONE,
    ConfigOption,
    JsonOption,
    NowOption,
    clock_at,
    finish,
    format_time,
    load_config,
    show,
    show_json,
    with_count,
)

if TYPE_CHECKING:
    from monitor.app.rules import ListedRule
    from monitor.model.rules import RuleReport


def rules(now: NowOption = None, json: JsonOption = False, config: ConfigOption = None) -> None:
    """Show each rule with its matches in the last 7 days, in total, and the latest one."""
    from monitor.app.opening import open_store
    from monitor.app.rules import list_rules

    loaded = load_config(config, without_secrets=True)
    clock = clock_at(now, loaded.timezone)
    with open_store(loaded, clock, create=False) as store:
        found = list_rules(loaded, store, clock.now())
    if json:
        show_json({"rules": [_document(rule) for rule in found]})
    else:
        show("\n".join(_lines(found, ZoneInfo(loaded.timezone))))
    finish(EXIT_DONE)


def _document(rule: ListedRule) -> dict[str, object]:
    return {**rule_document(rule.report), "match": rule.match, "warnings": rule.warnings}


def rule_document(report: RuleReport) -> dict[str, object]:
    """Return how often a rule matched, in the form that JSON needs."""
    return {
        "name": report.name,
        "matches_in_7_days": report.recent,
        "matches": report.matches,
        "last_matched_at": report.last_matched_at,
    }


def _lines(found: Sequence[ListedRule], zone: ZoneInfo) -> Iterator[str]:
    yield f"Rules ({len(found)}; times in {zone})"
    for rule in found:
        report = rule.report
        if report.last_matched_at is None:
            yield f"  {rule.name}  no match yet"
        else:
            matches = with_count(report.matches, "match", "matches")
            last = format_time(report.last_matched_at, zone)
            yield f"  {rule.name}  {report.recent:,} in 7 days, {matches} in all, the last one {last}"
        yield from (f"    {warning}" for warning in rule.warnings)
