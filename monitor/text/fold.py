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
from collections.abc import Iterator
from functools import cache
from importlib import resources

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


@cache
def _odd() -> re.Pattern[str]:
    """Matches a character (of a case-folded text) that may fold to something else; those of common texts do not."""
    codes = [*range(0x20, 0x7F), *range(0x3041, 0x3097), *range(0x30A1, 0x30FB), *range(0x4E00, 0xA000)]
    plain = [chr(code) for code in codes if chr(code) not in _variants()] + list("、。《》【】")
    return re.compile(f"[^{re.escape(''.join(plain))}]")


def _clusters(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, folded) of each piece of the text that folds by itself; those that vanish are left out."""
    start = end = 0
    cluster = ""
    for index, char in enumerate(text):
        piece = _PIECES[ord(char)]
        if not piece:
            continue
        if piece == _JOINS and cluster and len(cluster) <= _MARKS:
            cluster += char
        else:
            if cluster:
                yield start, end, _folded_cluster(cluster)
            start, cluster = index, char
        end = index + 1
    if cluster:
        yield start, end, _folded_cluster(cluster)


def _folded_cluster(cluster: str) -> str:
    piece = _PIECES[ord(cluster[0])]
    if len(cluster) == 1 and piece != _JOINS:
        return piece
    return piece + _settle(cluster[1:]) if _CIRCLED.match(cluster) else _settle(cluster)


def _pieces(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, character) for each character of the folded text: where in the original it comes from."""
    last = ""
    for start, end, folded_piece in _clusters(text):
        for char in folded_piece:
            if char != " " or last != " ":
                yield start, end, char
            last = char


def _fold_quickly(text: str) -> tuple[str, bool]:
    """The text folded character by character, and whether each gave exactly one. Not right where `_JOINS` is in it."""
    if text.isascii():
        result, even = text.lower().translate(_ASCII_BLANKS), True
    else:
        result = text.casefold()  # never shorter, so equal length is one for one
        odd = set(_odd().findall(result))
        even = len(result) == len(text) and all(len(_PIECES[ord(char)]) == 1 for char in odd)
        if len(odd) > _MANY:
            result = result.translate(_PIECES)
        else:
            for char in odd:
                result = result.replace(char, _PIECES[ord(char)])
    if "  " in result:
        return _BLANKS.sub(" ", result), False
    return result, even


def _fold(text: str) -> tuple[str, bool]:
    """The folded text, and whether every character of it stands where it stood."""
    result, even = _fold_quickly(text)
    if _JOINS in result:
        return "".join(char for _, _, char in _pieces(text)), False
    return result, even


def folded(text: str) -> str:
    """A text as it is compared: folding it again changes nothing. Blanks at its ends are kept, as one each."""
    return _fold(text)[0]


def visible(text: str) -> str:
    """The text without zero-width characters and soft hyphens, which copying from pages brings along."""
    return text if text.isascii() else "".join(char for char in text if not _invisible(char))


@cache
def _levels() -> dict[int, str]:
    """The characters that have a plain form of one character, case aside."""
    wide = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in [*range(0xFF01, 0xFF5F), 0x3000]}
    return str.maketrans(wide) | _plain()


def levelled(text: str) -> str:
    """The text in plain characters, one for one: Traditional as Simplified, full-width as half-width; case stays."""
    return text if text.isascii() else text.translate(_levels())


def cased(text: str) -> str:
    """A text as it is compared where capitals and small letters differ: folded, but for the case."""
    plain = "".join(" " if char.isspace() else char for char in visible(text).translate(_plain()))
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", plain))


class Folded:
    """A folded text that knows where it comes from: `text` is folded, `original` as it was given."""

    __slots__ = ("_even", "_places", "original", "text")

    def __init__(self, original: str) -> None:
        self.original = original
        self.text, self._even = _fold(original)
        self._places: list[tuple[int, int]] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The code points of the original that `text[start:end]` comes from; `start` is less than `end`.

        Whole characters: where one character of the original folds to several (`㎏` to `kg`), a span that has some
        of these covers it.
        """
        if self._even:
            return start, end
        if self._places is None:
            self._places = [(first, last) for first, last, _ in _pieces(self.original)]
        return self._places[start][0], self._places[end - 1][1]

    def written(self, start: int, end: int) -> str:
        """What the original has for `text[start:end]`."""
        first, last = self.span(start, end)
        return self.original[first:last]


def fold(text: str) -> Folded:
    """Fold a text and keep the way back."""
    return Folded(text)
