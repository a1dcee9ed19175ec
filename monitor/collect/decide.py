"""Decide the results of a poll and what follows from them. Pure: no store, no network, no clock, no randomness.

`decide` takes the recorded state and the results of the steps before it, and returns one `PollResult`. Each decision
has a reason. Decisions about an entry are stored with the entry, decisions about the poll with its record. The log and
`monitor why` show them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from monitor.collect import schedule
from monitor.collect.articles import Pages
from monitor.collect.diff import ChangedEntry, RecordedState
from monitor.collect.documents import Failure, Snapshot, Unchanged
from monitor.collect.doubts import after_doubts
from monitor.collect.entries import LATE_PAGE, decide_entry, decide_late_page
from monitor.collect.locate import PollContext
from monitor.collect.moves import address_decisions, count_moves
from monitor.collect.notices import (
    GONE_STATUS,
    after_answer,
    after_failure,
    after_pages,
    after_robots,
    end_other_failures,
)
from monitor.collect.postpone import postpone
from monitor.collect.quiet import follow_activity
from monitor.collect.redact import redact_message
from monitor.collect.result import PollResult, PostponedPage, RaiseNotice, ResolveNotice, notice_decisions
from monitor.collect.robots import RobotsReport, robots_decisions
from monitor.collect.schedule import Limits, PollSchedule
from monitor.collect.storm import end_of_storm, hold_has_expired, hold_storm
from monitor.collect.timing import hints_of, schedule_decision, schedule_next
from monitor.model import Decision, EntryChange, PollRecord, Source, SourceState, Validators
from monitor.model.activity import with_poll
from monitor.model.feeds import NO_SLICES, FeedSlices
from monitor.rules import RuleSet
from monitor.stories import has_new_key

NO_PAGES: Final = Pages()
NOTHING_RECORDED: Final = RecordedState()
NOTHING_ASKED: Final = RobotsReport()


def decide(
    context: PollContext,
    outcome: Snapshot | Unchanged | Failure,
    changes: Sequence[ChangedEntry] = (),
    pages: Pages = NO_PAGES,
    before: RecordedState = NOTHING_RECORDED,
    *,
    rules: RuleSet,
    limits: Limits,
    jitter: float,
    robots: RobotsReport = NOTHING_ASKED,
) -> PollResult:
    """Return all that follows from a poll.

    `changes` are the new and changed entries of a snapshot. `pages` are the results of reading article pages. `before`
    is the recorded state. `jitter` (0 to 1) spreads the polls. `robots` is what the robots.txt files said.
    """
    if isinstance(outcome, Failure):
        return _decide_failure(context, outcome, limits, jitter)
    source, known = context.source, context.state
    storm = hold_storm(context, outcome, changes, before)
    retried = tuple((retry, page) for retry, page in pages.retried if page.article is not None)
    entries = (
        *(decide_entry(change, page, source, rules) for change, page in zip(storm.changes, pages.read, strict=True)),
        *(decide_late_page(one, before.archive[one.known.article_id], page, source, rules) for one, page in retried),
    )
    new = sum(entry.known is None for entry in entries)
    next_poll = schedule_next(context, outcome, limits, jitter, has_news=new > 0)
    validators, kept = _next_validators(outcome)
    empty_answers = _empty_answers(known, outcome, before.last_entry_count)
    followed = follow_activity(
        context, _state_after_success(context, outcome, next_poll, new=new), entries, before.publications
    )
    notices = (
        *after_pages(source, pages),
        *after_robots(source, robots, pages.failures),
        *after_answer(
            context,
            outcome,
            new=new,
            last_entry_count=before.last_entry_count,
            empty_answers=empty_answers,
            with_new_keys=sum(one.known is not None and has_new_key(one.entry, one.known) for one in changes),
        ),
        *after_doubts(context, outcome, pages, new),
        *storm.notices,
        *followed.notices,
    )
    record = replace(
        _poll_record(context, outcome, pages),
        new=new,
        decisions=(
            *_count_decisions(outcome, entries),
            *_request_decisions(context, outcome),
            kept,
            schedule_decision(next_poll, context.zone),
            *notice_decisions(notices),
        ),
    )
    state = replace(
        followed.state,
        validators=validators,
        page_failures=pages.failures,
        empty_answers=empty_answers,
        storm_since=storm.since,
    )
    postponed = _postponed_pages(pages)
    result = PollResult(source.name, state, record, entries, postponed, notices=notices, storm_is_over=storm.released)
    return _with_document_state(result, outcome, source)


def _with_document_state(result: PollResult, outcome: Snapshot | Unchanged, source: Source) -> PollResult:
    """Return the result with the state that depends on the documents, if they were read."""
    if isinstance(outcome, Unchanged):
        return result
    state = result.state
    cut_hash = None if outcome.reading.complete else outcome.validators.body_hash
    same_cut = cut_hash is not None and cut_hash == state.cut_hash
    cut_since = state.cut_since if same_cut else None if cut_hash is None else result.record.at
    state = replace(state, gap_since=outcome.gap_since, cut_hash=cut_hash, cut_since=cut_since)
    slices = _next_slices(source, outcome, state.validators)
    return replace(result, state=state, sitemaps=outcome.sitemaps, slices=slices)


def _request_decisions(context: PollContext, outcome: Snapshot | Unchanged) -> tuple[Decision, ...]:
    return (*address_decisions(context, outcome), *robots_decisions(context.source))


def _postponed_pages(pages: Pages) -> tuple[PostponedPage, ...]:
    """Return the pages that were tried again and could not be read."""
    unread = [(retry, page) for retry, page in pages.retried if page.article is None]
    return tuple(PostponedPage(retry.known.key, page.due, page.tries, page.reason) for retry, page in unread)


def _empty_answers(state: SourceState, outcome: Snapshot | Unchanged, last_entry_count: int) -> int:
    """Return how many answers in a row were empty, including this one."""
    if isinstance(outcome, Unchanged):
        return state.empty_answers + 1 if state.empty_answers else 0
    if outcome.reading.entries or outcome.reading.parts:
        return 0
    return state.empty_answers + 1 if state.empty_answers or last_entry_count else 0


def _poll_record(context: PollContext, outcome: Snapshot | Unchanged, pages: Pages) -> PollRecord:
    """Return the record of a poll that got an answer, without the decisions, which are added later."""
    if isinstance(outcome, Unchanged):
        messages = "; ".join((outcome.in_words, *pages.problems))
        return PollRecord(context.now, outcome.outcome, messages, outcome.status, seconds=outcome.seconds)
    listed = len(outcome.reading.entries)
    read = f"read {listed} entries" + (f" in {outcome.documents + 1} documents" if outcome.documents else "")
    messages = "; ".join(filter(None, (read, outcome.failure, *outcome.reading.problems, *pages.problems)))
    size, seconds = outcome.size, outcome.seconds
    return PollRecord(context.now, "ok", messages, outcome.status, entries=listed, size=size, seconds=seconds)


def _decide_failure(context: PollContext, failure: Failure, limits: Limits, jitter: float) -> PollResult:
    """Decide what follows a failure. The validators of the last complete answer are kept.

    The reason of a failure may quote the address or the document. Secrets in it are removed here, before the reason
    reaches the log, the notices and the database.
    """
    if failure.postponed:
        return postpone(context.without_discovery(), failure, jitter)
    if not failure.forbidden:  # otherwise each poll would request the forbidden page for the discovery
        context = context.without_discovery()
    reason = redact_message(redact_message(failure.reason, context.source), context.configured)
    failure, state = replace(failure, reason=reason), context.state
    next_poll = schedule.after_failure(
        state.interval,
        every=context.source.every,
        limits=limits,
        failures=state.failures + 1,
        retry_after=failure.retry_after,
        now=context.now + dt.timedelta(seconds=failure.seconds),
        jitter=jitter,
        may_pass=failure.may_pass,
    )
    if failure.wall is not None:  # after a refusal the next poll is not earlier than usual
        next_poll = replace(next_poll, next_at=max(next_poll.next_at, context.now + next_poll.interval))
    # The next poll asks the configured address again, unless the new one is forbidden: the old one leads there.
    elsewhere = context.is_at_new_address and not failure.forbidden
    gone = failure.status == GONE_STATUS and failure.wall is None and not elsewhere
    storm_is_over = hold_has_expired(state, context.now) or (state.storm_since is not None and gone)
    over = (end_of_storm(context.source.name),) if storm_is_over else ()
    raised = after_failure(context, failure)
    notices: tuple[RaiseNotice | ResolveNotice, ...] = (raised, *end_other_failures(raised.notice), *over)
    kept = Decision("validators", "kept: those of the last complete answer")
    validators = state.validators
    if elsewhere:
        kept = Decision("validators", "dropped: the configured address is requested again, and they are of another")
        validators = Validators(body_hash=state.validators.body_hash)
    wall = (Decision("wall", f"{failure.wall.kind}: {failure.wall.name}"),) if failure.wall else ()
    decisions = (*wall, kept, schedule_decision(next_poll, context.zone), *notice_decisions(notices))
    record = PollRecord(context.now, "failed", failure.reason, failure.status, decisions=decisions)
    after = replace(
        state,
        polls=state.polls + 1,
        failures=state.failures + 1,
        interval=next_poll.interval,
        next_poll_at=next_poll.next_at,
        last_polled_at=context.now,
        last_error=failure.reason,
        paused=failure.reason if gone else None,
        days=with_poll(state.days, context.now.astimezone(context.zone).date(), failed=True),
        storm_since=None if storm_is_over else state.storm_since,
        validators=validators,
        moved_to=None if elsewhere else state.moved_to,
        moved_answers=0 if elsewhere else state.moved_answers,
    )
    return PollResult(context.source.name, after, record, notices=notices, storm_is_over=storm_is_over)


def _state_after_success(
    context: PollContext, outcome: Snapshot | Unchanged, next_poll: PollSchedule, *, new: int
) -> SourceState:
    """Return the state of a source after an answer: without failures and pause, and with the time of the next poll."""
    state, now = context.state, context.now
    is_unmodified = isinstance(outcome, Unchanged) and outcome.outcome == "not_modified"
    moved_to, moved_answers = count_moves(context, outcome)
    return replace(
        state,
        moved_to=moved_to,
        moved_answers=moved_answers,
        hints=hints_of(context, outcome),
        polls=state.polls + 1,
        failures=0,
        interval=next_poll.interval,
        next_poll_at=next_poll.next_at,
        last_polled_at=now,
        last_success_at=now,
        last_new_at=now if new else state.last_new_at,
        last_error=None,
        paused=None,
        unmodified_since=(state.unmodified_since or now) if is_unmodified else None,
        days=with_poll(state.days, now.astimezone(context.zone).date(), new=new),
    )


def _next_validators(outcome: Snapshot | Unchanged) -> tuple[Validators, Decision]:
    """Return the validators to send with the next request, and why.

    No validators are kept for an incomplete document: the server would answer "not modified" for ever, and the missing
    entries would be lost. No validators are kept either if a further document must be read again, because that requires
    reading the first document again.
    """
    if isinstance(outcome, Unchanged):
        return outcome.validators, Decision("validators", f"kept: {outcome.in_words}")
    if outcome.read_again:
        return Validators(), Decision("validators", "dropped: a further document must be read again")
    if not outcome.reading.complete:
        return Validators(), Decision("validators", "dropped: the answer is not complete")
    return outcome.validators, Decision("validators", "kept: the answer is complete")


def _next_slices(source: Source, outcome: Snapshot, validators: Validators) -> FeedSlices | None:
    """Return what is kept of a feed for its next poll: nothing where its validators are dropped."""
    if source.kind != "feed":
        return None
    return outcome.slices if validators == outcome.validators else NO_SLICES


def _count_decisions(outcome: Snapshot | Unchanged, entries: Sequence[EntryChange]) -> tuple[Decision, ...]:
    """Return how many entries of the answer are new, changed, unchanged and so on, in words."""
    kinds = [entry.decision.kind for entry in entries if entry.decision is not None]
    counts = [f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds)]
    if suppressed := sum(entry.suppressed_reason is not None for entry in entries):
        counts.append(f"{suppressed} of them not to be sent")
    if isinstance(outcome, Snapshot):
        left = outcome.reading.unfinished - {entry.entry.key for entry in entries}
        unchanged = len(outcome.reading.entries) - len(left) - len([kind for kind in kinds if kind != LATE_PAGE])
        counts.append(f"{unchanged} unchanged")
        counts += [f"{len(left)} incomplete and left out"] if left else []
    return (Decision("entries", ", ".join(counts)),) if counts else ()
