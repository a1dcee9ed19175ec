"""Which articles of the archive report one event: those of the last days, in memory.

A process that writes polls keeps the reports of the window in memory, in step with the archive: before each poll is
written it takes in what another process recorded since, and looks whether what it wrote of earlier polls was committed.
If not, or if a person moved articles meanwhile, it starts again with what is there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final, Protocol

from monitor.model import Article
from monitor.model.fingerprints import KeptReport
from monitor.stories import EventDecision, Events, NearDecision, decide_event
from monitor.stories.events import WINDOW

_COMMITTED: Final = dt.timedelta(minutes=10)
"""After this time no transaction is open any more."""

_ROOM: Final = 1_000  # reports, above which those that left the window are looked for


class ReportArchive(Protocol):
    """The methods of the store's write transaction that this module uses."""

    def matched_reports(self, above: int, since: dt.datetime) -> Sequence[KeptReport]:
        """Return the articles with matches that are no copies, were seen `since` and have an id above, by id."""
        ...

    def addresses_of(self, articles: Collection[int]) -> Mapping[int, str]:
        """Return the addresses of those of the articles that are there, by id."""
        ...

    def last_decision(self) -> int:
        """Return the number of the last decision by hand, with which articles may have moved."""
        ...


class RecentReports:
    """The matched articles of the last days, grouped by the events that they report."""

    def __init__(self) -> None:
        self._decision = 0
        self._forget()

    def _forget(self) -> None:
        self._events = Events()
        self._last = 0
        self._reports: dict[int, KeptReport] = {}
        self._unsure: dict[int, dt.datetime] = {}  # the last article of each poll: of one that was undone none is there
        self._written: int | None = None
        self._room = _ROOM

    def decide(self, article: Article, near: NearDecision, now: dt.datetime) -> tuple[EventDecision, KeptReport | None]:
        """Return the event that an article reports, and the report that it is like; None if no other one reports it.

        `near` is why the article is no near copy. Call `catch_up` before the first article of a poll.
        """
        place = self._events.place(article, _dated(article, now), key=self._last + 1)
        found = decide_event(article, near, place, lambda of: self._reports[of].story_id)
        return found, None if found.of is None else self._reports[found.of]

    def add(self, report: KeptReport) -> None:
        """Let later articles be compared with this one, which was just written into the archive."""
        self._put(report)
        self._written = report.article_id

    def _put(self, report: KeptReport) -> None:
        key, at = report.article_id, _dated(report.article, report.seen)
        self._events.add(report.article, at, key=key, event=report.story_id)
        self._reports[key] = report
        self._last = max(self._last, key)

    def catch_up(self, archive: ReportArchive, now: dt.datetime) -> None:
        """Take in what was recorded since the last poll, and leave out what is older than the window."""
        if self._written is not None:
            self._unsure[self._written] = self._reports[self._written].seen
            self._written = None
        recorded = archive.addresses_of(self._unsure) if self._unsure else {}
        undone = any(recorded.get(one) != self._reports[one].article.url for one in self._unsure)
        unsure = {one: at for one, at in self._unsure.items() if at > now - _COMMITTED}
        decision = archive.last_decision()
        if undone or decision != self._decision:  # or a person moved articles to other stories
            self._forget()
            self._decision = decision
        for one in archive.matched_reports(self._last, now - WINDOW):
            self._put(replace(one, article=named(one.article, one.source)))
        if len(self._reports) > self._room:
            self._reports = {key: one for key, one in self._reports.items() if self._events.holds(key)}
            self._room = 2 * len(self._reports) + _ROOM
        self._unsure = {one: at for one, at in unsure.items() if one in self._reports}


def named(article: Article, source: str) -> Article:
    """Return the article with the name of its site: as its page states it, else that of its source.

    The host would not do: many outlets are read from the host of one bridge or platform.
    """
    return article if article.site else replace(article, site=source)


def _dated(article: Article, seen: dt.datetime) -> dt.datetime:
    """Return when an article came out: a first poll sees those of several days at once."""
    return seen if article.published is None else min(article.published.at, seen)
