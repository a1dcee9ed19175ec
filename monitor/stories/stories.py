"""Put a stream of articles into stories: copies, near copies, other reports of the same event, and new stories.

The checks go from certain to likely: the same address or the same text, a near copy, an event. Otherwise the article is
new. Only copies and near copies are not sent again. A story's id never changes, and stories are never merged: if a
reader was sent articles as one story, they remain one story.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Final, Protocol

from monitor.model import Article, Entry, EntryChange, KnownArticle, Placement
from monitor.model.fingerprints import MAX_ARTICLES_PER_KEY, MAX_CANDIDATES, EarlierArticle
from monitor.model.stories import RelatedArticle
from monitor.stories.boilerplate import BoilerplateCounts
from monitor.stories.events import Events
from monitor.stories.identity import DedupIndex, address_stated_by_page, text_key
from monitor.stories.near import site_of
from monitor.stories.placing import NearDecision, find_near, read_article, sentences_to_count
from monitor.text.address import canonical_url
from monitor.text.fold import fold_text

MIN_HEADLINE_SIMILARITY: Final = 0.55
"""Minimum similarity, from 0 to 1, of headlines that are nearly the same."""


class ProposedEvent(Protocol):
    """The proposal for the event of an article. `of` is None if the article belongs to no known event."""

    @property
    def of(self) -> int | None:
        """The id of the article to which the proposal joins the new article."""
        ...

    @property
    def score(self) -> float:
        """The probability that the join is right, from 0 to 1."""
        ...

    @property
    def reason(self) -> str:
        """The reason for the decision."""
        ...

    @property
    def related(self) -> tuple[RelatedArticle, ...]:
        """The articles that are shown with the new article but not joined to it."""
        ...


class EventIndex(Protocol):
    """Decides which event an article reports."""

    def place(self, article: Article, at: dt.datetime, *, key: int) -> ProposedEvent | None:
        """Return the event that the article reports, and the related articles; None if there are neither."""
        ...

    def add(self, article: Article, at: dt.datetime, *, key: int, event: Hashable) -> None:
        """Remember an article and its event, so that later articles are compared with it."""
        ...


class MemoryIndex:
    """A `StoryIndex` in memory: the articles that new articles may copy."""

    def __init__(self) -> None:
        self._articles: dict[int, EarlierArticle] = {}
        self._by_key: dict[int, tuple[int, ...]] = {}
        self._boilerplate = BoilerplateCounts()

    def add(self, earlier: EarlierArticle) -> None:
        """Remember an article, so that later articles are compared with it."""
        self._articles[earlier.key] = earlier
        for key in earlier.fingerprint.keys:
            sharing = self._by_key.get(key, ())
            if len(sharing) <= MAX_ARTICLES_PER_KEY:  # further articles would not be looked at
                self._by_key[key] = (*sharing, earlier.key)

    def count_article(self, site: str, sentences: Iterable[int]) -> None:
        """Count the sentences of an article for its site."""
        self._boilerplate.count_article(site, sentences)

    def candidates(self, keys: Sequence[int]) -> Sequence[EarlierArticle]:
        """Return the articles whose fingerprints have any of the keys, most keys first, then the oldest first."""
        postings = (self._by_key.get(key, ()) for key in set(keys))
        shared = Counter(article for posting in postings if len(posting) <= MAX_ARTICLES_PER_KEY for article in posting)
        ranked = sorted(shared, key=lambda article: (-shared[article], article))
        return [self._articles[article] for article in ranked[:MAX_CANDIDATES]]

    def counts(self, site: str, sentences: Iterable[int]) -> dict[int, int]:
        """Return how many articles of the site have each of the sentences."""
        return self._boilerplate.counts(site, sentences)


class Stories:
    """Puts articles into stories in memory, one by one, in the same way as the archive does with a database.

    `events` decides which articles report the same event. The default is `Events`.
    """

    def __init__(self, events: EventIndex | None = None) -> None:
        self._events: EventIndex = Events() if events is None else events
        self._known = DedupIndex()
        self._near = MemoryIndex()
        self._places: dict[int, tuple[str, int]] = {}  # address and story, by the id of the article
        self._stories = 0

    def add(self, article: Article, at: dt.datetime) -> Placement:
        """Return the place of the article, and remember it. `at` is when it came, not earlier than in the last call.

        Only the relations `copy` and `near_copy` mean that it says nothing new. `related` articles are shown with it.
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
        further = address_stated_by_page(change)
        self._known.add(replace(known, further=(further,)) if further else known)
        return placement

    def _place(self, article: Article, at: dt.datetime, key: int) -> Placement:
        """Return the place of an article whose address and text are new.

        Later articles are compared with the original of a near copy, not with the near copy itself.
        """
        later = read_article(article, self._near)
        near = find_near(later, self._near)
        site = site_of(article)
        if near.accepted_verdict is not None:
            original, share = near.accepted_verdict.earlier, near.accepted_verdict.share
            self._near.count_article(site, sentences_to_count(later, original))
            return Placement(original.story, "near_copy", original.url, share, near.accepted_verdict.reason)
        self._near.count_article(site, sentences_to_count(later))
        placement, story = self._place_in_event(article, at, key, near)
        self._near.add(EarlierArticle(key, story, article.url, site, article.title, article.text, later.fingerprint))
        return placement

    def _place_in_event(self, article: Article, at: dt.datetime, key: int, near: NearDecision) -> tuple[Placement, int]:
        """Return the place of an article that is not a copy, and its story."""
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
    """The decision about the event of an article, with the reason in a sentence, and the related articles.

    `of` is the earlier article that reports the same event; None if there is no such article.
    """

    of: int | None
    score: float
    reason: str
    related: tuple[RelatedArticle, ...]


def decide_event(
    article: Article, near: NearDecision, place: ProposedEvent | None, story_of: Callable[[int], int]
) -> EventDecision:
    """Return the event of an article that is not a copy. `story_of` returns the story of an article, by its id.

    If a veto keeps two articles with nearly the same headline apart, they belong to a series, and not to the same
    event. With another headline, the article may be a later report of the event, with a corrected number.
    """
    of, related = (place.of, place.related) if place else (None, ())
    if place is not None and of is not None:
        if _story_of_same_series(article, near) != story_of(of):
            return EventDecision(of, place.score, place.reason, related)
        related = (RelatedArticle(of, place.reason, _reason_of_new(near, place)), *related)
    return EventDecision(None, 1.0, _reason_of_new(near, place), related)


def _story_of_same_series(article: Article, near: NearDecision) -> int | None:
    """Return the story of an earlier article with nearly the same headline, if a veto keeps the two articles apart."""
    if near.refused_verdict is None:
        return None
    earlier = near.refused_verdict.earlier
    alike = (
        SequenceMatcher(None, fold_text(earlier.title), fold_text(article.title), autojunk=False).ratio()
        >= MIN_HEADLINE_SIMILARITY
    )
    return earlier.story if alike else None


def _reason_of_new(near: NearDecision, place: ProposedEvent | None) -> str:
    if near.refused_verdict:
        return near.refused_verdict.reason
    return place.reason if place else "no article has its address or its text"
