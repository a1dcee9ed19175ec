"""Check the search index. It can always be rebuilt from the archive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DatabaseError

from monitor.model import AllOf, IndexWord
from monitor.store.fulltext.index import archive_in_batches, is_current
from monitor.store.fulltext.query import matching_ids
from monitor.store.schema import article, article_index
from monitor.text.words import index_words

_REMEDY: Final = "run `monitor db reindex`"
_SAMPLE_ARTICLES: Final = 200  # number of newest articles whose words are searched in the index
_SAMPLE_WORDS: Final = 50  # number of words of each article


def index_problems(connection: Connection, *, sound: bool) -> tuple[str, ...]:
    """Return the problems of the index, in words; empty if it is sound. `sound` is the result of `is_sound`."""
    return tuple(f"the search index {problem}: {_REMEDY}" for problem in _problems(connection, sound))


def _problems(connection: Connection, sound: bool) -> Iterator[str]:
    if not sound:
        yield "is damaged"
        return
    unlisted = select(article.c.id).where(
        ~select(article_index).where(article_index.c.article_id == article.c.id).exists()
    )
    missing = connection.execute(select(func.count()).select_from(unlisted.subquery())).scalar_one()
    if missing:
        yield f"lacks {missing} articles"
    elif is_current(connection) and (lost := _count_lost(connection)):
        yield f"does not find {lost} of the newest articles by their words"


def is_sound(connection: Connection) -> bool:
    """Return whether SQLite finds its index sound. On PostgreSQL, which checks pages when it reads them, return True.

    `connection` must be in a transaction that writes, because the check by FTS5 counts as a write.
    """
    if connection.dialect.name != "sqlite":
        return True
    try:
        with connection.begin_nested():
            connection.execute(text("INSERT INTO article_words (article_words) VALUES ('integrity-check')"))
    except DatabaseError:
        return False
    return True


def _count_lost(connection: Connection) -> int:
    newest = connection.execute(select(func.max(article.c.id))).scalar() or 0
    batches = archive_in_batches(connection, after=newest - _SAMPLE_ARTICLES)
    return sum(not _is_found(connection, row.id, row.title, row.text) for batch in batches for row in batch)


def _is_found(connection: Connection, article_id: int, *texts: str) -> bool:
    words = sorted(index_words(*texts))[:_SAMPLE_WORDS]
    if not words:
        return True
    needed = tuple(map(IndexWord, words))
    found = matching_ids(AllOf(needed) if len(needed) > 1 else needed[0], connection).subquery()
    return connection.execute(select(found).where(found.c.article_id == article_id)).first() is not None
