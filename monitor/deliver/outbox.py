"""The outbox. An edition becomes one delivery for each recipient, which is claimed, sent and marked."""

from __future__ import annotations

import datetime as dt
import hashlib
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from random import Random
from threading import Event
from typing import Final, NamedTuple, Protocol, TypeVar

from monitor.channels import Channel
from monitor.clock import Clock
from monitor.errors import NotClaimed, StoreError
from monitor.events import ChannelCrashed, DeliveryEnded, publish
from monitor.failpoint import failpoint
from monitor.log import logger
from monitor.model import Delivery, Edition, NewDelivery, Outcome, Payload

FIRST_DELAY = dt.timedelta(minutes=1)
MAX_DELAY = dt.timedelta(hours=4)
GIVE_UP_AFTER = dt.timedelta(days=5)
"""The minimum time for which a message is tried. RFC 5321, 4.5.4.1, demands four to five days of a mail client."""
MIN_ATTEMPTS: Final = 10
"""Minimum number of attempts in that time. Usually there are about thirty, but fewer if the machine was asleep."""
MIN_WORKING_TIME = dt.timedelta(days=1)
"""Before a message is given up, other messages must have been sent through its channel for this time.

A server that works again after days may first refuse each sender for a while (greylisting).
"""

_JITTER = 0.2

_FIRST_PAUSE: Final = 0.5
_MAX_PAUSE: Final = 30.0
"""Seconds between two attempts to write: the first pause, and the longest. Each pause is twice the one before."""

_MAX_TRIES_AT_STOP: Final = 40
_PAUSE_AT_STOP: Final = 0.2
"""Maximum number of attempts to write while the program is stopping, and the seconds between them."""

T = TypeVar("T")

_log = logger("store")


class DeliveryKey(NamedTuple):
    """The identity of an edition, from which the Message-IDs of its deliveries are made.

    `slot` alone does not identify an edition: after a restore from a backup, an edition for the same slot may be built
    again with other content.
    """

    instance_id: str
    digest: str
    slot: str

    def message_id(self, channel: str, recipient: str, payload: Payload) -> str:
        """Return the Message-ID of a delivery.

        It is the same at every attempt, so that a receiver recognises repeated messages. A payload with other content
        has another Message-ID, even for the same slot.
        """
        content = hashlib.sha256(payload.body.encode("utf-8", "surrogatepass")).hexdigest()
        parts = (*self, channel, recipient, str(payload.part), content)
        return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:32]


def render_deliveries(instance_id: str, edition: Edition, channels: Iterable[Channel]) -> Iterator[NewDelivery]:
    """Yield a delivery of `edition` for each recipient of `channels` and each part of the edition.

    `instance_id` is the name of the database.
    """
    key = DeliveryKey(instance_id, edition.digest, edition.window.slot)
    for channel in channels:
        for payload in channel.render(edition):
            for recipient in channel.recipients:
                message = key.message_id(channel.name, recipient, payload)
                yield NewDelivery(channel.name, recipient, message, payload)


class Store(Protocol):
    """The methods of the store that sending uses. Each call is a transaction of its own."""

    def due_channels(self, now: dt.datetime, edition: int | None = None) -> tuple[str, ...]:
        """Return the channels that have deliveries due now. With `edition`, only its deliveries count."""
        ...

    def due_deliveries(
        self, now: dt.datetime, channel: str | None = None, edition: int | None = None
    ) -> tuple[int, ...]:
        """Return the ids of the deliveries to try now, in the order in which they should be sent.

        With `channel` or `edition`, return only the deliveries of this channel or edition.
        """
        ...

    def claim(self, delivery_id: int, now: dt.datetime) -> Delivery | None:
        """Claim the delivery for this process; None if it is no longer available."""
        ...

    def finish(self, delivery_id: int, outcome: Outcome, now: dt.datetime, next_at: dt.datetime | None) -> None:
        """Write the result of an attempt, and when to try again (None: never)."""
        ...

    def channel_works_since(self, delivery_id: int) -> dt.datetime | None:
        """Return when the delivery's channel first sent anything after its first attempt at this delivery, or None."""
        ...

    def postpone(self, channel: str, until: dt.datetime) -> int:
        """Postpone all deliveries that wait for the channel to `until`. Return the number of deliveries."""
        ...


