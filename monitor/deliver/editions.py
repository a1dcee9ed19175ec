"""Due digests → editions, bound, rendered and queued in one transaction each."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from monitor.channels import Channel
from monitor.digest import Digest, build_edition, due_window, dump
from monitor.failpoint import failpoint
from monitor.model import Coverage, DigestState, Edition, NewDelivery, Pending, Window


class Writing(Protocol):
    """What building an edition needs of the store's write transaction."""

    def digest_state(self, digest: str) -> DigestState:
        """Since when the digest exists and where its last window ended."""
        ...

    def pending(self, digest: str) -> tuple[Pending, ...]:
        """The matches that the digest asks for and has not bound."""
        ...

    def coverage(self) -> Coverage:
        """How many sources are watched, and which of them are not read at present."""
        ...

    def slot_taken(self, digest: str, slot: str) -> bool:
        """Has the digest an edition of this slot already?"""
        ...

    def add_edition(
        self, edition: Edition, encoded: str, bound: Sequence[Pending], deliveries: Sequence[NewDelivery]
    ) -> int:
        """Write the edition with all that it binds and sends. Raises when its slot has one already."""
        ...


class Store(Protocol):
    """What building editions needs of the store."""

    @property
    def instance_id(self) -> str:
        """Names this database among all others."""
        ...

    def writing(self) -> AbstractContextManager[Writing]:
        """The one serialised write transaction."""
        ...


@dataclass(frozen=True, slots=True)
class EditionBuilder:
    """Builds what is due."""

    store: Store
    channels: Mapping[str, Channel]

    def build(self, digest: Digest, now: dt.datetime, *, forced: bool = False) -> Edition | None:
        """Build the edition of `digest` that is due at `now`, and queue its deliveries.

        None when none is due, or when nothing is pending for a digest that is built as news comes. A due window in
        which nothing matched is recorded, and sent only if the digest asks for it. `forced`: build what is pending
        now, whatever the schedule says.
        """
        with self.store.writing() as tx:
            pending = tx.pending(digest.name)
            window = self._window(digest, tx.digest_state(digest.name), now, forced=forced)
            if window is None or tx.slot_taken(digest.name, window.slot):
                return None  # a digest whose zone changed may meet a slot again: what is pending waits for the next one
            if not pending and (forced or digest.schedule.immediate):
                return None
            edition = compose(digest, window, pending, tx.coverage(), now)
            tx.add_edition(edition, dump(edition), pending, self._deliveries(digest, edition))
            failpoint("deliver.bound")
        return edition

    def _window(self, digest: Digest, state: DigestState, now: dt.datetime, *, forced: bool) -> Window | None:
        if not forced:
            return due_window(digest.schedule, digest.timezone, state, now)
        return Window(min(state.last_end or state.born_at, now), now, f"by hand {now.isoformat()}")

    def _deliveries(self, digest: Digest, edition: Edition) -> tuple[NewDelivery, ...]:
        if not edition.items and not digest.send_empty:
            return ()
        queued = []
        for name in digest.to:
            channel = self.channels[name]
            for payload in channel.render(edition):
                for recipient in channel.recipients:
                    message = self._message_id(edition, name, recipient, payload.part)
                    queued.append(NewDelivery(name, recipient, message, payload))
        return tuple(queued)

    def _message_id(self, edition: Edition, channel: str, recipient: str, part: int) -> str:
        """The same for every attempt at this delivery, and for no other: a repeat can be told by it."""
        parts = (self.store.instance_id, edition.digest, edition.window.slot, channel, recipient, str(part))
        return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:32]


def compose(
    digest: Digest, window: Window, pending: Sequence[Pending], coverage: Coverage, now: dt.datetime
) -> Edition:
    """The edition that `digest` would be, without writing anything."""
    return build_edition(
        digest=digest.name, window=window, timezone=digest.timezone, rules=digest.rules, pending=pending,
        coverage=coverage, now=now,
    )  # fmt: skip
