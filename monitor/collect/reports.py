"""Find out which articles report the same event, with the reports of the last days in memory.

A process that writes polls keeps these reports in memory, in step with the archive. It reads them before its first
poll, outside of a write transaction, because that may take seconds. Before each later poll is written, it adds the
reports that other processes have recorded since, and checks whether its own earlier polls were committed. If a poll was
not committed, or if a person has moved articles, it reads all reports again.
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
from monitor.stories.packing import FORMAT, pack_report, unpack_report

_MAX_TRANSACTION: Final = dt.timedelta(minutes=10)
"""The longest time that a transaction may stay open. After it, a report that is in the archive is committed."""

_PRUNE_ABOVE: Final = 1_000  # number of reports above which old reports are removed


class ReportArchive(Protocol):
    """The methods of the store's write transaction that this module uses."""

    def matched_reports(self, above: int, since: dt.datetime, form: str) -> Sequence[StoredReport]:
        """Return the matched articles with an id above `above` that were seen since `since`, without copies, by id.

        Those whose report is kept packed in this `form` have it, and have no text.
        """
        ...

    def addresses_of(self, articles: Collection[int]) -> Mapping[int, str]:
        """Return the addresses of these articles, by id. Articles that are not recorded are missing in the result."""
        ...

    def last_decision(self) -> int:
        """Return the number of the last decision of a person, which may have moved articles to other stories."""
        ...

    def pair_decisions(self) -> Sequence[tuple[int, int, PairVerdict]]:
        """Return the decisions of people about pairs of articles."""
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
        # The last article of each poll. If the poll was undone, its last article is not in the archive.
        self._uncommitted: dict[int, dt.datetime] = {}
        self._written: int | None = None
        self._prune_above = _PRUNE_ABOVE

    def decide(
        self, article: Article, near: NearDecision, now: dt.datetime
    ) -> tuple[EventDecision, StoredReport | None]:
        """Return the event that an article reports, and the most similar report of it; None if there is no other.

        `near` is the decision that the article is not a near copy. Call `load_new_reports` before the first article of
        a poll.
        """
        place = self._events.place(article, _published_at(article, now), key=self._last + 1)
        found = decide_event(article, near, place, lambda of: self._reports[of].story_id)
        return found, None if found.of is None else self._reports[found.of]

    def add(self, report: StoredReport) -> bytes:
        """Add a report that was just written into the archive, so that later articles are compared with it.

        Return it packed, to be kept.
        """
        packed = pack_report(self._events.read(report.article))
        self._index(report)
        self._written = report.article_id
        return packed

    def _index(self, report: StoredReport) -> None:
        key, at = report.article_id, _published_at(report.article, report.seen)
        if report.packed is None:
            self._events.add(report.article, at, key=key, event=report.story_id)
        else:
            self._events.add_report(unpack_report(report.packed), at, key=key, event=report.story_id)
        self._reports[key] = report
        self._last = max(self._last, key)

    def fill(self, store: ReportStore, now: dt.datetime) -> None:
        """Read all recorded reports, if that has not been done. Any thread may call this before it writes a poll."""
        with self._filling:
            if not self._filled:
                with store.reports_reading() as archive:
                    self.load_new_reports(archive, now)
                self._filled = True

    def load_new_reports(self, archive: ReportArchive, now: dt.datetime) -> None:
        """Add reports that were recorded since the last poll, and remove reports that are too old."""
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
        for one in archive.matched_reports(self._last, now - WINDOW, FORMAT):
            self._index(replace(one, article=with_site_name(one.article, one.source)))
        if len(self._reports) > self._prune_above:
            self._reports = {key: one for key, one in self._reports.items() if self._events.contains(key)}
            self._prune_above = 2 * len(self._reports) + _PRUNE_ABOVE
        self._uncommitted = {one: at for one, at in uncommitted.items() if one in self._reports}


def with_site_name(article: Article, source: str) -> Article:
    """Return the article with the name of its site. If its page states no name, the name of its source is used.

    The host is not used, because many outlets are read from the same host of a bridge or platform.
    """
    return article if article.site else replace(article, site=source)


def _published_at(article: Article, seen: dt.datetime) -> dt.datetime:
    """Return when an article was published, but not later than it was seen; when it was seen if it has no date."""
    return seen if article.published is None else min(article.published.at, seen)
