"""Match rules with a new meaning against articles that are already recorded.

By default a rule with a new meaning applies only to articles that are found from now on. A rule with the option
`backfill` is also matched against the archive, from the newest article to older ones. In any case a new rule is matched
against articles of polls that had begun before the rule was known and were recorded later: these articles are news, and
no other poll will find them.

Articles are read and matched in small batches, outside of any transaction. With each batch the position in the archive
is written, so a backfill can be stopped at any time and continues there.
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
"""Maximum number of articles in one batch."""


class Store(Protocol):
    """The methods of the store that a backfill uses."""

    def backfill_jobs(self) -> tuple[BackfillJob, ...]:
        """Return the rules that still must be matched against recorded articles."""
        ...

    def articles_between(self, *, above: int, below: int, limit: int) -> tuple[BackfillArticle, ...]:
        """Return articles whose id is greater than `above` and less than `below`, the newest first."""
        ...

    def record_backfill(self, batch: BackfillBatch, now: dt.datetime) -> Mapping[str, int] | None:
        """Write a batch. Return, for each rule that is finished, how many of its matches will be sent.

        Return None, and write nothing, if one of the articles has changed since it was read.
        """
        ...


def run_backfill(
    store: Store, rules: RuleSet, sources: Mapping[str, Source], now: dt.datetime, *, stopping: Callable[[], bool]
) -> None:
    """Match every rule that has a backfill job against the archive, until all jobs are done or `stopping` returns True.

    If a rule has another meaning in the database than in `rules`, it is left to the process with the newer rules.
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

    An article that is newer than the rule is sent, unless it is part of a source's baseline. An older article is sent
    if it was both seen and published after the start of the rule's backfill. An article without a date that is part of
    a baseline is not sent, because its age is unknown.
    """
    if one.id > job.floor:
        return not one.baseline
    if job.since is None or one.seen < job.since:
        return False
    if one.article.published is None:
        return not one.baseline
    return one.article.published.latest >= job.since


def _lowest_reached(job: BackfillJob, articles: Sequence[BackfillArticle]) -> int | None:
    """Return the lowest article id that a rule was matched against; None if its backfill is finished."""
    if not articles:
        return None
    lowest = articles[-1].id
    is_past_start = job.since is None or all(one.seen < job.since for one in articles)
    return None if lowest <= job.floor + 1 and is_past_start else min(job.below, lowest)
