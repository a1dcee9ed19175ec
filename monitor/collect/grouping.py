"""Find near copies in the archive. `monitor.stories` decides, with the data in the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Final, Protocol

from monitor.collect.reports import RecentReports, with_site_name
from monitor.model import Article, KnownArticle, Placement, ShadowPlacement
from monitor.model.fingerprints import EarlierArticle, Fingerprint
from monitor.model.stories import RelatedArticle
from monitor.stories import (
    LaterArticle,
    NearDecision,
    find_near,
    read_article,
    sentences_to_count,
    site_of,
)
from monitor.stories.fingerprint import VERSION

BATCH_SIZE: Final = 50
"""Maximum number of articles that get a fingerprint in one transaction. Other writers must wait for it."""

BATCH_PAUSE: Final = 0.1
"""Seconds between two batches, in which others can write."""


class Archive(Protocol):
    """The methods of the store's write transaction that grouping uses."""

    def articles_with_keys(self, keys: Sequence[int]) -> Sequence[EarlierArticle]:
        """Return the articles whose fingerprints have at least one of the keys.

        Those with the most of the keys come first; among equals, the oldest.
        """
        ...

    def pairs_kept_apart(self, articles: Collection[int]) -> Collection[tuple[int, int]]:
        """Return the pairs of these articles that must not be joined, because a person decided so."""
        ...

    def sentence_counts(self, site: str, sentences: Collection[int]) -> Mapping[int, int]:
        """Return how many articles of a site have each of the sentences."""
        ...

    def count_sentences(self, site: str, sentences: Collection[int], article_id: int) -> None:
        """Record the sentences of an article, for the counts of its site."""
        ...

    def turn_copy_into_report(self, article_id: int, reason: str) -> None:
        """Turn a copy into a separate report in the same story."""
        ...

    def save_fingerprint(self, article_id: int, site: str, kept: Fingerprint) -> None:
        """Store the fingerprint by which the article is found. It replaces an earlier fingerprint."""
        ...

    def save_related(self, article_id: int, related: Sequence[RelatedArticle]) -> None:
        """Record the articles that are related to the article but not joined to it."""
        ...


@dataclass(frozen=True, slots=True)
class GroupedArticle:
    """Where a new article belongs, its fingerprint to store, and related articles that are not joined to it.

    A near copy has no fingerprint.
    """

    placement: Placement
    site: str
    sentences: tuple[int, ...]
    fingerprint: Fingerprint | None
    related: tuple[RelatedArticle, ...] = ()

    def save(self, archive: Archive, article_id: int) -> None:
        """Store everything except the placement, for the article that now has the id `article_id`."""
        archive.count_sentences(self.site, self.sentences, article_id)
        if self.fingerprint is not None:
            archive.save_fingerprint(article_id, self.site, self.fingerprint)
        if self.related:
            archive.save_related(article_id, self.related)


@dataclass(frozen=True, slots=True)
class _Index:
    """Adapts the archive to `StoryIndex`, in which near copies are looked up."""

    archive: Archive

    def candidates(self, keys: Sequence[int]) -> Sequence[EarlierArticle]:
        found = self.archive.articles_with_keys(keys)
        apart = self.archive.pairs_kept_apart([one.key for one in found]) if len(found) > 1 else ()
        return _drop_farther(found, frozenset(keys), apart) if apart else found

    def counts(self, site: str, sentences: Iterable[int]) -> Mapping[int, int]:
        return self.archive.sentence_counts(site, tuple(sentences))


def group(
    archive: Archive,
    article: Article,
    source: str,
    reports: RecentReports | None,
    now: dt.datetime,
    *,
    shadow: bool = False,
) -> GroupedArticle:
    """Return the placement of an article whose address and text are new to the archive.

    `reports` are the reports of the last days, from which the event of a matched article is found; None for an article
    that is not joined to an event. `shadow`: nothing is joined, and the placement only says what would be joined.
    """
    index, article = _Index(archive), with_site_name(article, source)
    later = read_article(article, index)
    near = find_near(later, index)
    if near.accepted_verdict is not None:
        of, share = near.accepted_verdict.earlier, near.accepted_verdict.share
        placement = Placement(of.story, "near_copy", of.url, share, near.accepted_verdict.reason, of_number=of.key)
        if shadow:
            placement = as_shadow(placement, of.key)
        kept = later.fingerprint if shadow else None
        return GroupedArticle(placement, site_of(article), sentences_to_count(later, of), kept)
    placement, related = _place_in_event(article, near, reports, now, shadow=shadow)
    return GroupedArticle(placement, site_of(article), sentences_to_count(later), later.fingerprint, related)


