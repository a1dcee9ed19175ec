"""Move an article to another story by hand, with its group of copies and the records of what digests have sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, and_, delete, func, insert, or_, select, update

from monitor.model import Relation
from monitor.model.stories import BoundArticle, JoinedArticle, PairVerdict, PlacedArticle
from monitor.store import schema
from monitor.store.database import Database
from monitor.store.editions import pending_query
from monitor.store.schema import article, edition_article, edition_item, match, pair_decision, source, story
from monitor.store.trace import find_articles
from monitor.store.transactions import WriteTransaction
from monitor.store.values import article_of

_SELECT_PLACED: Final = select(article, source.c.name.label("source")).join(source)


@dataclass(frozen=True, slots=True)
class NewPlace:
    """The new place of a group of copies: its story (None: a new story) and its first article.

    `relation`, `of_article` and `reason` are the new values of the first article.
    """

    story_id: int | None
    lead_id: int
    relation: Relation
    of_article: int | None
    reason: str


class RegroupWriter(WriteTransaction):
    """Reads and changes the places of articles, in one transaction."""

    def find_placed(self, url: str, address: str) -> tuple[PlacedArticle, ...]:
        """Return the articles at `url`, with the canonical address `address`. `url` may also be an article's id."""
        found = find_articles(self._connection, url, address)
        rows = self._connection.execute(_SELECT_PLACED.where(article.c.id.in_(found)).order_by(article.c.id))
        return tuple(_placed_article(row) for row in rows)

    def story_articles(self, story_id: int) -> tuple[PlacedArticle, ...]:
        """Return the articles of a story, the oldest first."""
        query = _SELECT_PLACED.where(article.c.story_id == story_id).order_by(article.c.id)
        return tuple(_placed_article(row) for row in self._connection.execute(query))

    def bound_articles(self, articles: Collection[int]) -> tuple[BoundArticle, ...]:
        """Return the editions to which the articles belong."""
        query = select(edition_article).where(edition_article.c.article_id.in_(articles))
        rows = self._connection.execute(query.order_by(edition_article.c.digest, edition_article.c.article_id))
        return tuple(BoundArticle(row.digest, row.article_id, row.edition_id) for row in rows)

    def move(self, articles: Collection[int], place: NewPlace) -> int:
        """Move a group of copies to another place; return its new story. A story that becomes empty is deleted."""
        condition = article.c.id.in_(articles)
        before = self._connection.execute(select(article.c.story_id).where(condition).limit(1)).scalar_one()
        story_id = place.story_id
        if story_id is None:
            first = select(func.min(article.c.first_seen_at)).where(condition)
            at = self._connection.execute(first).scalar_one()
            story_id = self._connection.execute(
                insert(story).values(first_seen_at=at).returning(story.c.id)
            ).scalar_one()
        self._connection.execute(update(article).where(condition).values(story_id=story_id, lead_id=place.lead_id))
        leading = {
            "lead_id": None,
            "relation": place.relation,
            "of_article": place.of_article,
            "score": 1.0,
            "reason": place.reason,
            "shadow": None,
        }
        self._connection.execute(update(article).where(article.c.id == place.lead_id).values(leading))
        has_articles = select(article.c.id).where(article.c.story_id == before).exists()
        self._connection.execute(delete(story).where(story.c.id == before, ~has_articles))
        return int(story_id)

    def rebind(self, digest: str, lead_id: int, articles: Collection[int], edition_id: int | None) -> None:
        """Record which edition of a digest has sent a group of copies. `edition_id` None: the group waits again.

        `articles` are the articles of the group, `lead_id` is the first of them.
        """
        group = and_(edition_item.c.digest == digest, edition_item.c.lead_id == lead_id)
        if edition_id is None:
            condition = and_(edition_article.c.digest == digest, edition_article.c.article_id.in_(articles))
            self._connection.execute(delete(edition_article).where(condition))
            self._connection.execute(delete(edition_item).where(group))
        elif self._connection.execute(select(edition_item.c.lead_id).where(group)).first() is None:
            title = select(article.c.title).where(article.c.id == lead_id).scalar_subquery()
            values = {"digest": digest, "lead_id": lead_id, "edition_id": edition_id, "headline": title}
            self._connection.execute(insert(edition_item).values(values))

    def release_left_out(self, story_id: int) -> None:
        """Let the reports of a story wait again for each digest that has left out all reports of this story."""
        in_story = select(article.c.id).where(article.c.story_id == story_id)
        bound = select(edition_item.c.digest, edition_item.c.lead_id, edition_item.c.headline)
        rows = self._connection.execute(bound.where(edition_item.c.lead_id.in_(in_story))).all()
        seen = {row.digest for row in rows if row.headline is not None}
        for row in rows:
            if row.digest not in seen:
                copies = select(article.c.id).where(func.coalesce(article.c.lead_id, article.c.id) == row.lead_id)
                ids = self._connection.execute(copies.where(article.c.story_id == story_id)).scalars().all()
                self.rebind(row.digest, row.lead_id, ids, None)

    def waiting_digests(self, articles: Collection[int]) -> tuple[str, ...]:
        """Return the digests that will send any of the articles."""
        names = self._connection.execute(select(schema.digest.c.name).where(schema.digest.c.active)).scalars()
        waits = {name: pending_query(name).where(match.c.article_id.in_(articles)) for name in sorted(names)}
        return tuple(name for name, query in waits.items() if self._connection.execute(query.limit(1)).first())

    def record_decision(self, article_id: int, others: Collection[int], verdict: PairVerdict, at: dt.datetime) -> None:
        """Record what a person decided about an article and each of the others. It replaces earlier decisions."""
        self.forget_decision(article_id, others)
        rows = [
            {"one_id": min(pair), "other_id": max(pair), "decision": verdict, "decided_at": at}
            for pair in ((article_id, other) for other in others)
        ]
        if rows:
            self._connection.execute(insert(pair_decision), rows)

    def forget_decision(self, article_id: int, others: Collection[int]) -> None:
        """Delete what a person decided about an article and any of the others."""
        one, other = pair_decision.c.one_id, pair_decision.c.other_id
        pairs = or_(and_(one == article_id, other.in_(others)), and_(other == article_id, one.in_(others)))
        self._connection.execute(delete(pair_decision).where(pairs))


