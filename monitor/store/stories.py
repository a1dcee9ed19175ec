"""Which articles are copies of which, and by what they are found."""

from __future__ import annotations

from sqlalchemy import false, or_, select

from monitor.model import SUPPRESSING, Placement
from monitor.store.database import WriteTransaction
from monitor.store.schema import article
from monitor.store.values import indexable


class StoryWriter(WriteTransaction):
    """Writes what says that articles belong together."""

    def _copied(self, story_id: int, placement: Placement) -> tuple[int | None, int | None]:
        """Return the article that a placement is like, and the first of its copies if it is one of them.

        A copy that says not of which article is one of the story's first.
        """
        here = select(article.c.id, article.c.lead_id).where(article.c.story_id == story_id).order_by(article.c.id)
        like = None
        if (url := placement.of) is not None:
            named = or_(article.c.url == url, article.c.address_key == indexable(url) if url else false())
            like = self._connection.execute(here.where(named).limit(1)).first()
        is_copy = placement.relation in SUPPRESSING and placement.story is not None
        first = like or (self._connection.execute(here.limit(1)).first() if is_copy else None)
        lead = (first.lead_id or first.id) if first is not None and is_copy else None
        return None if like is None else like.id, lead
