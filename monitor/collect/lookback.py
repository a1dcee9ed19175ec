"""Rules that are new, and articles that are recorded already.

By default a rule whose meaning is new holds for what is found from now on. One that says so (`backfill`) is asked of
the archive too, from the newest article down. Articles that were recorded since the rule is known, by a poll that had
begun before, it is always asked of: they are news, and no other poll will bring them.

Articles are read and matched in small batches outside of any transaction; each batch is written with the place that was
reached, so that a look can be stopped at any instant and goes on there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, Protocol

from monitor.events import RuleBackfilled, publish
from monitor.model import Source
from monitor.model.lookback import Archived, LateMatch, LookBack, LookStep
from monitor.rules import RuleSet

BATCH: Final = 100
"""Articles of one step."""


class Store(Protocol):
    """What looking back needs of the store."""

    def look_backs(self) -> tuple[LookBack, ...]:
        """The rules that are still to be asked of articles recorded before."""
        ...

    def recorded(self, *, above: int, below: int, limit: int) -> tuple[Archived, ...]:
        """Articles with an id between the two, both excluded, the newest first."""
        ...

    def record_look_back(self, step: LookStep, now: dt.datetime) -> Mapping[str, int] | None:
        """Write a step; by rule that is done, how many of the archive are let go. None: an article has changed."""
        ...


def look_back(
    store: Store, rules: RuleSet, sources: Mapping[str, Source], now: dt.datetime, *, stopping: Callable[[], bool]
) -> None:
    """Ask every rule that is to look back, until all are done or `stopping`.

    A rule that means something else in `rules` than the database knows is left to whoever has the newer ones.
    """
    while not stopping():
        jobs = tuple(job for job in store.look_backs() if rules.meanings.get(job.rule) == job.meaning)
        if not jobs:
            return
        lowest = min(0 if job.since else job.floor for job in jobs)
        batch = store.recorded(above=lowest, below=max(job.below for job in jobs), limit=BATCH)
        found = tuple(late for one in batch for late in _late(one, jobs, rules, sources))
        step = LookStep(jobs, found, tuple(_reached(job, batch) for job in jobs))
        for rule, count in (store.record_look_back(step, now) or {}).items():
            if count:
                publish(RuleBackfilled(rule, count))


def _late(
    one: Archived, jobs: Sequence[LookBack], rules: RuleSet, sources: Mapping[str, Source]
) -> Iterator[LateMatch]:
    """The rules in question that hold for an article that they are to be asked of."""
    asking = {job.rule: job for job in jobs if one.id < job.below and _wanted(one, job)}
    if not asking:
        return
    tags = [tag for name in one.sources if name in sources for tag in sources[name].tags]
    for match in rules.match(one.article, source=one.sources, tag=(*tags, *one.tags)):
        if match.rule in asking:
            yield LateMatch(one, match, backfilled=one.id <= asking[match.rule].floor)


def _wanted(one: Archived, job: LookBack) -> bool:
    """Whether what holds for an article is to be sent.

    An article of the archive is as old as its date says, and at least as old as it was seen. One that is baseline and
    has no date may be of any age.
    """
    if one.id > job.floor:
        return not one.baseline
    if job.since is None or one.seen < job.since:
        return False
    if one.article.published is None:
        return not one.baseline
    return one.article.published.latest >= job.since


def _reached(job: LookBack, batch: Sequence[Archived]) -> int | None:
    """Down to which article a rule was asked; None when it is done: the rest of the archive is older still."""
    if not batch:
        return None
    lowest = batch[-1].id
    past = job.since is None or all(one.seen < job.since for one in batch)
    return None if lowest <= job.floor + 1 and past else min(job.below, lowest)
