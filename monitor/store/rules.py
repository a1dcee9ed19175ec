"""How often rules match, for the notices about rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import func, select

from monitor.model.rules import RuleActivity
from monitor.store.database import Database
from monitor.store.schema import article, match, rule, source

_DAY = dt.timedelta(days=1)
_BEFORE = dt.timedelta(days=28)


class RuleReads(Database):
    """Queries about the matches of rules that need no look at all matches."""

    def rule_activity(self, names: Collection[str], now: dt.datetime) -> list[RuleActivity]:
        """Return how often these rules matched lately. Matches that were held or found in the archive do not count."""
        in_day = func.count().filter(match.c.matched_at > now - _DAY)
        sent = (match.c.held.is_(None), match.c.mark.is_(None), match.c.matched_at > now - _DAY - _BEFORE)
        with self._reading() as connection:
            rows = connection.execute(select(match.c.rule, in_day, func.count()).where(*sent).group_by(match.c.rule))
            counts = {name: (last, total - last) for name, last, total in rows}
            floors = {row.name: row.floor for row in connection.execute(select(rule.c.name, rule.c.floor))}
            found = []
            for name in names:
                latest = select(match.c.matched_at).where(match.c.rule == name).order_by(match.c.id.desc()).limit(1)
                # The first article that was recorded after the rule was known.
                first = select(article.c.first_seen_at).where(article.c.id > floors.get(name, 0)).order_by(article.c.id)
                known_since = connection.execute(first.limit(1)).scalar() if name in floors else None
                last_at = connection.execute(latest).scalar()
                found.append(RuleActivity(name, known_since, last_at, *counts.get(name, (0, 0))))
        return found

    def sources_with_news(self, since: dt.datetime) -> frozenset[str]:
        """Return the names of the sources that are polled and listed new entries since a time."""
        with self._reading() as connection:
            return frozenset(
                connection.execute(select(source.c.name).where(source.c.active, source.c.last_new_at > since)).scalars()
            )
