"""Names for sources that come without one."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

LONGEST: Final = 80
_UNSEEN: Final = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def name_for(title: str | None, url: str, taken: Collection[str]) -> str:
    """A name that no source has: the title of what it gives, else host and path of its address; numbered if need be."""
    name = _plain(title or "") or _plain(_place(url)) or "source"
    number = 1
    found = name
    while found in taken:
        number += 1
        found = f"{name} ({number})"
    return found


def _plain(text: str) -> str:
    """One line of what is seen, not too long."""
    seen = "".join(" " if letter.isspace() else letter for letter in text if _is_seen(letter))
    line = " ".join(seen.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…"


def _is_seen(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter) not in _UNSEEN


def _place(url: str) -> str:
    split = urlsplit(url)
    return f"{split.hostname or ''}{split.path}".rstrip("/").removeprefix("www.")
