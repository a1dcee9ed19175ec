"""Build due editions: bind, render and queue each in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Protocol
from zoneinfo import ZoneInfo

from monitor.channels import Channel
from monitor.deliver.outbox import render_deliveries
from monitor.digest import Digest, build_edition, due_window, dump, load
from monitor.failpoint import failpoint
from monitor.model import Coverage, DigestState, Edition, NewDelivery, Pending, PendingChange, Window
from monitor.stories import merge_edits


class Reading(Protocol):
    """The methods of the store that show whether an edition is due."""

    def digest_state(self, digest: str) -> DigestState:
        """Return since when the digest exists and where its last window ended."""
        ...

    def has_slot(self, digest: str, slot: str) -> bool:
        """Return whether the digest has an edition of this slot already."""
        ...

    def has_pending(self, digest: str) -> bool:
        """Return whether there is a match that the digest asks for and has not bound."""
        ...

    def pending(self, digest: str) -> tuple[Pending, ...]:
        """Return the matches that the digest asks for and has not bound."""
        ...

    def has_changes(self, digest: str) -> bool:
        """Return whether there is an edit that the digest asks for and was not sent."""
        ...

    def pending_changes(self, digest: str) -> tuple[PendingChange, ...]:
        """Return the material edits of what the digest has sent that it was not sent."""
        ...

    def coverage(self, since: dt.datetime, sources: frozenset[str] | None = None) -> Coverage:
        """Return how many of `sources` are watched, and which may lack entries in a window from `since`."""
        ...

    def left_out(self, digest: str) -> int:
        """Return how many articles the digest's setting left out since its last edition that was sent."""
        ...

    def last_sent(self, digest: str) -> str | None:
        """Return the last edition of the digest that had a recipient, as it was stored."""
        ...


class Writing(Reading, Protocol):
    """The methods of the store's write transaction that building an edition uses."""

    def open_problems(self) -> tuple[str, ...]:
        """Return the open problems in words, the worst first, except those that the coverage contains."""
        ...

    def add_edition(
        self,
        edition: Edition,
        encoded: str,
        bound: Sequence[Pending],
        deliveries: Sequence[NewDelivery],
        *,
        is_sent: bool = True,
    ) -> int:
        """Write the edition with all that it binds and sends. Raises when its slot has one already."""
        ...

    def pass_changes(self, digest: str) -> None:
        """Record that the digest needs no edit that was made until now."""
        ...

    def watch_articles(self, digest: str, edition_id: int, now: dt.datetime) -> None:
        """Let the pages of the articles that an edition shows be read again."""
        ...


class Store(Protocol):
    """The methods of the store that building editions uses."""

    @property
    def instance_id(self) -> str:
        """A random name of this database, which no other has."""
        ...

    def reading(self) -> AbstractContextManager[Reading]:
        """Open a transaction that only reads."""
        ...

    def writing(self) -> AbstractContextManager[Writing]:
        """Open the one serialised write transaction."""
        ...


@dataclass(frozen=True, slots=True)
class StoredEdition:
    """An edition that was built, and the id of its row."""

    id: int
    edition: Edition


@dataclass(frozen=True, slots=True)
class EditionBuilder:
    """Builds editions that are due."""

    store: Store
    channels: Mapping[str, Channel]
    shows_problems: bool = False
    """Whether editions name the open problems: where no operator is notified of them."""

    def build(self, digest: Digest, now: dt.datetime, *, forced: bool = False) -> StoredEdition | None:
        """Build the edition of `digest` that is due at `now`, and queue its deliveries.

        None when none is due, or when nothing is pending for a digest that is built as news comes. A due window in
        which nothing matched or changed is recorded, and sent only if the digest asks for it, or if sources could not
        be read in all that time (`must_warn`). `forced`: build what is pending now, whatever the schedule says.
        """
        with self.store.reading() as reading:  # most looks end here, and must not hold up those who write
            if self._due_window(reading, digest, now, forced=forced) is None:
                return None
        with self.store.writing() as tx:
            window = self._due_window(tx, digest, now, forced=forced)
            if window is None:
                return None
            pending = tx.pending(digest.name)
            changes = _changes(tx, digest)
            coverage = tx.coverage(window.start, digest.sources)
            edition = build_edition(digest, window, pending, coverage, now, changes=changes)
            edition = replace(edition, left_out_before=tx.left_out(digest.name))
            if self.shows_problems:
                edition = replace(edition, problems=tx.open_problems())
            is_sent = bool(edition.items or edition.changes) or digest.send_empty
            if not is_sent and edition.coverage.blind:
                before = tx.last_sent(digest.name)
                is_sent = must_warn(edition, load(before) if before else None)
            channels = [self.channels[name] for name in digest.to] if is_sent else []
            deliveries = tuple(render_deliveries(self.store.instance_id, edition, channels))
            edition_id = tx.add_edition(edition, dump(edition), pending, deliveries, is_sent=is_sent)
            if digest.changes:
                tx.pass_changes(digest.name)
                tx.watch_articles(digest.name, edition_id, now)
            failpoint("deliver.bound")
        return StoredEdition(edition_id, edition)

    def preview(self, digest: Digest, now: dt.datetime) -> Edition | None:
        """Return the edition that would be built of what is pending now; None if nothing is pending. Writes nothing."""
        with self.store.reading() as reading:
            pending = reading.pending(digest.name)
            window = requested_window(reading.digest_state(digest.name), now)
            coverage = reading.coverage(window.start, digest.sources)
            changes = _changes(reading, digest)
            if not pending and not changes:
                return None
            edition = build_edition(digest, window, pending, coverage, now, changes=changes)
            return replace(edition, left_out_before=reading.left_out(digest.name))

    def _due_window(self, reading: Reading, digest: Digest, now: dt.datetime, *, forced: bool) -> Window | None:
        """Return the window to build now; None if its slot is already taken, as after a change of the digest's zone."""
        waits = not (forced or digest.schedule.is_immediate) or reading.has_pending(digest.name)
        if not waits and not (digest.changes and reading.has_changes(digest.name)):
            return None
        state = reading.digest_state(digest.name)
        window = requested_window(state, now) if forced else due_window(digest.schedule, digest.timezone, state, now)
        return None if window is None or reading.has_slot(digest.name, window.slot) else window


def _changes(reading: Reading, digest: Digest) -> tuple[PendingChange, ...]:
    """Return what was changed of the articles that a digest has sent, if it asks for that."""
    return tuple(map(merge_edits, reading.pending_changes(digest.name))) if digest.changes else ()


def must_warn(edition: Edition, before: Edition | None) -> bool:
    """Return whether an edition without items is sent because sources could not be read in its whole window.

    `before` is the last edition that was sent: its warning is not repeated, except once a day while no source can be
    read.
    """
    blind = edition.coverage.blind
    if not blind:
        return False
    if before is None or before.coverage.blind != blind:
        return True
    zone = ZoneInfo(edition.timezone)
    other_day = edition.built_at.astimezone(zone).date() != before.built_at.astimezone(zone).date()
    return len(blind) == edition.coverage.sources and other_day


def requested_window(state: DigestState, now: dt.datetime) -> Window:
    """Return the window of an edition that a person requests, whatever the schedule says."""
    return Window(min(state.last_end or state.born_at, now), now, f"by hand {now.isoformat()}")
