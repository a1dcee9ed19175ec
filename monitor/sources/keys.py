"""The keys that identify entries within their source: a ladder of identities.

An entry's guid is its identity; without one its canonical address; without that a hash of its title and summary. Some
feeds give every entry the same guid, or every entry the address of the home page. Then this rung distinguishes nothing,
and the entries that share it use the next one, and at last a hash of all their content. Two entries taken for one would
hide news; one entry taken for two that lead to one article is joined later, by the article's address.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from monitor.model import Entry
from monitor.text.address import canonical_url, former_url, had_another_form

LONGEST: Final = 512
"""Longer keys are hashed: an index of PostgreSQL takes no more than some 2,700 bytes."""


def assign_keys(entries: Sequence[Entry], former: Sequence[Entry] | None = None) -> tuple[Entry, ...]:
    """Return `entries`, whose `key` is their guid or "", in their order with distinct keys.

    Of equal entries with the same key the first is kept. `former` are the entries as an earlier version read them, one
    for each: their keys are kept as `former_keys`, and their different titles and addresses as `former_titles` and
    `former_addresses`.
    """
    keys = _ladder(entries, canonical_url)
    if former is None and not any(had_another_form(entry.url) for entry in entries if entry.url):
        before = keys
    else:
        before = _ladder(entries if former is None else former, former_url)
    present = set(keys.values())
    first = {key: number for number, key in reversed(keys.items())}
    found = []
    for at in sorted(first.values()):
        # A former key that is now another entry's says nothing.
        has_guid = bool(entries[at].key.strip())
        entry = _with_former(entries[at], former[at]) if former is not None else entries[at]
        others = (key if len(key) <= LONGEST else _hashed(key) for key in entry.former_keys)
        names = dict.fromkeys((*others, before[at]))
        kept = tuple(name for name in names if name and name not in present)
        found.append(replace(entry, key=keys[at], former_keys=kept, has_guid=has_guid))
    return tuple(found)


def _with_former(entry: Entry, former: Entry) -> Entry:
    """Return `entry` with the keys, titles and addresses of `former` that differ from its own."""
    titles, addresses = {*former.former_titles, former.title}, {*former.former_addresses, former.url}
    return replace(
        entry,
        former_keys=(*entry.former_keys, *former.former_keys),
        former_titles=tuple(sorted(titles - {entry.title})),
        former_addresses=tuple(sorted(addresses - {entry.url})),
    )


def finalize(
    drafts: Sequence[Entry], former: Sequence[Entry] | None = None
) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """Return the entries of a feed with their keys, and the problems found.

    `former` are the drafts as an earlier version read them. An empty entry is dropped.
    """
    spoken = [at for at, entry in enumerate(drafts) if entry.title or entry.url or entry.summary or entry.content]
    silent = len(drafts) - len(spoken)
    entries = assign_keys([drafts[at] for at in spoken], former and [former[at] for at in spoken])
    return entries, ((f"{silent} entries have neither title, address nor text",) if silent else ())


def _ladder(entries: Sequence[Entry], address_form: Callable[[str], str]) -> dict[int, str]:
    """Return the key of each entry, by its index. A rung gives a key only where it means one entry.

    The last rung distinguishes all entries that are not equal.
    """
    said = [(entry.url, entry.title, entry.summary, entry.content, entry.published) for entry in entries]
    rungs: Sequence[Callable[[int, Entry], str]] = (
        lambda _, entry: entry.key.strip(),
        lambda _, entry: address_form(entry.url) if entry.url else "",
        lambda _, entry: _hashed(f"{entry.title}\n{entry.summary or entry.content}"),
        lambda at, _: _hashed("\n".join(map(str, said[at]))),
    )
    keys: dict[int, str] = {}
    for rung in rungs:
        groups: defaultdict[str, list[int]] = defaultdict(list)
        for at, entry in enumerate(entries):
            if at not in keys and (key := rung(at, entry)):
                groups[key if len(key) <= LONGEST else _hashed(key)].append(at)
        taken = set(keys.values())
        for key, places in groups.items():
            alike = len({said[at] for at in places}) == 1
            if rung is rungs[-1] or (alike and key not in taken):
                keys.update(dict.fromkeys(places, key))
    return keys


def _hashed(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
