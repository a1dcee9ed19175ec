"""Documents of a source. They are fetched through the gate, read in a child process, and redacted once.

Addresses to request next (the next page, the sitemaps of an index) may contain a secret of the source's address.
`Listing` has them apart from the redacted reading, and only `retrieve` uses them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal
from urllib.parse import urlsplit

from monitor import sources
from monitor.collect.ports import Gate, Readers
from monitor.collect.redact import redact, redact_article, redact_message
from monitor.errors import ReaderFailed
from monitor.fetch import Fetched, FetchError, NotModified, SameBody
from monitor.model import Article, Notice, Reading, SitemapRef, SitemapState, Source, Validators
from monitor.model.feeds import NO_SLICES, FeedSlices
from monitor.text.walls import Wall

ARTICLE: Final = "article"
"""The kind with which the address of a single article is inspected. A source cannot have this kind."""

_PASSING_KINDS: Final = frozenset({"dns", "connect", "timeout", "truncated"})
_MIN_SERVER_ERROR: Final = 500


@dataclass(frozen=True, slots=True)
class Document:
    """A document from a file instead of a request: its bytes, the address to assume, and its media type."""

    body: bytes = field(repr=False)
    url: str = field(repr=False)
    content_type: str | None = None


AnyDocument = Fetched | Document
"""A document that can be read: its bytes, the address that they come from, and the stated media type."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The content of one document, without secrets. But `next_url` and `sitemaps` may have secrets, for requests."""

    reading: Reading
    next_url: str | None = field(default=None, repr=False)
    sitemaps: tuple[SitemapRef, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, raw: Reading, source: Source, url: str) -> Listing:
        """Return the content that was read from `url`. Secrets of the source are removed here."""
        secret = source.address_is_secret or source.request.secrets
        return cls(redact(raw, source, url) if secret else raw, raw.next_url, raw.parts)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a poll has no usable answer, in words.

    `status` and `retry_after` come from the server, if it answered. `seconds` is how long the request took.
    `unreadable`: the answer was complete, but nothing could be read in it. `wall`: the server answered with another
    page instead of the content. `crash`: an unexpected error of this program. Nothing was requested if it is
    `postponed`, because the host asked for a wait, or `forbidden`, because the robots.txt of the site forbids it.
    `may_pass`: the cause is the network, or a server that is down or overloaded, which often ends soon.
    """

    reason: str
    status: int | None = None
    retry_after: dt.timedelta | None = None
    seconds: float = 0.0
    crash: bool = False
    unreadable: bool = False
    wall: Wall | None = None
    postponed: bool = False
    forbidden: bool = False
    may_pass: bool = False

    @classmethod
    def of(cls, error: FetchError, reason: str = "") -> Failure:
        """Return the failure of a request, with `reason` or, if that is empty, with the reason of `error`."""
        return cls(
            reason or error.reason,
            error.status,
            error.retry_after,
            error.seconds,
            wall=error.wall,
            postponed=error.kind == "resting",
            forbidden=error.kind == "robots",
            may_pass=error.kind in _PASSING_KINDS or (error.wall is None and (error.status or 0) >= _MIN_SERVER_ERROR),
        )


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The list is unchanged: the server says so, or the hash of the body is the same.

    `moved_to` and `fresh_for` are as in `Snapshot`.
    """

    outcome: Literal["not_modified", "same_body"]
    validators: Validators
    status: int | None = None
    seconds: float = 0.0
    moved_to: str | None = None
    fresh_for: dt.timedelta | None = None

    @classmethod
    def of(cls, answer: NotModified | SameBody, source: Source) -> Unchanged:
        """Return the value for an answer of `source`."""
        if isinstance(answer, NotModified):
            return cls("not_modified", answer.validators, answer.status, answer.seconds, fresh_for=answer.fresh_for)
        moved_to, fresh_for = shown_address(answer.moved_to, source), answer.fresh_for
        return cls("same_body", answer.validators, None, answer.seconds, moved_to=moved_to, fresh_for=fresh_for)

    @property
    def in_words(self) -> str:
        """How the poll's message says it."""
        return "not modified" if self.outcome == "not_modified" else "the same body"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The content of all documents of one poll together, without secrets.

    `validators` and `status` are those of the first document. `size` is the size of all documents. `moved_to` is the
    new address after a permanent redirect, "" if it must not be shown. `overlap`: the poll reached a known entry, so no
    entry was missed since the last poll. `suppressed` says, for some keys, why their entries are not sent. `documents`
    is the number of documents after the first one. `failure` says why one of these could not be read. `read_again`: the
    next poll must read the first document even if it is unchanged. `gap_since` says since when entries may be missing.
    `sitemaps` are the states of an index's sitemaps, to be stored. `slices` is what is kept of a feed, to be stored.
    `unread` has the recorded content hash of each entry that was not read again, by its key. `relocated` is a notice
    that the list was not read as the configuration says. `fresh_for` is how long the server says that the first
    document does not change.
    """

    reading: Reading
    validators: Validators
    status: int | None = None
    size: int = 0
    seconds: float = 0.0
    moved_to: str | None = None
    overlap: bool = True
    suppressed: Mapping[str, str] = field(default_factory=dict)
    documents: int = 0
    failure: str = ""
    read_again: bool = False
    gap_since: dt.datetime | None = None
    sitemaps: Mapping[str, SitemapState] = field(default_factory=dict)
    relocated: Notice | None = None
    slices: FeedSlices = NO_SLICES
    unread: Mapping[str, str] = field(default_factory=dict)
    fresh_for: dt.timedelta | None = None


def read_list(document: AnyDocument, source: Source, readers: Readers, now: dt.datetime) -> Listing:
    """Return what `document`, an answer of `source`, lists.

    Raises ReaderFailed, without secrets, if reading exceeds a limit.
    """
    try:
        raw = readers.run(
            sources.read,
            document.body,
            url=document.url,
            content_type=document.content_type,
            kind=source.kind,
            options=dict(source.options),
            now=now,
            timezone=source.timezone,
        )
    except ReaderFailed as error:  # its words may quote the document
        raise ReaderFailed(redact_message(error.reason, source)) from None
    return Listing.of(raw, source, document.url)


def read_article(document: AnyDocument, source: Source, readers: Readers, now: dt.datetime) -> Article:
    """Return the article on the page `document`, without secrets, read with the settings of `source`.

    Raises ReaderFailed, without secrets, if reading exceeds a limit.
    """
    try:
        raw = readers.run(
            _extract,
            document.body,
            url=document.url,
            content_type=document.content_type,
            now=now,
            timezone=source.timezone,
            content=source.content,
        )
    except ReaderFailed as error:  # its words may quote the document
        raise ReaderFailed(redact_message(error.reason, source)) from None
    return redact_article(raw, source)


def _extract(
    body: bytes, *, url: str, content_type: str | None, now: dt.datetime, timezone: str, content: str | None
) -> Article:
    """Extract the article. The extractors are imported here, so that only the child process loads them."""
    from monitor.articles import extract

    return extract(body, url=url, content_type=content_type, now=now, timezone=timezone, content=content)


@dataclass(frozen=True, slots=True)
class FurtherDocument:
    """A document after the first one, fetched from `url` and read."""

    url: str = field(repr=False)
    listing: Listing
    validators: Validators
    size: int


@dataclass(frozen=True, slots=True)
class DocumentFetcher:
    """Fetches and reads further documents of `source`. `unconditional`: all requests are made without validators."""

    gate: Gate
    readers: Readers
    source: Source
    now: dt.datetime
    unconditional: bool = False

    def get(self, url: str, validators: Validators | None = None) -> FurtherDocument | NotModified | SameBody | Failure:
        """Return the document at `url`. If there are `validators`, the request has them, unless `unconditional`."""
        known = validators or Validators()
        if self.unconditional:
            known = Validators(body_hash=known.body_hash)
        source_url = self.source.request.trusted_url or self.source.url  # headers go only to the source's own origin
        answer = self.gate.get(
            url,
            validators=known,
            accept=sources.KINDS[self.source.kind].accept,
            request=replace(self.source.request.without_body(), trusted_url=source_url),
        )
        if isinstance(answer, FetchError):
            return Failure.of(answer, redact_message(answer.reason, self.source))
        if not isinstance(answer, Fetched):
            return answer
        try:
            listing = read_list(answer, self.source, self.readers, self.now)
        except ReaderFailed as error:
            return Failure(f"reading it {error.reason}")
        if not listing.reading.readable:
            return Failure("; ".join(listing.reading.problems))
        return FurtherDocument(answer.url, listing, answer.validators, len(answer.body))


def shown_address(moved_to: str | None, source: Source) -> str | None:
    """Return the new address of a source; "" if the address may contain a secret."""
    secret = moved_to and (source.address_is_secret or redact_message(moved_to, source) != moved_to)
    return "" if secret else moved_to


def without_fragment(url: str) -> str:
    """Return an address without its fragment, which is never sent."""
    return url.partition("#")[0]


def same_host(url: str, other: str) -> bool:
    """Return whether two addresses have the same host and port. The scheme and a leading "www." are ignored."""
    one, two = (urlsplit(each).netloc.lower().rpartition("@")[2].removeprefix("www.") for each in (url, other))
    return one == two
