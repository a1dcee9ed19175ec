"""Folding: texts that look alike to a reader become equal. Positions in folded text can be mapped to the original.

Folding applies Unicode NFKC and case folding. Variants of a Chinese character become one character (Traditional becomes
Simplified, `han_variants.txt`), curly quotes and dashes become plain ones, and a run of blanks and line ends becomes
one blank. Soft hyphens and zero-width characters are removed. Circled digits are kept: in `①5G` the digit is an item
number, and NFKC would give 15G.

A text without combining marks is folded character by character, which is quick. A character that can merge with the one
before it (U+0301 after `e`, Hangul letters, half-width voicing marks) is folded together with it, as one cluster.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import Any, TypeAlias

import numpy as np

# Looked up now: with Python 3.13.0 the first lookup late in a reader's process raised a SystemError in
# `encodings.search_function`. What is looked up once is found without it.
for _codec in ("utf-16-le", "utf-32-le"):
    codecs.lookup(_codec)

MAY_MERGE = "\uffff"  # a noncharacter, to which a character folds if it may merge with the one before it
_MAX_MARKS = 30  # marks of a cluster; the "stream-safe" limit of UAX 15, since Python sorts them in quadratic time
# For more different characters than this, one pass over the whole text is quicker than one pass for each of them.
_MAX_SINGLE_REPLACEMENTS = 60
_QUOTES = dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u2035\u02bc\u00b4\u1ffd\uff07", "'") | dict.fromkeys(
    "\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb\u300c\u300d\u300e\u300f\u301d\u301e\u301f\uff02\uff62\uff63", '"'
)
_DASHES = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe31\ufe32\ufe58\ufe63\uff0d", "-")
_CIRCLED_DIGIT = re.compile("[\u2460-\u2473\u24ea\u24f5-\u24ff\u2776-\u2793]")
_LETTERS_THAT_JOIN = re.compile("[\u1161-\u11ff\ud7b0-\ud7ff\U00016d63-\U00016d6a]")  # of Hangul and Kirat Rai
_VISIBLE_FORMATS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0")
_BLANKS = re.compile(" {2,}")
_LAST_OF_BASIC_PLANE = 0xFFFF
# A mark in the fold table. U+0001 is free for this: only U+0001 itself folds to it.
_NOT_ONE_CHARACTER = 1

Codes: TypeAlias = np.ndarray[Any, np.dtype[np.uint16]]
Places: TypeAlias = np.ndarray[Any, np.dtype[np.int64]]


@cache
def _han_variants() -> dict[str, str]:
    """Return the table of Chinese characters that fold to another character."""
    text = resources.files("monitor.text").joinpath("han_variants.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return {char: line[0] for line in lines for char in line[1:]}


@cache
def _plain_characters() -> dict[int, str]:
    """Return a table for `str.translate`: characters that have a plain form which Unicode's tables do not have."""
    surrogates = dict.fromkeys(map(chr, range(0xD800, 0xE000)), "\ufffd")  # not valid text; libraries refuse them
    return str.maketrans(_QUOTES | _DASHES | _han_variants() | surrogates)


def plain_signs(text: str) -> str:
    """Return the text with plain quotes and dashes, and with one form for the variants of a Chinese character."""
    return text.translate(_plain_characters())


def _is_invisible(char: str) -> bool:
    if unicodedata.category(char) == "Cf":
        return char not in _VISIBLE_FORMATS
    return char in _BLANK_LETTERS or "\ufe00" <= char <= "\ufe0f" or "\U000e0000" <= char <= "\U000e0fff"


def fold_cluster(cluster: str) -> str:
    """Fold a cluster of characters until it no longer changes: NFKC and case folding undo parts of each other."""
    before = ""
    while cluster != before:
        before = cluster
        spaced = "".join(" " if char.isspace() else char for char in cluster.translate(_plain_characters()))
        cluster = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", spaced).casefold())
    return cluster


def fold_character(char: str) -> str:
    """Return what a single character folds to; `MAY_MERGE` if it may merge with the character before it."""
    if char.isspace():
        return " "
    if _CIRCLED_DIGIT.match(char):
        return char
    if _is_invisible(char):
        return ""
    first = unicodedata.normalize("NFKD", char)[0]
    joins = unicodedata.category(first)[0] == "M" or _LETTERS_THAT_JOIN.match(first)
    return MAY_MERGE if joins else fold_cluster(char)


