"""Which articles of the archive report one event: those of the last days, in memory.

A process that writes polls keeps the reports of the window in memory, in step with the archive. Before it writes its
first poll it reads those that are there: that may take seconds, for which no transaction should wait. Before each poll
is written it takes in what another process recorded since, and looks whether what it wrote of earlier polls was
committed. If not, or if a person moved articles meanwhile, it starts again with what is there.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Final, Protocol

from monitor.model import Article
from monitor.model.fingerprints import StoredReport
from monitor.model.stories import PairVerdict
from monitor.stories import EventDecision, Events, NearDecision, decide_event
from monitor.stories.events import WINDOW

_MAX_TRANSACTION: Final = dt.timedelta(minutes=10)
"""After this time no transaction is open any more."""

_PRUNE_ABOVE: Final = 1_000  # reports, above which those that left the window are looked for


class ReportArchive(Protocol):
    """The methods of the store's write transaction that this module uses."""

    def matched_reports(self, above: int, since: dt.datetime) -> Sequence[StoredReport]:
        """Return the matched articles that are no copies, seen since `since` and with an id above `above`, by id."""
        ...

    def addresses_of(self, articles: Collection[int]) -> Mapping[int, str]:
        """Return the addresses of the articles by id, without those that are not recorded."""
        ...

    def last_decision(self) -> int:
        """Return the number of the last decision by hand, by which articles may have moved."""
        ...

    def pair_decisions(self) -> Sequence[tuple[int, int, PairVerdict]]:
        """Return what people decided about pairs of articles."""
        ...


class ReportStore(Protocol):
    """The methods of the store that this module uses."""

    def reports_reading(self) -> AbstractContextManager[ReportArchive]:
        """Open a transaction that reads the reports of the last days."""
        ...


class RecentReports:
    """The matched articles of the last days, grouped by the events that they report."""

    def __init__(self) -> None:
        self._filling = threading.Lock()
        self._filled = False
        self._decision = 0
        self._clear()

    def _clear(self) -> None:
        self._events = Events()
        self._last = 0
        self._reports: dict[int, StoredReport] = {}
        # The last article of each poll: if the poll was undone, it is not in the archive.
        self._uncommitted: dict[int, dt.datetime] = {}
        self._written: int | None = None
        self._prune_above = _PRUNE_ABOVE

    def decide(
        self, article: Article, near: NearDecision, now: dt.datetime
    ) -> tuple[EventDecision, StoredReport | None]:
        """Return the event that an article reports, and the report that it is like; None if no other one reports it.

        `near` is why the article is no near copy. Call `load_new_reports` before the first article of a poll.
        """
        place = self._events.place(article, _published_at(article, now), key=self._last + 1)
        found = decide_event(article, near, place, lambda of: self._reports[of].story_id)
        return found, None if found.of is None else self._reports[found.of]

    def add(self, report: StoredReport) -> None:
        """Let later articles be compared with this one, which was just written into the archive."""
        self._index(report)
        self._written = report.article_id

    def _index(self, report: StoredReport) -> None:
        key, at = report.article_id, _published_at(report.article, report.seen)
        self._events.add(report.article, at, key=key, event=report.story_id)
        self._reports[key] = report
        self._last = max(self._last, key)

    def fill(self, store: ReportStore, now: dt.datetime) -> None:
        """Take in what is recorded, once, before the first poll is written; from any thread."""
        with self._filling:
            if not self._filled:
                with store.reports_reading() as archive:
                    self.load_new_reports(archive, now)
                self._filled = True

    def load_new_reports(self, archive: ReportArchive, now: dt.datetime) -> None:
        """Take in what was recorded since the last poll, and leave out what is older than the window."""
        if self._written is not None:
            self._uncommitted[self._written] = self._reports[self._written].seen
            self._written = None
        recorded = archive.addresses_of(self._uncommitted) if self._uncommitted else {}
        undone = any(recorded.get(one) != self._reports[one].article.url for one in self._uncommitted)
        uncommitted = {one: at for one, at in self._uncommitted.items() if at > now - _MAX_TRANSACTION}
        decision = archive.last_decision()
        if undone or decision != self._decision:  # or a person moved articles to other stories
            self._clear()
            self._decision = decision
            self._events.obey(archive.pair_decisions())
        for one in archive.matched_reports(self._last, now - WINDOW):
            self._index(replace(one, article=with_site_name(one.article, one.source)))
        if len(self._reports) > self._prune_above:
            self._reports = {key: one for key, one in self._reports.items() if self._events.contains(key)}
            self._prune_above = 2 * len(self._reports) + _PRUNE_ABOVE
        self._uncommitted = {one: at for one, at in uncommitted.items() if one in self._reports}


def with_site_name(article: Article, source: str) -> Article:
    """Return the article with the name of its site: as its page states it, else that of its source.

    The host would not do: many outlets are read from the host of one bridge or platform.
    """
    return article if article.site else replace(article, site=source)


def _published_at(article: Article, seen: dt.datetime) -> dt.datetime:
    """Return when an article was published, at the latest when it was seen: a first poll sees those of several days."""
    return seen if article.published is None else min(article.published.at, seen)
