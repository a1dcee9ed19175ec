"""Build the due editions of all digests. An unexpected error in one digest does not affect the others."""

from __future__ import annotations

import datetime as dt
import traceback
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from monitor.deliver.editions import EditionBuilder
from monitor.digest import Digest
from monitor.errors import DatabaseFailed
from monitor.events import EditionBuilt, EditionCrashed, publish
from monitor.model import Edition, Notice, NoticeKind
from monitor.notices import digest_subject
from monitor.notices.crash import CRASH, edition_crashed_notice


class NoticeWriting(Protocol):
    """The methods of the store's write transaction that notices use."""

    def raise_notice(self, notice: Notice, at: dt.datetime) -> None:
        """Open the notice; if it is already open, count that it was raised again."""
        ...

    def resolve_notice(self, kind: NoticeKind, subject: str, at: dt.datetime, *, reason: str) -> None:
        """Close the notice if it is open."""
        ...


class Store(Protocol):
    """The methods of the store that building all digests uses."""

    def writing(self) -> AbstractContextManager[NoticeWriting]:
        """Open a write transaction. Only one write transaction is open at a time."""
        ...


@dataclass(frozen=True, slots=True)
class BuildResult:
    """The result for one digest: its edition, or None if no edition was due. `crash` says what failed."""

    digest: str
    edition: Edition | None = None
    crash: str | None = None


def build_all(
    builder: EditionBuilder, store: Store, digests: Iterable[Digest], now: dt.datetime
) -> tuple[BuildResult, ...]:
    """Build every edition that is due at `now`. Raises DatabaseFailed."""
    return tuple(_build_or_report_crash(builder, store, digest, now) for digest in digests)


def _build_or_report_crash(builder: EditionBuilder, store: Store, digest: Digest, now: dt.datetime) -> BuildResult:
    """Build the edition of a digest if one is due. An unexpected error becomes a notice. Raises DatabaseFailed."""
    try:
        bound = builder.build(digest, now)
    except DatabaseFailed:  # all digests would fail, and no notice could be written
        raise
    except Exception as error:  # noqa: BLE001 - the boundary of a digest: its matches stay unbound and are tried again
        return _report_crash(store, digest, error, now)
    if bound is None:
        return BuildResult(digest.name)
    with store.writing() as tx:
        tx.resolve_notice(CRASH.kind, digest_subject(digest.name), now, reason="its edition was built")
    edition = bound.edition
    publish(EditionBuilt(digest.name, edition.window.slot, len(edition.items), edition.left_out))
    return BuildResult(digest.name, edition)


def _report_crash(store: Store, digest: Digest, error: Exception, now: dt.datetime) -> BuildResult:
    reason = f"building its edition failed: {type(error).__name__}: {error}"
    publish(EditionCrashed(digest.name, "".join(traceback.format_exception(error))))
    with store.writing() as tx:
        tx.raise_notice(edition_crashed_notice(digest.name, reason), now)
    return BuildResult(digest.name, crash=reason)
