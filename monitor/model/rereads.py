"""Reading the pages of sent articles again: at which times, and what is known about the pages."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from monitor.model.articles import Article
from monitor.model.polling import KnownEntry, Validators

NO_VALIDATORS: Final = Validators()

REREAD_DELAYS: Final = tuple(dt.timedelta(hours=hours) for hours in (1, 6, 24, 72, 168, 720))
"""The times after an article was first seen at which its page is read again: 1 and 6 hours, 1, 3, 7 and 30 days.

Most edits are made within the first hours (docs/decisions/0027).
"""


def next_reread(first_seen: dt.datetime, now: dt.datetime) -> dt.datetime | None:
    """Return the next time after `now` at which the page of an article is read again; None if it is not read again."""
    return next((first_seen + after for after in REREAD_DELAYS if first_seen + after > now), None)


@dataclass(frozen=True, slots=True)
class RereadState:
    """What is known about an article's page from reading it again: how many times, its validators and its title.

    If the page did not exist at the last reading, `gone_since` is when this was first seen; else None.
    """

    times: int = 0
    validators: Validators = NO_VALIDATORS
    title: str = ""
    gone_since: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class DuePage:
    """A page that must be read again now: its article, and the entry of a source that leads to it."""

    article_id: int
    entry_id: int
    source: str
    url: str


@dataclass(frozen=True, slots=True)
class WatchedPage:
    """The page of an article that is read again from time to time. `is_gone`: it did not exist the last time."""

    article_id: int
    url: str
    is_gone: bool


@dataclass(frozen=True, slots=True)
class DueReread:
    """A recorded article whose page must be read again now, and the entry of a source that leads to the page."""

    article_id: int
    article: Article
    first_seen_at: dt.datetime
    source: str
    known: KnownEntry
    url: str
    state: RereadState
