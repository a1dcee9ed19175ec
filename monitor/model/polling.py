"""The state of polls: what is known before, what was found, what is recorded after."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Final, Literal

from monitor.model.articles import Article, Entry, Match
from monitor.model.edits import Difference


@dataclass(frozen=True, slots=True)
class Validators:
    """Opaque bytes from a server for conditional requests, and the hash of the body they belong to."""

    etag: bytes | None = None
    last_modified: bytes | None = None
    body_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The discovered kind and address of a source, why, and since when. `url` "": its own address."""

    kind: str
    url: str
    reason: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class SourceState:
    """What the database knows about a source. `failures` counts consecutive failures; `interval` is the current one.

    `added_at` is when it was configured, with its present address. `page_failures` counts the article pages that could
    not be read since the last success. `gap_since` is set while later entries are still to be read from the source's
    next pages. `found` is the discovered endpoint of a source without a stated kind. `empty_answers` counts the empty
    answers in a row of a source that had entries before. `cut_hash` is the hash of the last answer's body if that was
    cut off, `cut_since` when it first came.
    `storm_since` is set while entries are held because of their number.
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

    @property
    def first_poll(self) -> bool:
        """Whether no complete answer was recorded yet: the next one is the baseline."""
        return self.last_success_at is None


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """A recorded entry: its article, the hash of its content, its tags, and when it was seen.

    `tags` None: it was recorded by a version that did not keep them. `title` is its headline as it was listed.
    `page_read`: its article has the text of its page.
    """

    key: str
    content_hash: str
    article_id: int
    tags: tuple[str, ...] | None = None
    first_seen_at: dt.datetime | None = None
    title: str = field(default="", compare=False)
    page_read: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class SitemapState:
    """A sitemap of an index as the database knows it: the index's statement about it, and its last answer.

    `read_at` None: it was never read.
    """

    stated: str
    read_at: dt.datetime | None = None
    validators: Validators = Validators()


@dataclass(frozen=True, slots=True)
class PageRetry:
    """An entry whose article's page could not be read so far, and the number of tries."""

    known: KnownEntry
    title: str
    url: str
    tries: int = 0


SHARED_ADDRESS: Final = 3
"""Articles whose pages name one address, from which it is that of none."""


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """An article of the archive, to compare a new one with. `sources` are the names that listed it.

    `is_copy`: it is a copy of another one. `further` are other canonical addresses under which it is known: those that
    its page names, and those under which sources list it.
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


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of a poll: what about (`kind`), and why. For the log and `monitor why`."""

    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class EntryChange:
    """An entry that is new or changed, with its article and the rules that match.

    `known` is the earlier state of the same entry; then `matches` are the rules that hold since the change, and
    `refreshed` those that held before too, with their new spans. It is None also when the key leads to another article
    than before. `suppressed_reason` says why its matches are not sent (see `model/suppressed.py`), None if they are.
    `address` is the canonical address; `text_key` the hash of title and text, None if it is too short. `page_read`: the
    article's page was read, at least in part; where it was not, or not to its end, `page_reason` says why, after how
    many tries, and `page_due` when it is tried again. `decision` says what the entry was taken for, and why.
    `differences` are what the publisher's edit makes of what was stated before.
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


PollOutcome = Literal["ok", "not_modified", "same_body", "failed"]


@dataclass(frozen=True, slots=True)
class PollRecord:
    """A poll, as the database keeps it. `reason` explains its outcome, `decisions` the decisions that followed."""

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
"""The name of a kind of notice. `monitor.notices` says which there are, and what each means."""


CONFIGURATION_SUBJECT = "configuration"
"""What notices call the configuration as a whole."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message for the operator.

    At most one is open for each `kind` and `subject`; raising it again increases its count.
    """

    kind: NoticeKind
    subject: str
    message: str
    remedy: str = ""
    first_at: dt.datetime | None = None
    last_at: dt.datetime | None = None
    count: int = 1