@dataclass(frozen=True, slots=True)
class SendResult:
    """The result of one attempt to send."""

    delivery: Delivery
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Outbox:
    """Sends due deliveries. When `stop` is set, the program is stopping: no further delivery is started."""

    store: Store
    channels: Mapping[str, Channel]
    clock: Clock
    random: Random
    stop: Event = field(default_factory=Event)
    paused_until: dict[str, dt.datetime] = field(default_factory=dict)
    """For each channel, until when its server asked us to wait. Editions that are built meanwhile also wait."""

    def clock_jumped(self, by: dt.timedelta) -> None:
        """Shorten the pauses of channels to the length that servers asked for, if the clock was set back."""
        if by < dt.timedelta():
            for channel, until in tuple(self.paused_until.items()):
                self.paused_until[channel] = until + by

    def send_due(self, edition: int | None = None) -> tuple[SendResult, ...]:
        """Try every due delivery, with all channels in parallel, and wait for the results.

        With `edition`, try only the deliveries of this edition.
        """
        due = self.store.due_channels(self.clock.now(), edition)
        if not due:
            return ()
        with ThreadPoolExecutor(len(due), thread_name_prefix="send") as pool:
            try:
                return tuple(chain.from_iterable(pool.map(lambda channel: self.send_channel(channel, edition), due)))
            except KeyboardInterrupt:
                self.stop.set()  # the pool waits for its threads, which end when all results are known
                raise

    def send_channel(self, channel: str, edition: int | None = None) -> list[SendResult]:
        """Try every due delivery of `channel`, until its server asks us to wait."""
        sendings: list[SendResult] = []
        pause_end = self.paused_until.get(channel)
        if pause_end is not None and self.clock.now() < pause_end:
            self.store.postpone(channel, pause_end)
        for delivery_id in self.store.due_deliveries(self.clock.now(), channel, edition):
            delivery = None if self.stop.is_set() else self.store.claim(delivery_id, self.clock.now())
            if delivery is None:
                continue
            sendings.append(self._attempt(delivery))
            wait = sendings[-1].outcome.after
            if wait is not None:
                self.paused_until[channel] = self.clock.now() + wait
                self.store.postpone(channel, self.paused_until[channel])
                break
        return sendings

    def _attempt(self, delivery: Delivery) -> SendResult:
        failpoint("deliver.claimed")
        channel = self.channels.get(delivery.channel)
        try:
            if channel is None:
                answer = Outcome("parked", f'channel "{delivery.channel}" is no longer in the configuration')
            elif delivery.recipient not in channel.recipients:  # removed meanwhile: the delivery will be held
                answer = Outcome("retry", f'not sent: the channel "{delivery.channel}" no longer has this recipient')
            else:
                answer = channel.send(delivery.payload, delivery.recipient, delivery.message_id)
        except Exception as error:  # noqa: BLE001 - the boundary of a channel: others must get theirs
            publish(ChannelCrashed(delivery.channel, "".join(traceback.format_exception(error))))
            answer = Outcome("ambiguous", f"the program failed while sending: {type(error).__name__}")
        now = self.clock.now()
        in_doubt = answer.kind not in ("sent", "parked") and is_exhausted(delivery, now)
        working_since = self._working_since(delivery) if in_doubt else None
        outcome, next_at = decide_retry(delivery, answer, now=now, random=self.random, working_since=working_since)
        failpoint("deliver.sent")
        # Only this thread knows the outcome. If the write were given up, the message would be sent again.
        write_persistently(
            partial(self.store.finish, delivery.id, outcome, now, next_at), self.stop, f"delivery {delivery.id}"
        )
        publish(DeliveryEnded(delivery.digest, delivery.channel, outcome.kind, outcome.reason, delivery.attempts))
        return SendResult(delivery, outcome)

    def _working_since(self, delivery: Delivery) -> dt.datetime | None:
        """Return since when other deliveries have been sent through the channel, while this delivery failed."""
        try:
            return self.store.channel_works_since(delivery.id)
        except StoreError:  # the outcome must be recorded anyway, and the next attempt asks again
            return None


def is_exhausted(delivery: Delivery, now: dt.datetime) -> bool:
    """Return whether a delivery has been tried for so long and so often that it may be given up at the next failure."""
    old = delivery.created_at is not None and now - delivery.created_at >= GIVE_UP_AFTER
    return old and delivery.attempts >= MIN_ATTEMPTS


def decide_retry(
    delivery: Delivery, outcome: Outcome, *, now: dt.datetime, random: Random, working_since: dt.datetime | None = None
) -> tuple[Outcome, dt.datetime | None]:
    """Return the outcome to record, and when to try again (None: never).

    The wait doubles from one minute to four hours, with jitter, and is never shorter than the receiving server asked
    for. `working_since` is when another delivery was first sent through the channel after the first attempt at this
    delivery. A delivery is parked if it was tried for five days, while others were sent for at least a day. While no
    delivery can be sent through a channel, none is given up.
    """
    if outcome.kind in ("sent", "parked"):
        return outcome, None
    if is_exhausted(delivery, now) and working_since is not None and now - working_since >= MIN_WORKING_TIME:
        reason = f"given up after {GIVE_UP_AFTER.days} days while other deliveries got through: {outcome.reason}"
        return Outcome("parked", reason), None
    backoff = FIRST_DELAY * 2 ** min(max(delivery.attempts, 1) - 1, 16)
    wait = min(backoff, MAX_DELAY) * random.uniform(1 - _JITTER, 1)
    return outcome, now + max(wait, outcome.after or dt.timedelta())


def write_persistently(write: Callable[[], T], stop: Event, what: str) -> T | None:
    """Call `write` until the database accepts it, and return its result. It records that `what` has ended.

    The write must not be given up, because nothing else knows this result.

    Returns None if an earlier attempt succeeded although it raised: the server had committed, but its answer got lost.
    When the program is stopping, the pauses become short. Raises StoreError if the database accepts no write in these
    last seconds either, and NotClaimed if the first attempt raises it.
    """
    pause, left, tried = _FIRST_PAUSE, _MAX_TRIES_AT_STOP, False
    while True:
        try:
            return write()
        except NotClaimed:
            if not tried:
                raise
            return None
        except StoreError as error:
            left -= stop.is_set()
            if left < 0:
                raise
            _log.error("unwritten", what=what, reason=str(error))
        tried = True
        if stop.is_set():
            Event().wait(_PAUSE_AT_STOP)
        else:
            stop.wait(pause)
            pause = min(pause * 2, _MAX_PAUSE)
