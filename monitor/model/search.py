"""Searching the archive: queries of the word index, and their results."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TypeAlias

from monitor.model.articles import Article


@dataclass(frozen=True, slots=True)
class IndexWord:
    """A word of the index, or the beginning of one (`prefix`)."""

    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    """A query that needs every part; there are at least two."""

    parts: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """A query that needs at least one part; there are at least two."""

    parts: tuple[Need, ...]


Need: TypeAlias = IndexWord | AllOf | AnyOf
"""A condition on an article's words without which a rule cannot match it; with it the rule may still not match."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article of the archive that may match, with the other fields that rules can ask for.

    `dated_at` is when it was published, or first seen if that is not known or later. `sources` are the names of those
    that list it, the first one first; `tags` those of its entries there, each once; `matched` the rules that matched
    when it was collected, as they were then.
    """

    id: int
    story_id: int
    article: Article
    sources: tuple[str, ...]
    first_seen_at: dt.datetime
    dated_at: dt.datetime
    matched: frozenset[str] = frozenset()
    tags: tuple[str, ...] = ()
