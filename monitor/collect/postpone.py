"""Decide what follows a poll for which nothing was requested, because the host asked for a wait. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from monitor.collect import schedule
from monitor.collect.documents import Failure
from monitor.collect.locate import PollContext
from monitor.collect.redact import redact_message
from monitor.collect.result import PollResult, RaiseNotice, ResolveNotice, notice_decisions
from monitor.collect.storm import end_of_storm, hold_has_expired
from monitor.collect.timing import schedule_decision
from monitor.model import PollRecord
from monitor.notices.broken import resting_notice


def postpone(context: PollContext, failure: Failure, jitter: float) -> PollResult:
    """Return the result of a poll for which nothing was requested. `failure` says how long the host asked to wait.

    The poll does not count as a failure. But a source that is not read for two intervals gets a notice. Held entries
    are sent if the time for which they are held is over.
    """
    state, source = context.state, context.source
    reason = redact_message(redact_message(failure.reason, source), context.configured)
    wait = failure.retry_after or dt.timedelta()
    interval = state.interval or source.every or schedule.FIRST_INTERVAL
    next_poll = schedule.after_rest(interval, wait, now=context.now, jitter=jitter)
    last_good = state.last_success_at or state.added_at or context.now
    is_late = state.failures == 0 and context.now + wait > last_good + 2 * interval
    late = (RaiseNotice(resting_notice(source.name, reason), "its server asked for a long wait"),) if is_late else ()
    storm_is_over = hold_has_expired(state, context.now)
    over = (end_of_storm(source.name),) if storm_is_over else ()
    notices: tuple[RaiseNotice | ResolveNotice, ...] = (*late, *over)
    decisions = (schedule_decision(next_poll, context.zone), *notice_decisions(notices))
    record = PollRecord(context.now, "postponed", reason, decisions=decisions)
    storm_since = None if storm_is_over else state.storm_since
    after = replace(state, next_poll_at=next_poll.next_at, storm_since=storm_since)
    return PollResult(source.name, after, record, notices=notices, storm_is_over=storm_is_over)