class _FoldedCharacters(dict[int, str]):
    """Folded characters by code point, computed when needed. Caches only the Unicode basic plane, to save memory."""

    def __init__(self, fold_character: Callable[[str], str]) -> None:
        super().__init__()
        self._fold_character = fold_character

    def __missing__(self, code: int) -> str:
        piece = self._fold_character(chr(code))
        if code <= _LAST_OF_BASIC_PLANE:
            self[code] = piece
        return piece


class _FoldTable:
    """Folds a whole text at once by looking up each character in a table.

    The table has only characters of the Unicode basic plane that fold to exactly one character. Each is computed when
    it first occurs. 0 means "not yet computed", `_NOT_ONE_CHARACTER` means that a character folds to nothing or to
    several characters. Several threads may fill the same place, since all write the same value.
    """

    def __init__(self, pieces: _FoldedCharacters) -> None:
        self._pieces = pieces
        self._codes = np.zeros(_LAST_OF_BASIC_PLANE + 1, dtype=np.uint16)
        self._codes[0xD800:0xE000] = _NOT_ONE_CHARACTER  # halves of characters beyond the plane

    def fold(self, text: str) -> tuple[str, set[str], Codes]:
        """Return the folded text, the characters in it that are not replaced yet, and its UTF-16 code units.

        Characters that fold to nothing or to several characters are not replaced.
        """
        codes = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")
        result = self._codes.take(codes)
        least = result.min(initial=_NOT_ONE_CHARACTER + 1)
        if least == 0:
            for code in map(int, np.unique(codes[result == 0])):
                piece = self._pieces[code]
                single = (
                    len(piece) == 1 and piece != MAY_MERGE and _NOT_ONE_CHARACTER < ord(piece) <= _LAST_OF_BASIC_PLANE
                )
                self._codes[code] = ord(piece) if single else _NOT_ONE_CHARACTER
            result = self._codes.take(codes)
            least = result.min()
        if least > _NOT_ONE_CHARACTER:
            return result.tobytes().decode("utf-16-le"), set(), result
        unresolved = np.flatnonzero(result == _NOT_ONE_CHARACTER)
        rest = codes[unresolved]
        result[unresolved] = rest
        return (
            result.tobytes().decode("utf-16-le", "surrogatepass"),
            set(rest.tobytes().decode("utf-16-le", "surrogatepass")),
            result,
        )


class _TextClusters:
    """A text split into clusters: characters that are folded together. Invisible characters are left out.

    `starts` and `ends` are the positions of each cluster in the text; `folds` are the folded clusters.
    """

    def __init__(self, text: str, folding: Folding) -> None:
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        distinct, index_of = np.unique(codes, return_inverse=True)
        folds = np.array([folding.pieces[code] for code in distinct.tolist()], dtype=object)
        visible = np.flatnonzero((folds != "")[index_of])
        may_merge = (folds == MAY_MERGE)[index_of[visible]]
        places = np.arange(len(may_merge))
        bases = np.maximum.accumulate(np.where(may_merge, 0, places)) if len(may_merge) else places
        first = np.flatnonzero((places - bases) % (_MAX_MARKS + 1) == 0)
        last = np.append(first[1:], len(visible)) - 1
        self.starts = visible[first]
        self.ends = visible[last] + 1 if len(visible) else visible
        self.folds = folds[index_of[self.starts]]
        merged = (last > first) | (self.folds == MAY_MERGE)
        for index in np.flatnonzero(merged).tolist():
            self.folds[index] = folding.cluster(text[self.starts[index] : self.ends[index]])


