"""Counts of what an edition contains, in words that all channels share."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from monitor.model import Coverage, Edition, Group

NOTHING_NEW: Final = "Nothing new"
"""The summary of an empty edition."""


def with_count(number: int, one: str, many: str) -> str:
    """Return a number and its noun: "1 story", "3 stories"."""
    return f"{number:,} {one if number == 1 else many}"


def summary(edition: Edition) -> str:
    """Return how much is in the edition: "3 stories under 2 rules (5 articles = 3 stories + 2 copies)".

    Two things are counted separately, because they are not articles of this edition: articles that were left out since
    the last edition that was sent, and changes of articles that were sent before.
    """
    if edition.changes:
        changed, rest = f"{changes(edition)} of what was sent", summary(replace(edition, changes=()))
        return f"{rest}; {changed}" if edition.items else changed if rest == NOTHING_NEW else f"{changed}; {rest}"
    counts = edition.counts
    parts = [
        with_count(counts.stories, "story", "stories") if counts.stories else "",
        listed_at_once(counts.at_once),
        with_count(counts.lines, "further report", "further reports") if counts.lines else "",
        with_count(counts.copies, "copy", "copies") if counts.copies else "",
        f"{counts.left_out:,} left out" if counts.left_out else "",
    ]
    counted_parts = list(filter(None, parts))
    adds_up = f"{with_count(counts.articles, 'article', 'articles')} = {' + '.join(counted_parts)}"
    if edition.items:
        first = f"{counted_parts[0]} under {len(edition.groups)} rules" if edition.groups[1:] else counted_parts[0]
    else:
        first = unread_sources(edition.coverage) or NOTHING_NEW
    is_plain = not counted_parts or (edition.items and not counted_parts[1:])
    before = f"{edition.left_out_before:,} left out since the last edition" if edition.left_out_before else ""
    account = "; ".join(filter(None, ("" if is_plain else adds_up, before)))
    return f"{first} ({account})" if account else first


def changes(edition: Edition) -> str:
    """Return how many changes of sent articles are in the edition: "1 change", "3 changes"."""
    return with_count(len(edition.changes), "change", "changes")


def listed_at_once(number: int) -> str:
    """Return, in words, how many articles a source listed at once (far more than ever before); "" for 0."""
    return f"{with_count(number, 'article', 'articles')} listed at once" if number else ""


def group_size(group: Group) -> str:
    """Return how much the group of a rule contains: "3 stories and 60 articles listed at once"."""
    at_once = [item for item in group.items if item.at_once]
    stories = len(group.items) - len(at_once)
    parts = (
        with_count(stories, "story", "stories") if stories else "",
        listed_at_once(sum(1 + len(item.reports) for item in at_once)),
    )
    return " and ".join(filter(None, parts))


def unread_sources(coverage: Coverage) -> str:
    """Return, in words, how many sources gave no complete answer in the whole window; "" if there are none."""
    blind = len(coverage.blind)
    return f"{blind:,} of {with_count(coverage.sources, 'source', 'sources')} could not be read" if blind else ""
