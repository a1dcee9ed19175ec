"""The data kept of articles to find their near copies."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Final

from monitor.model.articles import Article

MAX_ARTICLES_PER_KEY: Final = 200
"""Maximum number of articles with the same key. A key that more articles have does not show a copy."""

MAX_CANDIDATES: Final = 64
"""Maximum number of candidates that an index of articles returns."""

MIN_BOILERPLATE_ARTICLES: Final = 3
"""Minimum number of other articles of a site that have a sentence before it counts as boilerplate."""

MAX_SENTENCE_COUNT: Final = 15
"""Maximum count of a sentence in the articles of a site. Counting further would change no decision."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is kept of an article to find its near copies. All keys are signed 64-bit numbers.

    `sentences` are the smallest hashes of its long sentences, in order. `phrases` are the smallest hashes of its
    phrases. `bands` are hashes of its MinHash, empty if it has no text. `origin` is the outlet that the article names
    as its source, folded; "" if it names no outlet. Fingerprints of different versions cannot be compared.
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
    """An article with which later articles are compared.

    `key` is its id, `site` the name of its site. `text` None: the text was deleted, and only the fingerprint is left.
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
    """A matched article that is not a copy, with its story, the source that first listed it, and the time of that.

    `packed` is the article in the form in which its event is compared, if it is kept. Then `article` has no text.
    """

    article_id: int
    story_id: int
    article: Article
    source: str
    seen: dt.datetime
    packed: bytes | None = field(default=None, repr=False)
