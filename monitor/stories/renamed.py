"""Recognise known entries of a source that renamed them, and other articles under known keys. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeVar

from monitor.model import Article, Entry, KnownEntry
from monitor.stories.identity import address_forms, latin_length
from monitor.text.address import canonical_url
from monitor.text.fold import fold_text

MIN_KNOWN_TITLES: Final = 3
"""Minimum number of known titles by which the entries of a source that moved are recognised."""

MIN_TITLE_LENGTH: Final = 12
"""Minimum number of letters of a title by which an entry is recognised."""

T = TypeVar("T")


def known_by_title(
    entries: Sequence[Entry], known: Mapping[str, KnownEntry], recorded: Iterable[tuple[str, str, KnownEntry]]
) -> dict[str, KnownEntry]:
    """Return the recorded state of unknown `entries` by their titles, if most have another key or address now.

    `known` is the state that was found by keys. `recorded` has the titles and addresses of the source's recorded
    entries. At least three long titles must be found, because a few equal titles may belong to a series. Entries with
    their recorded title and address are found without this minimum. Titles that occur twice are ignored.
    """
    titles = _without_repeated(
        (fold_text(title).strip(), (url, recorded_entry)) for title, url, recorded_entry in recorded
    )
    listed = _without_repeated((fold_text(entry.title).strip(), entry) for entry in entries)
    taken = {one.key for one in known.values()}  # a recorded entry is found only once
    found, in_place = {}, {}
    for title, entry in listed.items():
        url, one = titles.get(title, ("", None))
        if one is None or entry.key in known or one.key in taken:
            continue
        if latin_length(title) >= MIN_TITLE_LENGTH:
            found[entry.key] = one
        if address_forms(canonical_url(url)) & address_forms(canonical_url(entry.url)):
            in_place[entry.key] = one
    if len(found) >= MIN_KNOWN_TITLES and len(found) * 2 > len(entries):
        return found | in_place
    return in_place if len(in_place) * 2 > len(entries) else {}


def is_other_article(
    listed: Article,
    old: Article,
    *,
    same_title: bool,
    is_only_entry: bool,
    has_shared_address: bool = False,
    former_addresses: Iterable[str] = (),
) -> bool:
    """Return whether the article that is now listed under the key of `old` is another article, not an edit of it.

    Some sources number their entries by position, or use numbers again. So if title and address changed, the article is
    an edit only if it has the same date to the second. Midnight does not count, because it is how programs write a day.
    `is_only_entry`: the source lists one entry, known by its address, like the feed of an office that shows its latest
    notice under the address of the office. Then another title means another notice, and so does another date with
    another text. `has_shared_address`: several entries of the list have the same address. Then another title means
    another article. If the entry has no address, another title with another date means another article.
    `former_addresses` are the forms in which earlier versions of this program may have read the listed address.
    """
    if _same_second(listed, old):
        return False
    if canonical_url(old.url) not in map(canonical_url, (listed.url, *former_addresses)):
        return not same_title
    moments = listed.published, old.published
    other_date = None not in moments and len({moment and moment.at for moment in moments}) > 1
    if is_only_entry:
        return not same_title or (other_date and fold_text(listed.text) not in fold_text(old.text))
    return not same_title and (has_shared_address or (other_date and not listed.url))


def _same_second(one: Article, other: Article) -> bool:
    if one.published is None or other.published is None:
        return False
    exact = one.published.precision == other.published.precision == "second"
    midnight = dt.time() in (one.published.at.time(), other.published.at.time())
    return exact and not midnight and one.published.at == other.published.at


def _without_repeated(pairs: Iterable[tuple[str, T]]) -> dict[str, T]:
    """Return the pairs whose first part occurs only once."""
    found: dict[str, T] = {}
    seen: set[str] = set()
    for name, value in pairs:
        if name in seen:
            found.pop(name, None)
        else:
            found[name] = value
        seen.add(name)
    return found
