"""Read the archive, newest first, with or without the word index."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Integer, func, literal, or_, select, tuple_

from monitor.model import Candidate, Need
from monitor.store.database import Database
from monitor.store.fulltext.index import IndexWriter, is_current, is_stale
from monitor.store.fulltext.query import first_matching_ids, matching_ids
from monitor.store.schema import article, article_index, entry, match, source
from monitor.store.texts import is_text_removed
from monitor.store.values import UtcTime, article_of, chunks

# Maximum number of ids found by the index that are sorted in memory. If more are found, the archive is read in pages.
_MAX_SORTED: Final = 5_000
_FIRST_PAGE: Final = 100  # number of ids; each further page is twice as long
_MAX_PAGE: Final = 10_000
_ARTICLES_AT_ONCE: Final = 50  # maximum number of articles in memory

_Position = tuple[dt.datetime, int]


class SearchReads(Database):
    """Queries of the whole archive."""

    def articles_with(
        self, need: Need | None, *, since: dt.datetime | None = None, sources: Sequence[str] = ()
    ) -> Iterator[Candidate]:
        """Yield the articles with the needed words (or all articles), newest first by `dated_at`.

        Only articles dated at or after `since` and listed by one of `sources` are included. They are read in pages,
        with one transaction for each page, so that no writer waits for a reader. Articles that are added meanwhile are
        not included. Articles whose index words are from another version of the program are included too.
        """
        wanted = _conditions(since, sources)
        few = None if need is None or not self.index_is_current() else self._find_few(need, wanted)
        pages = self._page_ids(need, wanted) if few is None else iter([few])
        for page in pages:
            for ids in (page[first : first + _ARTICLES_AT_ONCE] for first in range(0, len(page), _ARTICLES_AT_ONCE)):
                with self._reading() as connection:
                    found = _read_articles(connection, ids)
                yield from found

    def index_is_current(self) -> bool:
        """Return whether the whole index was made by this version of the program."""
        with self._reading() as connection:
            return is_current(connection)

    def renew_index(self) -> int:
        """Index some of the articles again that another version of the program indexed. Return how many; 0 at the end.

        Each call is a short transaction. Call it repeatedly in the background.
        """
        if self.index_is_current():
            return 0
        with self._transaction() as connection:
            return IndexWriter(connection).renew()

    def reindex(self) -> int:
        """Rebuild the index; return the number of indexed articles."""
        with self._transaction() as connection:
            return IndexWriter(connection).rebuild()

    def archive_began(self) -> dt.datetime | None:
        """Return when the first article was seen; None if there is no article."""
        with self._reading() as connection:
            began: dt.datetime | None = connection.execute(select(func.min(article.c.first_seen_at))).scalar()
        return began

    def source_names(self) -> tuple[str, ...]:
        """Return the names of all sources, including those that are no longer configured."""
        with self._reading() as connection:
            return tuple(connection.execute(select(source.c.name).order_by(source.c.name)).scalars())

    def _find_few(self, need: Need, wanted: Sequence[ColumnElement[bool]]) -> list[int] | None:
        """Return all ids that the index finds, in order; None if there are more than `_MAX_SORTED`."""
        columns = (article_index.c.dated_at, article_index.c.article_id)
        with self._reading() as connection:
            ids = first_matching_ids(need, connection, _MAX_SORTED + 1)
            if len(ids) > _MAX_SORTED:
                return None
            places: list[Any] = []
            for chunk in chunks(ids):
                query = select(*columns).where(article_index.c.article_id.in_(chunk), *wanted)
                places += connection.execute(query).all()
        return [article_id for _, article_id in sorted(map(tuple, places), reverse=True)]

    def _page_ids(self, need: Need | None, wanted: Sequence[ColumnElement[bool]]) -> Iterator[list[int]]:
        """Yield the ids in order, page by page. Each page begins after the last id of the previous page."""
        last: _Position | None = None
        size = _FIRST_PAGE
        while True:
            with self._reading() as connection:
                page = connection.execute(_read_ids(connection, need, wanted, last).limit(size)).all()
            yield [row.article_id for row in page]
            if len(page) < size:
                return
            last, size = (page[-1].dated_at, page[-1].article_id), min(2 * size, _MAX_PAGE)


def _conditions(since: dt.datetime | None, sources: Sequence[str]) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if since is not None:
        wanted.append(article_index.c.dated_at >= since)
    if sources:
        listed = select(entry.c.id).join(source).where(entry.c.article_id == article_index.c.article_id)
        wanted.append(listed.where(source.c.name.in_(sources)).exists())
    return wanted


def _read_ids(
    connection: Connection, need: Need | None, wanted: Sequence[ColumnElement[bool]], last: _Position | None
) -> Any:
    place = (article_index.c.dated_at, article_index.c.article_id)
    query = select(*place).where(*wanted).order_by(*(column.desc() for column in place))
    if need is not None:
        # The sum keeps SQLite from fetching the many found rows one by one and sorting them.
        found = (article_index.c.article_id + literal(0, Integer)).in_(matching_ids(need, connection))
        query = query.where(found if is_current(connection) else or_(found, is_stale()))
    if last is not None:
        query = query.where(tuple_(*place) < tuple_(literal(last[0], UtcTime), literal(last[1], Integer)))
    return query


def _read_articles(connection: Connection, ids: Sequence[int]) -> list[Candidate]:
    """Return the articles with these ids, in the order of the ids."""
    query = select(article, article_index.c.dated_at).join(article_index).where(article.c.id.in_(ids))
    rows = {row.id: row for row in connection.execute(query)}
    listing, matched = _entries_by_article(connection, ids), _rules_by_article(connection, ids)
    return [
        Candidate(
            id=row.id,
            story_id=row.story_id,
            article=article_of(row),
            sources=tuple(dict.fromkeys(line.name for line in listing.get(row.id, ()))),
            first_seen_at=row.first_seen_at,
            dated_at=row.dated_at,
            matched=frozenset(matched.get(row.id, ())),
            tags=tuple(dict.fromkeys(tag for line in listing.get(row.id, ()) for tag in line.tags or ())),
            text_removed=is_text_removed(row),
        )
        for row in (rows[article_id] for article_id in ids if article_id in rows)
    ]


def _entries_by_article(connection: Connection, ids: Sequence[int]) -> dict[int, list[Any]]:
    """Return, for each article, its entries with tags and sources, first entry first."""
    query = select(entry.c.article_id, entry.c.tags, source.c.name).join(source).where(entry.c.article_id.in_(ids))
    found: dict[int, list[Any]] = {}
    for row in connection.execute(query.order_by(entry.c.id)):
        found.setdefault(row.article_id, []).append(row)
    return found


def _rules_by_article(connection: Connection, ids: Sequence[int]) -> dict[int, set[str]]:
    """Return, for each article, the names of the rules that matched it."""
    names: dict[int, set[str]] = {}
    for row in connection.execute(select(match.c.article_id, match.c.rule).where(match.c.article_id.in_(ids))):
        names.setdefault(row.article_id, set()).add(row.rule)
    return names
