"""Windows, editions, payloads, deliveries, and their outcomes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

from monitor.model.articles import Article, Match, Moment
from monitor.model.coverage import NOT_KNOWN, Coverage
from monitor.model.stories import SeeAlso


@dataclass(frozen=True, slots=True)
class Window:
    """The half-open time [start, end) of an edition. `slot` identifies the window within its digest.

    For a schedule of wall-clock times, `slot` is the local date and time ("2026-11-21 08:00"). So there are not two
    editions when the clock repeats an hour. The window only labels the edition: it does not select its articles.
    """

    start: dt.datetime
    end: dt.datetime
    slot: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The matching sentence. Each pair in `marks` is the start and end of a matched term in `text`, in order."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class AlternateLink:
    """A link to the same story at another place."""

    title: str
    url: str
    source: str


@dataclass(frozen=True, slots=True)
class Pending:
    """A matched article that a digest wants and has not put into an edition yet. Editions are built from such articles.

    `lead_id` is the first article of its group of copies, possibly itself. `source` is the name of the source that
    first listed it, `seen` is when. `alternates` are the other places that have it or a copy of it. `sent_as` is the
    headline under which the digest has sent another report of its story. `by_hand`: a person joined it to its story.
    `backfilled`: it comes from the archive, because the meaning of its rules is new. `see_also` are earlier articles of
    the digest that are related to it. `at_once`: it was held because its source listed far more at once than ever.
    """

    story_id: int
    lead_id: int
    article_id: int
    article: Article
    source: str
    seen: dt.datetime
    matches: tuple[Match, ...]
    alternates: tuple[AlternateLink, ...] = ()
    sent_as: str | None = None
    by_hand: bool = False
    backfilled: bool = False
    see_also: tuple[SeeAlso, ...] = ()
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """Another report of an item's story, shown as one line. `copies` counts its matched copies.

    `alternates` are the other places that have this report.
    """

    article_id: int
    title: str
    url: str
    source: str
    seen: dt.datetime
    alternates: tuple[AlternateLink, ...] = ()
    copies: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """One story in an edition. Its leading report is shown: from an official source, else the report seen first.

    `seen` is when that report was first seen. `first_seen` is the report that was seen before it, if there is one.
    `reports` are the other reports, each shown as one line. `more_on` is the headline under which the story was sent
    before: then the leading report is shown as one line too. `copies` counts the matched copies of the leading report.
    `see_also` are related articles of other stories. `at_once`: the item is not one story. It has the articles of a
    source that listed far more at once than ever, each shown as one line.
    """

    story_id: int
    article_id: int
    title: str
    url: str
    source: str
    seen: dt.datetime
    title_marks: tuple[tuple[int, int], ...] = ()
    published: Moment | None = None
    language: str | None = None
    excerpt: Excerpt | None = None
    rules: tuple[str, ...] = ()
    alternates: tuple[AlternateLink, ...] = ()
    backfilled: bool = False
    reports: tuple[Report, ...] = ()
    first_seen: Report | None = None
    more_on: str | None = None
    copies: int = 0
    see_also: tuple[SeeAlso, ...] = ()
    at_once: bool = False

    @property
    def in_full(self) -> bool:
        """Whether the leading report is shown in full, and not as one line."""
        return self.more_on is None and not self.at_once

    @property
    def latest_time(self) -> dt.datetime:
        """When the item was first seen or when it was published, whichever is later.

        A publication date without a time of day is ignored.
        """
        published = self.published
        timed = published is not None and published.precision in ("second", "minute", "hour")
        return max(self.seen, published.at) if published is not None and timed else self.seen


@dataclass(frozen=True, slots=True)
class SentChange:
    """A change to an article after the digest had sent it. `words` describes it on one line, `at` is when it was seen.

    `alternates` are copies of the article that were changed in the same way.
    """

    article_id: int
    title: str
    url: str
    source: str
    at: dt.datetime
    words: str
    alternates: tuple[AlternateLink, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """The items of an edition under one rule. An item is shown once, under the first of its rules."""

    rule: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class ItemCounts:
    """The number of articles of an edition, by how the edition shows them.

    `stories` are shown in full, `lines` as one line, `copies` only as links. `left_out` are not shown because of the
    digest's setting `follow`. `at_once` are shown as one line because their source listed many at once.
    """

    stories: int
    lines: int
    copies: int
    left_out: int
    at_once: int = 0

    @property
    def articles(self) -> int:
        """The number of all articles of the edition."""
        return self.stories + self.lines + self.copies + self.left_out + self.at_once


@dataclass(frozen=True, slots=True)
class Edition:
    """A built digest for one window. `timezone` is the digest's timezone, `built_at` is the date of its messages.

    `problems` are the program's open problems at that time, if no operator is notified of them. `left_out` counts the
    articles that the digest's setting `follow` leaves out. `left_out_before` counts the articles that were left out of
    earlier editions since the last edition that was sent. `changes` are changes to articles of earlier editions, if the
    digest asks for changes.
    """

    digest: str
    window: Window
    built_at: dt.datetime
    timezone: str
    groups: tuple[Group, ...] = ()
    coverage: Coverage = NOT_KNOWN
    problems: tuple[str, ...] = ()
    left_out: int = 0
    changes: tuple[SentChange, ...] = ()
    left_out_before: int = 0

    @property
    def items(self) -> tuple[Item, ...]:
        """All items, in the order in which they are shown."""
        return tuple(item for group in self.groups for item in group.items)

    @property
    def counts(self) -> ItemCounts:
        """The number of articles of the edition, by how the edition shows them."""
        items = self.items
        stories = sum(item.in_full for item in items)
        at_once = sum(1 + len(item.reports) for item in items if item.at_once)
        lines = len(items) - stories + sum(len(item.reports) for item in items) - at_once
        copies = sum(item.copies + sum(report.copies for report in item.reports) for item in items)
        return ItemCounts(stories, lines, copies, self.left_out, at_once)


@dataclass(frozen=True, slots=True)
class DigestState:
    """What the database knows about a digest: when it was created, and where its last window ended."""

    name: str
    born_at: dt.datetime
    last_end: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Payload:
    """What a channel will send, rendered once and never changed. `body` is JSON that only its channel understands.

    A channel that must split an edition returns several payloads. `part` counts from 1, and parts are sent in order.
    """

    body: str
    part: int = 1


DeliveryState = Literal["queued", "claimed", "sent", "retry", "ambiguous", "parked", "held", "dropped"]

WAITING_STATES: Final = ("queued", "retry", "ambiguous")
"""The states of deliveries that the program will try to send."""


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A delivery to record together with its edition: channel, recipient, Message-ID and payload."""

    channel: str
    recipient: str
    message_id: str
    payload: Payload


@dataclass(frozen=True, slots=True)
class Delivery:
    """One part of an edition for one recipient through one channel: a row of the outbox.

    A message to the operator has no edition, and its `digest` is "".
    """

    id: int
    digest: str
    edition_id: int | None
    channel: str
    recipient: str
    message_id: str
    payload: Payload
    state: DeliveryState
    attempts: int = 0
    created_at: dt.datetime | None = None
    next_at: dt.datetime | None = None
    last_error: str | None = None


@dataclass(frozen=True, slots=True)
class OwnClaim:
    """A delivery that this process has claimed, and the number of the claimed attempt."""

    delivery_id: int
    channel: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of an attempt to send, and the reason in words.

    sent: the server accepted the message. retry: the server certainly did not accept it; try again, after the time
    `after` if given. ambiguous: the server may have accepted it. parked: the server will never accept it in the present
    state; a person must act.
    """

    kind: Literal["sent", "retry", "ambiguous", "parked"]
    reason: str
    after: dt.timedelta | None = None
