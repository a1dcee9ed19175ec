"""Watch the rules: notices about rules that match nothing for a long time, or far more than usual."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from monitor.digest import Digest
from monitor.model import Notice
from monitor.model.rules import RuleActivity
from monitor.model.times import local_time
from monitor.notices.flood import FACTOR, FLOOD, MIN_MATCHES, flood_notice
from monitor.notices.unmatched import MIN_DAYS, UNMATCHED, unmatched_notice
from monitor.store import Store

WATCH_EVERY: Final = dt.timedelta(hours=1)
"""The rules are watched at most so often."""

_USUAL_PERIOD: Final = dt.timedelta(days=28)  # over which the usual number of matches is counted
_MIN_PERIOD: Final = dt.timedelta(days=7)  # a rule that is known for less has no usual number
_MIN_AGE: Final = dt.timedelta(days=MIN_DAYS)
_DAY: Final = dt.timedelta(days=1)


@dataclass(slots=True)
class RuleWatch:
    """Keeps the notices about rules up to date."""

    watched_at: dt.datetime | None = None

    def watch(self, store: Store, digests: Iterable[Digest], zone: dt.tzinfo, now: dt.datetime) -> None:
        """Raise and resolve the notices about the rules of `digests`, if the last time was an hour ago or longer."""
        if self.watched_at is not None and self.watched_at <= now < self.watched_at + WATCH_EVERY:
            return
        self.watched_at = now
        sources = sources_by_rule(digests)
        activity = store.rule_activity(sorted(sources), now)
        catching_up = is_after_pause(store.days_with_answers(), now.astimezone(zone).date())
        speaking = store.sources_with_news(now - _MIN_AGE)
        wanted = tuple(rule_notices(activity, sources, speaking, zone, now, catching_up=catching_up))
        store.replace_notices((FLOOD.kind, UNMATCHED.kind), wanted, now, reason="its matches are as usual")


def sources_by_rule(digests: Iterable[Digest]) -> dict[str, frozenset[str] | None]:
    """Return for each rule of the digests the names of the sources that it could match; None if it could be any."""
    found: dict[str, frozenset[str] | None] = {}
    for digest in digests:
        for rule in digest.rules:
            known = found.get(rule, frozenset())
            found[rule] = None if known is None or digest.sources is None else known | digest.sources
    return found


def is_after_pause(days: Collection[str], today: dt.date) -> bool:
    """Return whether no source was read on one of the two days before `today`, according to the `days` of answers.

    Then the matches of the last 24 hours may be those of a longer time.
    """
    return any((today - number * _DAY).isoformat() not in days for number in (1, 2))


def rule_notices(
    activity: Iterable[RuleActivity],
    sources: Mapping[str, frozenset[str] | None],
    speaking: Collection[str],
    zone: dt.tzinfo,
    now: dt.datetime,
    *,
    catching_up: bool = False,
) -> Iterator[Notice]:
    """Yield the notices about rules that match nothing or flood. `speaking` are the sources with new entries lately.

    Times are shown in `zone`. While the program is `catching_up` after a pause, no flood is reported.
    """
    for rule in activity:
        if rule.known_since is None:
            continue
        quiet_since = max(rule.known_since, rule.last_matched_at or rule.known_since)
        could_match = sources[rule.name]
        heard = len(speaking) if could_match is None else len(could_match & frozenset(speaking))
        if now - quiet_since >= _MIN_AGE and heard:
            yield unmatched_notice(rule.name, local_time(quiet_since, zone), heard)
        known_for = min(now - _DAY - rule.known_since, _USUAL_PERIOD)
        if known_for >= _MIN_PERIOD and not catching_up:
            usual = rule.before / (known_for / _DAY)
            if rule.last_day >= max(MIN_MATCHES, FACTOR * usual):
                yield flood_notice(rule.name, rule.last_day, usual)
