"""Read the pages of sent articles again, for digests that ask for changes that publishers make to sent articles.

A page is read a few times at longer and longer intervals, with conditional requests, and only a few pages of a host at
a time. If its text has changed, the article gets a revision, as if its source had listed an edit. If a page is missing
twice, at least an hour apart, the article was withdrawn. This is done separately from polls, so nothing waits for it.
See docs/decisions/0027-an-edit-is-material-if-what-was-stated-holds-no-more.md.
"""

from __future__ import annotations

import datetime as dt
import traceback
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Final, Protocol

from monitor.collect.apply import record_changes
from monitor.collect.articles import ACCEPT, HOST_RESTS, PageReader
from monitor.collect.diff import MAX_PAGES
from monitor.collect.entries import holding_rules
from monitor.collect.locate import GONE_FOR_GOOD, MAY_BE_REMOVED, PollContext
from monitor.collect.ports import Gate, Readers, WriteTransaction
from monitor.collect.redact import redact_message
from monitor.collect.robots import Robots, RobotsCheck
from monitor.collect.withdrawals import Pages, find_blindness, find_relaunch, leads_home, look_around
from monitor.errors import Stopped, StoreError
from monitor.fetch import FetchError, NotModified, SameBody
from monitor.log import logger
from monitor.model import Article, Decision, Entry, EntryChange, Source, SourceState, Validators
from monitor.model.rereads import NO_VALIDATORS, DuePage, DueReread, RereadState, next_reread
from monitor.notices.reread import REREAD as REREAD_NOTICE
from monitor.rules import RuleSet
from monitor.stories import compare_texts, compare_titles, text_key
from monitor.text.address import canonical_url, host_of
from monitor.text.fold import fold_text

MAX_PER_ROUND: Final = 20
"""Maximum number of pages in one round. The daemon has one round every minute, and each pass of `once` has one."""

MAX_PER_HOST: Final = 2
"""Maximum number of pages of one host in a round."""

MIN_GONE_PERIOD: Final = dt.timedelta(hours=1)
"""An article counts as withdrawn if its page was missing for at least this time."""

MAX_REREADS: Final = 12
"""Maximum number of times that a page is read again, even if it keeps appearing and disappearing."""

REREAD: Final = "read again"

_MAX_OPENING_LINES: Final = 5
"""Number of first lines of a page that are looked for in the recorded text, to find where the page begins there."""

_log = logger("reread")


class Transaction(WriteTransaction, Pages, Protocol):
    """The methods of the store's write transaction that reading again uses."""

    def is_unchanged(self, due: DueReread) -> bool:
        """Return whether an article and its entry are still recorded as they are in `due`."""
        ...

    def withdraw_article(self, article_id: int, how: str, at: dt.datetime) -> None:
        """Record that an article was withdrawn. `how` says how that is known."""
        ...

    def save_reread(self, article_id: int, state: RereadState, due: dt.datetime | None) -> None:
        """Write the state of reading a page again, and when it is read next (None: never)."""
        ...


class Store(Protocol):
    """The methods of the store that reading again uses."""

    def due_pages(self, now: dt.datetime) -> tuple[DuePage, ...]:
        """Return the pages that are due, those that have waited longest first."""
        ...

    def due_reread(self, page: DuePage) -> DueReread | None:
        """Return the present state of the article of a page; None if its entry now leads to another article."""
        ...

    def source_state(self, name: str) -> SourceState:
        """Return the recorded state of a source."""
        ...

    def writing(self) -> AbstractContextManager[Transaction]:
        """Open a write transaction. Only one write transaction is open at a time."""
        ...


@dataclass(frozen=True, slots=True)
class Sighting:
    """The result of reading a page again: its `article`, or why there is no article.

    `gone` says how it is known that the page is gone. `failed` says why the page could not be read. If `article`,
    `gone` and `failed` are all empty, the page has not changed. `resting`: the page was not requested, because its host
    asked for a wait.
    """

    article: Article | None = None
    validators: Validators = NO_VALIDATORS
    gone: str = ""
    failed: str = ""
    resting: bool = False


