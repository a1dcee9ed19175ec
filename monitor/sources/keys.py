"""The identity of entries within their source: a ladder, and what happens when a rung does not hold.

An entry's guid is its identity; without one its canonical address; without that a hash of its title and summary. Some
feeds give every entry the same guid, or every entry the address of the home page. Then that rung tells nothing apart
and the entries that share it go on to the next one, at last to a hash of all they say. What was taken for one entry
would be news that nobody sees; what is taken for two and leads to one article is joined later, by its address.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Container, Sequence
from dataclasses import replace
from typing import Final

from monitor.model import Entry
from monitor.text.address import canonical_url, former_url, had_another_form

LONGEST: Final = 512
"""Longer keys are hashed: an index of PostgreSQL takes no more than some 2,700 bytes."""


def keyed(entries: Sequence[Entry], former: Sequence[Entry] | None = None) -> tuple[Entry, ...]:
    """Return `entries`, whose `key` is their guid or "", in their order under keys that tell them apart.

    Of entries that say the same under the same key the first is kept. `former` are the entries as an earlier version
    read them, one for each: the keys that they had then, by the rules of then, are kept as `former_keys`.
    """
    keys = _ladder(entries, _address)
    if former is None and not any(had_another_form(entry.url) for entry in entries if entry.url):
        before = keys
    else:
        before = _ladder(entries if former is None else former, _former_address)
    present = set(keys.values())
    first = {key: number for number, key in reversed(keys.items())}
    return tuple(_under(entries[at], keys[at], before[at], present) for at in sorted(first.values()))


def _under(entry: Entry, key: str, before: str, present: Container[str]) -> Entry:
    """Return `entry` under its key. A former key that is now another entry's says nothing."""
    former = dict.fromkeys((*entry.former_keys, before))
    kept = tuple(each for each in former if each not in present)
    return replace(entry, key=key, former_keys=kept, has_guid=bool(entry.key.strip()))


def _ladder(entries: Sequence[Entry], address: Callable[[Entry], str]) -> dict[int, str]:
    keys: dict[int, str] = {}
    for rung in (_guid, address, _digest, _whole):
        _climb(rung, entries, keys)
    return keys


def _climb(rung: Callable[[Entry], str], entries: Sequence[Entry], keys: dict[int, str]) -> None:
    """Give those that still lack a key the one that `rung` finds, if it means one thing only."""
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for number, entry in enumerate(entries):
        if number not in keys and (key := rung(entry)):
            groups[key].append(number)
    taken = set(keys.values())
    for key, numbers in groups.items():
        alike = len({_said(entries[number]) for number in numbers}) == 1
        if rung is _whole or (alike and key not in taken):
            keys.update(dict.fromkeys(numbers, key))


def _guid(entry: Entry) -> str:
    return _bounded(entry.key.strip())


def _address(entry: Entry) -> str:
    return _bounded(canonical_url(entry.url)) if entry.url else ""


def _former_address(entry: Entry) -> str:
    return _bounded(former_url(entry.url)) if entry.url else ""


def _digest(entry: Entry) -> str:
    return _hashed(f"{entry.title}\n{entry.summary or entry.content}")


def _whole(entry: Entry) -> str:
    return _hashed("\n".join(map(str, _said(entry))))


def _said(entry: Entry) -> tuple[object, ...]:
    return entry.url, entry.title, entry.summary, entry.content, entry.published


def _bounded(key: str) -> str:
    return key if len(key) <= LONGEST else _hashed(key)


def _hashed(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
