"""Pages of sent articles that are read again: when, and what is known of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from monitor.model.articles import Article
from monitor.model.polling import KnownEntry, Validators

NOTHING_KNOWN: Final = Validators()

AFTER: Final = tuple(dt.timedelta(hours=hours) for hours in (1, 6, 24, 72, 168, 720))
"""How long after an article was first seen its page is read again: 1 and 6 hours, 1, 3, 7 and 30 days.

Most edits come within the first hours (docs/decisions/0027).
"""


def next_reread(first_seen: dt.datetime, now: dt.datetime) -> dt.datetime | None:
    """Return when the page of an article is read again next, after `now`; None if never."""
    return next((first_seen + after for after in AFTER if first_seen + after > now), None)


@dataclass(frozen=True, slots=True)
class RereadState:
    """What is known of an article's page from reading it again, `times` so far: the validators and its own title.

    `gone_since`: when it was not there for the first time, if it was not there the last time.
    """

    times: int = 0
    validators: Validators = NOTHING_KNOWN
    title: str = ""
    gone_since: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class DueReread:
    """An article, as it is recorded, whose page is due, and the entry of a source that leads to the page."""

    article_id: int
    article: Article
    first_seen_at: dt.datetime
    source: str
    known: KnownEntry
    url: str
    state: RereadState
