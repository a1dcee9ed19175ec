"""Find near copies in the archive: `monitor.stories` decides, with the data that the database keeps."""

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
"""Articles of the archive that get a fingerprint in one transaction, while others wait to write."""

BATCH_PAUSE: Final = 0.1
"""Seconds between two batches."""


class Archive(Protocol):
    """The methods of the store's write transaction that grouping uses."""

    def articles_with_keys(self, keys: Sequence[int]) -> Sequence[EarlierArticle]:
        """Return the articles whose fingerprints have one of the keys, those with the most first, then the oldest."""
        ...

    def pairs_kept_apart(self, articles: Collection[int]) -> Collection[tuple[int, int]]:
        """Return the pairs of these articles that a person keeps apart."""
        ...

    def sentence_counts(self, site: str, sentences: Collection[int]) -> Mapping[int, int]:
        """Return how many articles of a site have each of the sentences."""
        ...

    def count_sentences(self, site: str, sentences: Collection[int], article_id: int) -> None:
        """Count the sentences of an article for its site."""
        ...

    def turn_copy_into_report(self, article_id: int, reason: str) -> None:
        """Turn a copy into a separate report in the same story."""
        ...

    def save_fingerprint(self, article_id: int, site: str, kept: Fingerprint) -> None:
        """Store the fingerprint by which the article is found, replacing an earlier one."""
        ...

    def save_related(self, article_id: int, related: Sequence[RelatedArticle]) -> None:
        """Record the articles that are related to one and not joined to it."""
        ...


@dataclass(frozen=True, slots=True)
class GroupedArticle:
    """Where a new article belongs, the fingerprint to store, and the articles that are related and not joined.

    There is no fingerprint if it is a near copy.
    """

    placement: Placement
    site: str
    sentences: tuple[int, ...]
    fingerprint: Fingerprint | None
    related: tuple[RelatedArticle, ...] = ()

    def save(self, archive: Archive, article_id: int) -> None:
        """Store all but the placement when the article has an id."""
        archive.count_sentences(self.site, self.sentences, article_id)
        if self.fingerprint is not None:
            archive.save_fingerprint(article_id, self.site, self.fingerprint)
        if self.related:
            archive.save_related(article_id, self.related)


@dataclass(frozen=True, slots=True)
class _Index:
    """The archive as the index that the decision searches."""

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
    """Return where an article belongs whose address and text are not in the archive.

    `reports` are those of the last days, among which the event of a matched article is looked for. `shadow`: nothing is
    joined, and the placement says what would have been.
    """
    index, article = _Index(archive), with_site_name(article, source)
    later = read_article(article, index)
    near = find_near(later, index)
    if near.joined is not None:
        of, share = near.joined.of, near.joined.share
        placement = Placement(of.story, "near_copy", of.url, share, near.joined.reason, of_number=of.key)
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
    """Return where an article belongs that is no copy, and what is related to it."""
    if reports is None:
        reason = near.refused.reason if near.refused else "no article has its address or its text"
        return Placement(None, "new", reason=reason), ()
    found, report = reports.decide(article, near, now)
    if report is None:
        return Placement(None, "new", reason=found.reason), found.related
    placement = Placement(
        report.story_id, "event", report.article.url, found.score, found.reason, of_number=report.article_id
    )
    return (as_shadow(placement, report.article_id) if shadow else placement), found.related


def as_shadow(joined: Placement, of: int) -> Placement:
    """Return the placement of an article of its own that would have been joined to the article `of`."""
    return replace(joined, story=None, relation="new", shadow=ShadowPlacement(joined.relation, of))


def renew_fingerprint(archive: Archive, article_id: int, article: Article, source: str) -> LaterArticle:
    """Store a new fingerprint for an article whose text changed. Its story stays: stories are never joined later."""
    article = with_site_name(article, source)
    later = read_article(article, _Index(archive))
    archive.save_fingerprint(article_id, site_of(article), later.fingerprint)
    return later


def turn_copy_into_report(
    archive: Archive, copy: KnownArticle, article: Article, source: str, now: dt.datetime
) -> None:
    """Turn a copy into a separate report in the same story, if its text is not a copy of the original any more."""
    grouped = group(archive, article, source, None, now)
    if grouped.placement.relation == "near_copy" and grouped.placement.story == copy.story_id:
        return
    archive.turn_copy_into_report(copy.id, "edited: it was a copy, and now says something else")
    grouped.save(archive, copy.id)


class Transaction(Archive, Protocol):
    """The methods of a write transaction that fingerprinting uses."""

    def articles_without_fingerprint(self, version: int, limit: int, below: int) -> Sequence[tuple[int, Article, str]]:
        """Return articles without a fingerprint of this version that are no copies, the newest first, with sources."""
        ...


class Store(Protocol):
    """The methods of the store that fingerprinting uses."""

    def writing(self) -> AbstractContextManager[Transaction]:
        """Open the one serialised write transaction."""
        ...


def fingerprint_archive(store: Store, *, pause: Callable[[float], bool], most: int | None = None) -> bool:
    """Make fingerprints for articles that have none of this version: for all, or for up to `most` batches.

    An earlier version of the program recorded them. Return whether all have one now. `pause` waits for so many seconds
    between two batches, in which others can write, and returns whether the program is about to stop.
    """
    below = done = 0
    while most is None or done < most:
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
    """Drop, of each pair that a person keeps apart, the article that has less in common with the keys.

    A new article may be similar to both. Then it belongs to the more similar one.
    """
    own = {one.key: frozenset(one.fingerprint.keys) for one in found}
    common = {number: len(keys & each) / len(keys | each) for number, each in own.items()}
    farther = {min(pair, key=lambda number: (common[number], -number)) for pair in apart}
    return [one for one in found if one.key not in farther]
