"""Articles that are about the same thing but were not joined. A digest names them as related."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from monitor.model import SeeAlso
from monitor.store.database import Transaction
from monitor.store.schema import article, edition_article, related_article, source
from monitor.store.values import chunks


class RelatedReads(Transaction):
    """Queries about related articles."""

    def related(self, digest: str, articles: Collection[int]) -> dict[int, list[SeeAlso]]:
        """Return, for each article, the related articles of other stories that come before it in the digest.

        These are articles of the digest's earlier editions, and earlier articles of this edition (`articles`).
        """
        found: dict[int, dict[int, SeeAlso]] = {}
        here, there = related_article.c.article_id, related_article.c.other_id
        own = article.alias("own")
        columns = (article.c.id, article.c.title, article.c.url, source.c.name, related_article.c.reason)
        bound = select(edition_article.c.article_id).where(
            edition_article.c.digest == digest, edition_article.c.article_id == article.c.id
        )
        for mine, other in ((here, there), (there, here)):
            query = (
                select(mine.label("mine"), *columns, bound.exists().label("bound"))
                .select_from(related_article.join(article, article.c.id == other).join(own, own.c.id == mine))
                .join(source, source.c.id == article.c.source_id)
                .where(own.c.story_id != article.c.story_id)
                .order_by(mine, other.desc())
            )
            for chunk in chunks(articles):
                for row in self._connection.execute(query.where(mine.in_(chunk))):
                    if row.bound or (mine is here and row.id in articles):
                        shown = SeeAlso(row.id, row.title, row.url, row.name, row.reason, bool(row.bound))
                        found.setdefault(row.mine, {}).setdefault(row.id, shown)
        return {article_id: list(others.values()) for article_id, others in found.items()}
