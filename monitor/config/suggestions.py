"""Suggest which known name was probably meant by an unknown name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from types import MappingProxyType


def nearest_name(word: str, known: Iterable[str]) -> str | None:
    """Return the known name that is most similar to `word`, ignoring case; None if no name is similar."""
    folded: dict[str, str] = {}
    for name in known:
        folded.setdefault(name.casefold(), name)
    close = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def did_you_mean(
    word: str, known: Iterable[str], *, several: bool = False, synonyms: Mapping[str, str] = MappingProxyType({})
) -> str:
    """Return a remedy: the nearest known name or, if there is none, all names (if there are few, or with `several`).

    `synonyms` maps other words that people write to the known names.
    """
    names = list(dict.fromkeys(known))
    near = nearest_name(word, (*names, *synonyms))
    listed = ", ".join(names)
    if near is not None:
        return f'did you mean "{synonyms.get(near, near)}"?' + (f" (known: {listed})" if several else "")
    if not names:
        return ""
    return f"known: {listed}" if several or len(names) <= 20 else ""  # noqa: PLR2004 - longer lists are hard to read
