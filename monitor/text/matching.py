"""The search form of texts: folded, so that different spellings of the same word become equal.

In addition to folding (`monitor.text.fold`), accents of Latin letters are removed, a hyphen within a word becomes a
blank, all kinds of apostrophes become one, and meaningless blanks between Chinese characters are removed. If a term
requires an accent, a capital or a hyphen, it is compared again in the form that `exact_form` gives.

A blank between single Chinese characters means nothing (`通　知` is `通知`), and neither does a line end where a line
of Chinese wraps. But two runs of two or more Chinese characters stay separate (`湖南 京东` does not contain `南京`).
The blocks of a text (paragraphs, items and cells, with an empty line between them) stay separate too. A new line that
is indented by a wide blank, as in Chinese paragraphs, also begins a block.

Blanks between Chinese and other characters mean nothing either. They are kept here: only a few terms have such a place,
and it is quicker to search for these terms with and without a blank (`monitor.rules.patterns`).

The search form is not in the database, except the words of the search index, which have a version
(`monitor.text.words`).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any, Final, TypeAlias

import numpy as np

from monitor.lazy import lazy_pattern
from monitor.text.fold import MAY_MERGE, PLAIN_FOLDING, Folding, Places, fold_cluster, plain_signs, remove_invisible
from monitor.text.kinds import HAN, UNSPACED, WILDCARD_LETTER

BLANK: Final = " "
LINE_END: Final = "\x1f"
WIDE_BLANK: Final = "\x1e"
BLOCK_END: Final = "\x1d"
"""The only blanks in a text that is given to `resolve_blanks`. Python also counts all four as blanks (`str.isspace`).

