"""Rules and the archive: which rules have a new meaning, and which articles they were not matched against yet."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from monitor.model.articles import Article, Match


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """A rule as configured. `meaning` is a hash. If it is new, matching articles up to `backfill` old are sent."""

    name: str
    meaning: str
    backfill: dt.timedelta = dt.timedelta(0)


@dataclass(frozen=True, slots=True)
class BackfillJob:
    """A rule that is matched against recorded articles, from the newest to the oldest.

    The next article has an id less than `below`. An article with an id above `floor` was recorded after the rule was
    known, perhaps by a poll that had begun before: its match is sent like any other match. For all other articles a
    match is sent only if the article is not older than `since`. If `since` is None, no such match is sent.
    """

    rule: str
    meaning: str
    floor: int
    since: dt.datetime | None
    below: int


@dataclass(frozen=True, slots=True)
class BackfillArticle:
    """An article of the archive: when it was first seen, the sources that list it, and their tags for it.

    `baseline`: it was listed only at the first polls of its sources, and was too old or had no date.
    """

    id: int
    article: Article
    seen: dt.datetime
    sources: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    baseline: bool = False


@dataclass(frozen=True, slots=True)
class LateMatch:
    """A rule that matches an article of the archive. `backfilled`: the match is marked as found in the archive."""

    archived: BackfillArticle
    match: Match
    backfilled: bool


@dataclass(frozen=True, slots=True)
class BackfillBatch:
    """One batch of a backfill: its matches, and the id of the article that each rule has reached (None: it is done)."""

    jobs: tuple[BackfillJob, ...]
    found: tuple[LateMatch, ...]
    reached: tuple[int | None, ...]
