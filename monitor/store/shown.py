"""What a digest has shown of stories and left out of them, and the related articles that it names."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select

from monitor.model import Edition, Pending, SeeAlso
from monitor.store import schema
from monitor.store.schema import article, edition_article, edition_item, pair_decision, related_article, source
from monitor.store.transactions import Transaction
from monitor.store.values import chunks


class ShownReads(Transaction):
    """Queries about what a digest has shown."""

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

    def _shown_headlines(self, digest: str, stories: Collection[int]) -> dict[int, str]:
        """Return, for each story that the digest has shown, the headline of the first report that was shown."""
        story_of: dict[int, int] = {}  # find the articles first: a story has fewer articles than the digest has items
        for chunk in chunks(stories):
            query = select(article.c.id, article.c.story_id).where(article.c.story_id.in_(chunk))
            story_of.update({row.id: row.story_id for row in self._connection.execute(query)})
        shown: list[tuple[int, int, str]] = []
        for chunk in chunks(story_of):
            bound = select(edition_item.c.edition_id, edition_item.c.lead_id, edition_item.c.headline).where(
                edition_item.c.digest == digest, edition_item.c.lead_id.in_(chunk), edition_item.c.headline.is_not(None)
            )
            shown += [(row.edition_id, row.lead_id, row.headline) for row in self._connection.execute(bound)]
        found: dict[int, str] = {}
        for _, lead_id, headline in sorted(shown):
            found.setdefault(story_of[lead_id], headline)
        return found

    def _joined_by_hand(self, articles: Collection[int]) -> set[int]:
        """Return those of the articles that a person joined to another article, or to which a person joined another."""
        found: set[int] = set()
        for chunk in chunks(articles):
            for column in (pair_decision.c.one_id, pair_decision.c.other_id):
                query = select(column).where(pair_decision.c.decision == "together", column.in_(chunk))
                found.update(self._connection.execute(query).scalars())
        return found

    def left_out(self, digest: str) -> int:
        """Return how many articles the digest's setting left out since its last edition that was sent."""
        table = schema.edition
        query = select(table.c.left_out).where(table.c.digest == digest).order_by(table.c.id.desc()).limit(1)
        return self._connection.execute(query).scalar() or 0


def headlines_by_lead(edition: Edition, bound: Sequence[Pending]) -> dict[int, str | None]:
    """Return, for the leading article of each group of copies, the headline of its item (None: it has no item)."""
    lead_of = {one.article_id: one.lead_id for one in bound}
    found: dict[int, str | None] = dict.fromkeys(lead_of.values())
    for item in edition.items:
        headline = item.title if item.more_on is None else item.more_on
        found[lead_of[item.article_id]] = headline
        for report in item.reports:
            found[lead_of[report.article_id]] = report.title if item.at_once else headline
    return found
