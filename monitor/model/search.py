"""Searching the archive: queries of the word index, and their results."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TypeAlias

from monitor.model.articles import Article


@dataclass(frozen=True, slots=True)
class IndexWord:
    """A word of the index. `prefix`: any word that begins with it."""

    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    """A query that needs each of its parts. There are at least two."""

    parts: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """A query that needs at least one of its parts. There are at least two."""

    parts: tuple[Need, ...]


Need: TypeAlias = IndexWord | AllOf | AnyOf
"""A condition on the words of an article. Each article that a rule matches meets it; others may meet it too."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article of the archive that may match a rule, with the other fields that rules can name.

    `dated_at` is the time of its publication, or the time when it was first seen if that is earlier or no other is
    known. `sources` are the names of the sources that list it, in the order in which they first did. `tags` are the
    tags of its entries, without repetitions. `matched` are the rules that matched when it was collected.
    `text_removed`: its text was removed because of its age, so `article` has only its title.
    """

    id: int
    story_id: int
    article: Article
    sources: tuple[str, ...]
    first_seen_at: dt.datetime
    dated_at: dt.datetime
    matched: frozenset[str] = frozenset()
    tags: tuple[str, ...] = ()
    text_removed: bool = False
