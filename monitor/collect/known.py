"""What is recorded of the entries that a source lists: by all keys that they have or had, and by titles if it moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from monitor.collect.ports import Memory
from monitor.model import Entry, KnownEntry, SourceState
from monitor.stories import known_by_key, known_by_title

_REMEMBERED: Final = 500
"""So many entries of a source are asked for by title; a feed that moved lists its last ones."""


def known_entries(memory: Memory, state: SourceState, entries: Sequence[Entry]) -> Mapping[str, KnownEntry]:
    """Return what is recorded of `entries`, by their present keys."""
    if not entries:
        return {}
    known = known_by_key(entries, memory.known_entries(state.id, all_keys(entries)))
    if state.fresh or len(known) * 2 >= len(entries):
        return known
    return known | known_by_title(entries, known, memory.last_titles(state.id, _REMEMBERED))


def all_keys(entries: Iterable[Entry]) -> list[str]:
    """Return all keys that entries have or had."""
    return [key for entry in entries for key in (entry.key, *entry.former_keys)]
