"""A text in the form for comparison: its words, their sentences, and its runs of four words.

The words are taken from the folded text. So Traditional and Simplified characters are equal, full and half width are
equal, and punctuation makes no difference. A Chinese character counts as a word. All hashes are the same in every
process and on every platform.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final, TypeAlias

import numpy as np

from monitor.lazy import lazy_pattern
from monitor.text.fold import fold_text
from monitor.text.kinds import HAN

RUN_LENGTH: Final = 4
"""Number of words in a run. Unrelated texts share shorter runs, and every edit destroys longer runs."""

HAN_WEIGHT: Final = 2.5
"""Number of letters that a Chinese character counts as: 60 Chinese characters say about as much as 150 letters."""

HashArray: TypeAlias = np.ndarray[Any, np.dtype[np.uint64]]
WeightArray: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]
FlagArray: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]
PositionArray: TypeAlias = np.ndarray[Any, np.dtype[np.int64]]

_SENTENCE_END = "¶"  # marks the end of a sentence, because folding does not remove this character
# The full stop after an initial or in "No. 12" does not end a sentence.
_SENTENCE_ENDS = lazy_pattern(
    r"[\n\r\x0b\x0c\x85\u2028\u2029。！？!?；;｡…¶]+|\.(?=[\s\"'”’」』)）]|$)(?<!\b[A-Z]\.)(?<!\b[Nn]o\.)"
)
_WORDS = lazy_pattern(rf"{_SENTENCE_END}|[{HAN}]|\d+(?:[.,:]\d+)*|[^\W\d_{HAN}]+")
_SIGN_BIT = 1 << 63
_CACHE_SIZE = 256  # number of texts whose passages are cached: the texts with which new articles are compared


@dataclass(frozen=True, eq=False)
class Passages:
    """The passages of a text.

    `words` are folded. For each word, `sentence_of` has the index of its sentence, and `weights` its number of letters.
    `starts` has the position of the first word of each sentence, and at the end the number of all words.
    """

    words: tuple[str, ...]
    sentence_of: PositionArray
    weights: WeightArray
    starts: tuple[int, ...]

    @property
    def weight(self) -> float:
        """The number of letters of the text."""
        return float(self.weights.sum())

    @cached_property
    def runs(self) -> HashArray:
        """The hash of the run that begins at each word; for a text shorter than a run, the hash of all its words."""
        return _hash_runs(np.fromiter(map(_word_hash, self.words), dtype=np.uint64, count=len(self.words)))

    @cached_property
    def known_runs(self) -> HashArray:
        """The hashes of runs, sorted."""
        return np.sort(self.runs)

    @cached_property
    def sentences(self) -> tuple[int, ...]:
        """A hash of the words of each sentence, as a signed 64-bit number."""
        return tuple(sentence_hash("".join(self.words[first:end])) for first, end in self.bounds)

    @cached_property
    def sentence_set(self) -> frozenset[int]:
        """The distinct hashes of sentences."""
        return frozenset(self.sentences)

    @cached_property
    def sentence_weights(self) -> tuple[float, ...]:
        """The number of letters of each sentence."""
        return tuple(float(self.weights[first:end].sum()) for first, end in self.bounds)

    @property
    def bounds(self) -> Iterator[tuple[int, int]]:
        """The start and end of each sentence, as positions in `words`."""
        return zip(self.starts, self.starts[1:], strict=False)

    @cached_property
    def places(self) -> Mapping[int, tuple[int, ...]]:
        """The positions at which each run begins, by the hash of the run."""
        found: dict[int, list[int]] = {}
        for place, run in enumerate(self.runs.tolist()):
            found.setdefault(run, []).append(place)
        return {run: tuple(places) for run, places in found.items()}

    def covered_by(self, other: Passages) -> FlagArray:
        """Return for each word whether it belongs to a run or a sentence that `other` has too."""
        known = other.known_runs
        if not len(known):
            return np.zeros(len(self.words), dtype=np.bool_)
        nearest = np.minimum(np.searchsorted(known, self.runs), len(known) - 1)
        shared = np.flatnonzero(known[nearest] == self.runs)
        covered = np.zeros(len(self.words), dtype=np.bool_)
        for offset in range(min(RUN_LENGTH, len(self.words))):
            covered[shared + offset] = True
        whole = np.fromiter((each in other.sentence_set for each in self.sentences), np.bool_, len(self.sentences))
        return covered | whole[self.sentence_of]


@lru_cache(maxsize=_CACHE_SIZE)
def passages(text: str) -> Passages:
    """Return the passages of a text. The passages of recent texts are cached."""
    words: list[str] = []
    starts = [0]
    for word in _WORDS.findall(fold_text(_SENTENCE_ENDS.sub(f" {_SENTENCE_END} ", text))):
        if word != _SENTENCE_END:
            words.append(_normalize_number(word) if word[0].isdigit() else word)
        elif len(words) > starts[-1]:
            starts.append(len(words))
    if len(words) > starts[-1]:
        starts.append(len(words))
    bounds = np.array(starts, dtype=np.int64)
    lengths: PositionArray = bounds[1:] - bounds[:-1]
    weights = np.fromiter(map(_word_weight, words), dtype=np.float64, count=len(words))
    return Passages(tuple(words), np.repeat(np.arange(len(lengths)), lengths), weights, tuple(starts))


def _normalize_number(word: str) -> str:
    """Return the normal form of a number: `1000` for `1,000`, and `3` for `3.0`."""
    return _TRAILING_ZEROS.sub("", word.replace(",", ""))


def sentence_hash(letters: str) -> int:
    """Return a hash of the letters of a sentence, as a signed 64-bit number, which databases can index."""
    digest = hashlib.blake2b(letters.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def to_signed(number: int) -> int:
    """Return the signed 64-bit number that has the same bits as an unsigned one."""
    return number - 2 * _SIGN_BIT if number >= _SIGN_BIT else number


def mix(numbers: HashArray) -> HashArray:
    """Return a well distributed hash of each of the numbers.

    This is the finaliser of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
    """
    mixed = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _hash_runs(words: HashArray) -> HashArray:
    size = min(RUN_LENGTH, len(words))
    count = len(words) - size + 1 if size else 0
    runs = np.zeros(count, dtype=np.uint64)
    for offset in range(size):  # a polynomial of the words, modulo 2^64
        runs = runs * np.uint64(0x9E3779B97F4A7C15) + words[offset : offset + count]
    return mix(runs)


@lru_cache(maxsize=1 << 16)
def _word_hash(word: str) -> int:
    return zlib.crc32(word.encode("utf-8", "replace")) + 1


@lru_cache(maxsize=1 << 16)
def _word_weight(word: str) -> float:
    return HAN_WEIGHT if len(word) == 1 and _HAN.match(word) else len(word)


_TRAILING_ZEROS = lazy_pattern(r"(?<=\d)\.0+$")
_HAN = lazy_pattern(f"[{HAN}]")
