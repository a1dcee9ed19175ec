"""Near copies: whether a later article adds nothing to an earlier article.

The measure is the share of the *later* text that the earlier text has too. An abridged text is a near copy, a report
whose text is half new is not. Boilerplate of the site does not count. Then vetoes are checked
(`monitor.stories.vetoes`): because a near copy is not sent, an article in doubt is not taken for a near copy.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from monitor.model import Article
from monitor.model.fingerprints import EarlierArticle, Fingerprint
from monitor.stories.fingerprint import MIN_SENTENCE_LENGTH, SENTENCE_KEYS
from monitor.stories.origin import outlet_key
from monitor.stories.passages import FlagArray, Passages, passages
from monitor.stories.signs import is_number
from monitor.stories.vetoes import Veto, share_title, stage_veto, text_veto, title_veto
from monitor.text.address import host_of

MIN_SHARE: Final = 0.65
"""Minimum share of the later text that the earlier text has too."""

MIN_SHARE_SAME_ORIGIN: Final = 0.5
"""The minimum share if the later article names the outlet of the earlier article as its source.

It also applies if both articles name the same third outlet.
"""

MIN_SHARE_STRICT: Final = 0.9
"""The minimum share for short texts, and if only the fingerprint of the earlier article is left."""

SHORT_TEXT_LENGTH: Final = 150
"""A text with fewer letters than this (or fewer than 60 Chinese characters) is short."""

MIN_TEXT_LENGTH: Final = 40
"""Minimum number of letters of a text that can be recognised."""

_OUTLET_SUFFIX: Final = re.compile(r"(?<=\S)\s*(?:\s[-–—|]|[|_｜])\s*[^-–—|_｜\d]{2,30}$")  # " - Daily Wire", "_新华网"


@dataclass(frozen=True, slots=True)
class NearVerdict:
    """Whether an article is a near copy of the article `earlier`: the shared part of its text, and a veto, if any.

    `needed_share` is the minimum share that makes it a near copy.
    """

    earlier: EarlierArticle = field(repr=False)
    share: float
    needed_share: float
    veto: Veto | None = None

    @property
    def is_near_copy(self) -> bool:
        """Whether the later article is a near copy."""
        return self.veto is None and self.share >= self.needed_share

    @property
    def reason(self) -> str:
        """The reason, in a sentence."""
        contained = f"{self.share:.0%} of its text is in {self.earlier.url}"
        if self.veto is not None and self.share >= self.needed_share:
            return f"{contained}, but {self.veto}"
        return contained if self.is_near_copy else f"{contained}, less than {self.needed_share:.0%}"


@dataclass(frozen=True, slots=True)
class LaterArticle:
    """An article whose place is decided now: its text, and which of its words are not boilerplate of its site."""

    article: Article
    fingerprint: Fingerprint
    text: Passages
    own_words: FlagArray

    @property
    def weight(self) -> float:
        """The number of letters of its text without boilerplate."""
        return float(self.text.weights[self.own_words].sum())


def site_of(article: Article) -> str:
    """Return the folded name of the site of an article; its host if the site has no name."""
    return outlet_key(article.site or "") or host_of(article.url)


def later_article(article: Article, fingerprint: Fingerprint, boilerplate: Collection[int] = ()) -> LaterArticle:
    """Return an article with those words marked that are not boilerplate.

    `boilerplate` has the hashes of the sentences that are boilerplate.
    """
    text = passages(article.text)
    kept = np.array([sentence not in boilerplate for sentence in text.sentences], dtype=np.bool_)
    return LaterArticle(article, fingerprint, text, kept[text.sentence_of])


def near_verdict(later: LaterArticle, earlier: EarlierArticle) -> NearVerdict:
    """Return whether `later` is a near copy of `earlier`, with the reason."""
    if later.weight < MIN_TEXT_LENGTH:
        return NearVerdict(earlier, 0.0, MIN_SHARE_STRICT)
    if earlier.text is None:
        return _compare_fingerprints(later, earlier)
    text = passages(earlier.text)
    covered = later.text.covered_by(text)
    share = float(later.text.weights[covered & later.own_words].sum()) / later.weight
    needed = _min_share(later, earlier)
    if share < needed:
        return NearVerdict(earlier, share, needed)
    return NearVerdict(earlier, share, needed, _find_veto(later, earlier, text))


def _min_share(later: LaterArticle, earlier: EarlierArticle) -> float:
    if later.weight < SHORT_TEXT_LENGTH:
        return MIN_SHARE_STRICT
    origin = later.fingerprint.origin
    is_same_origin = origin and origin in {earlier.site, earlier.fingerprint.origin}
    return MIN_SHARE_SAME_ORIGIN if is_same_origin else MIN_SHARE


def _find_veto(later: LaterArticle, earlier: EarlierArticle, text: Passages) -> Veto | None:
    title = later.article.title
    return (
        site_veto(later.article, earlier)
        or _short_text_veto(later, earlier, text)
        or title_veto(earlier.title, title, later_text=later.text)
        or stage_veto((earlier.title, text), (title, later.text))
        or text_veto(text, later.text, later.own_words)
    )


def _short_text_veto(later: LaterArticle, earlier: EarlierArticle, text: Passages) -> Veto | None:
    """Return a veto if a short text has a completely different title: feeds often repeat a text for many articles.

    A title that quotes the earlier text is not a sign of another article.
    """
    title = passages(later.article.title)
    quoted = float(title.weights[title.covered_by(text)].sum()) >= title.weight / 2
    if later.weight >= SHORT_TEXT_LENGTH or quoted or share_title(earlier.title, later.article.title):
        return None
    return Veto("a short text with another title", earlier.title, later.article.title)


def site_veto(later: Article, earlier: EarlierArticle) -> Veto | None:
    """Return a veto if both articles are from the same site and have different titles: a site does not reprint itself.

    The name of an outlet after the title makes no difference: aggregators add it.
    """
    if site_of(later) != earlier.site or _title_words(later.title) == _title_words(earlier.title):
        return None
    return Veto("the same site with another title", earlier.title, later.title)


def _title_words(title: str) -> tuple[str, ...]:
    """Return the words of a title without the name of an outlet at its end. The name of an outlet has no digits."""
    return passages(_OUTLET_SUFFIX.sub("", title)).words


def _compare_fingerprints(later: LaterArticle, earlier: EarlierArticle) -> NearVerdict:
    """Compare whole sentences, if only the fingerprint of the earlier text is left.

    The fingerprint has the smallest sentence hashes of the earlier text. So for each sentence of the later text with a
    hash in this range, it shows whether the earlier text had the sentence. A new sentence with a number is a veto.
    """
    known = earlier.fingerprint.sentences
    text = later.text
    own = dict(zip(text.sentence_of.tolist(), later.own_words.tolist(), strict=True))
    complete = len(known) < SENTENCE_KEYS
    compared = {
        number: weight
        for number, weight in enumerate(text.sentence_weights)
        if own[number] and weight >= MIN_SENTENCE_LENGTH and (complete or text.sentences[number] <= known[-1])
    }
    shared = sum(weight for number, weight in compared.items() if text.sentences[number] in known)
    if shared < MIN_TEXT_LENGTH:
        return NearVerdict(earlier, 0.0, MIN_SHARE_STRICT)
    share = shared / sum(compared.values())
    new = [text.words[text.starts[n] : text.starts[n + 1]] for n in compared if text.sentences[n] not in known]
    numbers = next((words for words in new if any(map(is_number, words))), None)
    veto = (
        site_veto(later.article, earlier)
        or title_veto(earlier.title, later.article.title, later_text=text)
        or stage_veto((earlier.title, passages(earlier.title)), (later.article.title, text))
        or (Veto("a sentence with numbers that may be different", "", " ".join(numbers)) if numbers else None)
    )
    return NearVerdict(earlier, share, MIN_SHARE_STRICT, veto)
