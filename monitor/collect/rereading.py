"""Read the pages of sent articles again, for digests that ask for what publishers change of them.

A page is read a few times at ever longer intervals, with a conditional request, a few pages of a host at a time. What
its text states otherwise becomes a revision like an edit that a source lists. A page that is not there twice in a row,
an hour apart, was withdrawn. This happens apart from polls: nothing waits for it.
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
from urllib.parse import urlsplit

from monitor.collect.apply import record_changes
from monitor.collect.articles import ACCEPT, PageReader
from monitor.collect.diff import MAX_PAGES
from monitor.collect.entries import holding_rules
from monitor.collect.locate import GONE_FOR_GOOD, MAY_BE_REMOVED, PollContext
from monitor.collect.ports import Gate, Readers, WriteTransaction
from monitor.collect.redact import redact_message
from monitor.errors import Stopped, StoreError
from monitor.fetch import FetchError, NotModified, SameBody
from monitor.log import logger
from monitor.model import Article, Decision, Entry, EntryChange, Source, SourceState, Validators
from monitor.model.rereads import NOTHING_KNOWN, DuePage, DueReread, RereadState, next_reread
from monitor.rules import RuleSet
from monitor.stories import compare_texts, compare_titles, text_key
from monitor.text.address import canonical_url, host_of
from monitor.text.fold import fold_text

PER_ROUND: Final = 20
"""Pages of one round; the daemon makes one a minute, and each pass one."""

PER_HOST: Final = 2
"""Pages of one host in a round."""

AGAIN: Final = dt.timedelta(hours=1)
"""How long a page must not be there until it was withdrawn."""

MOST: Final = 12
"""Times that a page is read again, also if it is there at one time and not at the next."""

REREAD: Final = "read again"

_OPENING: Final = 5
"""First lines of a page by which its place in the recorded text is found."""

_HOMES: Final = frozenset({"", "index.html", "index.htm", "index.php", "index.shtml", "default.aspx", "home"})

_log = logger("reread")


class Transaction(WriteTransaction, Protocol):
    """The methods of the store's write transaction that reading again uses."""

    def is_unchanged(self, due: DueReread) -> bool:
        """Return whether an article and its entry are still recorded as `due` has them."""
        ...

    def withdraw_article(self, article_id: int, how: str, at: dt.datetime) -> None:
        """Record that an article was withdrawn, and how that is known."""
        ...

    def save_reread(self, article_id: int, state: RereadState, due: dt.datetime | None) -> None:
        """Write what is known of a page, and when it is read again; None: never."""
        ...


class Store(Protocol):
    """The methods of the store that reading again uses."""

    def due_pages(self, now: dt.datetime) -> tuple[DuePage, ...]:
        """Return the pages that are due, the longest waiting first."""
        ...

    def due_reread(self, page: DuePage) -> DueReread | None:
        """Return the article of a page in its present state; None if its entry leads to another one by now."""
        ...

    def source_state(self, name: str) -> SourceState:
        """Return what is known about a source."""
        ...

    def writing(self) -> AbstractContextManager[Transaction]:
        """Open the one serialised write transaction."""
        ...


@dataclass(frozen=True, slots=True)
class Sighting:
    """What reading a page again gave: its `article`, or why there is none.

    `gone` says how it is known that the page is not there; `failed` why it could not be read. With none of these it is
    as it was.
    """

    article: Article | None = None
    validators: Validators = NOTHING_KNOWN
    gone: str = ""
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Reread:
    """All that follows from a sighting: the edit, how it is known that the article was withdrawn, and the state after.

    `due`: when the page is read again; None: never.
    """

    state: RereadState
    due: dt.datetime | None
    change: EntryChange | None = None
    withdrawn: str = ""


def reread_pages(
    store: Store,
    sources: Mapping[str, Source],
    gate: Gate,
    readers: Readers,
    *,
    now: dt.datetime,
    record: Callable[[DueReread, Sighting], None],
) -> None:
    """Read the pages that are due, as many as one round may; `record` writes what follows from each.

    Ends early when the program is stopping. An unexpected error is logged, and its page counts as not read.
    """
    for page in _chosen(store.due_pages(now), sources):
        one = store.due_reread(page)  # now, since the pages before took their time
        if one is None:
            continue
        try:
            seen = look_again(one, sources[one.source], store.source_state(one.source), gate, readers, now=now)
        except Stopped:
            return
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - the boundary of a page: a bug in one must not stop the others
            _log.error("crash", url=one.url, trace="".join(traceback.format_exception(error)))
            seen = Sighting(failed="the program failed on it")
        if seen.failed:
            _log.warning("failed", url=one.url, source=one.source, reason=seen.failed)
        record(one, seen)


