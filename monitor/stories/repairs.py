"""Words that an editor repaired: the same ones, spelled otherwise, shortened, or with another ending."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

from monitor.stories.pinyin import sound_of
from monitor.stories.statements import Statement, Token, statement
from monitor.stories.terms import stem

_SHORTEST: Final = 4
"""Letters of the shortest word in which a letter too many, missing or in the wrong place is a slip."""

_LONG: Final = 7
"""Letters from which one other letter is a slip: `Wei` and `Lei` are two names."""

_LONGER: Final = 9
"""Letters from which two slips may be in one word."""

_ABBREVIATED: Final = 2
"""Letters that the short form of a word has at least: `Corp.`"""

_LABEL: Final = re.compile(
    r"(?i)\A\s*(?:update\s?\d*\s?[-:–—]|updated\s?[-:–—]|breaking(?: news)?\s?[:|]"
    r"|(?:exclusive|watch|live|video|photos?|analysis|explainer|factbox|opinion|interview|report)\s?[:|]"
    r"|[(\[]updated?[)\]]|[【\[(（](?:更新|最新|快讯|图|组图|视频|独家|头条|转载|置顶|热点?|新)[】\])）])\s*"
)
"""What an outlet puts before a headline."""

_LABEL_BEHIND: Final = re.compile(r"(?i)\s*[(\[（【](?:updated?|video|photos?|更新|图|组图|视频)[)\]）】]\s*\Z")

_SITE: Final = re.compile(r"\s+[|–—-]\s+[^|–—]{2,40}\Z|\s*[|_]\s*[^|_]{2,40}\Z")
"""What a site puts behind a headline: its name."""

_CUT: Final = re.compile(r"\s*(?:…|\.\.\.)\s*\Z")


def same_words(before: str, after: str) -> bool:
    """Return whether two headlines say the same in the same words, but for slips that were corrected.

    A site's name, a label such as "UPDATE 2-" and articles make no difference; a headline may be cut.
    """
    return any(_same(one, other) for one in _forms(before) for other in _forms(after))


def _forms(title: str) -> Iterator[str]:
    """Yield a headline without its label, and also without the site's name."""
    bare = _LABEL_BEHIND.sub("", _LABEL.sub("", title, count=1), count=1)
    yield bare
    if site := _SITE.search(bare):
        yield bare[: site.start()]


def _same(before: str, after: str) -> bool:
    one, other = statement(_CUT.sub("", before)), statement(_CUT.sub("", after))
    for short, long, is_cut in ((one, other, _CUT.search(before)), (other, one, _CUT.search(after))):
        joined = "".join(short.keys)
        if is_cut and joined and "".join(long.keys).startswith(joined):
            return True
    ones, others = one.content, other.content
    matcher = SequenceMatcher(None, [token.key for token in ones], [token.key for token in others], autojunk=False)
    changes = [(ones[a:b], others[c:d]) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]
    return all(_repaired(one, before_, after_) for before_, after_ in changes)


def _repaired(one: Statement, before: Sequence[Token], after: Sequence[Token]) -> bool:
    """Return whether words of a sentence and those in their place are the same ones."""
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
    """Return whether one Chinese character was written for another one of the same sound, as when typed by sound."""
    return len(old) == len(new) == 1 and sound_of(old) == sound_of(new).strip() != ""


def is_repaired(word: str, instead: str) -> bool:
    """Return whether two words are one, once misspelled or once abbreviated."""
    short, long = sorted((word, instead), key=len)
    if len(short) >= _ABBREVIATED and len(long) >= _LONG and len(short) < len(long) - 1 and long.startswith(short):
        return True
    if len(short) < _SHORTEST:
        return False
    slips = _slips(word, instead)
    if slips == 1:
        return len(short) >= _LONG or len(short) != len(long) or sorted(short) == sorted(long)
    return slips == 2 and len(short) >= _LONGER  # noqa: PLR2004 - two slips


def _slips(word: str, instead: str) -> int:
    """Return how many letters were left out, added, replaced or exchanged with their neighbour.

    The restricted edit distance of Damerau (https://doi.org/10.1145/363958.363994).
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
