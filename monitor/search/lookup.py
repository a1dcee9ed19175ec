"""Search the archive, the newest articles first. Only a page of articles is in memory at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from monitor.model import Candidate, Match, Need
from monitor.rules import RuleSet

Tags = Mapping[str, Sequence[str]]
"""The tags of each source, by its name."""


class Archive(Protocol):
    """The methods of the store that searching uses."""

    def articles_with(
        self, need: Need | None, *, since: dt.datetime | None = None, sources: Sequence[str] = ()
    ) -> Iterator[Candidate]:
        """Yield the articles that may have the needed words, newest first."""
        ...


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that rules match. Each match has the places of its terms."""

    archived: Candidate
    matches: tuple[Match, ...]


def source_fields(archived: Candidate, tags: Tags) -> dict[str, Sequence[str]]:
    """Return the fields `source` and `tag` of an article: its sources, their tags, and the tags of its entries."""
    named = sorted(archived.sources)
    return {"source": named, "tag": [*(tag for name in named for tag in tags.get(name, ())), *archived.tags]}


def look_up(
    archive: Archive, rules: RuleSet, tags: Tags, *, since: dt.datetime | None = None, sources: Sequence[str] = ()
) -> Iterator[Hit]:
    """Yield the articles that a rule matches, newest first: those dated since `since` that one of `sources` lists."""
    for archived in archive.articles_with(rules.need(), since=since, sources=sources):
        matches = rules.match(archived.article, **source_fields(archived, tags))
        if matches:
            yield Hit(archived, tuple(matches))
