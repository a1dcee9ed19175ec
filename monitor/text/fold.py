"""Folding: texts that read alike become equal, and every place in the folded text can be found in the original.

NFKC and case folding, Chinese characters of one class as one (Traditional as Simplified, `han_variants.txt`), curly
quotes and dashes as plain ones, runs of blanks and line ends as one blank, soft hyphens and zero-width characters
away. Circled digits stay as they are: in `①5G` they number what follows, and NFKC would make 15G of it.

A text without combining marks folds character by character, which is quick; what can merge with the character before
it (`e` and U+0301, Hangul letters, half-width voicing marks) is folded together with it, cluster by cluster.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import numpy as np

_JOINS = "\uffff"  # what a character that may merge with the one before it folds to, on its own: a noncharacter
_MARKS = 30  # of one cluster; the "stream-safe" bound of UAX 15, for the library sorts them in quadratic time
_MANY = 60  # distinct characters to replace, above which one pass over the text is quicker than one for each
_QUOTES = dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u2035\u02bc\u00b4\u1ffd\uff07", "'") | dict.fromkeys(
    "\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb\u300c\u300d\u300e\u300f\u301d\u301e\u301f\uff02\uff62\uff63", '"'
)
_DASHES = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe31\ufe32\ufe58\ufe63\uff0d", "-")
_CIRCLED = re.compile("[\u2460-\u2473\u24ea\u24f5-\u24ff\u2776-\u2793]")
_LETTERS_THAT_JOIN = re.compile("[\u1161-\u11ff\ud7b0-\ud7ff\U00016d63-\U00016d6a]")  # of Hangul and Kirat Rai
_VISIBLE_FORMATS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0")
_BLANKS = re.compile(" {2,}")
_LAST_OF_BASIC_PLANE = 0xFFFF
_ASCII_BLANKS = {code: " " for code in range(128) if chr(code).isspace()}


@cache
def _variants() -> dict[str, str]:
    """Each Chinese character that folds to another one."""
    text = resources.files("monitor.text").joinpath("han_variants.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return {char: line[0] for line in lines for char in line[1:]}


@cache
def _plain() -> dict[int, str]:
    """The characters with a plain form that Unicode does not know of."""
    surrogates = dict.fromkeys(map(chr, range(0xD800, 0xE000)), "\ufffd")  # no text, and no library takes them
    return str.maketrans(_QUOTES | _DASHES | _variants() | surrogates)


def _invisible(char: str) -> bool:
    if unicodedata.category(char) == "Cf":
        return char not in _VISIBLE_FORMATS
    return char in _BLANK_LETTERS or "\ufe00" <= char <= "\ufe0f" or "\U000e0000" <= char <= "\U000e0fff"


def _joins(char: str) -> bool:
    first = unicodedata.normalize("NFKD", char)[0]
    return unicodedata.category(first)[0] == "M" or bool(_LETTERS_THAT_JOIN.match(first))


def _settle(cluster: str) -> str:
    """Fold what belongs together, again until it stays: case folding undoes compositions, NFKC brings up capitals."""
    before = ""
    while cluster != before:
        before = cluster
        spaced = "".join(" " if char.isspace() else char for char in cluster.translate(_plain()))
        cluster = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", spaced).casefold())
    return cluster


def _piece(char: str) -> str:
    """What one character folds to on its own, or the sign that it may merge with the one before it."""
    if char.isspace():
        return " "
    if _CIRCLED.match(char):
        return char
    if _invisible(char):
        return ""
    return _JOINS if _joins(char) else _settle(char)


class _Pieces(dict[int, str]):
    """`_piece` by code point, worked out when first asked for. Remembers the basic plane only, so it stays small."""

    def __missing__(self, code: int) -> str:
        piece = _piece(chr(code))
        if code <= _LAST_OF_BASIC_PLANE:
            self[code] = piece
        return piece


_PIECES = _Pieces()


class _Table:
    """Folds the characters of the basic plane that fold to one character, all of a text at once, by one look-up each.

    Filled as characters come up: 0 says that one has not yet. Threads may fill the same place, with the same value.
    """

    def __init__(self) -> None:
        self._to = np.zeros(_LAST_OF_BASIC_PLANE + 1, dtype=np.uint16)
        self._odd = np.zeros(_LAST_OF_BASIC_PLANE + 1, dtype=np.bool_)
        halves = np.arange(0xD800, 0xE000)  # of characters beyond the plane
        self._to[halves] = halves
        self._odd[halves] = True

    def fold(self, text: str) -> tuple[str, set[str]]:
        """The text, and those of its characters that are still to be replaced: they fold to none or to several."""
        codes = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")
        result = self._to.take(codes)
        if not result.all():
            self._fill(codes[result == 0])
            result = self._to.take(codes)
        odd = self._odd.take(codes)
        if not odd.any():
            return result.tobytes().decode("utf-16-le"), set()
        rest = codes[odd].tobytes().decode("utf-16-le", "surrogatepass")
        return result.tobytes().decode("utf-16-le", "surrogatepass"), set(rest)

    def _fill(self, codes: np.ndarray[Any, np.dtype[np.uint16]]) -> None:
        for code in map(int, np.unique(codes)):
            piece = _piece(chr(code))
            single = len(piece) == 1 and piece != _JOINS and ord(piece) <= _LAST_OF_BASIC_PLANE
            self._odd[code] = not single
            self._to[code] = ord(piece) if single else code


_TABLE = _Table()


class _Clusters:
    """A text cut into the pieces that fold by themselves, those that vanish left out.

    `starts` and `ends` say where in the text each piece stands, `folds` what it folds to.
    """

    def __init__(self, text: str) -> None:
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        distinct, which = np.unique(codes, return_inverse=True)
        folds = np.array([_PIECES[code] for code in distinct.tolist()], dtype=object)
        kept = np.flatnonzero((folds != "")[which])
        first = _first_of_clusters((folds == _JOINS)[which[kept]])
        last = np.append(first[1:], len(kept)) - 1
        self.starts = kept[first]
        self.ends = kept[last] + 1 if len(kept) else kept
        self.folds = folds[which[self.starts]]
        merged = (last > first) | (self.folds == _JOINS)
        for at in np.flatnonzero(merged).tolist():
            self.folds[at] = _folded_cluster(text[self.starts[at] : self.ends[at]])


def _first_of_clusters(joins: np.ndarray[Any, np.dtype[np.bool_]]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Where clusters begin: with every character that does not join, and anew after the most that one may have."""
    places = np.arange(len(joins))
    bases = np.maximum.accumulate(np.where(joins, 0, places)) if len(joins) else places
    return np.flatnonzero((places - bases) % (_MARKS + 1) == 0)


