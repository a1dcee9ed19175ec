"""Hold new entries that are far more than ever before, until the source lists them again. Pure.

A site that is rebuilt, or an answer that belongs to another, may list hundreds of entries that nobody announced. If
they are right, the next answer lists them again. Nothing is held for longer than a day (decision 0026).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from monitor.collect.diff import MIN_STORM, ChangedEntry, RecordedState
from monitor.collect.documents import Snapshot, Unchanged
from monitor.collect.locate import PollContext
from monitor.collect.result import RaiseNotice, ResolveNotice
from monitor.model import Decision, SourceState
from monitor.model.suppressed import TOO_MANY_NEW
from monitor.notices.storm import STORM as STORM_NOTICE
from monitor.notices.storm import storm_notice

STORM_FACTOR: Final = 5
"""New entries are a storm if they are more than this many times those of any earlier poll, and at least `MIN_STORM`."""

MAX_HOLD: Final = dt.timedelta(days=1)
"""For how long entries are held. After an outage this long, many new entries are no storm: they were missed."""


@dataclass(frozen=True, slots=True)
class StormDecision:
    """`changes`, with the new entries held if they are a storm. `since`: since when any are held.

    `released`: what was held before this poll is sent now.
    """

    changes: tuple[ChangedEntry, ...]
    since: dt.datetime | None
    released: bool
    notices: tuple[RaiseNotice | ResolveNotice, ...] = ()


def hold_storm(
    context: PollContext, outcome: Snapshot | Unchanged, changes: Sequence[ChangedEntry], before: RecordedState
) -> StormDecision:
    """Decide which of the new entries are held, and whether those that were held before are sent."""
    state, name = context.state, context.source.name
    released = hold_has_expired(state, context.now) or (
        state.storm_since is not None and _is_confirmed(state, outcome, before)
    )
    notices: list[RaiseNotice | ResolveNotice] = (
        [ResolveNotice(STORM_NOTICE.kind, name, "the held entries are sent")] if released else []
    )
    since = None if released else state.storm_since
    new = 0 if before.max_new_entries is None else sum(map(_is_news, changes))
    if before.max_new_entries is None or not _is_storm(context, outcome, new, before.max_new_entries):
        return StormDecision(tuple(changes), since, released, tuple(notices))
    notices.append(RaiseNotice(storm_notice(name, new, before.max_new_entries), f"{new} new entries at once"))
    held = tuple(_hold(change) if _is_news(change) else change for change in changes)
    return StormDecision(held, since or context.now, released, tuple(notices))


def hold_has_expired(state: SourceState, now: dt.datetime) -> bool:
    """Return whether entries of the source have been held for as long as may be."""
    return state.storm_since is not None and now - state.storm_since >= MAX_HOLD


def _is_news(change: ChangedEntry) -> bool:
    return change.known is None and change.suppressed_reason is None


def _is_storm(context: PollContext, outcome: Snapshot | Unchanged, new: int, most: int) -> bool:
    """Return whether `new` entries are far more than ever before, and do not fill a gap.

    A gap is a time without polls, or one that further pages of the list have just closed.
    """
    state = context.state
    if new < MIN_STORM or new <= STORM_FACTOR * most or state.first_poll or context.rediscovered:
        return False
    if state.gap_since is not None or (isinstance(outcome, Snapshot) and outcome.documents and outcome.overlap):
        return False
    usual = max(MAX_HOLD, 2 * (state.interval or dt.timedelta()))
    return state.last_success_at is not None and context.now - state.last_success_at < usual


def _is_confirmed(state: SourceState, outcome: Snapshot | Unchanged, before: RecordedState) -> bool:
    """Return whether a complete answer lists at least half of what is held, or is still the one that began it."""
    if isinstance(outcome, Unchanged):
        return state.last_success_at == state.storm_since
    listed = {one.article_id for one in before.known.values()}
    return (
        outcome.reading.complete
        and not outcome.failure
        and len(before.held_articles & listed) * 2 >= len(before.held_articles)
    )


def _hold(change: ChangedEntry) -> ChangedEntry:
    decision = Decision(change.decision.kind, f"{change.decision.reason}; not to be sent: {TOO_MANY_NEW}")
    return replace(change, suppressed_reason=TOO_MANY_NEW, decision=decision)
