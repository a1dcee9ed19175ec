"""Deliveries that wait for recipients who are gone are dropped and queued for those who are there now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from monitor.channels import Channel
from monitor.deliver.outbox import DeliveryKey, render_deliveries
from monitor.digest import Digest, load
from monitor.model import DeliveryReport, KeptEdition, NewDelivery, Payload


class Writing(Protocol):
    """What this needs of the store's write transaction."""

    def open_deliveries(self) -> tuple[DeliveryReport, ...]:
        """All that is neither sent nor dropped, and that nobody is sending."""
        ...

    def deliveries_of(self, edition_id: int) -> tuple[DeliveryReport, ...]:
        """The deliveries of an edition, however they stand."""
        ...

    def kept_edition(self, edition_id: int) -> KeptEdition:
        """An edition as it was frozen."""
        ...

    def payloads_of(self, edition_id: int) -> Mapping[str, Sequence[Payload]]:
        """Return what was frozen with an edition, by channel and in the order of the parts."""
        ...

    def drop(self, delivery_id: int, reason: str) -> None:
        """Close a delivery for good."""
        ...

    def queue_frozen(self, edition_id: int, at: dt.datetime, deliveries: Sequence[NewDelivery]) -> None:
        """Queue what was frozen with an edition for others too."""
        ...

    def queue_rendered(self, edition_id: int, at: dt.datetime, deliveries: Sequence[NewDelivery]) -> None:
        """Freeze and queue what goes out through channels that had no part in an edition."""
        ...


class Store(Protocol):
    """What this needs of the store."""

    @property
    def instance_id(self) -> str:
        """Names this database among all others."""
        ...

    def writing(self) -> AbstractContextManager[Writing]:
        """The one serialised write transaction."""
        ...


@dataclass(frozen=True, slots=True)
class RerouteResult:
    """How many deliveries were dropped, and how many were queued in their place."""

    dropped: int = 0
    queued: int = 0


def reroute(
    store: Store, channels: Mapping[str, Channel], digests: Iterable[Digest], now: dt.datetime
) -> RerouteResult:
    """Drop what is for recipients that are gone, and queue it for those who came, in one transaction.

    Of an edition of which something is dropped, every recipient that the channel has now and had not then gets what was
    frozen. Where the channel is gone, the digest's channels that had no part in the edition get it, rendered from its
    frozen text. Nobody gets an edition again who got it whole, through whatever channel.
    """
    wanted = {digest.name: digest.to for digest in digests}
    instance = store.instance_id
    queued = 0
    with store.writing() as tx:
        stale = [one for one in tx.open_deliveries() if _reason(one, channels)]
        for one in stale:
            tx.drop(one.id, _reason(one, channels))
        for edition_id, digest in dict.fromkeys((one.edition_id, one.digest) for one in stale):
            names = dict.fromkeys(one.channel for one in stale if one.edition_id == edition_id)
            known, kept = tx.deliveries_of(edition_id), tx.kept_edition(edition_id)
            key = DeliveryKey(instance, digest, kept.window.slot)
            payloads = tx.payloads_of(edition_id)
            frozen = list(_for_others(key, known, payloads, [channels[name] for name in names if name in channels]))
            tx.queue_frozen(edition_id, now, frozen)
            gone = any(name not in channels for name in names)
            had = {one.channel for one in known}
            others = [channels[name] for name in wanted.get(digest, ()) if name not in had] if gone else []
            served = _served(known) | {new.recipient for new in frozen}
            fresh = list(_through_others(instance, kept, others, served))
            tx.queue_rendered(edition_id, now, fresh)
            queued += len(frozen) + len(fresh)
    return RerouteResult(len(stale), queued)


def _reason(one: DeliveryReport, channels: Mapping[str, Channel]) -> str:
    """Return why a delivery should not go any more; empty if it should."""
    channel = channels.get(one.channel)
    if channel is None:
        why = f'the channel "{one.channel}" is no longer in the configuration'
    elif one.recipient not in channel.recipients:
        why = f'the channel "{one.channel}" no longer has this recipient'
    else:
        return ""
    return f"{why}; before: {one.last_error}" if one.last_error else why


def _for_others(
    key: DeliveryKey,
    known: Sequence[DeliveryReport],
    payloads: Mapping[str, Sequence[Payload]],
    channels: Iterable[Channel],
) -> Iterator[NewDelivery]:
    """Yield what was frozen for `channels`, for those of their recipients that have no delivery of it."""
    served = _served(known)
    for channel in channels:
        had = {(one.recipient, one.part) for one in known if one.channel == channel.name}
        for recipient in channel.recipients:
            for payload in payloads[channel.name]:
                if recipient not in served and (recipient, payload.part) not in had:
                    message = key.message_id(channel.name, recipient, payload)
                    yield NewDelivery(channel.name, recipient, message, payload)


def _through_others(
    instance: str, kept: KeptEdition, channels: Sequence[Channel], served: set[str]
) -> Iterator[NewDelivery]:
    """Yield what `channels` make of the frozen text of an edition, for those who are not `served` already."""
    if channels:
        yield from (
            new for new in render_deliveries(instance, load(kept.encoded), channels) if new.recipient not in served
        )


def _served(known: Sequence[DeliveryReport]) -> set[str]:
    """Return the recipients who got the whole edition through one channel."""
    missing = {(one.channel, one.recipient) for one in known if one.state != "sent"}
    return {one.recipient for one in known if (one.channel, one.recipient) not in missing}
