"""Reports of the program: its whole state, and the trace of one article."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from monitor.model.activity import DayOfPolls
from monitor.model.articles import Article, Match, Relation
from monitor.model.delivery import DeliveryState, Window
from monitor.model.edits import Difference, Edit
from monitor.model.polling import Decision, Endpoint, Notice, PollRecord
from monitor.model.stories import PairDecision, RelatedTrace

Health = Literal["ok", "failing", "paused", "new"]


@dataclass(frozen=True, slots=True)
class HolderReport:
    """A process that worked on the database, with its start and its last heartbeat. `ended_at`: its normal end."""

    command: str
    pid: int
    host: str
    since: dt.datetime
    beat_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Gauges:
    """The state of the program in numbers: sources by state, open notices by kind.

    `outbox` has, by the state of unsent deliveries, their number and the time of the oldest one. `next_poll_at` is the
    earliest time at which a source is due.
    """

    sources: Mapping[str, int]
    next_poll_at: dt.datetime | None
    outbox: Mapping[str, tuple[int, dt.datetime | None]]
    notices: Mapping[str, int]
    last_heartbeat: dt.datetime | None


@dataclass(frozen=True, slots=True)
class SourceReport:
    """A source as shown to the operator. `url` has no secrets. `failures` counts consecutive failures.

    `kind` is "" while it is neither stated nor discovered. `found` is the discovered endpoint. `fetch_age` is the time
    since its last usable answer, `content_age` the age of its newest entry. `days` are the results of its polls by day.
    """

    name: str
    kind: str
    url: str
    health: Health
    entries: int = 0
    polls: int = 0
    failures: int = 0
    last_polled_at: dt.datetime | None = None
    last_success_at: dt.datetime | None = None
    next_poll_at: dt.datetime | None = None
    last_error: str | None = None
    paused: str | None = None
    found: Endpoint | None = None
    newest_at: dt.datetime | None = None
    fetch_age: dt.timedelta | None = None
    content_age: dt.timedelta | None = None
    days: tuple[DayOfPolls, ...] = ()


@dataclass(frozen=True, slots=True)
class AttemptReport:
    """One recorded attempt to send. `ended_at` None: the attempt is running, or its process died."""

    number: int
    started_at: dt.datetime
    ended_at: dt.datetime | None = None
    outcome: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """A row of the outbox. `claimed_at` is when sending began. `ledger` is filled only for a trace.

    `next_at` is when the delivery is tried again or, if it is held, when it is dropped.

    A message to the operator has no edition, and its `digest` is "".
    """

    id: int
    digest: str
    edition_id: int | None
    channel: str
    recipient: str
    part: int
    message_id: str
    state: DeliveryState
    attempts: int
    next_at: dt.datetime | None = None
    sent_at: dt.datetime | None = None
    last_error: str | None = None
    claimed_at: dt.datetime | None = None
    ledger: tuple[AttemptReport, ...] = ()


@dataclass(frozen=True, slots=True)
class EditionReport:
    """An edition without its content. `deliveries` is filled only for a trace."""

    id: int
    digest: str
    window: Window
    built_at: dt.datetime
    items: int
    deliveries: tuple[DeliveryReport, ...] = ()


@dataclass(frozen=True, slots=True)
class DigestReport:
    """A digest with its rules and its last edition.

    `left_out` counts the articles that its setting `follow` left out since the last edition that was sent. `pending`
    counts the articles that wait for its next edition.
    """

    name: str
    rules: tuple[str, ...]
    born_at: dt.datetime
    last: EditionReport | None = None
    left_out: int = 0
    pending: int = 0


@dataclass(frozen=True, slots=True)
class Status:
    """The program's state. `outbox` counts deliveries by state.

    `troubled` are deliveries that are parked, ambiguous, waiting for a retry, or claimed for longer than an attempt may
    last.
    """

    at: dt.datetime
    sources: tuple[SourceReport, ...] = ()
    notices: tuple[Notice, ...] = ()
    outbox: Mapping[DeliveryState, int] | None = None
    troubled: tuple[DeliveryReport, ...] = ()
    digests: tuple[DigestReport, ...] = ()


@dataclass(frozen=True, slots=True)
class LateDeliveries:
    """The deliveries of a channel that were sent late.

    `oldest` is when the first of them was due, `last` when the last of them was sent.
    """

    number: int
    oldest: dt.datetime
    last: dt.datetime
    digests: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChannelReport:
    """The state of a channel in the outbox. `waiting` counts deliveries that are neither sent nor parked nor dropped.

    `failing_since` is the end of the first failed attempt since the channel's last success, `reason` says why the last
    attempt failed. `refuses`: the server's last answer was a permanent refusal, and it accepted no delivery shortly
    before. `stuck` counts attempts that have lasted longer than allowed; the first of them began at `stuck_since`.
    """

    channel: str
    waiting: int = 0
    failing_since: dt.datetime | None = None
    reason: str = ""
    parked: int = 0
    parked_reason: str = ""
    refuses: bool = False
    stuck: int = 0
    stuck_since: dt.datetime | None = None
    late: LateDeliveries | None = None


class StoredEdition(NamedTuple):
    """An edition as stored in the database. `encoded` is the edition as text, from which its messages were rendered."""

    id: int
    window: Window
    encoded: str


@dataclass(frozen=True, slots=True)
class TraceEntry:
    """An entry of a source that leads to the article. `polls` are the poll that found it and the source's latest poll.

    `page_read_at` is when the article's page was read because of this entry. If the page was not read completely,
    `page_reason` says why, `page_tries` counts the tries, and `page_due_at` is the time of the next try, if there is
    one. `found` is the discovered endpoint of the source. `decision` says what the last poll recognised the entry as,
    and why.
    """

    source: str
    key: str
    title: str
    url: str
    first_seen_at: dt.datetime
    changed_at: dt.datetime | None = None
    baseline: bool = False
    polls: tuple[PollRecord, ...] = ()
    tags: tuple[str, ...] = ()
    page_read_at: dt.datetime | None = None
    page_due_at: dt.datetime | None = None
    page_tries: int = 0
    page_reason: str = ""
    found: Endpoint | None = None
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """An earlier version of an article. It was replaced because of an edit, or because more of the article was read.

    `differences` are the differences that digests with `changes = true` report. `edit` says which sentences differ from
    the next version; it is filled only for a trace that is shown.
    """

    title: str
    text: str
    replaced_at: dt.datetime
    differences: tuple[Difference, ...] = ()
    edit: Edit | None = None


@dataclass(frozen=True, slots=True)
class StoryMember:
    """An article of the story, and its relation to the others. `of` is the address of the article that it resembles.

    `shadow` is set in the mode "shadow" if that article is in another story. It is the relation that the mode "on"
    would have recorded.
    """

    article_id: int
    title: str
    url: str
    source: str
    first_seen_at: dt.datetime
    relation: Relation
    of: str | None = None
    score: float = 1.0
    reason: str = ""
    shadow: Relation | None = None


@dataclass(frozen=True, slots=True)
class TraceMatch:
    """A rule that matched, and when. `held` says why it is not sent. `backfilled`: it was found in the archive."""

    match: Match
    matched_at: dt.datetime
    held: str | None = None
    backfilled: bool = False


@dataclass(frozen=True, slots=True)
class Trace:
    """The trace of one article: where it was listed, which articles it resembles, the matches, and the deliveries.

    `reread_times` counts how many times its page was read again for digests that ask for changes. `reread_due_at` is
    when the page is read again next. `at_its_address` are the titles of other articles at the requested address, by id.
    `text_removed_at` is when its text was removed because of its age; a later edit may have brought a new one.
    """

    article_id: int
    story_id: int
    address: str
    article: Article
    source: str
    first_seen_at: dt.datetime
    entries: tuple[TraceEntry, ...] = ()
    revisions: tuple[Revision, ...] = ()
    members: tuple[StoryMember, ...] = ()
    matches: tuple[TraceMatch, ...] = ()
    editions: tuple[EditionReport, ...] = ()
    decisions: tuple[PairDecision, ...] = ()
    reread_times: int = 0
    reread_due_at: dt.datetime | None = None
    related: tuple[RelatedTrace, ...] = ()
    at_its_address: Mapping[int, str] = field(default_factory=dict)
    text_removed_at: dt.datetime | None = None
