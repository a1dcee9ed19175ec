"""Words that an edit corrected: the same words, with another spelling, another ending, or abbreviated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

from monitor.stories.pinyin import sound_of
from monitor.stories.statements import Statement, Token, statement
from monitor.stories.terms import stem

_MIN_MISSPELLED_LENGTH: Final = 4
"""Minimum length of a word in which an added, missing or misplaced letter counts as a misspelling."""

_MIN_REPLACED_LENGTH: Final = 7
"""Minimum length of a word in which a replaced letter counts as a misspelling. `Wei` and `Lei` are two names."""

_MIN_TWICE_MISSPELLED_LENGTH: Final = 9
"""Minimum length of a word that may have two misspellings."""

_MIN_ABBREVIATION_LENGTH: Final = 2
"""Minimum length of an abbreviation such as `Corp.`"""

_LABEL_BEFORE: Final = re.compile(
    r"(?i)\A\s*(?:update\s?\d*\s?[-:–—]|updated\s?[-:–—]|breaking(?: news)?\s?[:|]"
    r"|(?:exclusive|watch|live|video|photos?|analysis|explainer|factbox|opinion|interview|report)\s?[:|]"
    r"|[(\[]updated?[)\]]|[【\[(（](?:更新|最新|快讯|图|组图|视频|独家|头条|转载|置顶|热点?|新)[】\])）])\s*"
)
"""A label that an outlet puts before a headline, such as "UPDATE 2-"."""

_LABEL_BEHIND: Final = re.compile(r"(?i)\s*[(\[（【](?:updated?|video|photos?|更新|图|组图|视频)[)\]）】]\s*\Z")

_SITE_SUFFIX: Final = re.compile(r"\s+[|–—-]\s+[^|–—]{2,40}\Z|\s*[|_]\s*[^|_]{2,40}\Z")
"""The name of a site behind a headline."""

_ELLIPSIS: Final = re.compile(r"\s*(?:…|\.\.\.)\s*\Z")


def same_words(before: str, after: str) -> bool:
    """Return whether two headlines have the same words, except for corrected misspellings.

    A site's name, a label such as "UPDATE 2-", and articles make no difference. A headline that ends in "…" may be the
    beginning of the other one.
    """
    return any(_has_same_words(one, other) for one in _headline_forms(before) for other in _headline_forms(after))


def _headline_forms(title: str) -> Iterator[str]:
    """Yield a headline without its label, and then also without the site's name."""
    bare = _LABEL_BEHIND.sub("", _LABEL_BEFORE.sub("", title, count=1), count=1)
    yield bare
    if site := _SITE_SUFFIX.search(bare):
        yield bare[: site.start()]


def _has_same_words(before: str, after: str) -> bool:
    one, other = statement(_ELLIPSIS.sub("", before)), statement(_ELLIPSIS.sub("", after))
    for short, long, is_cut in ((one, other, _ELLIPSIS.search(before)), (other, one, _ELLIPSIS.search(after))):
        joined = "".join(short.keys)
        if is_cut and joined and "".join(long.keys).startswith(joined):
            return True
    ones, others = one.content_tokens, other.content_tokens
    matcher = SequenceMatcher(None, [token.key for token in ones], [token.key for token in others], autojunk=False)
    changes = [(ones[a:b], others[c:d]) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]
    return all(_is_corrected_phrase(one, before_, after_) for before_, after_ in changes)


def _is_corrected_phrase(one: Statement, before: Sequence[Token], after: Sequence[Token]) -> bool:
    """Return whether words of a sentence and the words that replace them are the same words, corrected."""
    old, new = "".join(token.key for token in before), "".join(token.key for token in after)
    if old == new:
        return True
    if any(token.family for token in (*before, *after)):
        return False
    if not old.isascii() and not new.isascii():
        return _is_heard_as(old, new)
    if not old or not new:
        doubled = old or new
        return not doubled.isascii() and doubled + doubled in "".join(one.keys)
    return len(before) == len(after) and all(
        is_repaired(word.key, instead.key) or stem(word.key) == stem(instead.key)
        for word, instead in zip(before, after, strict=True)
    )


def _is_heard_as(old: str, new: str) -> bool:
    """Return whether the two are different Chinese characters of the same sound: a mistake of typing by sound."""
    return len(old) == len(new) == 1 and sound_of(old) == sound_of(new).strip() != ""


def is_repaired(word: str, instead: str) -> bool:
    """Return whether the two are the same word, one of them misspelled or abbreviated."""
    short, long = sorted((word, instead), key=len)
    if (
        len(short) >= _MIN_ABBREVIATION_LENGTH
        and len(long) >= _MIN_REPLACED_LENGTH
        and len(short) < len(long) - 1
        and long.startswith(short)
    ):
        return True
    if len(short) < _MIN_MISSPELLED_LENGTH:
        return False
    slips = _misspellings(word, instead)
    if slips == 1:
        return len(short) >= _MIN_REPLACED_LENGTH or len(short) != len(long) or sorted(short) == sorted(long)
    return slips == 2 and len(short) >= _MIN_TWICE_MISSPELLED_LENGTH  # noqa: PLR2004 - two slips


def _misspellings(word: str, instead: str) -> int:
    """Return how many letters were removed, added, replaced or exchanged with the next letter.

    This is the restricted edit distance of Damerau (https://doi.org/10.1145/363958.363994).
    """
    two_before: list[int] = []
    before = list(range(len(instead) + 1))
    for row, letter in enumerate(word, 1):
        here = [row]
        for column, other in enumerate(instead, 1):
            least = min(before[column] + 1, here[column - 1] + 1, before[column - 1] + (letter != other))
            exchanged = row > 1 and column > 1 and letter == instead[column - 2] and word[row - 2] == other
            here.append(min(least, two_before[column - 2] + 1) if exchanged else least)
        two_before, before = before, here
    return before[-1]
