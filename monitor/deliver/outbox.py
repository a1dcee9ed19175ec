"""The outbox: claim → send → mark, one delivery of a channel after the other."""

from __future__ import annotations

import datetime as dt
import traceback
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from random import Random
from threading import Event
from typing import Protocol

from monitor.channels import Channel
from monitor.clock import Clock
from monitor.deliver.persist import persist
from monitor.events import ChannelCrashed, DeliveryEnded, publish
from monitor.failpoint import failpoint
from monitor.model import Delivery, Outcome

FIRST = dt.timedelta(minutes=1)
LONGEST = dt.timedelta(hours=4)
GIVE_UP = dt.timedelta(days=5)
"""For how long a message is tried. RFC 5321, 4.5.4.1, asks a mail client for at least four to five days."""

_JITTER = 0.2


class Store(Protocol):
    """What sending needs of the store. Each call is a transaction of its own."""

    def due_channels(self, now: dt.datetime, edition: int | None = None) -> tuple[str, ...]:
        """The channels through which something is to be sent now; of one edition, if one is named."""
        ...

    def due_deliveries(
        self, now: dt.datetime, channel: str | None = None, edition: int | None = None
    ) -> tuple[int, ...]:
        """The deliveries of a channel to try now, in the order in which they should go."""
        ...

    def claim(self, delivery_id: int, now: dt.datetime) -> Delivery | None:
        """Take the delivery for this process; None when it is not to be had any more."""
        ...

    def finish(self, delivery_id: int, outcome: Outcome, now: dt.datetime, next_at: dt.datetime | None) -> None:
        """Write how the attempt ended, and when to try again."""
        ...

    def postpone(self, channel: str, until: dt.datetime) -> int:
        """Let nothing that waits for the channel go before `until`; how many deliveries that was."""
        ...


@dataclass(frozen=True, slots=True)
class Sending:
    """How one attempt ended."""

    delivery: Delivery
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Outbox:
    """Sends what is due. Once `stop` is set, the program is about to end: no other delivery is begun then."""

    store: Store
    channels: Mapping[str, Channel]
    clock: Clock
    random: Random
    stop: Event = field(default_factory=Event)
    held: dict[str, dt.datetime] = field(default_factory=dict)
    """Until when the far end of a channel asked to be left alone: it holds for editions built meanwhile, too."""

    def send_due(self, edition: int | None = None) -> tuple[Sending, ...]:
        """Try every delivery that is due, channels side by side, and wait for all; of one edition, if one is named."""
        due = self.store.due_channels(self.clock.now(), edition)
        if not due:
            return ()
        with ThreadPoolExecutor(len(due), thread_name_prefix="send") as pool:
            try:
                return tuple(chain.from_iterable(pool.map(lambda channel: self.send_channel(channel, edition), due)))
            except KeyboardInterrupt:
                self.stop.set()  # the pool waits for its threads, which end as soon as nothing is in doubt
                raise

    def send_channel(self, channel: str, edition: int | None = None) -> list[Sending]:
        """Try every delivery of `channel` that is due, until its far end asks to wait."""
        sendings: list[Sending] = []
        held = self.held.get(channel)
        if held is not None and self.clock.now() < held:
            self.store.postpone(channel, held)
        for delivery_id in self.store.due_deliveries(self.clock.now(), channel, edition):
            delivery = None if self.stop.is_set() else self.store.claim(delivery_id, self.clock.now())
            if delivery is None:
                continue
            sendings.append(self._attempt(delivery))
            wait = sendings[-1].outcome.after
            if wait is not None:
                self.held[channel] = self.clock.now() + wait
                self.store.postpone(channel, self.held[channel])
                break
        return sendings

    def _attempt(self, delivery: Delivery) -> Sending:
        failpoint("deliver.claimed")
        answer = self._send(delivery)
        now = self.clock.now()
        outcome, next_at = next_try(delivery, answer, now=now, random=self.random)
        failpoint("deliver.sent")
        # Nobody else knows the outcome: were it given up, what was sent would be sent once more.
        persist(partial(self.store.finish, delivery.id, outcome, now, next_at), self.stop, f"delivery {delivery.id}")
        publish(DeliveryEnded(delivery.digest, delivery.channel, outcome.kind, outcome.reason, delivery.attempts))
        return Sending(delivery, outcome)

    def _send(self, delivery: Delivery) -> Outcome:
        channel = self.channels.get(delivery.channel)
        if channel is None:
            return Outcome("parked", f'channel "{delivery.channel}" is no longer in the configuration')
        try:
            return channel.send(delivery.payload, delivery.recipient, delivery.message_id)
        except Exception as error:  # noqa: BLE001 - the boundary of a channel: others must get theirs
            publish(ChannelCrashed(delivery.channel, "".join(traceback.format_exception(error))))
            return Outcome("ambiguous", f"the program failed while sending: {type(error).__name__}")


def next_try(
    delivery: Delivery, outcome: Outcome, *, now: dt.datetime, random: Random
) -> tuple[Outcome, dt.datetime | None]:
    """Return the outcome as it counts, and when to try again (None: never).

    The wait doubles from one minute to four hours, with jitter, and is never shorter than the far end asked for. What
    was tried for five days is parked.
    """
    if outcome.kind in ("sent", "parked"):
        return outcome, None
    if delivery.created_at is not None and now - delivery.created_at >= GIVE_UP:
        return Outcome("parked", f"given up after {GIVE_UP.days} days: {outcome.reason}"), None
    doubled = FIRST * 2 ** min(max(delivery.attempts, 1) - 1, 16)
    wait = min(doubled, LONGEST) * random.uniform(1 - _JITTER, 1)
    return outcome, now + max(wait, outcome.after or dt.timedelta())
