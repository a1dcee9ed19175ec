"""How articles are grouped in the archive, and what people decided about that."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from monitor.model.articles import Article, Relation

PairVerdict = Literal["apart", "together"]


@dataclass(frozen=True, slots=True)
class PlacedArticle:
    """An article and its place. `lead_id` is the first article of its group of copies (itself, if it is not a copy).

    `of_article` is the id of the article that it resembles, `source` the name of the source that listed it first.
    """

    id: int
    story_id: int
    lead_id: int
    of_article: int | None
    first_seen_at: dt.datetime
    relation: Relation
    reason: str
    article: Article
    source: str


@dataclass(frozen=True, slots=True)
class BoundArticle:
    """An article that belongs to an edition of a digest: as an item, a line or a copy, or left out by a setting."""

    digest: str
    article_id: int
    edition_id: int


@dataclass(frozen=True, slots=True)
class PairDecision:
    """What a person decided about an article and the article at `url`: never in the same story, or always."""

    verdict: PairVerdict
    url: str
    title: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class RelatedArticle:
    """An article of the archive that is about the same thing as another article, but not joined to it.

    `likeness` says what the two have in common, `reason` says why that is not enough to join them.
    """

    article_id: int
    likeness: str
    reason: str


@dataclass(frozen=True, slots=True)
class SeeAlso:
    """An article about the same thing as an item, itself another item. `reason` says why the two were not joined.

    `sent_before`: it is in an earlier edition.
    """

    article_id: int
    title: str
    url: str
    source: str
    reason: str
    sent_before: bool = False


@dataclass(frozen=True, slots=True)
class RelatedTrace:
    """An article that is related to a traced article and not joined to it.

    `likeness` and `reason` are those of `RelatedArticle`.
    """

    article_id: int
    title: str
    url: str
    source: str
    likeness: str
    reason: str


@dataclass(frozen=True, slots=True)
class JoinedArticle:
    """An article that was joined to an earlier article, and why. `shadow`: it would have been joined in the mode "on".

    `relation` is its relation to the earlier article. The fields `of_…` describe the earlier article, if it is known.
    """

    article_id: int
    story_id: int
    title: str
    url: str
    source: str
    first_seen_at: dt.datetime
    relation: Relation
    shadow: bool
    score: float
    reason: str
    of_title: str | None = None
    of_url: str | None = None
    of_source: str | None = None
