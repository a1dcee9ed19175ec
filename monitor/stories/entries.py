"""The entries of a source known again: by their keys; when it moved, by their titles. Pure.

A key has the form that it has now, or one that an earlier version gave it: rules for keys may change, and nothing
becomes new by that. And a key may lead to another article than before (decision 0006).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeVar

from monitor.model import Article, Entry, KnownEntry
from monitor.text.address import canonical_url
from monitor.text.fold import folded

MIN_TITLES: Final = 3
"""Known titles by which a source that moved is known again."""

MIN_TITLE: Final = 12
"""Letters that a title needs to be known again by; a Han character counts for three."""

_HAN_WEIGHT: Final = 3
T = TypeVar("T")


def known_by_key(entries: Sequence[Entry], found: Mapping[str, KnownEntry]) -> dict[str, KnownEntry]:
    """Return what is known of `entries`, by their present keys; `found` is what is recorded under all of their keys.

    What is recorded under one key is one entry: of several with one former key the first is that one.
    """
    known = {entry.key: found[entry.key] for entry in entries if entry.key in found}
    taken = {recorded.key for recorded in known.values()}
    for entry in entries:
        former = next((key for key in entry.former_keys if key in found and found[key].key not in taken), None)
        if entry.key not in known and former is not None:
            known[entry.key] = found[former]
            taken.add(found[former].key)
    return known


def known_by_title(
    entries: Sequence[Entry], known: Mapping[str, KnownEntry], recorded: Iterable[tuple[str, KnownEntry]]
) -> dict[str, KnownEntry]:
    """Return what is known of `entries` after all, by key, if their source moved to another host or path.

    `known` is what is known of them by their keys, `recorded` has the titles under which the source's entries are. The
    source moved if most of what it lists is unknown by its key and known by its title. Titles that occur twice tell
    nothing, and few titles may be those of a series.
    """
    titles = _unique((folded(title).strip(), recorded_entry) for title, recorded_entry in recorded)
    listed = _unique((folded(entry.title).strip(), entry) for entry in entries)
    found = {
        entry.key: titles[title]
        for title, entry in listed.items()
        if title in titles and entry.key not in known and _long_enough_title(title)
    }
    moved = len(found) >= MIN_TITLES and len(found) * 2 > len(entries)
    return found if moved else {}


def is_another(listed: Article, old: Article, *, same_title: bool, alone: bool) -> bool:
    """Return whether what a source lists under the key of `old` is another article, and no edit of it.

    Sources number their entries by their place, and use numbers again: where title and address changed, only the same
    date to the second means an edit. `alone`: the source lists one entry, known by its address, as of an office whose
    feed shows the latest notice under the address of its page. Then another title is another notice, and so is another
    date with another text.
    """
    if _same_second(listed, old):
        return False
    if canonical_url(listed.url) != canonical_url(old.url):
        return not same_title
    if not alone:
        return False
    dated_anew = listed.published is not None and old.published is not None
    return not same_title or (dated_anew and folded(listed.text) not in folded(old.text))


def _same_second(one: Article, other: Article) -> bool:
    if one.published is None or other.published is None:
        return False
    exact = one.published.precision == other.published.precision == "second"
    return exact and one.published.at == other.published.at


def _unique(pairs: Iterable[tuple[str, T]]) -> dict[str, T]:
    """Return the pairs whose first part occurs once."""
    found: dict[str, T] = {}
    seen: set[str] = set()
    for name, value in pairs:
        if name in seen:
            found.pop(name, None)
        else:
            found[name] = value
        seen.add(name)
    return found


def _long_enough_title(title: str) -> bool:
    return sum(_HAN_WEIGHT if "㐀" <= c <= "鿿" else 1 for c in title) >= MIN_TITLE
