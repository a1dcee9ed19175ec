"""Articles put into stories, one after the other: copies, near copies, other reports of an event, new ones.

The order is from certain to likely: the same address or the same text, a near copy, an event, new. Only the first two
mean that an article is not sent again. A story's id never changes, and stories are never merged: what a reader was sent
as one story stays one.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Final, Protocol

from monitor.model import Article, Entry, EntryChange, KnownArticle, Placement
from monitor.model.fingerprints import COMMON, FOUND, EarlierArticle
from monitor.model.stories import RelatedArticle
from monitor.stories.boilerplate import BoilerplateCounts
from monitor.stories.events import Events
from monitor.stories.identity import DedupIndex
from monitor.stories.near import site_of
from monitor.stories.placing import NearDecision, find_near, read_article, sentences_to_count
from monitor.stories.same import further_address, text_key
from monitor.text.address import canonical_url
from monitor.text.fold import fold_text

SIMILAR_HEADLINES: Final = 0.55
"""Minimum similarity, from 0 to 1, of headlines that are nearly the same."""


class ProposedEvent(Protocol):
    """The event of an article: `of` is the article that decided, None if it belongs to none."""

    @property
    def of(self) -> int | None:
        """The number of the article that the decision is based on."""
        ...

    @property
    def score(self) -> float:
        """The certainty of the join, from 0 to 1."""
        ...

    @property
    def reason(self) -> str:
        """The reason for the decision."""
        ...

    @property
    def related(self) -> tuple[RelatedArticle, ...]:
        """The articles that are shown with it and are not joined."""
        ...


class EventIndex(Protocol):
    """Decides which event an article reports."""

    def place(self, article: Article, at: dt.datetime, *, key: int) -> ProposedEvent | None:
        """Return the event that the article reports and what is related; None if there is neither."""
        ...

    def add(self, article: Article, at: dt.datetime, *, key: int, event: Hashable) -> None:
        """Remember an article and its event, so that later ones are compared with it."""
        ...


class MemoryIndex:
    """The articles that new ones may be near copies of, in memory: a `StoryIndex`."""

    def __init__(self) -> None:
        self._articles: dict[int, EarlierArticle] = {}
        self._by_key: dict[int, tuple[int, ...]] = {}
        self._boilerplate = BoilerplateCounts()

    def add(self, earlier: EarlierArticle) -> None:
        """Remember an article, so that later ones are compared with it."""
        self._articles[earlier.key] = earlier
        for key in earlier.fingerprint.keys:
            sharing = self._by_key.get(key, ())
            if len(sharing) <= COMMON:  # more are not looked at anyway
                self._by_key[key] = (*sharing, earlier.key)

    def count_article(self, site: str, sentences: Iterable[int]) -> None:
        """Count the sentences of an article for its site."""
        self._boilerplate.count_article(site, sentences)

    def candidates(self, keys: Sequence[int]) -> Sequence[EarlierArticle]:
        """Return the articles whose fingerprints have one of the keys, those with the most first, then the oldest."""
        postings = (self._by_key.get(key, ()) for key in set(keys))
        shared = Counter(article for posting in postings if len(posting) <= COMMON for article in posting)
        ranked = sorted(shared, key=lambda article: (-shared[article], article))
        return [self._articles[article] for article in ranked[:FOUND]]

    def counts(self, site: str, sentences: Iterable[int]) -> dict[int, int]:
        """Return how many articles of the site have each of the sentences."""
        return self._boilerplate.counts(site, sentences)


class Stories:
    """Puts articles into stories as they come, in memory, as the archive does with a database.

    `events` decides which articles report one event: `Events`, if nothing else is given.
    """

    def __init__(self, events: EventIndex | None = None) -> None:
        self._events: EventIndex = Events() if events is None else events
        self._known = DedupIndex()
        self._near = MemoryIndex()
        self._places: dict[int, tuple[str, int]] = {}  # address and story, by the number of the article
        self._stories = 0

    def add(self, article: Article, at: dt.datetime) -> Placement:
        """Return where the article belongs, and remember it. `at` is when it came, not earlier than in the last call.

        Only the relations `copy` and `near_copy` mean that it says nothing new. What is `related` is shown with it.
        """
        address, site = canonical_url(article.url), site_of(article)
        entry = Entry(key=address, title=article.title, url=article.url)
        change = EntryChange(entry, article, address, text_key(article.title, article.text), content_hash="")
        found = self._known.classify(change, site)
        if found.same is not None:
            return found.placement
        key = len(self._places) + 1
        placement = self._place(article, at, key) if found.placement.relation == "new" else found.placement
        story = self._stories if placement.story is None else placement.story
        self._places[key] = article.url, story
        known = KnownArticle(key, story, address, change.text_key, article.title, article.url, (site,), article.text)
        further = further_address(change)
        self._known.add(replace(known, further=(further,)) if further else known)
        return placement

    def _place(self, article: Article, at: dt.datetime, key: int) -> Placement:
        """Return where an article belongs whose address and text are unknown.

        Later articles are not compared with a near copy: they are compared with its original.
        """
        later = read_article(article, self._near)
        near = find_near(later, self._near)
        site = site_of(article)
        if near.joined is not None:
            original, share = near.joined.of, near.joined.share
            self._near.count_article(site, sentences_to_count(later, original))
            return Placement(original.story, "near_copy", original.url, share, near.joined.reason)
        self._near.count_article(site, sentences_to_count(later))
        placement, story = self._place_in_event(article, at, key, near)
        self._near.add(EarlierArticle(key, story, article.url, site, article.title, article.text, later.fingerprint))
        return placement

    def _place_in_event(self, article: Article, at: dt.datetime, key: int, near: NearDecision) -> tuple[Placement, int]:
        """Return where an article belongs that is no copy, and its story."""
        found = decide_event(article, near, self._events.place(article, at, key=key), lambda of: self._places[of][1])
        related = tuple(self._places[one.article_id][0] for one in found.related)
        if found.of is not None:
            url, story = self._places[found.of]
            placement = Placement(story, "event", url, found.score, found.reason, related)
        else:
            self._stories = story = self._stories + 1
            placement = Placement(story, "new", reason=found.reason, related=related)
        self._events.add(article, at, key=key, event=story)
        return placement, story


@dataclass(frozen=True, slots=True)
class EventDecision:
    """The article whose event another one reports, None if that of none; why, in a sentence; and what is related."""

    of: int | None
    score: float
    reason: str
    related: tuple[RelatedArticle, ...]


def decide_event(
    article: Article, near: NearDecision, place: ProposedEvent | None, story_of: Callable[[int], int]
) -> EventDecision:
    """Return the event of an article that is no copy; `story_of` gives the story of an article by its number.

    A report that a veto keeps apart from an article of nearly the same headline is another one of a series, and not of
    that article's event. Under a headline of its own it may be a later report, which corrects a number.
    """
    of, related = (place.of, place.related) if place else (None, ())
    if place is not None and of is not None:
        if _story_of_same_series(article, near) != story_of(of):
            return EventDecision(of, place.score, place.reason, related)
        related = (RelatedArticle(of, place.reason, _reason_of_new(near, place)), *related)
    return EventDecision(None, 1.0, _reason_of_new(near, place), related)


def _story_of_same_series(article: Article, near: NearDecision) -> int | None:
    """Return the story of an article with nearly the same headline, if a veto keeps the two apart."""
    if near.refused is None:
        return None
    earlier = near.refused.of
    alike = (
        SequenceMatcher(None, fold_text(earlier.title), fold_text(article.title), autojunk=False).ratio()
        >= SIMILAR_HEADLINES
    )
    return earlier.story if alike else None


def _reason_of_new(near: NearDecision, place: ProposedEvent | None) -> str:
    if near.refused:
        return near.refused.reason
    return place.reason if place else "no article has its address or its text"
