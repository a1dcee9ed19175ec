"""The patterns by which terms are found in texts: their characters, and where a word must begin or end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from monitor.lazy import lazy_pattern
from monitor.rules.scripts import SearchText, begins_word, ends_word, is_followed_by_decimals
from monitor.text.fold import fold_text, remove_invisible
from monitor.text.kinds import HAN, UNSPACED, WILDCARD_HAN, WILDCARD_LETTER, is_han, is_in_spaced_word
from monitor.text.matching import exact_form, form_with_joints

_REST_OF_WORD = r"[^\W_]{0,64}"  # limited, so that a text that is one long word does not take quadratic time
_OPTIONAL_BLANK = " ?"
_SAMPLE_NEIGHBOURS = (
    ("", " ", "a", "1", "1."),
    ("", " ", "a", "1", "0000", ",000", ".5", "#", "++"),
)  # every case that `begins_word`, `ends_word` and `is_followed_by_decimals` distinguish
_STAR = lazy_pattern("[*\ufe61\uff0a]")
_BARE_NUMBER = lazy_pattern("[0-9]+(?:,[0-9]{3})*")
_CHINESE_CHARACTER = f"[{HAN}{WILDCARD_HAN}]"
_OTHER_CHARACTER = f"(?![{UNSPACED}])[^\\s{WILDCARD_HAN}]"  # next to Chinese, with or without a blank
_CHINESE_BORDER = lazy_pattern(
    f"(?<={_CHINESE_CHARACTER}) ?(?={_OTHER_CHARACTER})|(?<={_OTHER_CHARACTER}) ?(?={_CHINESE_CHARACTER})"
)
_BORDER_SIGN = "\ufdd2"  # a noncharacter; marks where a blank makes no difference
_GAP_SIGNS = lazy_pattern(f"([{WILDCARD_LETTER}{WILDCARD_HAN}{_BORDER_SIGN}]+)")


class UnusableTerm(ValueError):
    """A term that cannot be searched for. `hint` says what to write instead."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class _UnfoldedText(NamedTuple):
    """A text that was not folded, so that it is its own original."""

    text: str

    def written(self, start: int, end: int) -> str:
        return self.text[start:end]


@dataclass(frozen=True, slots=True)
class ExactCondition:
    """A condition on the original text of an occurrence: the regular expression `source`, run on a form of the text.

    That form has capitals if `cased`, and accents if `accents`.
    """

    source: str
    cased: bool
    accents: bool

    def holds(self, written: str) -> bool:
        """Return whether an occurrence fulfils the condition. `written` is its original text."""
        if written.isascii() and written.isalnum():
            text = written if self.cased else written.lower()
        else:
            text = exact_form(written, cased=self.cased, accents=self.accents)
        return bool(_compile_source(self.source).fullmatch(text))


@lru_cache(maxsize=4096)
def _compile_source(source: str) -> re.Pattern[str]:
    return re.compile(source)


@lru_cache(maxsize=4096)
def _rest_pattern(parts: tuple[str, ...], gaps: tuple[str, ...]) -> re.Pattern[str]:
    """Return the regular expression for everything in the term after its first part."""
    return re.compile("".join(gap + re.escape(part) for gap, part in zip(gaps, parts[1:], strict=True)))


