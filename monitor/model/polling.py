"""The state of polls: what is known before a poll, what the poll found, and what is recorded after it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Final, Literal

from monitor.model.activity import Activity, DayOfPolls
from monitor.model.articles import NO_HINTS, Article, Entry, Match, PollHints
from monitor.model.edits import Difference


@dataclass(frozen=True, slots=True)
class Validators:
    """Opaque bytes that a server sent for conditional requests, and the hash of the body to which they belong."""

    etag: bytes | None = None
    last_modified: bytes | None = None
    body_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The discovered kind and address of a source, why, and since when. `url` "": the source's configured address."""

    kind: str
    url: str
    reason: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class SourceState:
    """What the database knows about a source. `failures` counts consecutive failures.

    `interval` is the present interval between polls. `added_at` is when it was configured with its present address.
    `page_failures` counts the article pages that could not be read since the last success. `gap_since` is set while
    entries on the source's next pages have not been read yet. `found` is the discovered endpoint of a source without a
    stated kind. `empty_answers` counts the consecutive empty answers of a source that had entries before. `cut_hash` is
    the hash of the last answer's body if the body was incomplete, `cut_since` is when that body first came.
    `storm_since` is set while entries are held because there are far more of them than usual. `activity` is when it
    published; None if an early version recorded the source. `newest_at` is when its newest entry was published or, if
    that is not known, first seen. `quiet_check_at` is when a pause must be judged, if nothing new comes until then.
    `unmodified_since` is set while the server says "not modified". `days` are the results of the last days' polls.
    `moved_answers` is the number of answers in a row to which permanent redirects to the address `moved_to` led. After
    enough of them the source is requested there. `hints` are those of the last answer that was read. `obeys_robots`:
    pages that a robots.txt forbids are not requested. It is False for a source that was polled before the program asked
    for robots.txt.
    """

    id: int
    name: str
    url: str
    validators: Validators = Validators()
    polls: int = 0
    failures: int = 0
    interval: dt.timedelta | None = None
    next_poll_at: dt.datetime | None = None
    last_polled_at: dt.datetime | None = None
    last_success_at: dt.datetime | None = None
    last_new_at: dt.datetime | None = None
    last_error: str | None = None
    paused: str | None = None
    added_at: dt.datetime | None = None
    page_failures: int = 0
    gap_since: dt.datetime | None = None
    found: Endpoint | None = None
    empty_answers: int = 0
    cut_hash: str | None = None
    cut_since: dt.datetime | None = None
    storm_since: dt.datetime | None = None
    activity: Activity | None = None
    newest_at: dt.datetime | None = None
    quiet_check_at: dt.datetime | None = None
    unmodified_since: dt.datetime | None = None
    days: tuple[DayOfPolls, ...] = ()
    moved_to: str | None = None
    moved_answers: int = 0
    hints: PollHints = NO_HINTS
    obeys_robots: bool = True

    @property
    def first_poll(self) -> bool:
        """Whether no complete answer was recorded yet. The next complete answer is the baseline."""
        return self.last_success_at is None


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """A recorded entry: its article, the hash of its content, its tags, and when it was seen.

    `tags` None: it was recorded by a version that did not keep tags. `title` and `url` are its headline and address as
    listed. `page_read`: the article's text was read from its page.
    """

    key: str
    content_hash: str
    article_id: int
    tags: tuple[str, ...] | None = None
    first_seen_at: dt.datetime | None = None
    title: str = field(default="", compare=False)
    page_read: bool = field(default=False, compare=False)
    url: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class SitemapState:
    """What the database knows about a sitemap of a sitemap index: what the index states about it, and its last answer.

    `read_at` None: the sitemap was never read.
    """

    stated: str
    read_at: dt.datetime | None = None
    validators: Validators = Validators()


@dataclass(frozen=True, slots=True)
class PageRetry:
    """An entry with an article whose page could not be read so far, and the number of tries."""

    known: KnownEntry
    title: str
    url: str
    tries: int = 0


SHARED_ADDRESS: Final = 3
"""If so many articles state the same canonical address on their pages, it is not the address of any of them."""


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """An article of the archive with which a new article is compared. `sources` are the names of its sources.

    `is_copy`: it is a copy of another article. `further` are its other canonical addresses: those that its page states,
    and those under which sources list it. `text_removed`: its text was removed because of its age.
    """

    id: int
    story_id: int
    address: str
    text_key: str | None
    title: str
    url: str
    sources: tuple[str, ...] = ()
    text: str = ""
    is_copy: bool = False
    further: tuple[str, ...] = ()
    text_removed: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of a poll: its subject (`kind`) and the reason. The log and `monitor why` show it."""

    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class EntryChange:
    """An entry that is new or changed, with its article and the rules that match.

    `known` is the earlier state of a changed entry: then `matches` are the rules that match only since the change, and
    `refreshed` the rules that matched before too, with their new spans. `known` is also None if the entry's key now
    leads to another article. `suppressed_reason` says why its matches are not sent (see `model/suppressed.py`); None:
    they are sent. `address` is the canonical address, `text_key` the hash of title and text (None if the text is too
    short). `page_read`: the article's page was read, at least in part. If the page was not read completely,
    `page_reason` says why, `page_tries` after how many tries, and `page_due` when the next try is. `decision` says what
    the entry was recognised as, and why. `differences` are what a material edit by the publisher changed.
    """

    entry: Entry
    article: Article
    address: str
    text_key: str | None
    content_hash: str
    matches: tuple[Match, ...] = ()
    refreshed: tuple[Match, ...] = ()
    known: KnownEntry | None = None
    suppressed_reason: str | None = None
    page_due: dt.datetime | None = None
    page_tries: int = 0
    page_reason: str = ""
    page_read: bool = False
    decision: Decision | None = None
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class HostRest:
    """A host asked, at `since`, not to be requested before `until`. `host_key` is a hash of the host and its port."""

    host_key: str
    since: dt.datetime
    until: dt.datetime


PollOutcome = Literal["ok", "not_modified", "same_body", "failed", "postponed"]
"""The outcome of a poll. "postponed": nothing was requested, because the host asked to wait."""


@dataclass(frozen=True, slots=True)
class PollRecord:
    """A poll, as the database keeps it. `reason` explains its outcome, `decisions` are the decisions that followed."""

    at: dt.datetime
    outcome: PollOutcome
    reason: str
    status: int | None = None
    entries: int = 0
    new: int = 0
    matches: int = 0
    size: int = 0
    seconds: float = 0.0
    decisions: tuple[Decision, ...] = ()


NoticeKind = str
"""The name of a kind of notice. `monitor.notices` has all kinds, with their meaning."""


CONFIGURATION_SUBJECT = "configuration"
"""The `subject` of notices about the configuration as a whole."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message for the operator.

    At most one notice is open for each `kind` and `subject`. Raising an open notice again increases its count.
    """

    kind: NoticeKind
    subject: str
    message: str
    remedy: str = ""
    first_at: dt.datetime | None = None
    last_at: dt.datetime | None = None
    count: int = 1
