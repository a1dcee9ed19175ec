"""Translate the words that a search needs into a query for the index of each database."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, Integer, TextualSelect, column, text

from monitor.model import AllOf, IndexWord, Need
from monitor.text.words import WORD_OF_OVERSIZED_TEXT

_MATCHING_IDS: Final = {
    "sqlite": "SELECT rowid AS article_id FROM article_words WHERE article_words MATCH :need",
    "postgresql": "SELECT article_id FROM article_words WHERE words @@ CAST(:need AS tsquery)",
}


def matching_ids(need: Need, connection: Connection) -> TextualSelect:
    """Return a query for the ids of the articles with the needed words, and of articles too large to be indexed."""
    dialect = connection.dialect.name
    asked = text(_MATCHING_IDS[dialect]).bindparams(need=_full_query(need, dialect))
    return asked.columns(column("article_id", Integer))


def first_matching_ids(need: Need, connection: Connection, most: int) -> list[int]:
    """Return at most `most` of the ids that the query of `matching_ids` finds."""
    dialect = connection.dialect.name
    asked = text(f"{_MATCHING_IDS[dialect]} LIMIT :most")
    return list(connection.execute(asked, {"need": _full_query(need, dialect), "most": most}).scalars())


_AND: Final = {"sqlite": "AND", "postgresql": "&"}
_OR: Final = {"sqlite": "OR", "postgresql": "|"}


def _full_query(need: Need, dialect: str) -> str:
    return f"{_query_text(need, dialect)} {_OR[dialect]} {_query_word(IndexWord(WORD_OF_OVERSIZED_TEXT), dialect)}"


def _query_text(need: Need, dialect: str) -> str:
    """Return a need in the database's query language.

    https://www.sqlite.org/fts5.html, section 3; https://www.postgresql.org/docs/current/datatype-textsearch.html.
    """
    if isinstance(need, IndexWord):
        return _query_word(need, dialect)
    operator = (_AND if isinstance(need, AllOf) else _OR)[dialect]
    return f"({f' {operator} '.join(_query_text(part, dialect) for part in need.parts)})"


def _query_word(word: IndexWord, dialect: str) -> str:
    """Return a word in the query language. It is not escaped, because words have only letters, digits and marks."""
    if dialect == "sqlite":
        return f'"{word.text}"{" *" if word.prefix else ""}'
    return f"'{word.text}'{':*' if word.prefix else ''}"
