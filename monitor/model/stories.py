"""How articles are grouped in the archive, and what people decided about that."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from monitor.model.articles import Article, Relation

PairVerdict = Literal["apart", "together"]


@dataclass(frozen=True, slots=True)
class PlacedArticle:
    """An article and its place: `lead_id` is the first of its copies (itself, if it is no copy).

    `of_article` is the article that it resembles.
    `source` is the one that listed it first.
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
    """An article that an edition of a digest has bound: as an item or a line, as a copy, or left out by a setting."""

    digest: str
    article_id: int
    edition_id: int


@dataclass(frozen=True, slots=True)
class PairDecision:
    """What a person decided about an article and the one at `url`: never in one story, or always."""

    verdict: PairVerdict
    url: str
    title: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class RelatedArticle:
    """An article of the archive, by its number, that is about the same thing as another one, and is not joined to it.

    `likeness` says what they have in common, `reason` why that is not enough.
    """

    article_id: int
    likeness: str
    reason: str


@dataclass(frozen=True, slots=True)
class SeeAlso:
    """An article that is about the same thing and is an item of its own; `reason` says why it was not joined.

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
    """An article that is related to a traced one and not joined to it: `likeness` and `reason` as above."""

    article_id: int
    title: str
    url: str
    source: str
    likeness: str
    reason: str


@dataclass(frozen=True, slots=True)
class JoinedArticle:
    """An article that was joined to an earlier one, or would have been in the mode "on" (`shadow`), and why.

    `relation` is how it is related, or would be. The fields `of_…` describe the article that it resembles, if known.
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
