"""The data kept of articles to find their near copies."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from monitor.model.articles import Article


@dataclass(frozen=True, slots=True)
class KeptFingerprint:
    """The fingerprint of an article as the database keeps it; all keys are signed numbers of 64 bits.

    `origin` is the outlet that the article names as its source, folded; "" if none. Fingerprints of two versions cannot
    be compared.
    """

    sentences: tuple[int, ...]
    phrases: tuple[int, ...]
    bands: tuple[int, ...]
    origin: str
    version: int

    @property
    def keys(self) -> tuple[int, ...]:
        """The keys by which the article is found."""
        return self.sentences + self.phrases + self.bands


@dataclass(frozen=True, slots=True)
class FingerprintedArticle:
    """An article that may be the original of a near copy; `site` names its site."""

    article_id: int
    story_id: int
    url: str
    site: str
    title: str
    text: str
    fingerprint: KeptFingerprint


@dataclass(frozen=True, slots=True)
class KeptReport:
    """A matched article that is no copy, with its story, the source that first listed it, and when that was."""

    article_id: int
    story_id: int
    article: Article
    source: str
    seen: dt.datetime
