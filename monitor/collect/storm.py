"""Hold new entries if there are far more than ever before (a storm), until the source lists them again. Pure.

After a site is rebuilt, or if a server sends the answer for another address, an answer may list hundreds of entries
that are not news. If they really are news, the next answer lists them again. Nothing is held for longer than a day
(decision 0026).
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
"""New entries are a storm if there are more than this many times as many as in any earlier poll.

Besides, there must be at least `MIN_STORM`.
"""

MAX_HOLD: Final = dt.timedelta(days=1)
"""How long entries are held at most. After an outage of this length, many new entries are expected and not a storm."""


@dataclass(frozen=True, slots=True)
class StormDecision:
    """The decision which entries are held. `changes` are all changes, with the new entries held if they are a storm.

    `since`: since when entries of the source are held (None: no entries are held). `released`: entries that were held
    before this poll are sent now.
    """

    changes: tuple[ChangedEntry, ...]
    since: dt.datetime | None
    released: bool
    notices: tuple[RaiseNotice | ResolveNotice, ...] = ()


def hold_storm(
    context: PollContext, outcome: Snapshot | Unchanged, changes: Sequence[ChangedEntry], before: RecordedState
) -> StormDecision:
    """Decide which of the new entries are held, and whether entries that were held before are sent now."""
    state, name = context.state, context.source.name
    released = hold_has_expired(state, context.now) or (
        state.storm_since is not None and _is_confirmed(state, outcome, before)
    )
    notices: list[RaiseNotice | ResolveNotice] = [end_of_storm(name)] if released else []
    since = None if released else state.storm_since
    new = 0 if before.max_new_entries is None else sum(map(_is_news, changes))
    if before.max_new_entries is None or not _is_storm(context, outcome, new, before.max_new_entries):
        return StormDecision(tuple(changes), since, released, tuple(notices))
    notices.append(RaiseNotice(storm_notice(name, new, before.max_new_entries), f"{new} new entries at once"))
    held = tuple(_hold(change) if _is_news(change) else change for change in changes)
    return StormDecision(held, since or context.now, released, tuple(notices))


def hold_has_expired(state: SourceState, now: dt.datetime) -> bool:
    """Return whether entries of the source have been held for the maximum time."""
    return state.storm_since is not None and now - state.storm_since >= MAX_HOLD


def end_of_storm(source: str) -> ResolveNotice:
    """Return the end of the notice about a storm of `source`."""
    return ResolveNotice(STORM_NOTICE.kind, source, "the held entries are sent")


def _is_news(change: ChangedEntry) -> bool:
    return change.known is None and change.suppressed_reason is None


def _is_storm(context: PollContext, outcome: Snapshot | Unchanged, new: int, max_before: int) -> bool:
    """Return whether `new` entries are a storm: far more than `max_before`, the most in any earlier poll.

    After a time without polls many new entries are expected and not a storm. The same is true if further pages of the
    list were read to find the entries since the last poll.
    """
    state = context.state
    if new < MIN_STORM or new <= STORM_FACTOR * max_before or state.first_poll or context.rediscovered:
        return False
    if state.gap_since is not None or (isinstance(outcome, Snapshot) and outcome.documents and outcome.overlap):
        return False
    usual = max(MAX_HOLD, 2 * (state.interval or dt.timedelta()))
    return state.last_success_at is not None and context.now - state.last_success_at < usual


def _is_confirmed(state: SourceState, outcome: Snapshot | Unchanged, before: RecordedState) -> bool:
    """Return whether an answer confirms the held entries.

    It does if it is complete and lists at least half of them, or if it is unchanged since the answer with the storm.
    """
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