class JoinedReads(Database):
    """Queries about the articles of the archive that were joined to others."""

    def joined_articles(self, since: dt.datetime | None) -> Sequence[JoinedArticle]:
        """Return the articles that were joined, or would have been in the mode "on", weakest evidence first.

        Only articles that were first seen since `since` are returned (None: all articles).
        """
        with self._reading() as connection:
            return tuple(_joined_article(row) for row in connection.execute(_joined_query(since)))


def _placed_article(row: Any) -> PlacedArticle:
    return PlacedArticle(
        id=row.id,
        story_id=row.story_id,
        lead_id=row.lead_id or row.id,
        of_article=row.of_article,
        first_seen_at=row.first_seen_at,
        relation=row.relation,
        reason=row.reason,
        article=article_of(row),
        source=row.source,
    )


def _joined_query(since: dt.datetime | None) -> Select[Any]:
    like, like_source = article.alias("like"), source.alias("like_source")
    columns = (article.c[name] for name in ("id", "story_id", "title", "url", "first_seen_at", "relation", "shadow"))
    query = (
        select(
            *columns,
            article.c.score,
            article.c.reason,
            source.c.name.label("source"),
            like.c.title.label("of_title"),
            like.c.url.label("of_url"),
            like_source.c.name.label("of_source"),
        )
        .select_from(
            article.join(source, source.c.id == article.c.source_id)
            .outerjoin(like, like.c.id == article.c.of_article)
            .outerjoin(like_source, like_source.c.id == like.c.source_id)
        )
        .where(article.c.of_article.is_not(None))  # the condition of the index, so that it is used
        .order_by(article.c.score, article.c.id.desc())
    )
    return query if since is None else query.where(article.c.first_seen_at >= since)


def _joined_article(row: Any) -> JoinedArticle:
    return JoinedArticle(
        article_id=row.id,
        story_id=row.story_id,
        title=row.title,
        url=row.url,
        source=row.source,
        first_seen_at=row.first_seen_at,
        relation=row.shadow or row.relation,
        shadow=row.shadow is not None,
        score=row.score,
        reason=row.reason,
        of_title=row.of_title,
        of_url=row.of_url,
        of_source=row.of_source,
    )