class Folding:
    """A way of folding, given by a function for single characters and a function for clusters of characters.

    `fold_character` returns what one character folds to, or `MAY_MERGE`; `fold_cluster` folds a cluster.
    `ascii_signs` maps those blanks and signs of ASCII that are replaced.
    """

    def __init__(
        self, fold_character: Callable[[str], str], fold_cluster: Callable[[str], str], ascii_signs: Mapping[str, str]
    ) -> None:
        self.pieces = _FoldedCharacters(fold_character)
        self.cluster = lru_cache(maxsize=1 << 14)(self._fold_written_cluster)
        self._fold_cluster = fold_cluster
        self._ascii_signs = str.maketrans(dict(ascii_signs))
        self._table = _FoldTable(self.pieces)

    def fold(self, text: str) -> tuple[str, bool, Codes | None]:
        """Return the folded text, with its runs of blanks unchanged.

        Also return whether each character became exactly one character. If so, also return the UTF-16 code units, if
        available; characters beyond the basic plane are not folded in them.
        """
        result, unresolved, codes = self._fold_characters(text)
        if MAY_MERGE in result:
            return "".join(_TextClusters(text, self).folds.tolist()), False, None
        one_for_one = not unresolved or all(len(self.pieces[ord(char)]) == 1 for char in unresolved)
        return result, one_for_one, codes if one_for_one else None

    def places(self, text: str) -> tuple[Places, Places]:
        """Return, for each character of the folded text, where its original begins and ends in `text`."""
        result, unresolved, _ = self._fold_characters(text)
        if MAY_MERGE in result:
            clusters = _TextClusters(text, self)
            lengths = np.fromiter(map(len, clusters.folds), dtype=np.int64, count=len(clusters.folds))
            return np.repeat(clusters.starts, lengths), np.repeat(clusters.ends, lengths)
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        lengths = np.ones(len(codes), dtype=np.int64)
        for char in unresolved:
            lengths[codes == ord(char)] = len(self.pieces[ord(char)])
        origins = np.repeat(np.arange(len(codes)), lengths)
        return origins, origins + 1

    def _fold_characters(self, text: str) -> tuple[str, set[str], Codes | None]:
        """Fold character by character. Return also the characters that did not fold to exactly one of the basic plane.

        If the result contains `MAY_MERGE`, it is not valid.
        """
        if text.isascii():
            return text.lower().translate(self._ascii_signs), set(), None
        result, unresolved, codes = self._table.fold(text)
        if not unresolved:
            return result, unresolved, codes
        if len(unresolved) > _MAX_SINGLE_REPLACEMENTS:
            return text.translate(self.pieces), unresolved, codes
        for char in unresolved:
            result = result.replace(char, self.pieces[ord(char)])
        return result, unresolved, codes

    def _fold_written_cluster(self, written: str) -> str:
        """Fold a character together with the characters that merge with it; invisible characters are ignored."""
        cluster = "".join(char for char in written if self.pieces[ord(char)])
        piece = self.pieces[ord(cluster[0])]
        return piece + self._fold_cluster(cluster[1:]) if _CIRCLED_DIGIT.match(cluster) else self._fold_cluster(cluster)


PLAIN_FOLDING = Folding(fold_character, fold_cluster, dict.fromkeys(filter(str.isspace, map(chr, range(128))), " "))


def fold_text(text: str) -> str:
    """Return the folded form of a text, for comparison. Folding the result again changes nothing.

    Blanks at the start or end become one blank. Text keys in the database are made from this form, so it must stay the
    same in all versions.
    """
    return _BLANKS.sub(" ", PLAIN_FOLDING.fold(text)[0])


def remove_invisible(text: str) -> str:
    """Return the text without zero-width characters and soft hyphens, which text copied from web pages often has."""
    return text if text.isascii() else "".join(char for char in text if not _is_invisible(char))


@cache
def _simplified_characters() -> dict[int, str]:
    """Return a table for `str.translate`: letters, digits and blanks that have a plain form of one character.

    Case is not changed.
    """
    wide = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFF01, 0xFF5F)}
    blanks = dict.fromkeys("\u00a0\u2002\u2003\u2009\u202f\u3000", " ")
    plain = _han_variants() | blanks | {char: to for char, to in wide.items() if to.isalnum()}
    return str.maketrans(plain) | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


def simplify(text: str) -> str:
    """Return the text with simplified Chinese characters and half-width letters, digits and blanks.

    Each character becomes exactly one character. Case and punctuation are kept: a regular expression with `《` means
    this sign.
    """
    return text if text.isascii() else text.translate(_simplified_characters())