def _place_in_event(
    article: Article,
    near: NearDecision,
    reports: RecentReports | None,
    now: dt.datetime,
    *,
    shadow: bool,
) -> tuple[Placement, tuple[RelatedArticle, ...]]:
    """Return the placement of an article that is not a copy, in a new story or an event, and its related articles."""
    if reports is None:
        reason = near.refused_verdict.reason if near.refused_verdict else "no article has its address or its text"
        return Placement(None, "new", reason=reason), ()
    found, report = reports.decide(article, near, now)
    if report is None:
        return Placement(None, "new", reason=found.reason), found.related
    placement = Placement(
        report.story_id, "event", report.article.url, found.score, found.reason, of_number=report.article_id
    )
    return (as_shadow(placement, report.article_id) if shadow else placement), found.related


def as_shadow(joined: Placement, of: int) -> Placement:
    """Return the placement of an article that stays separate, but that would have been joined to the article `of`."""
    return replace(joined, story=None, relation="new", shadow=ShadowPlacement(joined.relation, of))


def renew_fingerprint(archive: Archive, article_id: int, article: Article, source: str) -> LaterArticle:
    """Store a new fingerprint for an article whose text changed. The article stays in its story.

    Stories that exist are never joined.
    """
    article = with_site_name(article, source)
    later = read_article(article, _Index(archive))
    archive.save_fingerprint(article_id, site_of(article), later.fingerprint)
    return later


def turn_copy_into_report(
    archive: Archive, copy: KnownArticle, article: Article, source: str, now: dt.datetime
) -> None:
    """Turn a copy into a separate report in the same story, if its new text is no longer a copy of the original."""
    grouped = group(archive, article, source, None, now)
    if grouped.placement.relation == "near_copy" and grouped.placement.story == copy.story_id:
        return
    archive.turn_copy_into_report(copy.id, "edited: it was a copy, and now says something else")
    grouped.save(archive, copy.id)


class Transaction(Archive, Protocol):
    """The methods of a write transaction that fingerprinting uses."""

    def articles_without_fingerprint(self, version: int, limit: int, below: int) -> Sequence[tuple[int, Article, str]]:
        """Return articles that are not copies and have no fingerprint of this version, with the names of their sources.

        The newest come first, and all ids are below `below`, unless that is 0.
        """
        ...


class Store(Protocol):
    """The methods of the store that fingerprinting uses."""

    def writing(self) -> AbstractContextManager[Transaction]:
        """Open a write transaction. Only one write transaction is open at a time."""
        ...


def fingerprint_archive(store: Store, *, pause: Callable[[float], bool], max_batches: int | None = None) -> bool:
    """Make fingerprints for articles that another version of the program recorded, in at most `max_batches` batches.

    Return whether all articles have a fingerprint of this version now. `pause` waits for the given number of seconds
    between two batches, so that others can write, and returns whether the program is about to stop.
    """
    below = done = 0
    while max_batches is None or done < max_batches:
        if pause(BATCH_PAUSE if done else 0):
            return False
        with store.writing() as tx:
            found = tx.articles_without_fingerprint(VERSION, BATCH_SIZE, below)
            for article_id, article, source in found:
                later = renew_fingerprint(tx, article_id, article, source)
                tx.count_sentences(site_of(later.article), sentences_to_count(later), article_id)
                below = article_id
        if len(found) < BATCH_SIZE:
            return True
        done += 1
    return False


def _drop_farther(
    found: Sequence[EarlierArticle], keys: frozenset[int], apart: Iterable[tuple[int, int]]
) -> list[EarlierArticle]:
    """Drop, from each pair of articles that a person keeps apart, the article that has less in common with `keys`.

    A new article may be similar to both articles. It then belongs to the more similar one.
    """
    own = {one.key: frozenset(one.fingerprint.keys) for one in found}
    common = {number: len(keys & each) / len(keys | each) for number, each in own.items()}
    farther = {min(pair, key=lambda number: (common[number], -number)) for pair in apart}
    return [one for one in found if one.key not in farther]
