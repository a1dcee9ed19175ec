"""Notify the operator of problems: notices become messages, which are sent like editions.

due notices | message | render | freeze and mark as notified | claim | send | mark

The transaction that queues a message also records which notices it contains. So a crash neither loses nor repeats a
notice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from monitor.channels import Channel
from monitor.deliver.outbox import DeliveryKey
from monitor.deliver.watch import FAILING_AFTER
from monitor.failpoint import failpoint
from monitor.model import (
    ChannelReport,
    MessageLine,
    MessageSection,
    NewDelivery,
    Notice,
    NoticeRecord,
    OperatorMessage,
)
from monitor.model.times import local_time
from monitor.notices import is_announced, severity_of, weight_of

MIN_INTERVAL: Final = dt.timedelta(hours=1)
"""Minimum time between two messages to the operator."""

REPEAT_AFTER: Final = dt.timedelta(days=1)
"""A problem that stays open is reported again after this time."""

MAX_SHOWN_NOTICES: Final = 15
"""Maximum number of notices that a message describes, the worst first. They fit into one message of every channel."""

_CLOSING_LINE: Final = "For all open notices and all sources: monitor status"


class Reading(Protocol):
    """The methods of the store that show whether a message is due."""

    def unnotified_notices(self) -> tuple[NoticeRecord, ...]:
        """Return the open notices, and the notices that were closed after the operator was notified of them."""
        ...

    def last_message_at(self) -> dt.datetime | None:
        """Return when the newest message to the operator was made."""
        ...


class Writing(Reading, Protocol):
    """The methods of the store's write transaction that notifying the operator uses."""

    def add_operator_message(
        self,
        message: OperatorMessage,
        open_ids: Sequence[int],
        closed_ids: Sequence[int],
        deliveries: Sequence[NewDelivery],
    ) -> int:
        """Queue the message, and record which open and closed notices it contains. Return the message's id."""
        ...


class Store(Protocol):
    """The methods of the store that notifying the operator uses."""

    @property
    def instance_id(self) -> str:
        """The random, unique name of this database."""
        ...

    def operator_reading(self) -> AbstractContextManager[Reading]:
        """Open a transaction that only reads."""
        ...

    def writing(self) -> AbstractContextManager[Writing]:
        """Open a write transaction. Only one write transaction is open at a time."""
        ...

    def channel_reports(self, now: dt.datetime) -> tuple[ChannelReport, ...]:
        """Return the state of sending through each channel."""
        ...


@dataclass(frozen=True, slots=True)
class NoticeNews:
    """The notices for a message: new problems, problems that are still open, resolved problems, and information."""

    new: tuple[NoticeRecord, ...] = ()
    open: tuple[NoticeRecord, ...] = ()
    resolved: tuple[NoticeRecord, ...] = ()
    information: tuple[NoticeRecord, ...] = ()

    @property
    def open_ids(self) -> list[int]:
        """The ids of the open notices in the message."""
        return [one.id for one in (*self.new, *self.open, *self.information)]


@dataclass(frozen=True, slots=True)
class Operator:
    """Notifies the operator through the channels `to`. Without such channels, it notifies nobody."""

    store: Store
    channels: Mapping[str, Channel]
    to: Sequence[str] = ()
    timezone: str = "UTC"
    zone: ZoneInfo = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "zone", ZoneInfo(self.timezone))

    def notify(self, now: dt.datetime) -> int | None:
        """Queue the message that is due at `now`, and return its id; None if no message is due."""
        if not self.to:
            return None
        with self.store.operator_reading() as reading:  # most calls end here, without a write transaction
            if _due_news(reading, now) is None:
                return None
        chosen = [self.channels[name] for name in chosen_channels(self.to, self.channels, self.store, now)]
        instance = self.store.instance_id
        with self.store.writing() as tx:
            news = _due_news(tx, now)
            if news is None:
                return None
            message = compose(news, self.timezone, now)
            deliveries = tuple(render_message(instance, message, chosen))
            notified = tx.add_operator_message(message, news.open_ids, [one.id for one in news.resolved], deliveries)
            failpoint("operator.notified")
        return notified


def _due_news(reading: Reading, now: dt.datetime) -> NoticeNews | None:
    """Return what to report now; None if there is nothing, or if the last message is less than an hour ago."""
    last = reading.last_message_at()
    if last is not None and last <= now < last + MIN_INTERVAL:
        return None
    return news_of(reading.unnotified_notices(), now)


