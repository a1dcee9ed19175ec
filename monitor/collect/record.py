"""Group and record: the one write transaction of a poll."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Protocol

from monitor.collect.notices import Noticing
from monitor.model import Find, KnownArticle, Match, Placement, PollRecord, SourceState
from monitor.stories import Neighbours


class Writing(Noticing, Protocol):
    """What recording a poll needs of the store's write transaction."""

    def candidates(self, addresses: Collection[str], text_keys: Collection[str]) -> tuple[KnownArticle, ...]:
        """The articles of the archive with one of these addresses or texts."""
        ...

    def add_article(self, find: Find, placement: Placement, source_id: int, at: dt.datetime) -> KnownArticle:
        """Write a new article, and its story when the placement names none."""
        ...

    def revise_article(self, article_id: int, find: Find, at: dt.datetime) -> None:
        """Keep the article's state as a revision and write the new one."""
        ...

    def link_entry(self, source_id: int, find: Find, article_id: int, at: dt.datetime) -> None:
        """Write the entry, or its new content hash."""
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

    def save_state(self, state: SourceState) -> None:
        """Write the source's state, validators included."""
        ...


def record_finds(tx: Writing, finds: Sequence[Find], state: SourceState, at: dt.datetime) -> int:
    """Group `finds` with what is known and with one another, and write them. Returns the number of new matches."""
    neighbours = Neighbours(
        tx.candidates({find.address for find in finds}, {find.text_key for find in finds if find.text_key})
    )
    return sum(_record(tx, find, neighbours, state, at) for find in finds)


def _record(tx: Writing, find: Find, neighbours: Neighbours, state: SourceState, at: dt.datetime) -> int:
    if find.known is not None:
        article_id = find.known.article_id
        _revise(tx, article_id, find, at)
    else:
        article_id = _place(tx, find, neighbours, state, at)
    tx.link_entry(state.id, find, article_id, at)
    return tx.add_matches(article_id, find.matches, at, find.held)


def _place(tx: Writing, find: Find, neighbours: Neighbours, state: SourceState, at: dt.datetime) -> int:
    verdict = neighbours.place(find, state.name)
    if verdict.same is not None:
        if find.text_key != verdict.same.text_key and find.matches:
            # Another source words the same article otherwise, and its words are those that the spans point into.
            _revise(tx, verdict.same.id, find, at)
        return verdict.same.id
    article = tx.add_article(find, verdict.placement, state.id, at)
    neighbours.add(article)
    return article.id


def _revise(tx: Writing, article_id: int, find: Find, at: dt.datetime) -> None:
    tx.revise_article(article_id, find, at)
    tx.refresh_matches(article_id, (*find.refreshed, *find.matches))
