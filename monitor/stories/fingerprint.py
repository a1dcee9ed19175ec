"""The fingerprint of an article: keys by which a database finds the earlier articles that it may copy.

It has three kinds of keys, all of them signed 64-bit numbers. The first kind finds articles that share whole sentences.
Such a sentence is strong evidence, remains in an abridged copy, and is rarely shared by chance. The 16 sentences with
the smallest hashes are kept, so that articles with the same sentences have the same keys. The second kind finds
abridged copies in which sentences were joined: the 8 smallest hashes of phrases of eight words. The third kind finds
copies in which every sentence was edited: 16 bands, each of 4 minima, of a one-permutation MinHash over all runs of
four words.

The method and its figures are in docs/decisions/0023-a-near-copy-is-contained-and-no-veto-objects.md.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import numpy as np

from monitor.model import Article
from monitor.model.fingerprints import Fingerprint
from monitor.stories.origin import origin_of
from monitor.stories.passages import RUN_LENGTH, HashArray, Passages, mix, passages, to_signed

VERSION: Final = 1
"""The version of the method. Increase it with every change, since fingerprints of two versions cannot be compared."""

SENTENCE_KEYS: Final = 16
PHRASE_KEYS: Final = 8
BAND_KEYS: Final = 16
ROWS_PER_BAND: Final = 4
"""The numbers of keys of each kind, and of minima in a band."""

MIN_SENTENCE_LENGTH: Final = 20
"""Minimum number of letters (20, or 8 Chinese characters) of a sentence that is a key.

Unrelated articles often share shorter sentences.
"""

_MIN_SORTED: Final = 32  # numbers that are sorted to find the smallest different ones
_BIN_COUNT: Final = BAND_KEYS * ROWS_PER_BAND
_BIN_BITS: Final = np.uint64(58)  # the six highest bits of a hash are the number of its bin, one of 64


def fingerprint(article: Article, boilerplate: Collection[int] = ()) -> Fingerprint:
    """Return the fingerprint of an article; sentences whose hash is in `boilerplate` are left out."""
    text = passages(article.text)
    found = {
        sentence
        for sentence, weight in zip(text.sentences, text.sentence_weights, strict=True)
        if weight >= MIN_SENTENCE_LENGTH and sentence not in boilerplate
    }
    runs = _own_runs(text, boilerplate)
    sentences = tuple(sorted(found)[:SENTENCE_KEYS])
    return Fingerprint(sentences, _phrase_keys(runs), _band_keys(runs), origin_of(article), VERSION)


def _own_runs(text: Passages, boilerplate: Collection[int]) -> HashArray:
    """Return the hashes of runs of words that do not begin in boilerplate."""
    if not boilerplate:
        return text.runs
    own = np.array([sentence not in boilerplate for sentence in text.sentences], dtype=np.bool_)
    return text.runs[own[text.sentence_of[: len(text.runs)]]]


def _phrase_keys(runs: HashArray) -> tuple[int, ...]:
    """Return the smallest hashes of pairs of neighbouring runs."""
    phrases = mix(runs[:-RUN_LENGTH] ^ mix(runs[RUN_LENGTH:] + np.uint64(1)))
    return tuple(map(to_signed, smallest(phrases, PHRASE_KEYS)))


def smallest(numbers: HashArray, count: int) -> list[int]:
    """Return the smallest different numbers, at most `count`. To sort all numbers of a long text takes much longer."""
    found: list[int] = []
    if len(numbers) > _MIN_SORTED:
        found = np.unique(np.partition(numbers, _MIN_SORTED)[:_MIN_SORTED])[:count].tolist()
    if len(found) < count:
        found = np.unique(numbers)[:count].tolist()
    return found


def _band_keys(runs: HashArray) -> tuple[int, ...]:
    """Return the bands of a one-permutation MinHash.

    Each bin has a minimum. An empty bin gets the minimum of the next bin that is not empty (Shrivastava, Li: Densifying
    One Permutation Hashing via Rotation, 2014).
    """
    if not len(runs):
        return ()
    minima = np.full(_BIN_COUNT, np.iinfo(np.uint64).max, dtype=np.uint64)
    np.minimum.at(minima, (runs >> _BIN_BITS).astype(np.int64), runs)
    full = np.flatnonzero(minima != np.iinfo(np.uint64).max)
    nearest = full[np.searchsorted(full, np.arange(_BIN_COUNT)) % len(full)]
    distance = ((nearest - np.arange(_BIN_COUNT)) % _BIN_COUNT).astype(np.uint64)
    rows = mix(minima[nearest] + distance).reshape(BAND_KEYS, ROWS_PER_BAND)
    bands = np.arange(BAND_KEYS, dtype=np.uint64)
    for row in range(ROWS_PER_BAND):
        bands = mix(bands * np.uint64(0x9E3779B97F4A7C15) + rows[:, row])
    return tuple(to_signed(band) for band in bands.tolist())