def news_of(records: Iterable[NoticeRecord], now: dt.datetime) -> NoticeNews | None:
    """Return what to report of these notices, the worst first; None if there is nothing to report.

    A problem is reported when it is new and when it is over. All open problems are reported again daily. Information is
    reported once.
    """
    ordered = sorted(records, key=lambda one: (-weight_of(one.notice.kind), one.notice.first_at or now, one.id))
    problems = [one for one in ordered if severity_of(one.notice.kind) == "problem"]
    unresolved = [one for one in problems if one.resolved_at is None]
    new = tuple(one for one in unresolved if one.notified_at is None)
    information = tuple(one for one in ordered if is_announced(one.notice.kind) and one.notified_at is None)
    resolved = tuple(one for one in problems if one.resolved_at is not None)
    old = tuple(one for one in unresolved if one.notified_at is not None)
    repeats = any(one.notified_at and not one.notified_at <= now < one.notified_at + REPEAT_AFTER for one in old)
    if not (new or information or resolved or repeats):
        return None
    return NoticeNews(new, old, resolved, information)


def compose(news: NoticeNews, timezone: str, now: dt.datetime) -> OperatorMessage:
    """Return the message about `news`."""
    zone = ZoneInfo(timezone)
    sections: list[MessageSection] = []
    room = MAX_SHOWN_NOTICES
    for heading, records in (
        ("New problems", news.new),
        ("Still open", news.open),
        ("Resolved", news.resolved),
        ("For information", news.information),
    ):
        if records:
            lines = [_line(one, zone) for one in records[:room]]
            if len(records) > room:
                lines.append(MessageLine(f"and {len(records) - room:,} more"))
            room = max(0, room - len(records))
            sections.append(MessageSection(heading, tuple(lines)))
    return OperatorMessage(_subject(news), now, timezone, tuple(sections), _CLOSING_LINE)


def compose_one(notice: Notice, since: dt.datetime, timezone: str, now: dt.datetime) -> OperatorMessage:
    """Return the message about one problem that is not recorded in the database."""
    return compose(NoticeNews(new=(NoticeRecord(0, replace(notice, first_at=since)),)), timezone, now)


def _subject(news: NoticeNews) -> str:
    first, *_ = *news.new, *news.open, *news.resolved, *news.information
    said = f"{first.notice.subject}: {first.notice.message}"
    number = len(news.new) + len(news.open)
    if news.new:
        return f"{number} {'problem' if number == 1 else 'problems'}: {said}"
    if news.resolved and not news.open:
        return f"resolved: {said}"
    if not news.open:
        return said
    return f"{number} {'problem' if number == 1 else 'problems'} still open: {said}"


def _line(record: NoticeRecord, zone: ZoneInfo) -> MessageLine:
    notice = record.notice
    since = local_time(notice.first_at, zone) if notice.first_at else "?"
    until = f"{since} to {local_time(record.resolved_at, zone)}" if record.resolved_at else f"since {since}"
    text = f"{notice.kind} {notice.subject}: {notice.message} ({until})"
    return MessageLine(text, "" if record.resolved_at else notice.remedy)


def chosen_channels(
    to: Sequence[str], channels: Mapping[str, Channel], store: Store, now: dt.datetime
) -> tuple[str, ...]:
    """Return the channels through which the operator is notified now.

    These are the channels in `to` that work. If none of them works, these are all other channels that work. If no
    channel works at all, these are the channels in `to`: the message is sent as soon as one of them works again.
    """
    broken = {report.channel for report in store.channel_reports(now) if is_broken(report, now)}
    working = tuple(name for name in to if name not in broken)
    others = tuple(name for name in channels if name not in broken)
    return working or others or tuple(to)


def is_broken(report: ChannelReport, now: dt.datetime) -> bool:
    """Return whether a channel does not work: it has failed for a long time, or its server refuses everything."""
    failing = report.failing_since is not None and now - report.failing_since >= FAILING_AFTER
    return failing or report.refuses


def render_message(instance_id: str, message: OperatorMessage, channels: Iterable[Channel]) -> Iterator[NewDelivery]:
    """Yield a delivery of `message` for each recipient of `channels`. `instance_id` is the name of the database."""
    key = DeliveryKey(instance_id, "", message.at.isoformat())  # no digest has an empty name
    for channel in channels:
        payload = channel.render_message(message)
        for recipient in channel.recipients:
            yield NewDelivery(channel.name, recipient, key.message_id(channel.name, recipient, payload), payload)
