"""Decide which entries of a snapshot are new or changed, and which of these are not sent.

`read_recorded_state` and `known_entries` read the recorded state from the store. All other functions are pure.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from monitor.collect.documents import Failure, Snapshot, Unchanged
from monitor.collect.locate import PollContext
from monitor.collect.ports import Memory, Store
from monitor.model import Article, Decision, Entry, KnownEntry, PageRetry, Publication, SourceState
from monitor.model.suppressed import FIRST_POLL_OLD, FIRST_POLL_UNDATED, TOO_MANY_NEW
from monitor.stories import content_hash, has_new_key, is_other_article, known_by_key, known_by_title
from monitor.text.address import canonical_url, former_url
from monitor.text.fold import fold_text

CUT_IS_FINAL_AFTER: Final = dt.timedelta(days=1)
"""If an answer ends at the same incomplete entry for this long, the incomplete entry is used as it is."""

MAX_PAGES: Final = 40
"""Maximum number of article pages that one poll of a source fetches. The next polls fetch the others."""

MAX_PUBLICATIONS: Final = 5_000
"""Maximum number of recorded entries from which the activity of a source is learned after an upgrade."""

MIN_STORM: Final = 50
"""Minimum number of new entries that can be a storm (see `monitor.collect.storm`).

If there are fewer, the numbers of earlier polls are not looked up.
"""

_MAX_TITLES: Final = 500
"""Maximum number of recorded entries that are compared by title, the latest ones."""

_ELLIPSES: Final = " .…[]()"


@dataclass(frozen=True, slots=True)
class RecordedState:
    """The recorded state that the answer of a poll is compared with.

    `known`: the recorded entries, by key. `hashes`: a hash of the present content of each entry in the snapshot, in
    their order. `archive`: the articles of changed entries and of `retries`, by id. `retries`: the entries whose pages
    are tried again. `last_entry_count`: the number of entries in the last answer that was read. It is looked up only if
    the snapshot has no entries. `max_new_entries`: the largest number of new entries in an earlier poll. It is looked
    up only if there are many new entries now. `held_articles`: the articles that are held because far more new entries
    than ever before were listed at once. `publications`: when the recorded entries were published. It is looked up only
    for a source that an early version recorded, whose activity was not followed yet.
    """

    known: Mapping[str, KnownEntry] = field(default_factory=dict)
    hashes: tuple[str, ...] = ()
    archive: Mapping[int, Article] = field(default_factory=dict)
    retries: tuple[PageRetry, ...] = ()
    last_entry_count: int = 0
    max_new_entries: int | None = None
    held_articles: frozenset[int] = frozenset()
    publications: Sequence[Publication] = ()


@dataclass(frozen=True, slots=True)
class ChangedEntry:
    """An entry that is new or has changed, with its article as the source lists it.

    `known` is the recorded entry, and `old` its recorded article. An entry that has a recorded key but is now another
    article counts as new. `suppressed_reason` says why the entry's matches are not sent. `decision` says how the entry
    was classified, and why.
    """

    entry: Entry
    listed: Article
    content_hash: str
    decision: Decision
    known: KnownEntry | None = None
    old: Article | None = None
    suppressed_reason: str | None = None


def read_recorded_state(
    context: PollContext, outcome: Snapshot | Unchanged | Failure, store: Store, memory: Memory | None = None
) -> RecordedState:
    """Read from the store the recorded state that the answer of a poll is compared with.

    `memory` has the entries that the steps before have asked for.
    """
    source_id, source = context.state.id, context.source
    if isinstance(outcome, Failure):
        return RecordedState()
    entries = outcome.reading.entries if isinstance(outcome, Snapshot) else ()
    known = known_entries(memory or store, context.state, entries)
    unread = outcome.unread if isinstance(outcome, Snapshot) else {}
    hashes = tuple(unread.get(one.key) or _content_hash(one) for one in entries)
    retries = store.page_retries(source_id, context.now, MAX_PAGES) if source.full_text else ()
    changed = {
        before.article_id
        for entry, present_hash in zip(entries, hashes, strict=True)
        if (before := known.get(entry.key)) is not None and not _is_recorded(entry, present_hash, before)
    }
    archive = store.articles(changed | {retry.known.article_id for retry in retries})
    listed_none = isinstance(outcome, Snapshot) and not entries
    has_activity = context.state.first_poll or context.state.activity is not None
    many_new = len(entries) - len(known) >= MIN_STORM and not context.state.first_poll
    return RecordedState(
        known,
        hashes,
        archive,
        retries,
        store.last_entry_count(source_id) if listed_none else 0,
        store.max_new_entries(source_id) if many_new else None,
        store.suppressed_articles(source_id, TOO_MANY_NEW) if context.state.storm_since else frozenset(),
        () if has_activity else store.publications(source_id, MAX_PUBLICATIONS),
    )


def _content_hash(entry: Entry) -> str:
    return content_hash(entry.title, entry.url, f"{entry.summary}\x00{entry.content}")


def known_entries(memory: Memory, state: SourceState, entries: Sequence[Entry]) -> Mapping[str, KnownEntry]:
    """Return the recorded entry of each of `entries` that is known, by the present keys of `entries`.

    An entry is found by its present key or by an earlier key of it. If most entries are not found in this way, they are
    also looked up by title. The recorded entries of a source are kept when its `url` changes, because the source may
    have moved and list the same entries again.
    """
    if not entries:
        return {}
    known = known_by_key(entries, memory.known_entries(state.id, all_keys(entries)))
    if len(known) * 2 >= len(entries):
        return known
    return known | known_by_title(entries, known, memory.last_titles(state.id, _MAX_TITLES))


def all_keys(entries: Iterable[Entry]) -> list[str]:
    """Return all present and former keys of entries."""
    return [key for entry in entries for key in (entry.key, *entry.former_keys)]


def diff_entries(
    context: PollContext, outcome: Snapshot | Unchanged | Failure, before: RecordedState
) -> tuple[ChangedEntry, ...]:
    """Return the entries of a snapshot that differ from what is recorded.

    The entries of a first answer are the baseline and not sent, unless they are recent. Their age is counted from the
    first attempt to read the source: articles that were published while the source could not be read are news. The
    same holds for the first answer of a new endpoint whose list has no entry of the old list. There the age is counted
    from the last answer of the old endpoint.
    """
    if not isinstance(outcome, Snapshot):
        return ()
    state, baseline_since = context.state, None
    if context.rediscovered and not _shares_keys(outcome, before) and state.last_success_at is not None:
        baseline_since = min(state.last_success_at, context.now)
    elif state.first_poll:
        baseline_since = min(state.added_at or context.now, context.now)
    changes = []
    # If the answer has ended at the same place for so long, the missing rest will not come.
    cut_is_final = (
        state.cut_since is not None
        and state.cut_hash == outcome.validators.body_hash
        and context.now - state.cut_since >= CUT_IS_FINAL_AFTER
    )
    unfinished = frozenset() if cut_is_final else outcome.reading.unfinished
    url_counts = Counter(entry.url for entry in outcome.reading.entries)
    for entry, present_hash in zip(outcome.reading.entries, before.hashes, strict=True):
        if entry.key in unfinished:
            continue  # with its missing rest it would be a different entry
        known = before.known.get(entry.key)
        if known is not None and _is_recorded(entry, present_hash, known):
            continue
        listed = article_of(entry, site=outcome.reading.title, language=outcome.reading.language)
        old = before.archive.get(known.article_id) if known else None
        kind, reason = ("changed", "its content changed") if known else ("new", "its key was not recorded before")
        if known is not None and has_new_key(entry, known):
            reason = "it is recorded under another key"
        by_address = not entry.has_guid and entry.key in (canonical_url(entry.url), former_url(entry.url))
        alone = by_address and len(before.hashes) == 1
        titles, full_text = (listed.title, *entry.former_titles), context.source.full_text
        if old is not None and is_other_article(
            listed,
            old,
            same_title=any(_same_title(title, old.title, full_text=full_text) for title in titles),
            is_only_entry=alone,
            has_shared_address=bool(entry.url) and url_counts[entry.url] > 1,
            former_addresses=entry.former_addresses,
        ):
            # A source that numbers its entries by their position gives a recorded key to another article.
            kind, reason = "re-keyed", "another title and address under a recorded key"
            known = old = None
        if entry.key in outcome.reading.unfinished:
            reason = f"{reason}; it is cut off, and has been for {CUT_IS_FINAL_AFTER.days} day"
        suppressed_reason = _why_suppressed(entry, outcome, context, baseline_since)
        decision = Decision(kind, f"{reason}; not to be sent: {suppressed_reason}" if suppressed_reason else reason)
        changes.append(ChangedEntry(entry, listed, present_hash, decision, known, old, suppressed_reason))
    return tuple(changes)


def _is_recorded(entry: Entry, present_hash: str, known: KnownEntry) -> bool:
    """Return whether a known entry is recorded with its present content and under its present key."""
    return known.content_hash == present_hash and not has_new_key(entry, known)


def _shares_keys(snapshot: Snapshot, before: RecordedState) -> bool:
    """Return whether at least one entry of the snapshot is recorded under one of its keys, not just by its title."""
    keys = set(all_keys(snapshot.reading.entries))
    return any(one.key in keys for one in before.known.values())


def article_of(entry: Entry, *, site: str | None = None, language: str | None = None) -> Article:
    """Return the article of `entry` as the source lists it. Its text is the entry's content or summary.

    If the summary is not part of the content, the text has both, because a rule may look for words of the summary.
    `site` and `language` are those of the whole source. `language` is used only if the entry states no language.
    """
    summary, content = entry.summary, entry.content
    text = content or summary
    if content and summary and fold_text(summary).strip(_ELLIPSES) not in fold_text(content):
        text = f"{summary}\n\n{content}"
    return Article(
        url=entry.url,
        title=entry.title,
        text=text,
        published=entry.published or entry.updated,
        language=entry.language or language,
        site=site,
        authors=(entry.author,) if entry.author else (),
    )


def _why_suppressed(entry: Entry, snapshot: Snapshot, context: PollContext, since: dt.datetime | None) -> str | None:
    """Return why an entry is not sent; None if it is sent.

    `since` is set if the snapshot is a baseline: the time from which the age of its entries is counted.
    """
    if entry.key in snapshot.suppressed:
        return snapshot.suppressed[entry.key]
    moment, backfill = entry.published or entry.updated, context.source.backfill
    if since is None:
        return None
    if moment is None:
        return FIRST_POLL_UNDATED
    recent = backfill > dt.timedelta() and moment.latest >= since - backfill
    return None if recent else FIRST_POLL_OLD


def _same_title(listed: str, old: str, *, full_text: bool) -> bool:
    """Return whether the listed title of an article is the same as its old title.

    If article pages are read (`full_text`), the old title may be the full title from the page, while the list shortens
    it.
    """
    title, before = fold_text(listed), fold_text(old)
    if full_text and is_cut(title) and (beginning := strip_ellipsis(title)):
        return before.startswith(beginning)
    return title == before


def is_cut(title: str) -> bool:
    """Return whether a listed title is empty, or only the beginning of the full title."""
    return not title or strip_ellipsis(title) != title.rstrip()


def strip_ellipsis(title: str) -> str:
    """Return a title without its ellipsis at the end."""
    title = title.rstrip()
    return title.removesuffix("…").removesuffix("...").rstrip()
