"""Decide what follows a poll for which nothing was requested, because the host asked for a wait. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from monitor.collect import schedule
from monitor.collect.documents import Failure
from monitor.collect.locate import PollContext
from monitor.collect.redact import redact_message
from monitor.collect.result import PollResult, RaiseNotice, notice_decisions
from monitor.collect.timing import schedule_decision
from monitor.model import PollRecord
from monitor.notices.broken import resting_notice


def postpone(context: PollContext, failure: Failure, jitter: float) -> PollResult:
    """Return the result of a poll for which nothing was requested. `failure` says how long the host asked to wait.

    The poll does not count as a failure. But a source that is not read for two intervals gets a notice.
    """
    state, source = context.state, context.source
    reason = redact_message(redact_message(failure.reason, source), context.configured)
    wait = failure.retry_after or dt.timedelta()
    interval = state.interval or source.every or schedule.FIRST_INTERVAL
    next_poll = schedule.after_rest(interval, wait, now=context.now, jitter=jitter)
    last_good = state.last_success_at or state.added_at or context.now
    is_late = state.failures == 0 and context.now + wait > last_good + 2 * interval
    notices = (RaiseNotice(resting_notice(source.name, reason), "its server asked for a long wait"),)
    decisions = (schedule_decision(next_poll, context.zone), *notice_decisions(notices if is_late else ()))
    record = PollRecord(context.now, "postponed", reason, decisions=decisions)
    after = replace(state, next_poll_at=next_poll.next_at)
    return PollResult(source.name, after, record, notices=notices if is_late else ())
