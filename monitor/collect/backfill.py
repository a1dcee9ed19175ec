"""Rules whose meaning is new, matched against articles that are recorded already.

By default a rule whose meaning is new applies to what is found from now on. One that says so (`backfill`) is matched
against the archive too, from the newest article down. Every new rule is matched against the articles that were recorded
since the rule is known, by a poll that had begun before: they are news, and no other poll brings them.

Articles are read and matched in small batches outside of any transaction; each batch is written with the place that was
reached, so that a backfill can be stopped at any time and continues there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, Protocol

from monitor.events import RuleBackfilled, publish
from monitor.model import Source
from monitor.model.backfill import BackfillArticle, BackfillBatch, BackfillJob, LateMatch
from monitor.rules import RuleSet

BATCH_SIZE: Final = 100
"""Articles of one batch."""


class Store(Protocol):
    """The methods of the store that a backfill uses."""

    def backfill_jobs(self) -> tuple[BackfillJob, ...]:
        """Return the rules that still have to be matched against articles recorded before."""
        ...

    def articles_between(self, *, above: int, below: int, limit: int) -> tuple[BackfillArticle, ...]:
        """Return articles with an id between the two, both excluded, the newest first."""
        ...

    def record_backfill(self, batch: BackfillBatch, now: dt.datetime) -> Mapping[str, int] | None:
        """Write a batch; return, for each finished rule, how many matches are released.

        None: an article has changed since it was read, and nothing is written.
        """
        ...


def run_backfill(
    store: Store, rules: RuleSet, sources: Mapping[str, Source], now: dt.datetime, *, stopping: Callable[[], bool]
) -> None:
    """Match every rule that has a job against the archive, until all are done or `stopping`.

    A rule whose meaning in `rules` is not that in the database is left to the process with the newer rules.
    """
    while not stopping():
        jobs = tuple(job for job in store.backfill_jobs() if rules.meanings.get(job.rule) == job.meaning)
        if not jobs:
            return
        lowest = min(0 if job.since else job.floor for job in jobs)
        articles = store.articles_between(above=lowest, below=max(job.below for job in jobs), limit=BATCH_SIZE)
        found = tuple(late for one in articles for late in _matches(one, jobs, rules, sources))
        batch = BackfillBatch(jobs, found, tuple(_lowest_reached(job, articles) for job in jobs))
        for rule, count in (store.record_backfill(batch, now) or {}).items():
            if count:
                publish(RuleBackfilled(rule, count))


def _matches(
    one: BackfillArticle, jobs: Sequence[BackfillJob], rules: RuleSet, sources: Mapping[str, Source]
) -> Iterator[LateMatch]:
    """Yield the matches of an article with the rules whose backfill has not reached it yet."""
    jobs_by_rule = {job.rule: job for job in jobs if one.id < job.below and _is_sent(one, job)}
    if not jobs_by_rule:
        return
    tags = [tag for name in one.sources if name in sources for tag in sources[name].tags]
    for match in rules.match(one.article, source=one.sources, tag=(*tags, *one.tags)):
        if match.rule in jobs_by_rule:
            yield LateMatch(one, match, backfilled=one.id <= jobs_by_rule[match.rule].floor)


def _is_sent(one: BackfillArticle, job: BackfillJob) -> bool:
    """Return whether a match of an article is sent.

    An article that is newer than the rule is sent, unless it is part of a source's baseline. An article of the archive
    is sent if it was both seen and published since the rule's backfill begins. If it is part of a baseline and has no
    date, it is not sent: its age is unknown.
    """
    if one.id > job.floor:
        return not one.baseline
    if job.since is None or one.seen < job.since:
        return False
    if one.article.published is None:
        return not one.baseline
    return one.article.published.latest >= job.since


def _lowest_reached(job: BackfillJob, articles: Sequence[BackfillArticle]) -> int | None:
    """Return the lowest article id that a rule was matched against; None if only older articles are left."""
    if not articles:
        return None
    lowest = articles[-1].id
    is_past_start = job.since is None or all(one.seen < job.since for one in articles)
    return None if lowest <= job.floor + 1 and is_past_start else min(job.below, lowest)