@lru_cache(maxsize=1 << 14)
def _folded_cluster(written: str) -> str:
    """What a character folds to together with those that join it; what is invisible among them is passed over."""
    cluster = "".join(char for char in written if _PIECES[ord(char)])
    piece = _PIECES[ord(cluster[0])]
    return piece + _settle(cluster[1:]) if _CIRCLED.match(cluster) else _settle(cluster)


def _replaced(text: str) -> tuple[str, bool, set[str]]:
    """The text folded character by character, runs of blanks left; whether each gave one; and those that did not.

    Not right where `_JOINS` is in it.
    """
    if text.isascii():
        return text.lower().translate(_ASCII_BLANKS), True, set()
    result, odd = _TABLE.fold(text)
    even = all(len(_PIECES[ord(char)]) == 1 for char in odd)
    if len(odd) > _MANY:
        return text.translate(_PIECES), even, odd
    for char in odd:
        result = result.replace(char, _PIECES[ord(char)])
    return result, even, odd


def _fold(text: str) -> tuple[str, bool]:
    """The folded text, and whether every character of it stands where it stood."""
    result, even, _ = _replaced(text)
    if _JOINS in result:
        return _BLANKS.sub(" ", "".join(_Clusters(text).folds.tolist())), False
    return (_BLANKS.sub(" ", result), False) if "  " in result else (result, even)


def _places(text: str) -> tuple[Sequence[int], Sequence[int]]:
    """Of each character of the folded text, where in the original the one begins and ends that it comes from."""
    result, _, odd = _replaced(text)
    if _JOINS in result:
        clusters = _Clusters(text)
        lengths = np.fromiter(map(len, clusters.folds), dtype=np.int64, count=len(clusters.folds))
        starts, ends = np.repeat(clusters.starts, lengths), np.repeat(clusters.ends, lengths)
        kept = _not_repeated("".join(clusters.folds.tolist()))
        return starts[kept].tolist(), ends[kept].tolist()
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    lengths = np.ones(len(codes), dtype=np.int64)
    for char in odd:
        lengths[codes == ord(char)] = len(_PIECES[ord(char)])
    origins = np.repeat(np.arange(len(codes)), lengths)[_not_repeated(result)]
    return origins.tolist(), (origins + 1).tolist()


def _not_repeated(text: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which characters of a text stay when of each run of blanks only the first one does."""
    blank = np.frombuffer(text.encode("utf-32-le"), dtype="<u4") == ord(" ")
    kept = np.ones(len(blank), dtype=np.bool_)
    kept[1:] = ~(blank[1:] & blank[:-1])
    return kept


def folded(text: str) -> str:
    """A text as it is compared: folding it again changes nothing. Blanks at its ends are kept, as one each."""
    return _fold(text)[0]


def visible(text: str) -> str:
    """The text without zero-width characters and soft hyphens, which copying from pages brings along."""
    return text if text.isascii() else "".join(char for char in text if not _invisible(char))


@cache
def _levels() -> dict[int, str]:
    """The letters, digits and blanks that have a plain form of one character, case aside."""
    wide = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFF01, 0xFF5F)}
    blanks = dict.fromkeys("\u00a0\u2002\u2003\u2009\u202f\u3000", " ")
    plain = _variants() | blanks | {char: to for char, to in wide.items() if to.isalnum()}
    return str.maketrans(plain) | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


def levelled(text: str) -> str:
    """The text with plain letters, digits and blanks, one for one: Traditional as Simplified, full-width as half-width.

    Case and punctuation stay: an expression that looks for `《` means this sign.
    """
    return text if text.isascii() else text.translate(_levels())


def cased(text: str) -> str:
    """A text as it is compared where capitals and small letters differ: folded, but for the case."""
    plain = "".join(" " if char.isspace() else char for char in visible(text).translate(_plain()))
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", plain))


class Folded:
    """A folded text that knows where it comes from: `text` is folded, `original` as it was given.

    `even`: every character stands where it stood.
    """

    __slots__ = ("_places", "even", "original", "text")

    def __init__(self, original: str) -> None:
        self.original = original
        self.text, self.even = _fold(original)
        self._places: tuple[Sequence[int], Sequence[int]] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The code points of the original that `text[start:end]` comes from; `start` is less than `end`.

        Whole characters: where one character of the original folds to several (`㎏` to `kg`), a span that has some
        of these covers it.
        """
        if self.even:
            return start, end
        if self._places is None:
            self._places = _places(self.original)
        return self._places[0][start], self._places[1][end - 1]

    def written(self, start: int, end: int) -> str:
        """What the original has for `text[start:end]`."""
        first, last = self.span(start, end)
        return self.original[first:last]


def fold(text: str) -> Folded:
    """Fold a text and keep the way back."""
    return Folded(text)
