"""Decide whether a new article is a near copy of an earlier article, with an index in memory or in a database."""

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

MAX_COMPARED_ARTICLES: Final = 12
"""Maximum number of earlier articles whose texts are compared with a new text: those that share the most keys."""


_CHANCE_FACTOR: Final = 6
"""An article that shares this many times fewer keys than the best article counts as sharing them by chance."""

_WHOLE_TEXT_SHARE: Final = 0.999

_MIN_SENTENCE_SHARE: Final = 0.5
"""An original counts as having a sentence if it has at least this share of the sentence's words."""


class StoryIndex(Protocol):
    """An index of the earlier articles, with the methods that the decision needs."""

    def candidates(self, keys: Sequence[int]) -> Sequence[EarlierArticle]:
        """Return the articles whose fingerprints have any of the keys, most keys first, then the oldest first."""
        ...

    def counts(self, site: str, sentences: Iterable[int]) -> Mapping[int, int]:
        """Return how many articles of the site have each of the sentences."""
        ...


@dataclass(frozen=True, slots=True)
class NearDecision:
    """The result for a new article. `accepted_verdict` says of which earlier article it is a near copy.

    `refused_verdict` is about the most similar earlier article, if a veto keeps the two apart.
    """

    accepted_verdict: NearVerdict | None = None
    refused_verdict: NearVerdict | None = None


def read_article(article: Article, index: StoryIndex) -> LaterArticle:
    """Return an article prepared for the decision: its fingerprint, without boilerplate of its site."""
    sentences = first_and_last(passages(article.text).sentences)
    boilerplate = boilerplate_of(index.counts(site_of(article), sentences))
    return later_article(article, fingerprint(article, boilerplate), boilerplate)


def find_near(later: LaterArticle, index: StoryIndex) -> NearDecision:
    """Return whether the new article is a near copy, and of which earlier article.

    The order of the candidates does not matter. If a veto excludes the most similar article, the new article is not a
    near copy of any other article either: it resembles the others only because they share text with the excluded one.
    """
    verdicts: list[NearVerdict] = []
    for earlier in _choose_compared(later, index.candidates(later.fingerprint.keys)):
        verdicts.append(near_verdict(later, earlier))
        if verdicts[-1].is_near_copy and verdicts[-1].share >= _WHOLE_TEXT_SHARE:
            break  # no other article can be more similar
    ranked = sorted(verdicts, key=lambda verdict: (-verdict.share, verdict.veto is not None, verdict.earlier.key))
    best = next((verdict for verdict in ranked if verdict.share >= verdict.needed_share), None)
    if best is None:
        return NearDecision()
    return NearDecision(accepted_verdict=best) if best.is_near_copy else NearDecision(refused_verdict=best)


def _choose_compared(later: LaterArticle, found: Sequence[EarlierArticle]) -> list[EarlierArticle]:
    """Return the articles whose texts are compared: those that share the most keys, among equals the oldest first."""
    keys = frozenset(later.fingerprint.keys)
    elsewhere = (earlier for earlier in found if site_veto(later.article, earlier) is None)
    ranked = sorted((-len(keys.intersection(earlier.fingerprint.keys)), earlier.key, earlier) for earlier in elsewhere)
    return [earlier for shared, _, earlier in ranked[:MAX_COMPARED_ARTICLES] if shared * _CHANCE_FACTOR <= ranked[0][0]]


def sentences_to_count(later: LaterArticle, original: EarlierArticle | None = None) -> tuple[int, ...]:
    """Return the sentences that are counted to find the site's boilerplate.

    For a near copy these are only the sentences that its original lacks. Otherwise a text that a site reprints several
    times would be taken for boilerplate.
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
