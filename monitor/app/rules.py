"""List the configured rules: how often each matched, and warnings about probable mistakes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from monitor.config import Config
from monitor.model.rules import RuleReport
from monitor.store import Store

RECENT: Final = dt.timedelta(days=7)
"""Matches are "recent" if they are not older than this."""


@dataclass(frozen=True, slots=True)
class ListedRule:
    """A rule of the configuration, how often it matched, and the warnings about it."""

    name: str
    match: str
    report: RuleReport
    warnings: tuple[str, ...] = ()


def list_rules(config: Config, store: Store, now: dt.datetime) -> list[ListedRule]:
    """Return the rules in the order of the file. Matches from backfills and matches that were not sent also count."""
    reports = store.rule_reports(now - RECENT)
    warned = [(warning.where, f"{warning.what}; {warning.remedy}") for warning in config.warnings]
    return [
        ListedRule(
            rule.name,
            rule.match,
            reports.get(rule.name, RuleReport(rule.name)),
            tuple(text for where, text in warned if where == f'[[rule]] "{rule.name}"'),
        )
        for rule in config.rules
    ]
