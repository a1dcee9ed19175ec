"""Hold or drop deliveries whose recipients were removed, and queue them for the present recipients."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final, Protocol

from monitor.channels import Channel
from monitor.deliver.outbox import DeliveryKey, render_deliveries
from monitor.digest import Digest, load
from monitor.failpoint import failpoint
from monitor.model import DeliveryReport, NewDelivery, Payload, StoredEdition
from monitor.model.delivery import WAITING_STATES

HOLD_PERIOD: Final = dt.timedelta(days=7)
"""How long a delivery to a removed recipient is kept. A mistake in the file may be noticed only after a weekend."""


class Reading(Protocol):
    """The methods of a reading transaction that this module uses."""

    def open_deliveries(self, *, parked: bool = True) -> tuple[DeliveryReport, ...]:
        """Return all deliveries that are not sent, dropped or being sent. If not `parked`, leave out parked ones."""
        ...


class Writing(Reading, Protocol):
    """The methods of the store's write transaction that this module uses."""

    def deliveries_of(self, edition_id: int) -> tuple[DeliveryReport, ...]:
        """Return all deliveries of an edition, in any state."""
        ...

    def kept_edition(self, edition_id: int) -> StoredEdition:
        """Return an edition as it was frozen when it was built."""
        ...

    def payloads_of(self, edition_id: int) -> Mapping[str, Sequence[Payload]]:
        """Return the frozen payloads of an edition by channel, in the order of the parts."""
        ...

    def drop(self, delivery_id: int, reason: str) -> None:
        """Give up a delivery for good."""
        ...

    def hold(self, delivery_id: int, reason: str, until: dt.datetime) -> None:
        """Hold a delivery: it is not sent until `release`, and dropped after `until`."""
        ...

    def release(self, delivery_id: int, at: dt.datetime) -> None:
        """Queue a delivery that was held."""
        ...

    def queue_frozen(self, edition_id: int, at: dt.datetime, deliveries: Sequence[NewDelivery]) -> None:
        """Queue the frozen payloads of an edition for further recipients."""
        ...

    def queue_rendered(self, edition_id: int, at: dt.datetime, deliveries: Sequence[NewDelivery]) -> None:
        """Freeze and queue payloads of an edition for channels through which it was not sent before."""
        ...


class Store(Protocol):
    """The methods of the store that this module uses."""

    @property
    def instance_id(self) -> str:
        """The random, unique name of this database."""
        ...

    def outbox_reading(self) -> AbstractContextManager[Reading]:
        """Open a transaction that only reads."""
        ...

    def writing(self) -> AbstractContextManager[Writing]:
        """Open a write transaction. Only one write transaction is open at a time."""
        ...


@dataclass(frozen=True, slots=True)
class RerouteResult:
    """How many deliveries were dropped, and how many were queued instead."""

    dropped: int = 0
    queued: int = 0


@dataclass(frozen=True, slots=True)
class HoldResult:
    """How many deliveries were held, queued again, dropped, and queued for new recipients."""

    held: int = 0
    released: int = 0
    dropped: int = 0
    queued: int = 0


def reroute(
    store: Store, channels: Mapping[str, Channel], digests: Iterable[Digest], now: dt.datetime
) -> RerouteResult:
    """Drop deliveries to removed recipients, and queue their editions for new recipients, in one transaction.

    A recipient who got the whole edition through any channel does not get it again.
    """
    routes = _Routes(channels, {digest.name: digest.to for digest in digests})
    with store.writing() as tx:
        stale = [one for one in tx.open_deliveries() if routes.is_removed(one)]
        for one in stale:
            tx.drop(one.id, _reason(one, routes))
        queued = _queue_for_others(tx, store.instance_id, stale, routes, now)
    return RerouteResult(len(stale), queued)


def hold_removed(
    store: Store, channels: Mapping[str, Channel], digests: Iterable[Digest], now: dt.datetime
) -> HoldResult:
    """Hold deliveries to removed recipients, and queue their editions for new recipients, in one transaction.

    A held delivery is queued again if its recipient is added again, and dropped after a week. Parked deliveries stay
    parked.
    """
    routes = _Routes(channels, {digest.name: digest.to for digest in digests})
    with store.outbox_reading() as reading:  # most calls end here, without a write transaction
        if not any(routes.is_removed(one) or one.state == "held" for one in reading.open_deliveries(parked=False)):
            return HoldResult()
    with store.writing() as tx:
        found = tx.open_deliveries(parked=False)
        restored = [one for one in found if one.state == "held" and not routes.is_removed(one)]
        stale = [one for one in found if routes.is_removed(one)]
        to_hold = [one for one in stale if one.state in WAITING_STATES]
        to_drop = [one for one in stale if one.state == "held" and one.next_at is not None and one.next_at <= now]
        for one in restored:
            tx.release(one.id, now)
        for one in to_hold:
            tx.hold(one.id, _reason(one, routes), now + HOLD_PERIOD)
        for one in to_drop:
            tx.drop(one.id, one.last_error or "")
        queued = _queue_for_others(tx, store.instance_id, stale, routes, now)
        failpoint("deliver.held")
    return HoldResult(len(to_hold), len(restored), len(to_drop), queued)


