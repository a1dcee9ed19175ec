"""Names for sources whose name is not given."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

LONGEST: Final = 80
_UNSEEN: Final = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def name_for(title: str | None, url: str, taken: Collection[str], *, longest: int = LONGEST) -> str:
    """Return a name that no source has: its title, else host and path of its address, with a number if needed."""
    name = _plain(title or "", longest) or _plain(_place(url), longest) or "source"
    return name if name not in taken else _numbered(name, taken)


def _numbered(name: str, taken: Collection[str]) -> str:
    """Return `name` with a free number, found by halving: a list may give thousands of sources the same name."""
    low, high = 1, 2
    while f"{name} ({high})" in taken:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if f"{name} ({middle})" in taken else (low, middle)
    return f"{name} ({high})"


def _plain(text: str, longest: int) -> str:
    """Return the visible characters of a text as one line, cut to a length."""
    visible = (letter for letter in text if letter.isspace() or unicodedata.category(letter) not in _UNSEEN)
    line = " ".join("".join(visible).split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def _place(url: str) -> str:
    try:
        split = urlsplit(url)
    except ValueError:
        return ""
    return f"{split.hostname or ''}{split.path}".rstrip("/").removeprefix("www.")
