"""An article of the archive in the form in which it is exported."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from monitor.model.articles import Article


@dataclass(frozen=True, slots=True)
class ArchivedArticle:
    """An article with what the archive recorded about it.

    `address` is its canonical address. `sources` are the sources that listed it, in the order in which they did.
    `rules` are the rules that matched it.
    """

    address: str
    article: Article
    sources: tuple[str, ...]
    rules: tuple[str, ...]
    story_id: int
    first_seen_at: dt.datetime
