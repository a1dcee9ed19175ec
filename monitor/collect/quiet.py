"""Follow when a source publishes, and decide whether it has been quiet for too long. Pure.

The rhythm is learned from `SourceState.activity` only if nothing new came for `MIN_QUIET`. It states when a pause is
too long, and until then polls compare two times (docs/decisions/0029).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from monitor.collect.locate import PollContext
from monitor.collect.result import RaiseNotice, ResolveNotice
from monitor.collect.rhythm import MIN_QUIET, judge
from monitor.model import Activity, EntryChange, Publication, SourceState
from monitor.model.suppressed import TOO_MANY_NEW
from monitor.notices.silent import SILENT, silent_notice

MIN_EQUAL_DATES: Final = 5
"""If so many entries have the same date and no entry has another one, the dates are not those of the entries."""

_GRACE_AFTER_UPGRADE: Final = dt.timedelta(days=1)  # nothing is judged before all sources were polled once
_MAX_LISTING_DELAY: Final = dt.timedelta(days=3)  # an entry with an older date was listed late
_INEXACT: Final = ("month", "year")


@dataclass(frozen=True, slots=True)
class Followed:
    """The state of a source with its activity, and the notices that follow from it."""

    state: SourceState
    notices: tuple[RaiseNotice | ResolveNotice, ...] = ()


def follow_activity(
    context: PollContext, state: SourceState, entries: Sequence[EntryChange], recorded: Sequence[Publication]
) -> Followed:
    """Return the state after a usable answer with the activity of the source, and the notice about a long pause.

    `state` is the state after the poll without its activity. `entries` are the new and changed entries. `recorded` are
    the recorded entries of a source whose activity was not followed yet. Hours and a newest entry that are later than
    now were recorded while the clock was ahead: the hours are dropped, and the newest entry counts as one of now.
    """
    before, now, name = context.state, context.now, context.source.name
    new = [one for one in entries if one.known is None]
    moments = publication_times((*recorded, *_publications(new, context)), before.last_success_at)
    latest = max(now, before.added_at or now)  # if the source was added later than now, the present clock is behind
    activity = (before.activity or Activity()).until(latest).with_moments(moments)
    newest_at = max((*moments, *(min(at, latest) for at in (before.newest_at,) if at is not None)), default=None)
    state = replace(state, activity=activity, newest_at=newest_at)
    if before.activity is None and not before.first_poll:
        return Followed(replace(state, quiet_check_at=now + _GRACE_AFTER_UPGRADE))
    if not before.first_poll and any(one.suppressed_reason in (None, TOO_MANY_NEW) for one in new):
        over = ResolveNotice(SILENT.kind, name, "it listed something new")
        return Followed(replace(state, quiet_check_at=now + MIN_QUIET), (over,))
    check_at = (None if new else before.quiet_check_at) or (newest_at or now) + MIN_QUIET
    if now < check_at:
        return Followed(replace(state, quiet_check_at=check_at))
    since = newest_at or state.last_new_at or before.added_at or now
    quiet, check_at = judge(activity.until(now), context.zone_of_source, now, since)
    if quiet is None:
        change: RaiseNotice | ResolveNotice = ResolveNotice(SILENT.kind, name, "the pause is within its rhythm")
    else:
        change = RaiseNotice(
            silent_notice(name, quiet, now, context.zone, has_newest=newest_at is not None),
            "nothing new for longer than usual",
        )
    return Followed(replace(state, quiet_check_at=check_at), (change,))


def _publications(new: Iterable[EntryChange], context: PollContext) -> list[Publication]:
    """Return when the new entries were published. Those of a first answer, and older ones, are the baseline."""
    return [
        Publication(
            one.entry.published or one.entry.updated or one.article.published,
            context.now,
            context.state.first_poll or one.suppressed_reason not in (None, TOO_MANY_NEW),
        )
        for one in new
    ]


def publication_times(
    publications: Sequence[Publication], last_success_at: dt.datetime | None = None
) -> list[dt.datetime]:
    """Return when the entries came, as far as it is known.

    It is the date of publication, if the entry was listed soon after it, else the time when it was first seen.
    `last_success_at` is when the list was read before. Entries of a baseline have only their dates. These do not count
    if many entries have the same date, which is then the date of the list.
    """
    dates = {one.published.at for one in publications if one.baseline and one.published is not None}
    same = len(dates) == 1 and len(publications) >= MIN_EQUAL_DATES
    times = []
    for one in publications:
        is_exact = one.published is not None and one.published.precision not in _INEXACT
        latest = one.published.latest if one.published is not None and is_exact else None
        if one.baseline:
            times += [min(latest, one.first_seen_at)] if latest is not None and not same else []
            continue
        earliest = min(last_success_at or one.first_seen_at, one.first_seen_at - _MAX_LISTING_DELAY)
        is_dated = latest is not None and latest >= earliest
        times.append(min(latest, one.first_seen_at) if latest is not None and is_dated else one.first_seen_at)
    return times
