"""Sources and their content: entries, the articles behind them, the matches in them. All text is plain text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from monitor.model.requests import DEFAULT_REQUEST, Request

Precision = Literal["second", "minute", "hour", "day", "month", "year"]
Relation = Literal["new", "copy", "near_copy", "event"]
SUPPRESSING_RELATIONS: Final = frozenset({"copy", "near_copy"})
"""Relations of articles that are not sent, because they repeat an article that is sent."""

DATE_ON_PAGE: Final = "a date on the page"
LAST_CHANGE: Final = "its last change, the only date on the page"
GUESSED_DATE_SOURCES: Final = frozenset({DATE_ON_PAGE, LAST_CHANGE})
"""Values of `Article.dated_by` for dates that no label marks as the date of publication.

A date from the source's list is preferred to such a date.
"""

_HOURS_PER_DAY: Final = 24
_DAYS_PER_WEEK: Final = 7
_PRECISION_LENGTHS: Final = {
    "day": dt.timedelta(days=1),
    "month": dt.timedelta(days=31),
    "year": dt.timedelta(days=366),
}


@dataclass(frozen=True, slots=True)
class Source:
    """A source to poll, as configured. `every` None: the interval adapts. `kind` "": the kind is discovered.

    `url` may contain a secret (`env:NAME` in the file): show `shown_url`, fetch `url`. `options` are the options of its
    kind. `full_text`: the page of each new article is read too, and `content` is a CSS selector of the text on that
    page. `official`: its reports lead their stories. `request` says what is sent to its server.
    """

    name: str
    url: str
    kind: str
    shown_url: str = ""
    tags: tuple[str, ...] = ()
    every: dt.timedelta | None = None
    timezone: str = "UTC"
    backfill: dt.timedelta = dt.timedelta(days=3)
    options: Mapping[str, object] = field(default_factory=dict)
    full_text: bool = False
    content: str | None = None
    official: bool = False
    robots: bool = True
    request: Request = DEFAULT_REQUEST

    @property
    def address_is_secret(self) -> bool:
        """Whether the address, or a part of it, must not be shown."""
        return self.shown_url not in ("", self.url)


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time with its stated precision. `at` keeps the UTC offset that was stated or assumed."""

    at: dt.datetime
    precision: Precision

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a moment needs an aware time")

    @property
    def latest(self) -> dt.datetime:
        """The last instant of the stated time: for a day without a time of day, the end of the day."""
        try:
            return self.at + _PRECISION_LENGTHS.get(self.precision, dt.timedelta())
        except OverflowError:
            return self.at


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry in the list of a source.

    `key` identifies the entry within its source: its guid, else its canonical address, else a hash of title and
    summary. It is never empty. `former_keys` are the keys that earlier versions of this program gave the entry: if one
    of them is recorded, the entry is known. `former_titles` and `former_addresses` are what earlier versions of this
    program read from the same bytes, if different. `has_guid`: the source gives the entry a guid. `url` is absolute, or
    empty if the entry has no address. `title`, `summary` and `content` are plain text.
    """

    key: str
    title: str
    url: str
    published: Moment | None = None
    updated: Moment | None = None
    summary: str = ""
    author: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    content: str = ""
    former_keys: tuple[str, ...] = field(default=(), compare=False, repr=False)
    former_titles: tuple[str, ...] = field(default=(), compare=False, repr=False)
    former_addresses: tuple[str, ...] = field(default=(), compare=False, repr=False)
    has_guid: bool = field(default=False, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class SitemapRef:
    """A sitemap that a sitemap index lists: its absolute address, and its time of change as the index states it.

    `stated` is that time as it is written, `changed` the same time parsed, None if it cannot be parsed.
    """

    url: str
    stated: str = ""
    changed: Moment | None = None


@dataclass(frozen=True, slots=True)
class PollHints:
    """What a feed says about how often to poll it: the minimum interval, and when it does not change.

    `minimum_by` is the name of the element that states the minimum. `skip_hours` are hours of the day from 0 to 23,
    `skip_days` days of the week from 0 (Monday) to 6, both in UTC. `turnover` is the time in which half of the list was
    replaced, by the dates of its entries; None if they do not tell.
    """

    minimum: dt.timedelta | None = None
    minimum_by: str = ""
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    turnover: dt.timedelta | None = None

    def first_allowed(self, at: dt.datetime) -> dt.datetime:
        """Return the first time from `at` on that is not skipped. Hours or days that are all skipped do not count."""
        hours = self.skip_hours if len(self.skip_hours) < _HOURS_PER_DAY else frozenset()
        days = self.skip_days if len(self.skip_days) < _DAYS_PER_WEEK else frozenset()
        at = at.astimezone(dt.UTC)
        while at.hour in hours or at.weekday() in days:
            at = at.replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)
        return at


NO_HINTS: Final = PollHints()


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of reading one answer. `problems` describes the problems with the bytes, in words for the operator.

    `readable` False: the reader of this kind of source understands nothing in the bytes. A source that lists nothing at
    present is readable. `complete` False: the document is cut off, or is broken at a place where entries may be hidden.
    If the server later says that the document is unchanged, it may still contain more than was read. `unfinished` has
    the keys of entries that the end of the document cuts off. `parts` are the sitemaps that a sitemap index lists,
    newest first: they contain the entries. `cuts` say which limits of the reader left entries out, `shortened` which
    texts were shortened; `problems` contains both. `hints` say how often the feed asks to be polled.
    """

    kind: str
    entries: tuple[Entry, ...] = ()
    title: str | None = None
    language: str | None = None
    next_url: str | None = None
    problems: tuple[str, ...] = ()
    readable: bool = True
    complete: bool = True
    parts: tuple[SitemapRef, ...] = ()
    unfinished: frozenset[str] = frozenset()
    cuts: tuple[str, ...] = ()
    shortened: tuple[str, ...] = ()
    hints: PollHints = NO_HINTS