`BLOCK_END` is kept in the result, so that no phrase is found across the border between two blocks.
"""

DROPPED_BLANK: Final = "\ufffe"
"""A noncharacter that marks where a meaningless blank was. It is removed at the end."""

_BLANK_RUN: Final = lazy_pattern("[ \x1d-\x1f]{2,}")
_BLANKS_AT_LINE_END: Final = (" \x1f", "\x1f ")
_BLANK_BETWEEN_HAN: Final = lazy_pattern(f"[ \x1f](?<=[{HAN}].)(?={DROPPED_BLANK}*[{HAN}])")
_WORD_CHARACTER: Final = lazy_pattern(f"[{HAN}]|(?![{UNSPACED}])[^\\W_]")
_COMMON_HAN_RANGE: Final = "\u4e00", "\u9fff"
_FIRST_HAN: Final = 0x2E80
_LAST_BLANK: Final = 0x20

_HAN_BLANK_HAN: Final = b"\x01\xff\x01"  # a blank between two characters that may be Chinese

Codes: TypeAlias = np.ndarray[Any, np.dtype[Any]]
Flags: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]

_BLANKS: Final = (
    dict.fromkeys("\n\x0b\x85\u2028", LINE_END) | dict.fromkeys("\x0c\u2029", BLOCK_END) | {"\u3000": WIDE_BLANK}
)
_APOSTROPHES: Final = dict.fromkeys("`\uff40\u02b9\u02bb\u02bd\u02c8\u02ca\u02cb\u055a\ua78b\ua78c", "'")
_DASH: Final = "\u2013"  # all dashes become this one first, to tell them from hyphens
_DASHES: Final = dict.fromkeys("\u2012\u2014\u2015\u2212\ufe31\ufe32\ufe58", _DASH) | {_DASH: _DASH}
_LATIN_LETTER: Final = lazy_pattern(r"LATIN (SMALL|CAPITAL) LETTER (?:DOTLESS )?([A-Z])(?: WITH .*)?")
_LETTER: Final = f"(?:(?![{UNSPACED}])[^\\W_]|{WILDCARD_LETTER})"
_BLANKS_BETWEEN_WORDS: Final = lazy_pattern("([\x1d-\x1f ]+)")
_HYPHEN: Final = lazy_pattern(f"-(?<={_LETTER}-)(?={_LETTER})")
_HYPHEN_OR_JOINT: Final = lazy_pattern(f"(?:^|(?<={_LETTER}))[-{_DASH}](?={_LETTER})|(?<={_LETTER})[-{_DASH}]$")
_ASCII_HYPHEN: Final = lazy_pattern("-(?<=[a-z0-9]-)(?=[a-z0-9])")


def resolve_blanks(text: str, codes: Codes | None = None) -> str:
    """Return the text with one blank wherever blanks separate something; meaningless blanks become `DROPPED_BLANK`.

    `codes` are the UTF-16 code units of the text, if available. In them a Chinese character may be replaced by another
    Chinese character.
    """
    if LINE_END in text:
        text, codes = text.replace("\x1f\x1f", "\x1d\x1d"), None
        messy = any(sign in text for sign in _BLANKS_AT_LINE_END)
    else:
        messy = False
    if messy or "  " in text or WIDE_BLANK in text:
        text, codes = _BLANK_RUN.sub(_meaning_of_run, text).replace(WIDE_BLANK, BLANK), None
    if not text.isascii():
        text = _mark_blanks_between_han(text, codes)
    return text.replace(LINE_END, BLANK) if LINE_END in text else text


def kept_characters(text: str) -> Flags:
    """Return, for each character of a text from `resolve_blanks`, whether it is kept: it is not `DROPPED_BLANK`."""
    kept: Flags = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4") != ord(DROPPED_BLANK)
    return kept


def _meaning_of_run(run: re.Match[str]) -> str:
    """Return the text of the same length that replaces a run of blanks.

    It is one sign for a block end, a line end or a blank, then a `DROPPED_BLANK` for each further character.
    """
    blanks = run[0]
    lines = blanks.count(LINE_END)
    ends = lines > 1 or BLOCK_END in blanks or (lines and WIDE_BLANK in blanks[blanks.index(LINE_END) :])
    sign = BLOCK_END if ends else LINE_END if lines else BLANK
    return sign + DROPPED_BLANK * (len(blanks) - 1)


def _mark_blanks_between_han(text: str, codes: Codes | None) -> str:
    """Return the text with `DROPPED_BLANK` for each meaningless blank between Chinese characters."""
    kinds = _character_kinds(text if codes is None else codes)
    found = kinds.find(_HAN_BLANK_HAN)
    if found < 0:
        return text
    if len(kinds) != len(text):
        kinds = _character_kinds(text)
        found = kinds.find(_HAN_BLANK_HAN)
    pieces: list[str] = []
    done = 0
    while found >= 0:
        at = found + 1
        if not _separates_han_runs(text, at) and _BLANK_BETWEEN_HAN.match(text, at):
            pieces += (text[done:at], DROPPED_BLANK)
            done = at + 1
        found = kinds.find(_HAN_BLANK_HAN, at)
    return "".join((*pieces, text[done:])) if pieces else text


def _character_kinds(text: str | Codes) -> bytes:
    """Return a byte for each character: 1 from U+2E80 on (Chinese and others), -1 for blanks, 0 for all others."""
    if isinstance(text, str):
        text = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    return ((text >= _FIRST_HAN).view(np.int8) - (text <= _LAST_BLANK).view(np.int8)).tobytes()


def _separates_han_runs(text: str, at: int) -> bool:
    """Return whether the blank at `at`, between two Chinese characters, separates two runs of two or more."""
    if text[at] == LINE_END:
        return False
    if (
        _COMMON_HAN_RANGE[0] <= text[at - 2 : at - 1] <= _COMMON_HAN_RANGE[1]
        and _COMMON_HAN_RANGE[0] <= text[at + 2 : at + 3] <= _COMMON_HAN_RANGE[1]
    ):
        return True
    after = at + 1
    while text[after : after + 1] == DROPPED_BLANK:
        after += 1
    return bool(at > 1 and _WORD_CHARACTER.match(text, at - 2) and _WORD_CHARACTER.match(text, after + 1))


@cache
def _without_accent(char: str) -> str:
    """Return a Latin letter without its accent or stroke; return any other character unchanged."""
    name = _LATIN_LETTER.fullmatch(unicodedata.name(char, "")) if not char.isascii() else None
    if name is None:
        return char
    return name[2].lower() if name[1] == "SMALL" else name[2]


def without_accents(text: str) -> str:
    """Return the text with plain Latin letters instead of accented ones; other scripts keep their marks."""
    if text.isascii():
        return text
    kept: list[str] = []
    latin = False
    for char in unicodedata.normalize("NFD", text):
        if unicodedata.category(char) != "Mn":
            kept.append(_without_accent(char))
            latin = kept[-1].isascii() and kept[-1].isalpha()
        elif not latin:
            kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept))


def _fold_cluster(cluster: str) -> str:
    """Fold a cluster of characters and remove accents. `İ` becomes `i`."""
    return without_accents(fold_cluster(cluster.translate(_PLAIN_APOSTROPHES)))


def _fold_character(char: str) -> str:
    """Return what a single character folds to; `MAY_MERGE` if it may merge with the character before it."""
    if char in _BLANKS:
        return _BLANKS[char]
    if char in _DASHES or char in _APOSTROPHES:
        return _DASHES.get(char) or _APOSTROPHES[char]
    if unicodedata.category(char) == "Cc" and not char.isspace():
        return "\ufffd"
    simple = PLAIN_FOLDING.pieces[ord(char)]
    return simple if simple == MAY_MERGE else without_accents(simple)


_PLAIN_APOSTROPHES: Final = str.maketrans(_APOSTROPHES)
_ASCII_BLANKS: Final = {char: _BLANKS.get(char, " ") for char in map(chr, range(128)) if char.isspace()}
_FOLDING: Final = Folding(_fold_character, _fold_cluster, _ASCII_BLANKS | {"`": "'"})


def form_with_joints(text: str) -> tuple[str, list[tuple[int, bool]]]:
    """Return the search form of a term with its hyphens, and where letters and hyphens meet.

    With each such place comes whether a blank in the text matches there too. This is so for a hyphen between two
    letters. A dash, or a hyphen at an end of the term, matches only a dash or a hyphen.
    """
    form = resolve_blanks(_FOLDING.fold(text)[0]).replace(DROPPED_BLANK, "")
    places = [joint.start() for joint in _HYPHEN_OR_JOINT.finditer(form)]
    joints = [(at, form[at] == "-" and 0 < at < len(form) - 1) for at in places]
    return form.replace(_DASH, "-"), joints


class Matchable:
    """A text in its search form (`text`), with its `original` and the mapping between both.

    Blanks are resolved first (`resolve_blanks`). Then hyphens within words become blanks, and dashes become hyphens.
    `is_aligned` means that every character has the same position as in the original.
    """

    __slots__ = ("_places", "is_aligned", "original", "text")

    def __init__(self, original: str) -> None:
        self.original = original
        form, self.is_aligned, codes = _FOLDING.fold(original)
        form = resolve_blanks(form, codes)
        if DROPPED_BLANK in form:
            form, self.is_aligned = form.replace(DROPPED_BLANK, ""), False
        if "-" in form:
            form = (_ASCII_HYPHEN if form.isascii() else _HYPHEN).sub(" ", form)
        self.text = form.replace(_DASH, "-") if _DASH in form else form
        self._places: tuple[list[int], list[int]] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where the original of `text[start:end]` begins and ends, in code points; `start` is less than `end`.

        If one character of the original became several (`㎏` became `kg`), and only some of them are in the span, the
        whole original character is in the result.
        """
        if self.is_aligned:
            return start, end
        if self._places is None:
            starts, ends = _places(self.original)
            self._places = starts.tolist(), ends.tolist()
        return self._places[0][start], self._places[1][end - 1]

    def written(self, start: int, end: int) -> str:
        """Return the original text of `text[start:end]`."""
        first, last = self.span(start, end)
        return self.original[first:last]


def _places(original: str) -> tuple[Places, Places]:
    """Return, for each character of the search form, where its original begins and ends."""
    starts, ends = _FOLDING.places(original)
    stay = kept_characters(resolve_blanks(_FOLDING.fold(original)[0]))
    return starts[stay], ends[stay]


def exact_form(text: str, *, cased: bool, accents: bool) -> str:
    """Return a text with its hyphens; also with its capitals if `cased`, and with its accents if `accents`.

    Blanks are resolved as in the search form.
    """
    spaced = "".join(_BLANKS.get(char) or (" " if char.isspace() else char) for char in remove_invisible(text))
    signs = spaced.translate(_PLAIN_APOSTROPHES)
    plain = unicodedata.normalize("NFKC", plain_signs(signs)) if cased else _fold_keeping_blanks(signs)
    return resolve_blanks(plain if accents else without_accents(plain)).replace(DROPPED_BLANK, "")


def _fold_keeping_blanks(text: str) -> str:
    """Return the folded text with its blanks unchanged."""
    parts = _BLANKS_BETWEEN_WORDS.split(text)
    return "".join(part if at % 2 else fold_cluster(part).replace("i\u0307", "i") for at, part in enumerate(parts))
