"""What the archive says of one article, for those who take it elsewhere."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from monitor.model.articles import Article


@dataclass(frozen=True, slots=True)
class ArchivedArticle:
    """An article with what was found about it.

    `address` is its canonical address, `sources` are those that listed it, the first one first, `rules` those that held
    for it.
    """

    address: str
    article: Article
    sources: tuple[str, ...]
    rules: tuple[str, ...]
    story_id: int
    first_seen_at: dt.datetime