@dataclass(frozen=True, slots=True)
class Reread:
    """The decision after a page was read again. `state` is the page's new state, to be stored.

    `due` is when the page is read again (None: never). `change` is the publisher's edit, if there is one. `withdrawn`
    says how it is known that the article was withdrawn, "" if it was not.
    """

    state: RereadState
    due: dt.datetime | None
    change: EntryChange | None = None
    withdrawn: str = ""
    failed: str = ""


def reread_pages(
    store: Store,
    sources: Mapping[str, Source],
    gate: Gate,
    readers: Readers,
    *,
    now: dt.datetime,
    record: Callable[[DueReread, Sighting], None],
    robots: Robots | None = None,
) -> None:
    """Read the pages that are due, up to the limits of one round. `record` is called with each result, to write it.

    Ends early if the program is stopping. An unexpected error is logged, and the page counts as unreadable.
    """
    for page in _chosen(store.due_pages(now), sources):
        one = store.due_reread(page)  # read only now, because the pages before took some time
        if one is None:
            continue
        try:
            source, state = sources[one.source], store.source_state(one.source)
            check = RobotsCheck(source, state, robots, gate, readers, now)
            seen = look_again(one, source, state, check.guard(articles=True), readers, now=now)
        except Stopped:
            return
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - the boundary of a page: a bug in one must not stop the others
            _log.error("crash", url=one.url, trace="".join(traceback.format_exception(error)))
            seen = Sighting(failed="the program failed on it")
        if seen.resting:
            continue  # it stays due
        if seen.failed:
            _log.warning("failed", url=one.url, source=one.source, reason=seen.failed)
        record(one, seen)


def _chosen(due: Collection[DuePage], sources: Mapping[str, Source]) -> Iterator[DuePage]:
    """Yield the pages of one round, from `due` in its order, but at most `MAX_PER_HOST` pages of each host."""
    hosts: Counter[str] = Counter()
    for one in due:
        host = host_of(one.url)
        if one.source in sources and hosts[host] < MAX_PER_HOST and hosts.total() < MAX_PER_ROUND:
            hosts[host] += 1
            yield one


def look_again(
    due: DueReread, source: Source, state: SourceState, gate: Gate, readers: Readers, *, now: dt.datetime
) -> Sighting:
    """Fetch a page and, if the source reads article pages, extract its article. Raises Stopped."""
    request = source.request.for_page(source.url)
    answer = gate.get(due.url, validators=due.state.validators, accept=ACCEPT, request=request)
    if isinstance(answer, NotModified | SameBody):
        return Sighting(validators=answer.validators)
    if isinstance(answer, FetchError):
        if answer.kind == "resting":
            return Sighting(resting=True)
        removed = answer.wall is None or answer.wall.kind in MAY_BE_REMOVED
        if answer.status in GONE_FOR_GOOD and removed:
            return Sighting(gone=f"its page is gone ({answer.status})")
        return Sighting(failed=redact_message(answer.reason, source))
    if leads_home(due.url, answer.url):
        return Sighting(gone="its address leads to the home page of the site")
    if not source.full_text or not due.known.page_read:
        return Sighting(validators=answer.validators)
    reader = PageReader(PollContext(source, state, now, source), gate, readers, answers={due.url: answer})
    page = reader.read(due.url)
    if page.article is None or page.reason:
        return Sighting(failed=page.reason, resting=page.reason == HOST_RESTS)
    several = reader.room < MAX_PAGES - 1  # an unchanged first page does not mean that the next pages are unchanged
    return Sighting(page.article, NO_VALIDATORS if several else answer.validators)


