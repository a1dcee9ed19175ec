"""Word lists of TrendRadar (https://github.com/sansan0/TrendRadar): rules instead of sources."""

from __future__ import annotations

import re
import statistics
from typing import Final

from monitor.config.importing.base import Parsed
from monitor.rules.importing import import_word_list

_SECTION: Final = re.compile(r"^\s*\[(?:GLOBAL_FILTER|WORD_GROUPS)\]\s*$", re.MULTILINE | re.IGNORECASE)
_LINE: Final = 40
"""Characters. Words are short; what has longer lines mostly is a text of another kind."""


def fits(text: str) -> bool:
    """Whether `text` is a list of words: by its sections, or as nothing but short lines."""
    if _SECTION.search(text):
        return True
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if not lines or any("://" in line or re.match(r"[-<{]|[\w.-]+(?::(?:\s|$)|\s*=\s)", line) for line in lines):
        return False
    return statistics.median(map(len, lines)) <= _LINE


def parse(text: str) -> Parsed:
    """The rules and concepts that mean what the list means."""
    return Parsed(words=import_word_list(text))
