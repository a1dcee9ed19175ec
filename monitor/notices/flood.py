"""A rule matches far more than usual."""

from __future__ import annotations

from typing import Final

from monitor.model import Notice
from monitor.notices.base import NoticeType, rule_subject

FACTOR: Final = 10
"""So many times its usual number of matches is a flood."""

MIN_MATCHES: Final = 20
"""Fewer matches in a day are no flood, however few are usual: a reader sees through them."""

FLOOD = NoticeType(
    "flood",
    "problem",
    meaning=f"the rule matched {FACTOR} times as many articles in a day as it usually does, and {MIN_MATCHES} or more",
    remedy="nothing, if there is so much to report; else make the rule narrower: `monitor rules` shows how often it"
    " matches, `monitor backtest --rule NAME` what a change would drop",
    closed_when="a day has less than that",
)


def flood_notice(rule: str, matches: int, usual: float) -> Notice:
    """Return the notice that a rule had `matches` in the last day, and `usual` a day in the four weeks before."""
    message = f"it matched {matches:,} articles in the last day; in the four weeks before, it matched {usual:.1f} a day"
    remedy = f'if that is too much, make the rule narrower: monitor backtest --rule "{rule}" shows what a change drops'
    return FLOOD.notice(rule_subject(rule), message, remedy)
