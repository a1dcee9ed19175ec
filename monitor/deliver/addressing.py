"""An edition → the deliveries that it makes. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from monitor.channels import Channel
from monitor.model import Edition, NewDelivery


class Stamp(NamedTuple):
    """Which edition of which database: what the Message-IDs of its deliveries are made of."""

    instance_id: str
    digest: str
    slot: str

    def message_id(self, channel: str, recipient: str, part: int) -> str:
        """The same for every attempt at this delivery, and for no other: a repeat can be told by it."""
        return hashlib.sha256("\x00".join((*self, channel, recipient, str(part))).encode()).hexdigest()[:32]


def rendered(instance_id: str, edition: Edition, channels: Iterable[Channel]) -> Iterator[NewDelivery]:
    """What goes out through `channels`, to each of their recipients, of an edition of the database `instance_id`."""
    stamp = Stamp(instance_id, edition.digest, edition.window.slot)
    for channel in channels:
        for payload in channel.render(edition):
            for recipient in channel.recipients:
                message = stamp.message_id(channel.name, recipient, payload.part)
                yield NewDelivery(channel.name, recipient, message, payload)
