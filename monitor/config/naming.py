"""Make names for sources that have none."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

MAX_LENGTH: Final = 80
_INVISIBLE_CATEGORIES: Final = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def unused_name(title: str | None, url: str, used_names: Collection[str], *, max_length: int = MAX_LENGTH) -> str:
    """Return an unused name for a source: its title, else host and path of its address, with a number if needed."""
    name = _visible_line(title or "", max_length) or _visible_line(_name_from_url(url), max_length) or "source"
    return name if name not in used_names else _add_free_number(name, used_names)


def _add_free_number(name: str, used_names: Collection[str]) -> str:
    """Return `name` with a number that makes it unused.

    The number is found by binary search, since a list may give thousands of sources the same name.
    """
    low, high = 1, 2
    while f"{name} ({high})" in used_names:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if f"{name} ({middle})" in used_names else (low, middle)
    return f"{name} ({high})"


def _visible_line(text: str, max_length: int) -> str:
    """Return the visible characters of a text as one line of at most `max_length` characters."""
    visible = (
        letter for letter in text if letter.isspace() or unicodedata.category(letter) not in _INVISIBLE_CATEGORIES
    )
    line = " ".join("".join(visible).split())
    return line if len(line) <= max_length else f"{line[: max_length - 1].rstrip()}…"


def _name_from_url(url: str) -> str:
    try:
        split = urlsplit(url)
    except ValueError:
        return ""
    return f"{split.hostname or ''}{split.path}".rstrip("/").removeprefix("www.")
