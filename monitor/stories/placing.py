"""Decide which earlier article a new one is a near copy of, with an index in memory or in a database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from monitor.model import Article
from monitor.model.fingerprints import EarlierArticle
from monitor.stories.boilerplate import boilerplate_of, first_and_last
from monitor.stories.fingerprint import fingerprint
from monitor.stories.near import (
    LaterArticle,
    NearVerdict,
    later_article,
    near_verdict,
    site_of,
    site_veto,
)
from monitor.stories.passages import passages

MAX_COMPARED: Final = 12
"""Earlier articles whose texts are compared with a new one's: those that share the most keys."""


_CHANCE_FACTOR: Final = 6
"""If an article shares this many times fewer keys than the best one, it shares them by chance."""

_FULL_SHARE: Final = 0.999

_MIN_SENTENCE_SHARE: Final = 0.5
"""An original has a sentence if it has at least this share of it."""


class StoryIndex(Protocol):
    """An index of the earlier articles: the methods that the decision calls."""

    def candidates(self, keys: Sequence[int]) -> Sequence[EarlierArticle]:
        """Return the articles whose fingerprints have one of the keys, those with the most first, then the oldest."""
        ...

    def counts(self, site: str, sentences: Iterable[int]) -> Mapping[int, int]:
        """Return how many articles of the site have each of the sentences."""
        ...


@dataclass(frozen=True, slots=True)
class NearDecision:
    """The earlier article that a new one is a near copy of (None: none), and the most similar other one."""

    joined: NearVerdict | None = None
    refused: NearVerdict | None = None


def read_article(article: Article, index: StoryIndex) -> LaterArticle:
    """Return an article prepared for the decision: its fingerprint, without boilerplate of its site."""
    sentences = first_and_last(passages(article.text).sentences)
    boilerplate = boilerplate_of(index.counts(site_of(article), sentences))
    return later_article(article, fingerprint(article, boilerplate), boilerplate)


def find_near(later: LaterArticle, index: StoryIndex) -> NearDecision:
    """Return which earlier article the new one is a near copy of; the order of the candidates does not matter.

    If it is more similar to an article that a veto excludes, it is a copy of neither: it resembles both because of what
    they share.
    """
    verdicts: list[NearVerdict] = []
    for earlier in _choose_compared(later, index.candidates(later.fingerprint.keys)):
        verdicts.append(near_verdict(later, earlier))
        if verdicts[-1].joined and verdicts[-1].share >= _FULL_SHARE:
            break  # none can be more alike
    ranked = sorted(verdicts, key=lambda verdict: (-verdict.share, verdict.veto is not None, verdict.of.key))
    best = next((verdict for verdict in ranked if verdict.share >= verdict.needed), None)
    if best is None:
        return NearDecision()
    return NearDecision(joined=best) if best.joined else NearDecision(refused=best)


def _choose_compared(later: LaterArticle, found: Sequence[EarlierArticle]) -> list[EarlierArticle]:
    """Return the articles whose text to compare: those that share the most keys, the oldest first among equals."""
    keys = frozenset(later.fingerprint.keys)
    elsewhere = (earlier for earlier in found if site_veto(later.article, earlier) is None)
    ranked = sorted((-len(keys.intersection(earlier.fingerprint.keys)), earlier.key, earlier) for earlier in elsewhere)
    return [earlier for shared, _, earlier in ranked[:MAX_COMPARED] if shared * _CHANCE_FACTOR <= ranked[0][0]]


def sentences_to_count(later: LaterArticle, original: EarlierArticle | None = None) -> tuple[int, ...]:
    """Return the sentences to count for the site's boilerplate; for a near copy those that its original lacks.

    Otherwise a text that a site reprints several times would become its boilerplate.
    """
    text = later.text
    if original is None:
        return first_and_last(text.sentences)
    if original.text is None:
        return tuple(each for each in first_and_last(text.sentences) if each not in original.fingerprint.sentences)
    covered = np.where(text.covered_by(passages(original.text)), text.weights, 0.0)
    shares = np.add.reduceat(covered, text.starts[:-1]) / np.array(text.sentence_weights)
    return first_and_last(
        [each for each, share in zip(text.sentences, shares, strict=True) if share < _MIN_SENTENCE_SHARE]
    )