@dataclass(frozen=True, slots=True)
class Article:
    """The article of an entry. `title` and `text` are plain text; `language` a BCP 47 tag.

    `canonical` is the canonical address that its page states, if it is on the same site, else "". `dated_by` is the
    source of `published`. `origin` is the outlet that the page names as its source (来源：…). `attachments` are the
    absolute addresses of linked documents, which are not read. `next_url` is the address of the article's next page, if
    its text continues there. `shortened` says which part of a text that was too long is not kept ("": all is kept).
    """

    url: str
    title: str
    text: str
    published: Moment | None = None
    language: str | None = None
    site: str | None = None
    authors: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    dated_by: str = ""
    origin: str | None = None
    attachments: tuple[str, ...] = ()
    next_url: str | None = None
    shortened: str = ""
    canonical: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """The place of a term: `field[start:end]` in code points of the original text. `term` is as written in the rule."""

    field: str
    start: int
    end: int
    term: str


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that matches an article, with the places of its terms."""

    rule: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class ShadowPlacement:
    """The relation of an article to the article `of` (its id), recorded by the mode "shadow", which joins nothing."""

    relation: Relation
    of: int


@dataclass(frozen=True, slots=True)
class Placement:
    """The place of an article: its story, the article that it resembles (`of`), how (`relation`), and why.

    `related` are the addresses of articles that are shown with it and are not joined to it. `shadow` is the join that
    would have been made in the mode "on"; if it is set, `of`, `score` and `reason` describe that join. `of_number` is
    the id of the article at the address `of`, because several articles may have the same address.
    """

    story: int | None
    relation: Relation
    of: str | None = None
    score: float = 1.0
    reason: str = ""
    related: tuple[str, ...] = ()
    shadow: ShadowPlacement | None = None
    of_number: int | None = field(default=None, compare=False)