@dataclass(frozen=True, slots=True)
class Pattern:
    """A term in its search form (`monitor.text.matching`).

    Between two of its `parts`, a regular expression of `gaps` must match: the rest of a word (`"smart cit* plan"` has
    two parts), or an optional blank between Chinese and other characters. `begins` and `ends` say whether a word must
    begin or end at the ends of the term. They are false at a `*`, and for scripts and signs without word borders.
    `identity` distinguishes the term from others: it is folded, but keeps accents, hyphens and blanks.
    """

    parts: tuple[str, ...]
    begins: bool
    ends: bool
    gaps: tuple[str, ...] = ()
    identity: tuple[str, ...] = ()
    exact_condition: ExactCondition | None = None
    is_number: bool = False  # the whole term is a number

    def end(self, search_text: SearchText, start: int) -> int | None:
        """Return the end of the occurrence whose first part is at `start`; None if the term does not occur there."""
        if self.begins and start and not begins_word(search_text, start):
            return None
        end = start + len(self.parts[0])
        if self.gaps:
            rest = _rest_pattern(self.parts, self.gaps).match(search_text.text, end)
            if rest is None:
                return None
            end = rest.end()
        if self.ends and not ends_word(search_text, end):
            return None
        return None if self.is_number and is_followed_by_decimals(search_text.text, end) else end

    def implies(self, other: Pattern) -> bool:
        """Return whether every text with this term also has the other. False may mean "not known".

        Terms that differ only in their form (`Ürümqi` and `Urumqi`) do not imply each other: a rule may distinguish
        them.
        """
        if self == other or (self.exact_condition is not None and replace(self, exact_condition=None) == other):
            return True
        if self.gaps or other.exact_condition is not None:
            return False
        if other.parts[0] not in self.parts[0] or other.identity[0] not in self.identity[0]:
            return False
        word = self.parts[0]
        samples = [(_UnfoldedText(left + word + right), len(left)) for left, right in product(*_SAMPLE_NEIGHBOURS)]
        return all(
            other.occurs_within(search_text, start, start + len(word))
            for search_text, start in samples
            if self.end(search_text, start) is not None
        )

    def occurs_within(self, search_text: SearchText, first: int, last: int) -> bool:
        """Return whether the term occurs in `search_text[first:last]`. Characters outside count for word borders."""
        start = search_text.text.find(self.parts[0], first, last)
        while start >= 0:
            end = self.end(search_text, start)
            if end is not None and end <= last:
                return True
            start = search_text.text.find(self.parts[0], start + 1, last)
        return False


@lru_cache(maxsize=4096)
def patterns_of(term: str) -> tuple[Pattern, ...]:
    """Return the patterns of a term, which is written without quotes. The term occurs where one of its patterns occurs.

    A term with a hyphen has several patterns, since texts may have a blank or a dash there.

    Raises:
        UnusableTerm: the term has no letter or digit, or a `*` at a wrong place.
    """
    return _make_patterns(term, cased=False)


@lru_cache(maxsize=4096)
def cased_patterns_of(term: str) -> tuple[Pattern, ...]:
    """Return the patterns of a term within CASE, as `patterns_of` does. Capitals and accents must be as written."""
    return _make_patterns(term, cased=True)


def _make_patterns(term: str, *, cased: bool) -> tuple[Pattern, ...]:
    text = fold_text(term).strip(" ")
    if not any(char.isalnum() for char in text):
        raise UnusableTerm(f'"{term}" has no letter or digit', _REMEDY_FOR_SIGN.get(text, "leave it out"))
    if any(_is_misplaced(text, at) for at, char in enumerate(text) if char == "*"):
        raise UnusableTerm(f'the "*" in "{term}" is not allowed there', _STAR_REMEDY)
    without_stars = _mark_stars(_STAR.sub("*", remove_invisible(term)).strip().strip("*"))
    form, joints = form_with_joints(without_stars)
    exact = (
        None
        if form == text and not joints and not cased
        else _exact_condition(without_stars, form, joints, cased=cased)
    )
    found = dict.fromkeys(
        Pattern(
            parts,
            begins=not text.startswith("*") and is_in_spaced_word(parts[0][0]),
            ends=not text.endswith("*") and is_in_spaced_word(parts[-1][-1]),
            gaps=gaps,
            identity=tuple(text.strip("*").split("*")),
            exact_condition=exact,
            is_number=bool(_BARE_NUMBER.fullmatch(text)),
        )
        for written in _spellings(form, joints)
        for parts, gaps in _split_at_gaps(written)
    )
    return tuple(found)


@lru_cache(maxsize=4096)
def identity_of(term: str) -> tuple[tuple[str, ...], bool, bool]:
    """Return a value that is the same for terms that are equal after folding. A concept counts such terms once."""
    pattern = patterns_of(term)[0]
    text = fold_text(term).strip(" ")
    opening, closing = not text.startswith("*"), not text.endswith("*")
    plain = pattern.identity
    return plain, opening and is_in_spaced_word(plain[0][0]), closing and is_in_spaced_word(plain[-1][-1])


