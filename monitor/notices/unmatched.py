"""A rule matches nothing for a long time, although its sources list new entries."""

from __future__ import annotations

from typing import Final

from monitor.model import Notice
from monitor.notices.base import NoticeType, rule_subject, with_count

MIN_DAYS: Final = 60
"""Days without a match after which a rule is reported."""

UNMATCHED = NoticeType(
    "unmatched",
    "information",
    meaning=f"the rule matched nothing for {MIN_DAYS} days, although sources that it could match listed new entries",
    remedy="nothing, if the theme is rare; else `monitor backtest --rule NAME` shows what a wider rule would add, and"
    " `monitor match` tries it on a text",
    closed_when="the rule matches, or is changed",
)


def unmatched_notice(rule: str, since: str, sources: int) -> Notice:
    """Return the notice that a rule matched nothing since a time, while so many of its sources listed new entries."""
    message = (
        f"it matched nothing since {since}, although {with_count(sources, 'source', 'sources')} that it could match"
        " listed new entries"
    )
    remedy = f'nothing, if the theme is rare; else see what a wider rule would add: monitor backtest --rule "{rule}"'
    return UNMATCHED.notice(rule_subject(rule), message, remedy)
