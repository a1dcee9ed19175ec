"""Read word lists of TrendRadar (https://github.com/sansan0/TrendRadar), which give rules instead of sources."""

from __future__ import annotations

import re
import statistics
from typing import Final

from monitor.interchange.base import ParsedFile
from monitor.interchange.trendradar.word_list import import_word_list

__all__ = ["fits", "import_word_list", "may_fit", "parse"]

_SECTION: Final = re.compile(r"^\s*\[(?:GLOBAL_FILTER|WORD_GROUPS)\]\s*$", re.MULTILINE | re.IGNORECASE)
_MAX_LINE_LENGTH: Final = 40
"""Characters. A file whose lines are mostly longer is not a word list."""

_WORD_LIST_MARK: Final = re.compile(r"\[[^\]]+\]$|[+!]\S|@[0-9]+$|\S.*=>|/.+/[a-z]*$")
"""Marks that lines of a word list have and plain words do not have: a heading, `+`, `!`, `@n`, `=>`, `/…/`."""

_MIN_LINES: Final = 2  # Chinese words are recognised only in more lines
_MAX_WORD_LENGTH: Final = 10  # characters of a Chinese word or name; lines of prose are mostly longer
_SENTENCE: Final = re.compile(r"[.,;:?!。，；：？！…]$")  # a line of prose may end so, a word of a list does not


def is_word_list(text: str) -> bool:
    """Return whether `text` is a word list: it has a word list's sections, or only short lines, some with its marks.

    Without marks, it needs groups with blank lines between them, or Chinese words, since TrendRadar is made for
    Chinese. Then no line may look like prose.
    """
    if _SECTION.search(text):
        return True
    lines = _content_lines(text)
    if not may_be_word_list(text):
        return False
    if any(_WORD_LIST_MARK.match(line) for line in lines):
        return True
    groups = re.split(r"\n\s*\n", "\n".join(_stripped_lines(text)).strip())
    return (len(groups) > 1 or _are_chinese_words(lines)) and not any(_SENTENCE.search(line) for line in lines)


def _are_chinese_words(lines: list[str]) -> bool:
    chinese = sum(bool(re.search("[㐀-鿿]", line)) for line in lines)
    return len(lines) > _MIN_LINES and 2 * chinese > len(lines) and all(len(line) <= _MAX_WORD_LENGTH for line in lines)


def may_be_word_list(text: str) -> bool:
    """Return whether `text` has mostly short lines without addresses or settings, so that it may be a word list."""
    lines = _content_lines(text)
    if not lines or any("://" in line or re.match(r"[-<{]|[\w.-]+(?::(?:\s|$)|\s*=\s)", line) for line in lines):
        return False
    return statistics.median(map(len, lines)) <= _MAX_LINE_LENGTH


def _stripped_lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if not line.lstrip().startswith("#")]


def _content_lines(text: str) -> list[str]:
    """Return the lines that are neither blank nor comments."""
    return [line for line in _stripped_lines(text) if line]


def parse(text: str) -> ParsedFile:
    """Return rules and concepts that have the same meaning as the list."""
    return ParsedFile(words=import_word_list(text))
