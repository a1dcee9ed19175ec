"""An article of the archive, as it is exported."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from monitor.model.articles import Article


@dataclass(frozen=True, slots=True)
class ArchivedArticle:
    """An article with what the archive recorded about it.

    `address` is its canonical address, `sources` are those that listed it, the first one first, `rules` those that
    matched.
    """

    address: str
    article: Article
    sources: tuple[str, ...]
    rules: tuple[str, ...]
    story_id: int
    first_seen_at: dt.datetime
