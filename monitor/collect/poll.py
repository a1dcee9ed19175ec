"""One poll of one source, step by step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import partial
from random import Random

from monitor import sources
from monitor.collect.apply import Writing, apply
from monitor.collect.conceal import conceal
from monitor.collect.finding import NotFound, find
from monitor.collect.finds import find_of, late_find, news_in
from monitor.collect.follow import Follower
from monitor.collect.fulltext import PageReader
from monitor.collect.further import Followed, Further
from monitor.collect.notices import (
    GONE,
    after_failure,
    after_pages,
    after_reading,
    after_success,
    found_anew,
    incomplete,
)
from monitor.collect.parts import PartReader
from monitor.collect.ports import Gate, Store
from monitor.collect.reading import Document, Readers, read_openly
from monitor.collect.repair import Mended, after_change, mended
from monitor.collect.result import Collected, PagePostponed, PollResult, Raise
from monitor.collect.rhythm import Limits
from monitor.collect.rhythm import after_failure as rhythm_after_failure
from monitor.collect.rhythm import after_success as rhythm_after_success
from monitor.collect.visit import Failure, LatePages, Visit
from monitor.collect.writer import ResultWriter
from monitor.errors import ReaderFailed
from monitor.failpoint import failpoint
from monitor.fetch import Fetched, FetchError, NotModified, SameBody
from monitor.model import PollRecord, Reading, Source, SourceState, Validators
from monitor.rules import RuleSet
from monitor.sandbox import STOPPED


@dataclass(frozen=True, slots=True)
class Collector:
    """Polls sources: everything that it needs for that, and nothing of what becomes of the matches."""

    store: Store
    writer: ResultWriter[Writing]
    gate: Gate
    readers: Readers
    rules: RuleSet
    limits: Limits
    random: Random

    def collect(self, source: Source, now: dt.datetime) -> Collected:
        """Poll `source` once and record what came of it."""
        return self.record(self.poll(source, now))

    def crashed(self, source: Source, error: Exception, now: dt.datetime) -> Collected:
        """Record a surprise as a failure that is the program's own, and try again later as after any."""
        return self.record(self.crash(source, error, now))

    def record(self, result: PollResult | Collected) -> Collected:
        """Write what a poll decided; of one that the end of the program cut short there is nothing to write."""
        if isinstance(result, Collected):
            return result
        return self.writer.write(partial(apply, result=result))

    def poll(self, source: Source, now: dt.datetime) -> PollResult | Collected:
        """Read `source` once and decide what came of it. Writes nothing."""
        visit = Visit.of(source, self.store.source_state(source.name), now)
        result = self._poll(visit) if visit.source.kind else self._find(visit)
        failpoint("collect.matched")
        return result

    def crash(self, source: Source, error: Exception, now: dt.datetime) -> PollResult:
        """Decide what follows a surprise: a failure that is the program's own, tried again later as any."""
        reason = f"the program failed on it: {type(error).__name__}: {error}"
        return self._fail(Visit(source, self.store.source_state(source.name), now), Failure(reason, crash=True))

    def _poll(self, visit: Visit) -> PollResult | Collected:
        source, now = visit.source, visit.now
        accept = sources.KINDS[source.kind].accept
        answer = self.gate.get(source.url, validators=visit.state.validators, accept=accept, request=source.request)
        failpoint("collect.fetched")
        match answer:
            case FetchError(kind="stopped"):
                return Collected(source.name, PollRecord(now, "failed", answer.reason), stopped=True)
            case FetchError():
                return self._lose(visit, Failure(answer.reason, answer.status, answer.retry_after, answer.seconds))
            case NotModified():
                poll = PollRecord(now, "not_modified", "not modified", answer.status, seconds=answer.seconds)
                return self._nothing_new(visit, answer.validators, poll)
            case SameBody():
                poll = PollRecord(now, "same_body", "the same body", seconds=answer.seconds)
                return self._nothing_new(visit, answer.validators, poll)
            case Fetched():
                return self._read(visit, answer)

    def _read(self, visit: Visit, answer: Fetched, read: Reading | None = None) -> PollResult | Collected:
        """Go on with an answer; `read` is what it lists, where that is known already."""
        document = Document(answer.body, answer.url, answer.content_type)
        try:
            found = read or read_openly(document, visit.source, self.readers, visit.now)
            fitting = mended(visit, document, found, self.store, self.readers)
        except ReaderFailed as error:
            if error.reason == STOPPED:
                return Collected(visit.source.name, PollRecord(visit.now, "failed", error.reason), stopped=True)
            return self._fail(visit, Failure(f"reading it {error.reason}", answer.status))
        failpoint("collect.read")
        reading = fitting.reading
        if not reading.readable:
            told = conceal(reading, visit.source, answer.url).problems
            return self._lose(visit, Failure("; ".join(told), answer.status, unreadable=True))
        return self._follow(visit, answer, fitting)

    def _find(self, visit: Visit, lost: str = "") -> PollResult | Collected:
        """Find out what is to be read at the source's address, and read it; also when what was found before is gone."""
        found = find(visit.configured or visit.source, self.gate, self.readers, visit.now)
        failpoint("collect.found")
        if not isinstance(found, NotFound):
            place = visit.at(found.place, lost)
            if place.stays_a_page:
                return self._read(place, found.answer, found.reading)
            return self._follow(place, found.answer, Mended(found.reading))
        if found.stopped:
            return _stopped(visit)
        reason = f"{lost}; looked anew: {found.reason}" if lost else found.reason
        error = found.error
        if error is None:
            return self._fail(visit, Failure(reason, unreadable=True))
        return self._fail(visit, Failure(reason, error.status, error.retry_after, error.seconds))

    def _lose(self, visit: Visit, failure: Failure) -> PollResult | Collected:
        """A poll failed; if what was found for the source is gone for good, it is looked for anew."""
        return self._find(visit, failure.reason) if visit.given_up(failure) else self._fail(visit, failure)

    def _follow(self, visit: Visit, answer: Fetched, fitting: Mended) -> PollResult | Collected:
        """Read what further documents of the source add to the first one, and take in all of it."""
        followed = self._followed(visit, answer, fitting)
        if followed.stopped:
            return _stopped(visit)
        if not followed.reading.readable:
            return self._fail(visit.undone(), Failure("; ".join(followed.reading.problems), answer.status))
        return self._harvest(visit, answer, followed)

    def _followed(self, visit: Visit, answer: Fetched, fitting: Mended) -> Followed:
        """The reading with what further documents of the source add to it."""
        reading = fitting.reading
        if fitting.old:
            return Followed(conceal(reading, visit.source, answer.url), old=fitting.old, notice=fitting.notice)
        accept = sources.KINDS[visit.source.kind].accept
        further = Further(self.gate, self.readers, visit.source, accept, visit.now)
        if reading.parts:
            shown = conceal(reading, visit.source, answer.url)
            return PartReader(further, self.store, visit).follow(reading, shown, answer.url)
        return replace(Follower(further, self.store, visit).follow(answer, reading), notice=fitting.notice)

    def _harvest(self, visit: Visit, answer: Fetched, followed: Followed) -> PollResult | Collected:
        source, state, reading = visit.source, visit.state, followed.reading
        known = self.store.known_entries(state.id, [entry.key for entry in reading.entries])
        news = news_in(reading, known)
        archive = self.store.articles([item.before.article_id for item in news if item.before is not None])
        pages = self._pages(visit)
        fresh, since = visit.begins(overlap=bool(known))
        finds = tuple(
            find_of(
                item, source, reading, archive=archive, rules=self.rules, since=since,
                fresh=fresh, stale=item.entry.key in followed.old, pages=pages,
            )
            for item in news
        )  # fmt: skip
        late = self._late(visit, pages, except_for={item.before.article_id for item in news if item.before is not None})
        if pages.stopped:
            return _stopped(visit)
        last = 0 if reading.entries else self.store.last_listed(state.id)
        said = (followed.told, *reading.problems, *pages.complaints)
        poll = PollRecord(
            visit.now, "ok", "; ".join(said), answer.status,
            entries=len(reading.entries), new=sum(find.known is None for find in finds),
            size=len(answer.body) + followed.size, seconds=answer.seconds,
        )  # fmt: skip
        after = self._well(visit, _kept(answer.validators, followed), news=poll.new > 0)
        notices = (
            *after_pages(source, pages),
            *after_reading(
                source, state, moved_to=answer.moved_to, overlap=followed.overlap or visit.looked, new=poll.new,
                unread=followed.failure,
            ),
            *after_change(source, followed, last=last),
            *((Raise(found_anew(source, state.found, visit.lost)),) if visit.lost and state.found is not None else ()),
            *(() if reading.complete else (incomplete(source, "; ".join(reading.problems)),)),
        )  # fmt: skip
        return PollResult(
            source.name, replace(after, gap_since=followed.gap_since, page_failures=pages.failures), poll,
            entries=(*finds, *late.finds), postponed=late.postponed, sitemaps=followed.parts, notices=notices,
        )  # fmt: skip

    def _pages(self, visit: Visit) -> PageReader:
        return PageReader(self.gate, self.readers, visit.source, visit.now, failures=visit.state.page_failures)

    def _late(self, visit: Visit, pages: PageReader, *, except_for: Collection[int] = ()) -> LatePages:
        """Try the pages again that are due, as far as there is room, but those of articles that were just read."""
        if not pages.room:
            return LatePages()
        waiting = self.store.late_pages(visit.state.id, visit.now, pages.room)
        tried = [(one, pages.read(one.url, one.tries)) for one in waiting if one.known.article_id not in except_for]
        read = [(one, page) for one, page in tried if page.article is not None]
        old = self.store.articles([one.known.article_id for one, _ in read])
        return LatePages(
            tuple(late_find(one, old[one.known.article_id], page, visit.source, self.rules) for one, page in read),
            tuple(
                PagePostponed(one.known.key, page.due, page.tries, page.reason)
                for one, page in tried
                if page.article is None
            ),
        )

    def _nothing_new(self, visit: Visit, validators: Validators, poll: PollRecord) -> PollResult | Collected:
        pages = self._pages(visit)
        late = self._late(visit, pages)
        if pages.stopped:
            return _stopped(visit)
        return PollResult(
            visit.source.name,
            replace(self._well(visit, validators, news=False), page_failures=pages.failures),
            replace(poll, reason="; ".join((poll.reason, *pages.complaints))),
            entries=late.finds,
            postponed=late.postponed,
            notices=(*after_pages(visit.source, pages), *after_success(visit.source)),
        )

    def _well(self, visit: Visit, validators: Validators, *, news: bool) -> SourceState:
        """The state after an answer: no failures, no pause, the next poll at its time."""
        state, now = visit.state, visit.now
        rhythm = rhythm_after_success(
            state.interval, every=visit.source.every, limits=self.limits, fresh=state.fresh, news=news, now=now
        )
        return replace(
            state, validators=validators, polls=state.polls + 1, failures=0, interval=rhythm.interval,
            next_poll_at=rhythm.next_at, last_polled_at=now, last_success_at=now,
            last_new_at=now if news else state.last_new_at, last_error=None, paused=None,
        )  # fmt: skip

    def _fail(self, visit: Visit, failure: Failure) -> PollResult:
        """Record a poll that failed. The validators stay those of the last complete answer."""
        state, now = visit.state, visit.now
        rhythm = rhythm_after_failure(
            state.interval, every=visit.source.every, limits=self.limits, failures=state.failures + 1,
            retry_after=failure.retry_after,
            now=now + dt.timedelta(seconds=failure.seconds), random=self.random,
        )  # fmt: skip
        gone = failure.status == GONE
        poll = PollRecord(now, "failed", failure.reason, failure.status)
        after = replace(
            state, polls=state.polls + 1, failures=state.failures + 1, interval=rhythm.interval,
            next_poll_at=rhythm.next_at, last_polled_at=now, last_error=failure.reason,
            paused=failure.reason if gone else None,
        )  # fmt: skip
        notice = after_failure(visit.source, failure.reason, gone=gone, crash=failure.crash)
        return PollResult(visit.source.name, after, poll, notices=(notice,))


def _kept(validators: Validators, followed: Followed) -> Validators:
    """What may be sent with the next request: for half a document only the hash that tells whether it is still half.

    A server would answer "not modified" for ever, and the entries of the other half would be lost. Where a further
    document could not be read, the first one must be read again in any case.
    """
    if followed.again:
        return Validators()
    return validators if followed.reading.complete else Validators(body_hash=validators.body_hash)


def _stopped(visit: Visit) -> Collected:
    """Nothing is recorded of a poll that the end of the program cut short: the next one begins it anew."""
    return Collected(visit.source.name, PollRecord(visit.now, "failed", STOPPED), stopped=True)
