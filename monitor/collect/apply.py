"""Write what a poll decided: group its articles with what is known, in the transaction that is given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from monitor.collect.result import Collected, PollResult, Raise
from monitor.failpoint import failpoint
from monitor.model import (
    Find,
    KnownArticle,
    KnownPart,
    Match,
    Notice,
    NoticeKind,
    Placement,
    PollRecord,
    SourceState,
)
from monitor.stories import Neighbours


class Writing(Protocol):
    """What recording a poll needs of the store's write transaction."""

    def candidates(self, addresses: Collection[str], text_keys: Collection[str]) -> tuple[KnownArticle, ...]:
        """The articles of the archive with one of these addresses or texts."""
        ...

    def add_article(self, find: Find, placement: Placement, source_id: int, at: dt.datetime) -> KnownArticle:
        """Write a new article, and its story when the placement names none."""
        ...

    def revise_article(self, article_id: int, find: Find, at: dt.datetime) -> KnownArticle:
        """Keep the article's state as a revision if its words change, and write the new one, which is returned."""
        ...

    def link_entries(self, source_id: int, listed: Collection[tuple[Find, int]], at: dt.datetime) -> None:
        """Write the entries with the ids of their articles, or what those that are there now say."""
        ...

    def postpone_page(self, source_id: int, key: str, due: dt.datetime | None, tries: int, reason: str) -> None:
        """Record that an entry's page was tried in vain again, and why."""
        ...

    def add_matches(self, article_id: int, matches: Sequence[Match], at: dt.datetime, held: str | None) -> int:
        """Write the matches that are not there yet; release held ones when `held` is None."""
        ...

    def refresh_matches(self, article_id: int, matches: Sequence[Match]) -> None:
        """Let recorded matches point into the article's new text; those that no longer hold keep no spans."""
        ...

    def record_poll(self, source_id: int, poll: PollRecord) -> None:
        """Write one visit into the log."""
        ...

    def save_parts(self, source_id: int, parts: Mapping[str, KnownPart]) -> None:
        """Write what is now known of the documents that a source is made of."""
        ...

    def save_state(self, state: SourceState) -> None:
        """Write the source's state, validators included."""
        ...

    def raise_notice(self, notice: Notice, at: dt.datetime) -> None:
        """Open the notice, or count it once more."""
        ...

    def resolve_notice(
        self, kind: NoticeKind, subject: str, at: dt.datetime, *, quiet_for: dt.timedelta = dt.timedelta()
    ) -> None:
        """Close the notice if it is open and was not raised within `quiet_for` before `at`."""
        ...


def apply(tx: Writing, result: PollResult) -> Collected:
    """Write all of `result` in the transaction `tx`. Returns the record of the poll, with the number of new matches."""
    source_id, at = result.state.id, result.record.at
    poll = replace(result.record, matches=record_finds(tx, result.entries, result.state, at))
    for page in result.postponed:
        tx.postpone_page(source_id, page.key, page.due, page.tries, page.reason)
    tx.record_poll(source_id, poll)
    tx.save_state(result.state)
    tx.save_parts(source_id, result.sitemaps)
    for change in result.notices:
        if isinstance(change, Raise):
            tx.raise_notice(change.notice, at)
        else:
            tx.resolve_notice(change.kind, change.subject, at, quiet_for=change.quiet_for)
    failpoint("collect.recorded")
    return Collected(result.source, poll)


def record_finds(tx: Writing, finds: Sequence[Find], state: SourceState, at: dt.datetime) -> int:
    """Group `finds` with what is known and with one another, and write them. Returns the number of new matches."""
    if not finds:
        return 0
    neighbours = Neighbours(
        tx.candidates({find.address for find in finds}, {find.text_key for find in finds if find.text_key})
    )
    listed: list[tuple[Find, int]] = []
    matches = 0
    for find in finds:
        article_id = _article(tx, find, neighbours, state, at)
        matches += tx.add_matches(article_id, find.matches, at, find.held)  # before a later find revises the article
        listed.append((find, article_id))
    tx.link_entries(state.id, listed, at)
    return matches


def _article(tx: Writing, find: Find, neighbours: Neighbours, state: SourceState, at: dt.datetime) -> int:
    """The id of the article that `find` leads to, written or revised where that is needed."""
    if find.known is None:
        return _place(tx, find, neighbours, state, at)
    _revise(tx, find.known.article_id, find, neighbours, at)
    return find.known.article_id


def _place(tx: Writing, find: Find, neighbours: Neighbours, state: SourceState, at: dt.datetime) -> int:
    verdict = neighbours.place(find, state.name)
    same = verdict.same
    if same is not None:
        if find.matches and (find.article.title, find.article.text) != (same.title, same.text):
            # Another source words the same article otherwise, and its words are those that the spans point into.
            _revise(tx, same.id, replace(find, article=replace(find.article, url=same.url)), neighbours, at)
        return same.id
    article = tx.add_article(find, verdict.placement, state.id, at)
    neighbours.add(article)
    return article.id


def _revise(tx: Writing, article_id: int, find: Find, neighbours: Neighbours, at: dt.datetime) -> None:
    neighbours.revise(tx.revise_article(article_id, find, at))
    tx.refresh_matches(article_id, (*find.refreshed, *find.matches))
