"""Judge pages that are gone, or cannot be read again, by the other pages of their site and source.

After a relaunch every old page of a site may be gone. Then no publisher withdrew an article, and a digest is not sent
that all of them did. So when a page is gone, a few others of its host are read soon; before the page is confirmed to
be gone, an hour later, they show whether it is the only one. The operator is notified instead of the readers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Final, Protocol
from urllib.parse import urlsplit

from monitor.model import Notice
from monitor.model.rereads import DueReread, WatchedPage
from monitor.notices.reread import gone_at_once_notice, not_read_again_notice
from monitor.text.address import host_of

_RELAUNCH_PERIOD: Final = dt.timedelta(days=31)
"""Pages of a host that were first gone within this time are gone at once: the last reading is after 30 days."""

_MAX_OTHERS: Final = 4
"""Other pages of the host that are looked at: those of the latest articles."""

_MIN_OTHERS: Final = 2
"""With fewer other pages, nothing is known about the site."""

_MIN_UNREAD_PAGES: Final = 5
"""With this many pages of a source that were never read again, the cause is the site or the requests."""

_HOME_PAGE_PATHS: Final = frozenset({"", "index.html", "index.htm", "index.php", "index.shtml", "default.aspx", "home"})


class Pages(Protocol):
    """The methods of the store's write transaction that show and change other pages that are read again."""

    def watched_pages(self, gone_after: dt.datetime) -> tuple[WatchedPage, ...]:
        """Return the pages that are still read again, or are gone since a later time, those of new articles first."""
        ...

    def read_soon(self, article_ids: Collection[int], now: dt.datetime) -> None:
        """Make the pages of these articles due for reading now."""
        ...

    def unread_pages(self, source_id: int, limit: int) -> int:
        """Return how many of the last pages of a source, up to `limit`, no reading said anything about."""
        ...


def look_around(tx: Pages, due: DueReread, now: dt.datetime) -> None:
    """Let other pages of a host be read soon, since one of its pages is gone."""
    tx.read_soon([one.article_id for one in _others(tx, due, now) if not one.is_gone], now)


def find_relaunch(tx: Pages, due: DueReread, now: dt.datetime) -> Notice | None:
    """Return the notice that most pages of a host are gone at once, if they are: then none was withdrawn."""
    others = _others(tx, due, now)
    gone = sum(one.is_gone for one in others)
    if len(others) < _MIN_OTHERS or 2 * gone <= len(others):
        return None
    return gone_at_once_notice(due.source, gone + 1, len(others) + 1, due.url)


def find_blindness(tx: Pages, source_id: int, due: DueReread, reason: str) -> Notice | None:
    """Return the notice that the last pages of a source could not be read again, if none could."""
    unread = tx.unread_pages(source_id, _MIN_UNREAD_PAGES)
    return not_read_again_notice(due.source, unread, reason, due.url) if unread >= _MIN_UNREAD_PAGES else None


def _others(tx: Pages, due: DueReread, now: dt.datetime) -> list[WatchedPage]:
    host = host_of(due.article.url)
    watched = tx.watched_pages(now - _RELAUNCH_PERIOD)
    return [one for one in watched if one.article_id != due.article_id and host_of(one.url) == host][:_MAX_OTHERS]


def leads_home(url: str, landed: str) -> bool:
    """Return whether the address of an article, `url`, led to the home page of its site, `landed`."""
    asked, found = urlsplit(url), urlsplit(landed)
    same_site = host_of(url).removeprefix("www.") == host_of(landed).removeprefix("www.")
    return same_site and not _is_home(asked.path, asked.query) and _is_home(found.path, found.query)


def _is_home(path: str, query: str) -> bool:
    return not query and path.strip("/").lower() in _HOME_PAGE_PATHS
