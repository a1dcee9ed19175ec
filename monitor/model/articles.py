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
"""Relations of articles that are not sent by themselves: the article that they repeat is sent."""

DATE_ON_PAGE: Final = "a date on the page"
LAST_CHANGE: Final = "its last change, the only date on the page"
GUESSED_DATE_SOURCES: Final = frozenset({DATE_ON_PAGE, LAST_CHANGE})
"""Values of `Article.dated_by` for dates without a label of publication; a date from the source's list is better."""

_PRECISION_LENGTHS: Final = {
    "day": dt.timedelta(days=1),
    "month": dt.timedelta(days=31),
    "year": dt.timedelta(days=366),
}


@dataclass(frozen=True, slots=True)
class Source:
    """A place to poll, as configured. `every` None: the interval adapts. `kind` "": the kind is discovered.

    `url` may hold a secret (`env:NAME` in the file): show `shown_url`, fetch `url`. `options` are those of its kind.
    `full_text`: the page of each new article is read too; `content` is a CSS selector of the text on it. `official`:
    its reports lead their stories. `request` is how its server is asked.
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
    request: Request = DEFAULT_REQUEST

    @property
    def address_is_secret(self) -> bool:
        """Whether the address, or a part of it, must not be shown."""
        return self.shown_url not in ("", self.url)


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time with its stated precision. `at` keeps the offset that was stated or assumed."""

    at: dt.datetime
    precision: Precision

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a moment needs an aware time")

    @property
    def latest(self) -> dt.datetime:
        """The last instant that is meant: for a day without a time, the end of the day."""
        try:
            return self.at + _PRECISION_LENGTHS.get(self.precision, dt.timedelta())
        except OverflowError:
            return self.at


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a source as listed.

    `key` identifies the entry within its source: its guid, else its canonical address, else a hash of title and
    summary; never empty. `former_keys` are keys of earlier versions: an entry recorded under one of them is known.
    `former_titles` and `former_addresses` are what an earlier version read from the same bytes, if different.
    `has_guid`: the source itself names the entry. `url` is absolute, or empty when the entry has none. `title`,
    `summary` and `content` are plain text.
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
    """A sitemap that an index names: its absolute address, and the time of change that the index states.

    `changed` is that time, if `stated` can be read.
    """

    url: str
    stated: str = ""
    changed: Moment | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of reading one answer. Problems with the bytes are in `problems`, in words for the operator.

    `readable` False: this kind of source can read nothing in the bytes. A source that lists nothing at present is
    readable. `complete` False: the document is cut off, or is broken where entries may be hidden; if the server calls
    it unchanged later, it may hold more than was read. `unfinished` has the keys of entries in whose middle the
    document ends. `parts` are the sitemaps that an index names, the newest first: they have the entries. `cuts` say
    which limits of the reader left entries out, `shortened` which texts; both are among the `problems`, too.
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


@dataclass(frozen=True, slots=True)
class Article:
    """The article of an entry. `title` and `text` are plain text; `language` a BCP 47 tag.

    `canonical` is the address that its page names as its own, if that is on the same site; "" if it names none.
    `dated_by` says what `published` was taken from. `origin` is the outlet that the page names as its source (来源：…).
    `attachments` are the absolute addresses of linked documents, which are not read. `next_url` is the next page of the
    article, if its text is on several pages and this is not the last. `shortened` says which part of a too long text is
    not kept ("": all is kept).
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
    """The place of a term: `field[start:end]` in code points of the original text; `term` as in the rule."""

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
    """How an article is related to the one with the number `of`, in the mode "shadow", which joins nothing."""

    relation: Relation
    of: int


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an article belongs: its story, the article that it resembles (`of`), how (`relation`), and why.

    `related` are the addresses of articles that are shown with it and are not joined to it. `shadow` is where it would
    have been joined: then `of`, `score` and `reason` are about that. `of_number` is the number in the archive of the
    article at the address `of`: an address may be that of several.
    """

    story: int | None
    relation: Relation
    of: str | None = None
    score: float = 1.0
    reason: str = ""
    related: tuple[str, ...] = ()
    shadow: ShadowPlacement | None = None
    of_number: int | None = field(default=None, compare=False)
