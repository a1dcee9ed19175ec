"""Notify the operator, without the outbox, that the database accepts no writes."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Final, Protocol

from monitor.deliver.operator import REPEAT_AFTER, Operator, compose_one, render_message
from monitor.model import Notice, OperatorMessage
from monitor.notices.database import unwritable_notice

NOTIFY_AFTER: Final = dt.timedelta(minutes=5)
"""The operator is notified only after this time: a backup may lock a database for some minutes."""

RETRY_AFTER: Final = dt.timedelta(minutes=5)
"""A message that no channel accepted is sent again after this time."""


class Writing(Protocol):
    """The methods of the store's write transaction that this module uses."""

    def add_past_notice(
        self, notice: Notice, first_at: dt.datetime, notified_at: dt.datetime, resolved_at: dt.datetime
    ) -> None:
        """Record a problem that is over and about which the operator was notified."""
        ...


class Store(Protocol):
    """The methods of the store that this module uses."""

    def writing(self) -> AbstractContextManager[Writing]:
        """Open the one serialised write transaction."""
        ...


@dataclass(slots=True)
class DatabaseOutage:
    """Since when the database cannot be written, and when the operator was notified. This is kept only in memory."""

    since: dt.datetime | None = None
    notified_at: dt.datetime | None = None
    _notice: Notice | None = None
    _tried_at: dt.datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note_failure(self, operator: Operator, reason: str, now: dt.datetime) -> bool:
        """Note a failed write, and notify the operator if writes have failed for long enough.

        Return whether a channel accepted a message. The message is repeated daily. If no channel accepted it, it is
        tried again after five minutes.
        """
        with self._lock:
            self.since = min(self.since or now, now)
            # A time in the future comes from a clock that was ahead. It is ignored.
            quiet = self.notified_at is not None and self.notified_at <= now < self.notified_at + REPEAT_AFTER
            waits = self._tried_at is not None and self._tried_at <= now < self._tried_at + RETRY_AFTER
            if now - self.since < NOTIFY_AFTER or quiet or waits:
                return False
            self._tried_at = now
            self._notice = unwritable_notice(reason)
            if not send_directly(operator, compose_one(self._notice, self.since, operator.timezone, now)):
                return False
            self.notified_at = now
            return True

    def note_success(self, store: Store, now: dt.datetime) -> None:
        """Note that a write succeeded. If the operator was notified, record the problem so that its end is reported."""
        with self._lock:
            if self.since is not None and self.notified_at is not None and self._notice is not None:
                with store.writing() as tx:
                    tx.add_past_notice(self._notice, self.since, self.notified_at, now)
            self.since = self.notified_at = self._tried_at = self._notice = None


def send_directly(operator: Operator, message: OperatorMessage) -> bool:
    """Send a message once, without the outbox. Return whether it may have arrived.

    It is sent through all channels of the operator. If none of these channels accepts it, it is sent through all other
    channels.
    """
    other_channels = [name for name in operator.channels if name not in operator.to]
    return bool(operator.to) and (_send(operator, operator.to, message) or _send(operator, other_channels, message))


def _send(operator: Operator, names: Iterable[str], message: OperatorMessage) -> bool:
    channels = [operator.channels[name] for name in names]
    deliveries = render_message(operator.store.instance_id, message, channels)
    sent = [operator.channels[one.channel].send(one.payload, one.recipient, one.message_id).kind for one in deliveries]
    return any(kind in ("sent", "ambiguous") for kind in sent)