@dataclass(frozen=True, slots=True)
class _Routes:
    """The present channels, and the names of the channels of each digest."""

    channels: Mapping[str, Channel]
    channels_by_digest: Mapping[str, Sequence[str]]

    def uses(self, channel: str, digest: str) -> bool:
        """Return whether the digest uses the channel. A digest that was removed still uses its channels."""
        return channel in self.channels and channel in self.channels_by_digest.get(digest, self.channels)

    def is_removed(self, delivery: DeliveryReport) -> bool:
        """Return whether the recipient of a delivery was removed."""
        return (
            not self.uses(delivery.channel, delivery.digest)
            or delivery.recipient not in self.channels[delivery.channel].recipients
        )


def _queue_for_others(
    tx: Writing, instance: str, stale: Sequence[DeliveryReport], routes: _Routes, now: dt.datetime
) -> int:
    """Queue the editions with stale deliveries for new recipients. Return the number of queued deliveries.

    Every new recipient of the channel gets the frozen payloads. If the channel was removed, the edition is sent through
    the digest's other channels that have not sent it yet, rendered from its frozen text.
    """
    queued = 0
    for edition_id, digest in dict.fromkeys((one.edition_id, one.digest) for one in stale):
        if edition_id is None:  # a message to the operator: it would be out of date
            continue
        names = dict.fromkeys(one.channel for one in stale if one.edition_id == edition_id)
        known, kept = tx.deliveries_of(edition_id), tx.kept_edition(edition_id)
        key = DeliveryKey(instance, digest, kept.window.slot)
        kept_channels = [routes.channels[name] for name in names if routes.uses(name, digest)]
        frozen = list(_frozen_deliveries(key, known, tx.payloads_of(edition_id), kept_channels))
        tx.queue_frozen(edition_id, now, frozen)
        used_channels = {one.channel for one in known}
        others = [
            routes.channels[name] for name in routes.channels_by_digest.get(digest, ()) if name not in used_channels
        ]
        served = _fully_served(known) | {new.recipient for new in frozen}
        rendered = list(_rendered_deliveries(instance, kept, others if len(kept_channels) < len(names) else [], served))
        tx.queue_rendered(edition_id, now, rendered)
        queued += len(frozen) + len(rendered)
    return queued


def _reason(delivery: DeliveryReport, routes: _Routes) -> str:
    """Return why a delivery should not be sent any more."""
    if delivery.channel not in routes.channels:
        reason = f'the channel "{delivery.channel}" is no longer in the configuration'
    elif not routes.uses(delivery.channel, delivery.digest):
        reason = f'the digest "{delivery.digest}" no longer goes through the channel "{delivery.channel}"'
    else:
        reason = f'the channel "{delivery.channel}" no longer has this recipient'
    if delivery.state == "held":
        return delivery.last_error or reason
    return f"{reason}; before: {delivery.last_error}" if delivery.last_error else reason


def _frozen_deliveries(
    key: DeliveryKey,
    known: Sequence[DeliveryReport],
    payloads: Mapping[str, Sequence[Payload]],
    channels: Iterable[Channel],
) -> Iterator[NewDelivery]:
    """Yield deliveries of the frozen payloads for recipients of `channels` who have no such delivery yet."""
    served = _fully_served(known)
    for channel in channels:
        sent_parts = {(one.recipient, one.part) for one in known if one.channel == channel.name}
        for recipient in channel.recipients:
            for payload in payloads[channel.name]:
                if recipient not in served and (recipient, payload.part) not in sent_parts:
                    message = key.message_id(channel.name, recipient, payload)
                    yield NewDelivery(channel.name, recipient, message, payload)


def _rendered_deliveries(
    instance: str, kept: StoredEdition, channels: Sequence[Channel], served: set[str]
) -> Iterator[NewDelivery]:
    """Yield deliveries for all recipients of `channels` except `served`, rendered from the edition's frozen text."""
    if channels:
        yield from (
            new for new in render_deliveries(instance, load(kept.encoded), channels) if new.recipient not in served
        )


def _fully_served(known: Sequence[DeliveryReport]) -> set[str]:
    """Return the recipients who got all parts of the edition through at least one channel."""
    missing = {(one.channel, one.recipient) for one in known if one.state != "sent"}
    return {one.recipient for one in known if (one.channel, one.recipient) not in missing}
