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
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import Any, TypeAlias

import numpy as np

JOINS = "\uffff"  # what a character that may merge with the one before it folds to, on its own: a noncharacter
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
_ODD = 1  # no character folds to this control character but itself, which may as well be replaced by itself

Codes: TypeAlias = np.ndarray[Any, np.dtype[np.uint16]]
Places: TypeAlias = np.ndarray[Any, np.dtype[np.int64]]


@cache
def _variants() -> dict[str, str]:
    """Return each Chinese character that folds to another one."""
    text = resources.files("monitor.text").joinpath("han_variants.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return {char: line[0] for line in lines for char in line[1:]}


@cache
def _plain() -> dict[int, str]:
    """Return the characters with a plain form that is not in Unicode's tables."""
    surrogates = dict.fromkeys(map(chr, range(0xD800, 0xE000)), "\ufffd")  # no text, and no library takes them
    return str.maketrans(_QUOTES | _DASHES | _variants() | surrogates)


def plain_signs(text: str) -> str:
    """Return the text with plain quotes and dashes, and Chinese characters of one class as one."""
    return text.translate(_plain())


def _invisible(char: str) -> bool:
    if unicodedata.category(char) == "Cf":
        return char not in _VISIBLE_FORMATS
    return char in _BLANK_LETTERS or "\ufe00" <= char <= "\ufe0f" or "\U000e0000" <= char <= "\U000e0fff"


def settle(cluster: str) -> str:
    """Fold a cluster of characters repeatedly until it is stable: NFKC and case folding undo parts of each other."""
    before = ""
    while cluster != before:
        before = cluster
        spaced = "".join(" " if char.isspace() else char for char in cluster.translate(_plain()))
        cluster = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", spaced).casefold())
    return cluster


def piece(char: str) -> str:
    """Return what one character folds to on its own, or `JOINS` if it may merge with the character before it."""
    if char.isspace():
        return " "
    if _CIRCLED.match(char):
        return char
    if _invisible(char):
        return ""
    first = unicodedata.normalize("NFKD", char)[0]
    joins = unicodedata.category(first)[0] == "M" or _LETTERS_THAT_JOIN.match(first)
    return JOINS if joins else settle(char)


class _Pieces(dict[int, str]):
    """Folded characters by code point, computed when first needed. Caches only the basic plane, to stay small."""

    def __init__(self, piece: Callable[[str], str]) -> None:
        super().__init__()
        self._piece = piece

    def __missing__(self, code: int) -> str:
        piece = self._piece(chr(code))
        if code <= _LAST_OF_BASIC_PLANE:
            self[code] = piece
        return piece


class _Table:
    """Folds characters of the basic plane that fold to one character: a whole text at once, by table look-up.

    Filled as characters come up: 0 says that one has not yet, `_ODD` that it folds to none or to several. Threads may
    fill the same place, with the same value.
    """

    def __init__(self, pieces: _Pieces) -> None:
        self._pieces = pieces
        self._to = np.zeros(_LAST_OF_BASIC_PLANE + 1, dtype=np.uint16)
        self._to[0xD800:0xE000] = _ODD  # halves of characters beyond the plane

    def fold(self, text: str) -> tuple[str, set[str], Codes]:
        """Return the text, those of its characters that are still to be replaced (they fold to none or to several), and
        the UTF-16 code units of it.
        """
        codes = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")
        result = self._to.take(codes)
        least = result.min(initial=_ODD + 1)
        if least == 0:
            for code in map(int, np.unique(codes[result == 0])):
                piece = self._pieces[code]
                single = len(piece) == 1 and piece != JOINS and _ODD < ord(piece) <= _LAST_OF_BASIC_PLANE
                self._to[code] = ord(piece) if single else _ODD
            result = self._to.take(codes)
            least = result.min()
        if least > _ODD:
            return result.tobytes().decode("utf-16-le"), set(), result
        odd = np.flatnonzero(result == _ODD)
        rest = codes[odd]
        result[odd] = rest
        return (
            result.tobytes().decode("utf-16-le", "surrogatepass"),
            set(rest.tobytes().decode("utf-16-le", "surrogatepass")),
            result,
        )


class _Clusters:
    """A text cut into the pieces that fold by themselves, those that vanish left out.

    `starts` and `ends` say where in the text each piece is, `folds` what it folds to.
    """

    def __init__(self, text: str, way: Folding) -> None:
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        distinct, which = np.unique(codes, return_inverse=True)
        folds = np.array([way.pieces[code] for code in distinct.tolist()], dtype=object)
        kept = np.flatnonzero((folds != "")[which])
        joins = (folds == JOINS)[which[kept]]
        places = np.arange(len(joins))
        bases = np.maximum.accumulate(np.where(joins, 0, places)) if len(joins) else places
        first = np.flatnonzero((places - bases) % (_MARKS + 1) == 0)
        last = np.append(first[1:], len(kept)) - 1
        self.starts = kept[first]
        self.ends = kept[last] + 1 if len(kept) else kept
        self.folds = folds[which[self.starts]]
        merged = (last > first) | (self.folds == JOINS)
        for at in np.flatnonzero(merged).tolist():
            self.folds[at] = way.cluster(text[self.starts[at] : self.ends[at]])


class Folding:
    """One way of folding: what each character becomes by itself, and what a cluster of them does.

    `piece` returns what one character folds to, or `JOINS`; `settle` folds a cluster; `ascii_signs` says what becomes
    of the blanks and signs of ASCII that do not stay.
    """

    def __init__(
        self, piece: Callable[[str], str], settle: Callable[[str], str], ascii_signs: Mapping[str, str]
    ) -> None:
        self.pieces = _Pieces(piece)
        self.cluster = lru_cache(maxsize=1 << 14)(self._cluster)
        self._settle = settle
        self._ascii_signs = str.maketrans(dict(ascii_signs))
        self._table = _Table(self.pieces)

    def fold(self, text: str) -> tuple[str, bool, Codes | None]:
        """Return the text folded, runs of blanks left as they are; whether each character gave just one; and then the
        UTF-16 code units of the folded text, but for characters beyond the basic plane that came up, if at hand.
        """
        result, odd, codes = self._replaced(text)
        if JOINS in result:
            return "".join(_Clusters(text, self).folds.tolist()), False, None
        even = not odd or all(len(self.pieces[ord(char)]) == 1 for char in odd)
        return result, even, codes if even else None

    def places(self, text: str) -> tuple[Places, Places]:
        """Return, for each character that `fold` gives, where the characters begin and end that it comes from."""
        result, odd, _ = self._replaced(text)
        if JOINS in result:
            clusters = _Clusters(text, self)
            lengths = np.fromiter(map(len, clusters.folds), dtype=np.int64, count=len(clusters.folds))
            return np.repeat(clusters.starts, lengths), np.repeat(clusters.ends, lengths)
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        lengths = np.ones(len(codes), dtype=np.int64)
        for char in odd:
            lengths[codes == ord(char)] = len(self.pieces[ord(char)])
        origins = np.repeat(np.arange(len(codes)), lengths)
        return origins, origins + 1

    def _replaced(self, text: str) -> tuple[str, set[str], Codes | None]:
        """Fold character by character; return also the characters that did not fold to just one of the basic plane.

        The result is not valid if it contains `JOINS`.
        """
        if text.isascii():
            return text.lower().translate(self._ascii_signs), set(), None
        result, odd, codes = self._table.fold(text)
        if not odd:
            return result, odd, codes
        if len(odd) > _MANY:
            return text.translate(self.pieces), odd, codes
        for char in odd:
            result = result.replace(char, self.pieces[ord(char)])
        return result, odd, codes

    def _cluster(self, written: str) -> str:
        """Fold a character together with those that join it; invisible ones among them are ignored."""
        cluster = "".join(char for char in written if self.pieces[ord(char)])
        piece = self.pieces[ord(cluster[0])]
        return piece + self._settle(cluster[1:]) if _CIRCLED.match(cluster) else self._settle(cluster)


PLAIN = Folding(piece, settle, dict.fromkeys(filter(str.isspace, map(chr, range(128))), " "))


def folded(text: str) -> str:
    """Return the form of a text for comparison. It is stable: folding it again changes nothing.

    A blank at an end is kept, as one. Text keys in the database are made from this form, so it stays the same in all
    versions.
    """
    return _BLANKS.sub(" ", PLAIN.fold(text)[0])


def visible(text: str) -> str:
    """Return the text without zero-width characters and soft hyphens, which copying from pages brings along."""
    return text if text.isascii() else "".join(char for char in text if not _invisible(char))


@cache
def _levels() -> dict[int, str]:
    """Return the letters, digits and blanks that have a plain form of one character, without changing case."""
    wide = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFF01, 0xFF5F)}
    blanks = dict.fromkeys("\u00a0\u2002\u2003\u2009\u202f\u3000", " ")
    plain = _variants() | blanks | {char: to for char, to in wide.items() if to.isalnum()}
    return str.maketrans(plain) | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


def simplify(text: str) -> str:
    """Return the text with plain letters, digits and blanks, one for one: Simplified and half-width.

    Case and punctuation stay: an expression that looks for `《` means this sign.
    """
    return text if text.isascii() else text.translate(_levels())
