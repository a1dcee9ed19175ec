"""The data kept of articles to find their near copies."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from monitor.model.articles import Article

COMMON: Final = 200
"""Articles that share a key, above which it says nothing."""

FOUND: Final = 64
"""Candidates that an index of articles returns at most."""

BOILERPLATE: Final = 3
"""Other articles of a site that have a sentence which is boilerplate."""

CAP: Final = 15
"""What the count of a sentence grows to: what follows from it is known long before."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is kept of an article to find its near copies; all keys are signed numbers of 64 bits.

    `sentences` are the smallest hashes of its long sentences, in order; `phrases` those of its phrases; `bands` those
    of its MinHash, empty if it has no text. `origin` is the outlet that it names as its source, folded; "" if none.
    Those of two versions cannot be compared.
    """

    sentences: tuple[int, ...]
    phrases: tuple[int, ...]
    bands: tuple[int, ...]
    origin: str
    version: int

    @property
    def keys(self) -> tuple[int, ...]:
        """The keys by which an index finds the article."""
        return self.sentences + self.phrases + self.bands


@dataclass(frozen=True, slots=True)
class EarlierArticle:
    """An article that a later one is compared with.

    `key` is its number, `site` the name of its site. `text` None: it was deleted, and the fingerprint is what is left.
    """

    key: int
    story: int
    url: str
    site: str
    title: str
    text: str | None
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A matched article that is no copy, with its story, the source that first listed it, and when that was."""

    article_id: int
    story_id: int
    article: Article
    source: str
    seen: dt.datetime
