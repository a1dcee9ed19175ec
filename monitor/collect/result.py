"""The decisions of one poll as one frozen value, which `apply` writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from monitor.model import Decision, EntryChange, Notice, NoticeKind, PollRecord, SitemapState, SourceState
from monitor.model.feeds import FeedSlices


@dataclass(frozen=True, slots=True)
class Collected:
    """The result of a poll: its record, and whether it was interrupted because the program stops."""

    source: str
    poll: PollRecord
    stopped: bool = False

    @property
    def failed(self) -> bool:
        """Whether the source could not be read."""
        return self.poll.outcome == "failed" and not self.stopped


@dataclass(frozen=True, slots=True)
class RaiseNotice:
    """Open this notice; if it is already open, count that it was raised again. `reason` says why, in a few words."""

    notice: Notice
    reason: str


@dataclass(frozen=True, slots=True)
class ResolveNotice:
    """Resolve a notice if it is open and was not raised within `quiet_for` before the poll. `reason` says why."""

    kind: NoticeKind
    subject: str
    reason: str
    quiet_for: dt.timedelta = dt.timedelta()


@dataclass(frozen=True, slots=True)
class PostponedPage:
    """The page of a recorded entry could not be read again: why, after how many attempts, and when to try it next.

    `due` is None if the page is not tried again.
    """

    key: str
    due: dt.datetime | None
    tries: int
    reason: str


@dataclass(frozen=True, slots=True)
class PollResult:
    """The decisions of a poll. `state` is the source's new state. `record` lacks only the number of matches.

    `entries` are written in this order. `postponed` are pages of recorded entries that are tried later. `sitemaps` are
    the new states of the sitemaps of an index. `notices` are raised and resolved in this order. `storm_is_over`:
    articles that were held, because far more new entries than ever before were listed at once, are sent now. `slices`
    is what is kept of a feed for its next poll (None: what is kept does not change).
    """

    source: str
    state: SourceState
    record: PollRecord
    entries: tuple[EntryChange, ...] = ()
    postponed: tuple[PostponedPage, ...] = ()
    sitemaps: Mapping[str, SitemapState] = field(default_factory=dict)
    notices: tuple[RaiseNotice | ResolveNotice, ...] = ()
    storm_is_over: bool = False
    slices: FeedSlices | None = None


def notice_decisions(notices: Sequence[RaiseNotice | ResolveNotice]) -> tuple[Decision, ...]:
    """Return the notices that a poll raises, each with the reason, in words."""
    return tuple(Decision(f"notice {one.notice.kind}", one.reason) for one in notices if isinstance(one, RaiseNotice))
