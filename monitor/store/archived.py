"""Read articles of the archive: those with certain ids, or all of them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, func, select

from monitor.model import ArchivedArticle, Article
from monitor.model.rules import RuleReport
from monitor.store.database import Database
from monitor.store.schema import article, entry, match, source
from monitor.store.values import article_of, chunks

_PAGE_SIZE: Final = 500


class ArchiveReads(Database):
    """Queries for articles by id, for `monitor export`, and for the counts of matches."""

    def articles(self, ids: Collection[int]) -> dict[int, Article]:
        """Return the articles with these ids in their present state, by id."""
        found: dict[int, Article] = {}
        if not ids:
            return found
        with self._reading() as connection:
            for chunk in chunks(ids):
                rows = connection.execute(select(article).where(article.c.id.in_(chunk)))
                found.update({row.id: article_of(row) for row in rows})
        return found

    def archived_articles(
        self, *, since: dt.datetime | None = None, rule: str | None = None
    ) -> Iterator[ArchivedArticle]:
        """Yield the articles, latest first: only those first seen since `since`, and matched by `rule`, if given.

        The articles are read in pages, with one transaction for each page. So no transaction is open while the caller
        works. Articles that are recorded meanwhile are left out.
        """
        before: int | None = None
        while True:
            with self._reading() as connection:
                rows = connection.execute(_page_query(before, since, rule)).all()
                found = list(_read_page(connection, rows))
            yield from found
            if len(rows) < _PAGE_SIZE:
                return
            before = rows[-1].id

    def rule_reports(self, since: dt.datetime) -> dict[str, RuleReport]:
        """Return the number of matches of each rule, since `since` and in total. Rules without matches are left out."""
        recent = func.count().filter(match.c.matched_at >= since)
        columns = (match.c.rule, recent, func.count(), func.max(match.c.matched_at))
        with self._reading() as connection:
            rows = connection.execute(select(*columns).group_by(match.c.rule)).all()
        return {name: RuleReport(name, *counted) for name, *counted in rows}


def _page_query(before: int | None, since: dt.datetime | None, rule: str | None) -> Select[Any]:
    query = select(article, source.c.name.label("source")).join(source, source.c.id == article.c.source_id)
    if before is not None:
        query = query.where(article.c.id < before)
    if since is not None:
        query = query.where(article.c.first_seen_at >= since)
    if rule is not None:
        query = query.where(article.c.id.in_(select(match.c.article_id).where(match.c.rule == rule)))
    return query.order_by(article.c.id.desc()).limit(_PAGE_SIZE)


def _read_page(connection: Connection, rows: Sequence[Row[Any]]) -> Iterator[ArchivedArticle]:
    ids = [row.id for row in rows]
    listing = (
        select(entry.c.article_id, source.c.name)
        .join(source, source.c.id == entry.c.source_id)
        .where(entry.c.article_id.in_(ids))
        .order_by(entry.c.first_seen_at, entry.c.id)
    )
    sources = _by_article(connection, listing)
    matches = select(match.c.article_id, match.c.rule).where(match.c.article_id.in_(ids)).order_by(match.c.id)
    rules = _by_article(connection, matches)
    for row in rows:
        yield ArchivedArticle(
            address=row.address,
            article=article_of(row),
            sources=tuple(dict.fromkeys([row.source, *sources[row.id]])),
            rules=tuple(rules[row.id]),
            story_id=row.story_id,
            first_seen_at=row.first_seen_at,
        )


def _by_article(connection: Connection, query: Select[Any]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for article_id, name in connection.execute(query):
        found[article_id].append(name)
    return found