def decide_reread(due: DueReread, seen: Sighting, source: Source, rules: RuleSet, now: dt.datetime) -> Reread:
    """Return what follows from reading a page again. Pure."""
    state, due_at = replace(due.state, times=due.state.times + 1), next_reread(due.first_seen_at, now)
    if state.times >= MAX_REREADS:
        due_at = None
    if seen.gone:
        since = state.gone_since or now
        if now - since >= MIN_GONE_PERIOD:
            return Reread(replace(state, gone_since=since), None, withdrawn=seen.gone)
        return Reread(replace(state, gone_since=since), since + MIN_GONE_PERIOD)
    if seen.failed:
        waits = state.gone_since is not None and state.times < MAX_REREADS
        return Reread(state, now + MIN_GONE_PERIOD if waits else due_at, failed=seen.failed)
    state = replace(state, validators=seen.validators, gone_since=None)
    if seen.article is None:
        return Reread(state, due_at)
    change = _edit(due, seen.article, source, rules)
    return Reread(replace(state, title=seen.article.title), due_at, change)


def _edit(due: DueReread, page: Article, source: Source, rules: RuleSet) -> EntryChange | None:
    """Return the edit that an article's page shows; None if only blanks or similar details have changed.

    The page's title is compared with the earlier title of the page, because the article may have another title from a
    list.
    """
    old, known = due.article, due.known
    text = _with_summary(old.text, page.text)
    edit, title = compare_texts(old.text, text), compare_titles(due.state.title, page.title)
    if not (edit.gone or edit.came or title):
        return None
    article = replace(old, text=text, title=old.title if title is None else page.title)
    entry = Entry(known.key, known.title, due.url, tags=known.tags or ())
    matches, refreshed = holding_rules(article, old, entry, source, rules)
    return EntryChange(
        entry,
        article,
        canonical_url(article.url),
        text_key(article.title, article.text),
        known.content_hash,
        matches,
        refreshed,
        known=known,
        page_read=True,
        decision=Decision(REREAD, "its page says something else"),
        differences=(*edit.differences, *([title] if title else [])),
    )


def _with_summary(old: str, page: str) -> str:
    """Return the text of a page, after the summary from the list with which the recorded text begins, if it does.

    The summary is what the recorded text has before the first line that is also among the first lines of the page.
    """
    recorded = [fold_text(line) for line in old.split("\n")]
    for number, line in enumerate(page.split("\n")[:_MAX_OPENING_LINES]):
        if line.strip() and fold_text(line) in recorded:
            before = max(0, recorded.index(fold_text(line)) - number)
            return "\n".join([*old.split("\n")[:before], page])
    return page


def record_reread(store: Store, due: DueReread, found: Reread, now: dt.datetime, *, shadow: bool = False) -> None:
    """Write what follows from reading a page again.

    A poll may have revised the article or its entry meanwhile. Then the result is dropped, and the page is read once
    more in the next round. Its validators are not kept: the server would answer "not modified".
    """
    state = store.source_state(due.source)
    with store.writing() as tx:
        if found.change is not None and not tx.is_unchanged(due):
            found = Reread(replace(due.state, times=found.state.times), now)
        if found.change is not None:
            record_changes(tx, [found.change], state, now, shadow=shadow)
        relaunch = find_relaunch(tx, due, now) if found.withdrawn else None
        if relaunch is not None:
            tx.raise_notice(relaunch, now)
            found = replace(found, withdrawn="", due=next_reread(due.first_seen_at, now))
        if found.withdrawn:
            tx.withdraw_article(due.article_id, found.withdrawn, now)
        tx.save_reread(due.article_id, found.state, found.due)
        _look_at_others(tx, due, found, state.id, now)
    if found.withdrawn or (found.change is not None and found.change.differences):
        _log.info("changed", url=due.url, withdrawn=found.withdrawn or None)


def _look_at_others(tx: Transaction, due: DueReread, found: Reread, source_id: int, now: dt.datetime) -> None:
    """Raise or resolve the notice of the source, or let other pages of the site be read soon if this one is gone."""
    if found.failed:
        notice = find_blindness(tx, source_id, due, found.failed)
        if notice is not None:
            tx.raise_notice(notice, now)
    elif found.state.gone_since is None:
        tx.resolve_notice(REREAD_NOTICE.kind, due.source, now, reason="a page of the source could be read")
    elif due.state.gone_since is None:
        look_around(tx, due, now)