def _chosen(due: Collection[DuePage], sources: Mapping[str, Source]) -> Iterator[DuePage]:
    """Yield the pages of one round: a few of each host, those that wait longest."""
    hosts: Counter[str] = Counter()
    for one in due:
        host = host_of(one.url)
        if one.source in sources and hosts[host] < PER_HOST and hosts.total() < PER_ROUND:
            hosts[host] += 1
            yield one


def look_again(
    due: DueReread, source: Source, state: SourceState, gate: Gate, readers: Readers, *, now: dt.datetime
) -> Sighting:
    """Fetch a page and, if the source reads pages, extract it. Raises Stopped."""
    request = source.request.for_page(source.url)
    answer = gate.get(due.url, validators=due.state.validators, accept=ACCEPT, request=request)
    if isinstance(answer, NotModified | SameBody):
        return Sighting(validators=answer.validators)
    if isinstance(answer, FetchError):
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
        return Sighting(failed=page.reason)
    several = reader.room < MAX_PAGES - 1  # a first page that is the same says nothing about the next ones
    return Sighting(page.article, NOTHING_KNOWN if several else answer.validators)


def leads_home(url: str, landed: str) -> bool:
    """Return whether an address of an article led to the home page of its site."""
    asked, found = urlsplit(url), urlsplit(landed)
    same_site = host_of(url).removeprefix("www.") == host_of(landed).removeprefix("www.")
    return same_site and not _is_home(asked.path, asked.query) and _is_home(found.path, found.query)


def _is_home(path: str, query: str) -> bool:
    return not query and path.strip("/").lower() in _HOMES


def decide_reread(due: DueReread, seen: Sighting, source: Source, rules: RuleSet, now: dt.datetime) -> Reread:
    """Return what follows from reading a page again. Pure."""
    state, due_at = replace(due.state, times=due.state.times + 1), next_reread(due.first_seen_at, now)
    if state.times >= MOST:
        due_at = None
    if seen.gone:
        since = state.gone_since or now
        if now - since >= AGAIN:
            return Reread(replace(state, gone_since=since), None, withdrawn=seen.gone)
        return Reread(replace(state, gone_since=since), since + AGAIN)
    if seen.failed:
        waits = state.gone_since is not None and state.times < MOST
        return Reread(state, now + AGAIN if waits else due_at)
    state = replace(state, validators=seen.validators, gone_since=None)
    if seen.article is None:
        return Reread(state, due_at)
    change = _edit(due, seen.article, source, rules)
    return Reread(replace(state, title=seen.article.title), due_at, change)


def _edit(due: DueReread, page: Article, source: Source, rules: RuleSet) -> EntryChange | None:
    """Return the edit of an article whose page says something else; None if it only differs in blanks and the like.

    The page's title is compared with the one that it had before: a list may give the article another one.
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
    """Return the text of a page, after the summary of the list if the recorded text begins with one.

    One of the page's first lines, found in the recorded text, shows where the page began there.
    """
    recorded = [fold_text(line) for line in old.split("\n")]
    for number, line in enumerate(page.split("\n")[:_OPENING]):
        if line.strip() and fold_text(line) in recorded:
            before = max(0, recorded.index(fold_text(line)) - number)
            return "\n".join([*old.split("\n")[:before], page])
    return page


def record_reread(store: Store, due: DueReread, found: Reread, now: dt.datetime, *, shadow: bool = False) -> None:
    """Write what follows from reading a page again.

    A poll may have revised the article or its entry meanwhile. Then nothing is known of the page that it was compared
    for, or the next request would be answered "as it was": it is read once more in the next round.
    """
    state = store.source_state(due.source)
    with store.writing() as tx:
        if found.change is not None and not tx.is_unchanged(due):
            found = Reread(replace(due.state, times=found.state.times), now)
        if found.change is not None:
            record_changes(tx, [found.change], state, now, shadow=shadow)
        if found.withdrawn:
            tx.withdraw_article(due.article_id, found.withdrawn, now)
        tx.save_reread(due.article_id, found.state, found.due)
    if found.withdrawn or (found.change is not None and found.change.differences):
        _log.info("changed", url=due.url, withdrawn=found.withdrawn or None)
