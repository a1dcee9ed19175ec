"""The outlet that a reprinted article names as its source."""

from __future__ import annotations

import re
from typing import Final

from monitor.model import Article
from monitor.text.fold import fold_text
from monitor.text.kinds import HAN

_SEARCHED_LENGTH: Final = 300
"""Number of characters at the start and at the end of a text that are searched for the name of its source."""

_LATIN_NAME: Final = r"[^\W_](?:[\w&.\-]|[ ](?=[a-z])){1,30}"
_HAN_NAME: Final = rf"[a-z0-9{HAN}]{{2,16}}"

_SOURCE_PATTERNS: Final = (
    ("来", re.compile(rf"(?:^|[\s(【\[/|])(?:文章|稿件|新闻|信息|本文)?(?:来源|来自)\s*:\s*[《\"(]?({_HAN_NAME})")),
    ("自", re.compile(rf"(?:转载自|转自|摘自)\s*:?\s*[《\"(]?({_HAN_NAME})")),
    ("原载", re.compile(rf"原载于?\s*:?\s*[《\"(]?({_HAN_NAME})")),
    ("日电", re.compile(rf"([{HAN}]{{2,8}}?(?:社|网|报|台))(?:记者)?[{HAN}]{{0,8}}\d{{1,2}}月\d{{1,2}}日电")),
    ("日讯", re.compile(rf"([{HAN}]{{2,8}}?(?:社|网|报|台))(?:记者)?[{HAN}]{{0,8}}\d{{1,2}}月\d{{1,2}}日讯")),
    ("source:", re.compile(rf"\bsource: ?({_LATIN_NAME})")),
    ("publish", re.compile(rf"\b(?:originally published (?:by|in|on)|republished from):? ({_LATIN_NAME})")),
    ("courtesy of", re.compile(rf"\bcourtesy of:? ({_LATIN_NAME})")),
    (") -", re.compile(r"^[^()]{0,60}\(([a-z][a-z .&]{1,30})\) ?-")),
    ("(xinhua)", re.compile(r"\((xinhua)\)")),
    ("(reuters)", re.compile(r"\((reuters)\)")),
)
"""Patterns of phrases that name an outlet, each with a string that is in every match of the pattern."""


def origin_of(article: Article) -> str:
    """Return the outlet that the article names as its source, folded; "" if it names none."""
    if article.origin:
        return outlet_key(article.origin)
    text = article.text
    ends = text if len(text) <= 2 * _SEARCHED_LENGTH else f"{text[:_SEARCHED_LENGTH]}\n{text[-_SEARCHED_LENGTH:]}"
    plain = fold_text(ends)
    found = next(
        (match for sign, pattern in _SOURCE_PATTERNS if sign in plain and (match := pattern.search(plain))), None
    )
    return outlet_key(found[1]) if found else ""


def outlet_key(name: str) -> str:
    """Return the name of an outlet in the form for comparison: only its letters, folded."""
    return "".join(char for char in fold_text(name) if char.isalnum())
