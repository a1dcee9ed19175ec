"""Decide which notices to raise and resolve after a poll, and why. Their texts are in `monitor.notices`. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final

from monitor.collect.articles import Pages
from monitor.collect.documents import Failure, Snapshot, Unchanged
from monitor.collect.locate import MIN_MOVED_ANSWERS, PollContext
from monitor.collect.result import RaiseNotice, ResolveNotice
from monitor.collect.robots import RobotsReport
from monitor.model import Notice, Reading, Source
from monitor.model.times import local_time
from monitor.notices import KINDS
from monitor.notices.base import NO_PROBLEM, Answer
from monitor.notices.broken import BROKEN, incomplete_notice, unreadable_notice
from monitor.notices.changed import CHANGED
from monitor.notices.crash import CRASH, poll_crashed_notice
from monitor.notices.cut import CUT, left_out_notice
from monitor.notices.forbidden import FORBIDDEN, forbidden_notice
from monitor.notices.found import found_elsewhere_notice
from monitor.notices.gap import overflow_notice, page_unread_notice
from monitor.notices.gone import paused_notice
from monitor.notices.moved import MOVED, followed_notice, moved_notice, secret_move_notice
from monitor.notices.pages import PAGES, unread_pages_notice
from monitor.notices.rekeyed import rekeyed_notice
from monitor.notices.robots import ROBOTS, list_refused_notice, pages_refused_notice
from monitor.notices.shortened import shortened_notice
from monitor.notices.wall import WALL, wall_notice
from monitor.text.address import host_of

GONE_STATUS: Final = 410
"""The status with which a server says that a resource is gone for good (RFC 9110, 15.5.11)."""

MANY_PAGE_FAILURES: Final = 5
"""If this many article pages in a row cannot be read, the cause is the site or the requests, and not a single page."""


def after_answer(
    context: PollContext,
    snapshot: Snapshot | Unchanged,
    *,
    new: int,
    last_entry_count: int,
    empty_answers: int,
    with_new_keys: int = 0,
) -> tuple[RaiseNotice | ResolveNotice, ...]:
    """Return the notices to raise and resolve for a source that answered.

    `new` is the number of new entries. `last_entry_count` is the number of entries in the answer before, if this answer
    has no entries. `empty_answers` is the number of empty answers in a row. `with_new_keys` is the number of known
    entries that have other keys now.
    """
    source, state = context.source, context.state
    incomplete_answer = isinstance(snapshot, Snapshot) and not snapshot.reading.complete
    changes: list[RaiseNotice | ResolveNotice] = [
        ResolveNotice(one.kind, source.name, "the source answered", one.shown_for)
        for one in KINDS.values()
        if one.ends_with_answer and not (incomplete_answer and one is BROKEN)
    ]
    changes += _judge_answer(context, snapshot, new, last_entry_count, empty_answers)
    changes += _limit_notices(source.name, None if isinstance(snapshot, Unchanged) else snapshot.reading)
    if isinstance(snapshot, Unchanged):
        return tuple(changes)
    changes.append(_judge_address(context, snapshot))
    overlap = snapshot.overlap or context.rediscovered
    if snapshot.failure or (new and not overlap and state.last_new_at is not None):
        changes.append(_gap_notice(context, snapshot, new, state.last_success_at or context.now))
    changed = snapshot.relocated
    if with_new_keys and changed is None and not context.rediscovered:  # otherwise another notice gives the reason
        changes.append(RaiseNotice(rekeyed_notice(source.name, with_new_keys), "known entries have other keys"))
    changes.append(
        ResolveNotice(CHANGED.kind, source.name, "the list is read as configured")
        if changed is None
        else RaiseNotice(changed, "the page was changed")
    )
    if context.lost_reason and state.found is not None:
        changes.append(
            RaiseNotice(found_elsewhere_notice(source.name, state.found, context.lost_reason), "its endpoint was lost")
        )
    if incomplete_answer:
        changes.append(
            RaiseNotice(incomplete_notice(source.name, snapshot.reading.problems), "the answer was read in part")
        )
    return tuple(changes)


def _limit_notices(source: str, reading: Reading | None) -> Iterator[RaiseNotice | ResolveNotice]:
    """Yield the notices about limits that left out a part of an answer. `reading` is None if it was not read again."""
    if reading is None:
        return
    if reading.cuts:
        yield RaiseNotice(left_out_notice(source, reading.cuts), "a limit left entries out")
    else:
        yield ResolveNotice(CUT.kind, source, "all that it lists was read", CUT.shown_for)
    yield from _shortened_notices(source, reading.shortened)


def _shortened_notices(source: str, shortened: Sequence[str]) -> Iterator[RaiseNotice]:
    """Yield the notice that texts were shortened, if any were."""
    if shortened:
        yield RaiseNotice(shortened_notice(source, shortened), "texts are longer than what is kept")


def _judge_answer(
    context: PollContext, snapshot: Snapshot | Unchanged, new: int, last_entry_count: int, empty_answers: int
) -> Iterator[RaiseNotice | ResolveNotice]:
    """Let each kind of notice with a check of its own (`after_answer`) judge an answer, and yield the results."""
    reading = None if isinstance(snapshot, Unchanged) else snapshot.reading
    answer = Answer(
        context.source.name,
        context.now,
        listed=len(reading.entries) if reading else 0,
        new=new,
        last_entry_count=last_entry_count,
        empty_answers=empty_answers,
        unchanged=reading is None,
        in_sitemaps=reading is not None and bool(reading.parts),
        last_new_at=context.state.last_new_at,
    )
    for one in KINDS.values():
        judgement = one.after_answer(answer)
        if isinstance(judgement, Notice):
            yield RaiseNotice(judgement, judgement.message)
        elif judgement == NO_PROBLEM:
            yield ResolveNotice(one.kind, answer.source, one.closed_when, one.shown_for)


def _gap_notice(context: PollContext, snapshot: Snapshot, new: int, since: dt.datetime) -> RaiseNotice:
    """Return the notice that entries since the last poll, which was at `since`, may be missing."""
    name = context.source.name
    if snapshot.failure:
        return RaiseNotice(page_unread_notice(name, snapshot.failure), "a further document could not be read")
    old = len(snapshot.reading.entries) - new
    return RaiseNotice(overflow_notice(name, new, old, since, context.zone), "no overlap with the last answer")


def _judge_address(context: PollContext, snapshot: Snapshot) -> RaiseNotice | ResolveNotice:
    """Return the notice that the source moved for good, or its end if it answers at the configured address."""
    source, moved_to, reason = context.source, snapshot.moved_to, "the server moved it for good"
    new_address = source.url if moved_to is None else moved_to
    still_there = moved_to == context.state.moved_to and context.state.moved_answers >= MIN_MOVED_ANSWERS
    if still_there or (moved_to is None and context.is_at_new_address):
        return RaiseNotice(followed_notice(source.name, new_address), reason)
    if moved_to is None:
        return ResolveNotice(MOVED.kind, source.name, "it answers at the configured address")
    if not moved_to:  # the old address is secret, so the new address may be, too
        return RaiseNotice(secret_move_notice(source.name, source.shown_url), reason)
    return RaiseNotice(moved_notice(source.name, moved_to), reason)


def after_pages(source: Source, pages: Pages) -> tuple[RaiseNotice | ResolveNotice, ...]:
    """Return the notices about article pages: they repeatedly fail, or are too long."""
    too_long = tuple(_shortened_notices(source.name, pages.too_long))
    if not source.full_text or pages.failures < MANY_PAGE_FAILURES:
        return (*too_long, ResolveNotice(PAGES.kind, source.name, "its article pages are read, or are not needed"))
    if not pages.last_failed:
        return too_long
    notice = unread_pages_notice(source.name, pages.failures, pages.why, pages.last_failed)
    return (*too_long, RaiseNotice(notice, f"{pages.failures} article pages in a row failed"))


def after_robots(source: Source, report: RobotsReport, page_failures: int) -> tuple[RaiseNotice | ResolveNotice, ...]:
    """Return the notices about pages that a robots.txt forbids.

    A poll may request no page of an article. So such a notice ends only when a page is allowed, or when no pages are
    missing (`page_failures`: the number of articles in a row whose pages could not be read).
    """
    is_clear = bool(report.allowed_pages) or not (source.full_text and source.robots)
    changes: list[RaiseNotice | ResolveNotice] = []
    if report.refused:
        notice = pages_refused_notice(source.name, len(report.refused), host_of(report.refused[0]))
        changes.append(RaiseNotice(notice, "a robots.txt forbids pages"))
    elif is_clear or not page_failures:
        changes.append(ResolveNotice(ROBOTS.kind, source.name, "no robots.txt forbids its pages"))
    if report.forbidden:
        notice = forbidden_notice(source.name, host_of(report.forbidden[0]))
        changes.append(RaiseNotice(notice, "a robots.txt forbids what is requested"))
    elif is_clear:
        changes.append(ResolveNotice(FORBIDDEN.kind, source.name, "no robots.txt forbids what it requests"))
    return tuple(changes)


def after_failure(context: PollContext, failure: Failure) -> RaiseNotice:
    """Return the notice about a source that failed: why it failed, and what to do."""
    source, last_good = context.source, context.state.last_success_at
    if failure.wall is not None:
        since = local_time(last_good, context.zone) if last_good else "never"
        reason = f"the answer was {failure.wall.name}"
        return RaiseNotice(wall_notice(source.name, failure.reason, since, failure.wall.remedy), reason)
    if failure.status == GONE_STATUS and not context.is_at_new_address:
        return RaiseNotice(paused_notice(source.name, failure.reason), "the server says it is gone")
    if failure.forbidden:
        return RaiseNotice(list_refused_notice(source.name, failure.reason), "a robots.txt forbids its page")
    if failure.crash:
        return RaiseNotice(poll_crashed_notice(source.name, failure.reason), "the program failed")
    return RaiseNotice(unreadable_notice(source.name, failure.reason), "the poll failed")


def end_other_failures(raised: Notice) -> tuple[ResolveNotice, ...]:
    """Return the end of each notice whose reason is outdated, since the source fails for the reason in `raised` now.

    A failure of the program itself says nothing about the server, so it ends none.
    """
    if raised.kind == CRASH.kind:
        return ()
    others = (one.kind for one in (BROKEN, WALL) if one.kind != raised.kind)
    return tuple(ResolveNotice(kind, raised.subject, "the source fails for another reason now") for kind in others)
