"""Make the keys that identify entries within their source.

The key of an entry is its guid; if it has no guid, its canonical address; if it has no address, a hash of its title and
summary. Some feeds have the same guid or the same address for all entries. Then the entries with the same key use the
next kind of key, and finally a hash of all their content. If two entries had the same key, news would be lost. If one
entry gets two keys, the entries are joined later by the address of their article.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from monitor.model import Entry
from monitor.text.address import canonical_url, former_url, had_another_form

MAX_KEY_LENGTH: Final = 512
"""Characters. Longer keys are hashed: an index of PostgreSQL accepts only about 2,700 bytes."""


def assign_keys(entries: Sequence[Entry], former: Sequence[Entry] | None = None) -> tuple[Entry, ...]:
    """Return `entries` in the same order, each with a key of its own. Their `key` must be their guid or "".

    Of several equal entries with the same key only the first is kept. `former` has, for each entry, the entry as an
    earlier version read it: its key, title and address are added to `former_keys`, `former_titles` and
    `former_addresses`.
    """
    keys = _choose_keys(entries, canonical_url)
    if former is None and not any(had_another_form(entry.url) for entry in entries if entry.url):
        former_key_of = keys
    else:
        former_key_of = _choose_keys(entries if former is None else former, former_url)
    present = set(keys.values())
    first = {key: number for number, key in reversed(keys.items())}
    keyed = []
    for index in sorted(first.values()):
        # A former key that is now the key of another entry identifies nothing.
        has_guid = bool(entries[index].key.strip())
        entry = _add_former_identity(entries[index], former[index]) if former is not None else entries[index]
        others = (key if len(key) <= MAX_KEY_LENGTH else _hash_key(key) for key in entry.former_keys)
        names = dict.fromkeys((*others, former_key_of[index]))
        former_keys = tuple(name for name in names if name and name not in present)
        keyed.append(replace(entry, key=keys[index], former_keys=former_keys, has_guid=has_guid))
    return tuple(keyed)


def _add_former_identity(entry: Entry, former: Entry) -> Entry:
    """Return `entry` with the keys, titles and addresses of `former` that differ from its own."""
    titles, addresses = {*former.former_titles, former.title}, {*former.former_addresses, former.url}
    return replace(
        entry,
        former_keys=(*entry.former_keys, *former.former_keys),
        former_titles=tuple(sorted(titles - {entry.title})),
        former_addresses=tuple(sorted(addresses - {entry.url})),
    )


def finalize_entries(
    drafts: Sequence[Entry], former: Sequence[Entry] | None = None
) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """Return the entries of a feed with their keys, and messages about problems. Empty entries are dropped.

    `former` has, for each draft, the draft as an earlier version read it.
    """
    filled = [index for index, entry in enumerate(drafts) if entry.title or entry.url or entry.summary or entry.content]
    empty = len(drafts) - len(filled)
    entries = assign_keys([drafts[index] for index in filled], former and [former[index] for index in filled])
    return entries, ((f"{empty} entries have no title, no address and no text",) if empty else ())


def _choose_keys(entries: Sequence[Entry], address_form: Callable[[str], str]) -> dict[int, str]:
    """Return the key of each entry, by the index of the entry.

    Each kind of key (guid, address, hashes) is tried in order, and used only if no other entry has the same one. The
    last kind is different for all entries that are not equal.
    """
    contents = [(entry.url, entry.title, entry.summary, entry.content, entry.published) for entry in entries]
    rungs: Sequence[Callable[[int, Entry], str]] = (
        lambda _, entry: entry.key.strip(),
        lambda _, entry: address_form(entry.url) if entry.url else "",
        lambda _, entry: _hash_key(f"{entry.title}\n{entry.summary or entry.content}"),
        lambda index, _: _hash_key("\n".join(map(str, contents[index]))),
    )
    keys: dict[int, str] = {}
    for rung in rungs:
        groups: defaultdict[str, list[int]] = defaultdict(list)
        for index, entry in enumerate(entries):
            if index not in keys and (key := rung(index, entry)):
                groups[key if len(key) <= MAX_KEY_LENGTH else _hash_key(key)].append(index)
        taken = set(keys.values())
        for key, places in groups.items():
            alike = len({contents[index] for index in places}) == 1
            if rung is rungs[-1] or (alike and key not in taken):
                keys.update(dict.fromkeys(places, key))
    return keys


def _hash_key(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