@lru_cache(maxsize=4096)
def search_key(term: str) -> frozenset[Pattern]:
    """Return a value that is the same for terms that find the same texts."""
    return frozenset(replace(pattern, identity=()) for pattern in patterns_of(term))


def _mark_stars(core: str) -> str:
    """Return the term with a placeholder for each `*`: a Chinese one after a Chinese character, else a letter."""
    marked = ""
    for char in core:
        marked += char if char != "*" else WILDCARD_HAN if marked and is_han(fold_text(marked[-1])) else WILDCARD_LETTER
    return marked


def _split_at_gaps(written: str) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Yield the parts of a term with the gaps between them: usually once.

    If a border between Chinese and other characters comes first (`5G网络`), the parts on both sides of it are joined:
    once without a blank and once with one, since `5g` alone would be found too often.
    """
    pieces = _GAP_SIGNS.split(_CHINESE_BORDER.sub(_BORDER_SIGN, written))
    parts = pieces[::2]
    gaps = [
        "".join(_OPTIONAL_BLANK if sign == _BORDER_SIGN else _REST_OF_WORD for sign in signs) for signs in pieces[1::2]
    ]
    if gaps[:1] != [_OPTIONAL_BLANK]:
        yield tuple(parts), tuple(gaps)
        return
    for blank in ("", " "):
        yield (parts[0] + blank + parts[1], *parts[2:]), tuple(gaps[1:])


def _spellings(form: str, joints: list[tuple[int, bool]]) -> Iterator[str]:
    """Yield the spellings of the term: with blanks in place of all its inner hyphens, and with the hyphens.

    A hyphen at an end of the term is varied independently, since the character beyond it is not known.
    """
    ends = {0, len(form) - 1}
    inner = [index for index, _ in joints if index not in ends]
    groups = [group for group in (inner, *([index] for index, _ in joints if index in ends)) if group]
    for signs in product(*(" -" for _ in groups)):
        written = list(form)
        for sign, group in zip(signs, groups, strict=True):
            for index in group:
                written[index] = sign
        yield "".join(written)


def _exact_condition(core: str, form: str, joints: list[tuple[int, bool]], *, cased: bool) -> ExactCondition | None:
    """Return the condition on the original text of an occurrence; None if the search form is enough."""
    without_accents = exact_form(core, cased=False, accents=False)
    accents = cased or exact_form(core, cased=False, accents=True) != without_accents
    if not accents and all(blank_will_do for _, blank_will_do in joints):
        return None
    hyphens = [index for index, char in enumerate(form) if char == "-"]
    optional_hyphens = {hyphens.index(index) for index, blank_will_do in joints if blank_will_do}
    runs = exact_form(core, cased=cased, accents=accents).split("-")
    source = _between_hyphens(runs[0])
    for number, run in enumerate(runs[1:]):
        source += ("[ -]" if number in optional_hyphens else "-") + _between_hyphens(run)
    return ExactCondition(source, cased, accents)


def _between_hyphens(text: str) -> str:
    """Return the regular expression for the part of a term between two hyphens. A blank in it also matches a hyphen."""
    return "".join(_REGEX_OF_SIGN.get(char) or re.escape(char) for char in _CHINESE_BORDER.sub(_BORDER_SIGN, text))


_REGEX_OF_SIGN = {
    " ": "[ -]",
    WILDCARD_LETTER: _REST_OF_WORD,
    WILDCARD_HAN: _REST_OF_WORD,
    _BORDER_SIGN: _OPTIONAL_BLANK,
}
_STAR_REMEDY = (
    "* may be at the start or the end of a term, or at the end of a word in a phrase; it stands for any letters"
)
_REMEDY_FOR_SIGN = {
    "&": "write AND",
    "&&": "write AND",
    "+": "write AND, or leave it out",
    "|": "write OR",
    "||": "write OR",
    "!": "write NOT",
    "-": 'write NOT, or "-" directly before the term',
    "--": 'write NOT, or "-" directly before the term',
}


def _is_misplaced(text: str, star: int) -> bool:
    """Return whether the `*` at `star` is at a wrong place: neither at an end of the term nor at the end of a word."""
    before, after = text[star - 1 : star], text[star + 1 : star + 2]
    if before and after:
        return not before.isalnum() or after.isalnum() or after == "*"
    return (before or after) in {" ", "*"}
