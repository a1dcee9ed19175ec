"""The search index: the date of each article, and its words. See `monitor.text.words`.

The words are in an FTS5 table on SQLite, and in a column of text-search vectors on PostgreSQL. Neither stores the
positions of the words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    func,
    insert,
    select,
    text,
    update,
)

from monitor.store.schema import article, article_index, create_words, drop_words
from monitor.store.values import clean_text
from monitor.text.words import index_version, index_words

_RENEWAL_BATCH: Final = 50  # number of articles renewed in one transaction, while other writers wait
_BATCH_SIZE: Final = 200  # number of articles that are read, split into words and written together
_INSERT_INDEX: Final = insert(article_index)


class IndexWriter:
    """Updates the index, in the transaction that changes the archive."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._words = _FtsWords(connection) if connection.dialect.name == "sqlite" else _VectorWords(connection)
        self._waiting: list[tuple[dict[str, Any], tuple[int, set[str]]]] = []

    def add(self, article_id: int, title: str, body: str, dated_at: dt.datetime) -> None:
        """Index a new article. It is written later, together with others: when many articles wait, or by `flush`."""
        row = {"article_id": article_id, "dated_at": dated_at, "version": index_version()}
        self._waiting.append((row, (article_id, index_words(clean_text(title), clean_text(body)))))
        if len(self._waiting) >= _BATCH_SIZE:
            self.flush()

    def flush(self) -> None:
        """Write the articles that wait to be indexed. Call it before the transaction ends."""
        waiting, self._waiting = self._waiting, []
        if waiting:
            self._connection.execute(_INSERT_INDEX, [row for row, _ in waiting])
            self._words.put([words for _, words in waiting])

    def revise(
        self, article_id: int, before: tuple[str, str], after: tuple[str, str], published: dt.datetime | None
    ) -> None:
        """Index an article again. Its title and text were `before`, and are now `after`."""
        self.flush()  # the article may be one of the waiting articles
        condition = article_index.c.article_id == article_id
        seen = self._connection.execute(select(article.c.first_seen_at).where(article.c.id == article_id)).scalar_one()
        stale = (
            self._connection.execute(select(article_index.c.article_id).where(condition, is_stale())).first()
            is not None
        )
        dated = {"dated_at": dated_at(published, seen), "version": index_version()}
        self._connection.execute(update(article_index).where(condition).values(dated))
        was, now = index_words(*before), index_words(*map(clean_text, after))
        if was != now and not stale:
            self._words.remove(article_id, was)
        if was != now or stale:
            self._words.put([(article_id, now)])

    def remove_texts(self, articles: Sequence[tuple[int, str, str]]) -> None:
        """Remove the words of texts from the index; the words of titles stay. Given are ids, titles and present texts.

        The articles must have words of this version of the program.
        """
        for article_id, title, body in articles:
            self._words.remove(article_id, index_words(title, body))
        self._words.put([(article_id, index_words(title, "")) for article_id, title, _ in articles])

    def complete(self) -> None:
        """Index all articles again if some are not indexed. Words of another version are not replaced: see `renew`."""
        articles = self._connection.execute(select(func.count()).select_from(article)).scalar_one()
        if count_indexed(self._connection) != articles:
            self.rebuild()

    def renew(self) -> int:
        """Replace the words of some articles that have words of another version; return how many, 0 at the end.

        Old words do no harm: an article that is found by a wrong word is rejected when it is read.
        """
        stale = select(article.c.id, article.c.title, article.c.text).join(article_index).where(is_stale())
        rows = self._connection.execute(stale.order_by(article.c.id.desc()).limit(_RENEWAL_BATCH)).all()
        if rows:
            self._words.put([(row.id, index_words(row.title, row.text)) for row in rows])
            condition = article_index.c.article_id.in_([row.id for row in rows])
            self._connection.execute(update(article_index).where(condition).values(version=index_version()))
        return len(rows)

    def rebuild(self) -> int:
        """Index all articles again; return their number."""
        self._connection.execute(article_index.delete())
        self._words.clear()
        count = 0
        for batch in archive_in_batches(self._connection):
            rows = [
                {
                    "article_id": row.id,
                    "dated_at": dated_at(row.published_at, row.first_seen_at),
                    "version": index_version(),
                }
                for row in batch
            ]
            self._connection.execute(insert(article_index), rows)
            self._words.put([(row.id, index_words(row.title, row.text)) for row in batch])
            count += len(batch)
        return count


def is_current(connection: Connection) -> bool:
    """Return whether all indexed articles have the words of this version of the program."""
    versions = connection.execute(select(func.min(article_index.c.version), func.max(article_index.c.version))).one()
    return set(versions) <= {None, index_version()}


def is_stale() -> ColumnElement[bool]:
    """Return the SQL condition for articles with words of another version."""
    return article_index.c.version != index_version()


def count_indexed(connection: Connection) -> int:
    """Return the number of indexed articles."""
    return int(connection.execute(select(func.count()).select_from(article_index)).scalar_one())


def dated_at(published: dt.datetime | None, seen: dt.datetime) -> dt.datetime:
    """Return the date by which an article is sorted in the archive.

    This is its publication date or, if that is unknown or after the time when it was first seen, that time.
    """
    return seen if published is None else min(published, seen)


def archive_in_batches(connection: Connection, *, after: int = 0) -> Iterator[Sequence[Any]]:
    """Yield the articles whose ids are above `after`, oldest first: id, title, text and times."""
    columns = (article.c.id, article.c.title, article.c.text, article.c.published_at, article.c.first_seen_at)
    query = select(*columns).order_by(article.c.id).limit(_BATCH_SIZE)
    while batch := connection.execute(query.where(article.c.id > after)).all():
        yield batch
        after = batch[-1].id


class _FtsWords:
    """The words in FTS5, which does not store the text: to delete an article, it needs the words of the article.

    New words of an article are added to its present words.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, rows: Collection[tuple[int, set[str]]]) -> None:
        values = [{"id": article_id, "words": " ".join(words)} for article_id, words in rows]
        self._connection.execute(text("INSERT INTO article_words (rowid, words) VALUES (:id, :words)"), values)

    def remove(self, article_id: int, words: set[str]) -> None:
        statement = text("INSERT INTO article_words (article_words, rowid, words) VALUES ('delete', :id, :words)")
        self._connection.execute(statement, {"id": article_id, "words": " ".join(words)})

    def clear(self) -> None:
        drop_words(self._connection)
        create_words(self._connection)


class _VectorWords:
    """The words in text-search vectors of PostgreSQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, rows: Collection[tuple[int, set[str]]]) -> None:
        values = [{"id": article_id, "words": list(words)} for article_id, words in rows]
        statement = text(
            "INSERT INTO article_words (article_id, words) VALUES (:id, array_to_tsvector(CAST(:words AS text[]))) "
            "ON CONFLICT (article_id) DO UPDATE SET words = excluded.words"
        )
        self._connection.execute(statement, values)

    def remove(self, article_id: int, _words: set[str]) -> None:
        self._connection.execute(text("DELETE FROM article_words WHERE article_id = :id"), {"id": article_id})

    def clear(self) -> None:
        self._connection.execute(text("TRUNCATE article_words"))
