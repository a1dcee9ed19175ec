"""Decide when a source that answered is polled next, from its state and the answer. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from monitor.collect.documents import Snapshot, Unchanged
from monitor.collect.locate import PollContext
from monitor.collect.schedule import NO_WISHES, Limits, PollSchedule, PollWishes, after_success
from monitor.model import Decision, Entry, PollHints
from monitor.model.times import local_time

_MIN_DATED: Final = 4  # entries with dates, from which a turnover is estimated


def schedule_next(
    context: PollContext, outcome: Snapshot | Unchanged, limits: Limits, jitter: float, *, has_news: bool
) -> PollSchedule:
    """Return when to poll after an answer, later if the server or the feed asks for that."""
    state, hints = context.state, hints_of(context, outcome)
    return after_success(
        state.interval,
        every=context.source.every,
        limits=limits,
        first_poll=state.first_poll,
        has_news=has_news,
        now=context.now,
        wishes=PollWishes(outcome.fresh_for, hints) if _is_whole(context, outcome) else NO_WISHES,
        jitter=jitter,
    )


def hints_of(context: PollContext, outcome: Snapshot | Unchanged) -> PollHints:
    """Return what the feed says about polling, in this answer or in the last one that was read."""
    if isinstance(outcome, Unchanged):
        return context.state.hints
    return replace(outcome.reading.hints, turnover=_turnover(outcome.reading.entries, context.now))


def _turnover(entries: Sequence[Entry], now: dt.datetime) -> dt.timedelta | None:
    """Return the time in which half of a list was replaced; None if less than half of its entries have dates."""
    dates = sorted(min(entry.published.at, now) for entry in entries if entry.published is not None)
    if len(dates) < _MIN_DATED or 2 * len(dates) < len(entries):
        return None
    return dates[-1] - dates[(len(dates) - 1) // 2]


def _is_whole(context: PollContext, outcome: Snapshot | Unchanged) -> bool:
    """Return whether nothing is missing in an answer. Otherwise the next poll does not wait for a server or a feed."""
    if isinstance(outcome, Unchanged):
        return True
    has_no_gap = outcome.overlap or context.state.first_poll or context.rediscovered
    return has_no_gap and outcome.reading.complete and not outcome.failure and not outcome.read_again


def schedule_decision(next_poll: PollSchedule, zone: dt.tzinfo) -> Decision:
    """Return when the next poll is, and why, in words."""
    return Decision("next poll", f"{local_time(next_poll.next_at, zone)}: {next_poll.reason}")
