"""Build due editions. Each edition is bound, rendered and queued in one transaction."""

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
        """Return whether the digest already has an edition for this slot of its schedule."""
        ...

    def has_pending(self, digest: str) -> bool:
        """Return whether there is a match for this digest that none of its editions contains."""
        ...

    def pending(self, digest: str) -> tuple[Pending, ...]:
        """Return the matches for this digest that none of its editions contains."""
        ...

    def has_changes(self, digest: str) -> bool:
        """Return whether there is an edit for this digest that it has not sent."""
        ...

    def pending_changes(self, digest: str) -> tuple[PendingChange, ...]:
        """Return the material edits of articles of the digest's editions that the digest has not sent."""
        ...

    def coverage(self, since: dt.datetime, sources: frozenset[str] | None = None) -> Coverage:
        """Return how many of `sources` are watched, and for which of them entries since `since` may be missing."""
        ...

    def left_out(self, digest: str) -> int:
        """Return how many articles the digest's `follow` has left out since its last edition that was sent."""
        ...

    def last_sent(self, digest: str) -> str | None:
        """Return the stored text of the digest's last edition that had a recipient; None if there is none."""
        ...


class Writing(Reading, Protocol):
    """The methods of the store's write transaction that building an edition uses."""

    def open_problems(self) -> tuple[str, ...]:
        """Return the open problems in words, the worst first, without those that an edition's coverage shows anyway."""
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
        """Write the edition with its bound matches and its deliveries. Raises if its slot already has an edition."""
        ...

    def mark_changes_done(self, digest: str) -> None:
        """Record that the digest has handled all edits made until now."""
        ...

    def schedule_rereading(self, digest: str, edition_id: int, now: dt.datetime) -> None:
        """Schedule the pages of the articles in an edition to be read again."""
        ...


class Store(Protocol):
    """The methods of the store that building editions uses."""

    @property
    def instance_id(self) -> str:
        """The random, unique name of this database."""
        ...

    def reading(self) -> AbstractContextManager[Reading]:
        """Open a transaction that only reads."""
        ...

    def writing(self) -> AbstractContextManager[Writing]:
        """Open a write transaction. Only one write transaction is open at a time."""
        ...


@dataclass(frozen=True, slots=True)
class StoredEdition:
    """An edition that was built, and its id in the database."""

    id: int
    edition: Edition


@dataclass(frozen=True, slots=True)
class EditionBuilder:
    """Builds editions that are due."""

    store: Store
    channels: Mapping[str, Channel]
    shows_problems: bool = False
    """Whether editions list the open problems. They do if no operator is notified of problems."""

    def build(self, digest: Digest, now: dt.datetime, *, forced: bool = False) -> StoredEdition | None:
        """Build the edition of `digest` that is due at `now`, and queue its deliveries.

        Return None if no edition is due, or if the digest has `at = "now"` and nothing is pending. An edition in which
        nothing matched or changed is recorded. It is sent only if the digest asks for empty editions, or if sources
        could not be read in the whole window (`must_warn`). `forced`: build an edition of everything that is pending,
        even if the schedule says that none is due.
        """
        with self.store.reading() as reading:  # most calls end here, without a write transaction
            if self._due_window(reading, digest, now, forced=forced) is None:
                return None
        with self.store.writing() as tx:
            window = self._due_window(tx, digest, now, forced=forced)
            if window is None:
                return None
            pending = tx.pending(digest.name)
            changes = _reported_changes(tx, digest)
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
                tx.mark_changes_done(digest.name)
                tx.schedule_rereading(digest.name, edition_id, now)
            failpoint("deliver.bound")
        return StoredEdition(edition_id, edition)

    def preview(self, digest: Digest, now: dt.datetime) -> Edition | None:
        """Return the edition that a forced `build` would make now, without writing it; None if nothing is pending."""
        with self.store.reading() as reading:
            pending = reading.pending(digest.name)
            window = requested_window(reading.digest_state(digest.name), now)
            coverage = reading.coverage(window.start, digest.sources)
            changes = _reported_changes(reading, digest)
            if not pending and not changes:
                return None
            edition = build_edition(digest, window, pending, coverage, now, changes=changes)
            return replace(edition, left_out_before=reading.left_out(digest.name))

    def _due_window(self, reading: Reading, digest: Digest, now: dt.datetime, *, forced: bool) -> Window | None:
        """Return the window for which to build an edition now; None if no edition is due.

        No edition is due either if the slot already has one, for example after a change of the digest's time zone.
        """
        waits = not (forced or digest.schedule.is_immediate) or reading.has_pending(digest.name)
        if not waits and not (digest.changes and reading.has_changes(digest.name)):
            return None
        state = reading.digest_state(digest.name)
        window = requested_window(state, now) if forced else due_window(digest.schedule, digest.timezone, state, now)
        return None if window is None or reading.has_slot(digest.name, window.slot) else window


def _reported_changes(reading: Reading, digest: Digest) -> tuple[PendingChange, ...]:
    """Return what was changed of the articles that a digest has sent, if it asks for that."""
    return tuple(map(merge_edits, reading.pending_changes(digest.name))) if digest.changes else ()


def must_warn(edition: Edition, before: Edition | None) -> bool:
    """Return whether an edition without items is sent because sources could not be read in its whole window.

    `before` is the last edition that was sent. If it warned about the same sources, the warning is not repeated. Only
    while no source at all can be read, the warning is repeated once a day.
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
    """Return the window of an edition that a person requests. It does not depend on the schedule."""
    return Window(min(state.last_end or state.born_at, now), now, f"by hand {now.isoformat()}")
