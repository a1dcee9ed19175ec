"""Choose the lists of a page that make up its main list: the best one, and those like it.

A page may list in several tables or under several tabs, and next to its list are boxes that look the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, takewhile
from typing import Final

from lxml.html import HtmlElement

from monitor.sources.page.document import ancestors
from monitor.sources.page.lists import DATED, LEAST_SAID, CandidateList

_UNLIKE: Final = 0.2
_NEAREST_ANCESTORS: Final = 4
_PINNED: Final = 3
_PINNED_SHARE: Final = 0.1
_NUMBER = re.compile(r"\d+")


def choose_lists(candidates: Sequence[CandidateList]) -> list[CandidateList]:
    """Return the best list and those that belong to it; none if no list is plausible. No element is in two.

    Lists in the same container belong to it, and those next to it or with the same names. A list elsewhere belongs to
    it only if the best list is not most of what the page lists: then the page has many lists instead of one main list.
    """
    ranked = sorted((found for found in candidates if found.plausible), key=lambda found: -found.score)
    if not ranked:
        return []
    best = ranked[0]
    place = _Place(best)
    own, others = [best], list[CandidateList]()
    taken = _elements(best)
    for found in (*ranked[1:], *(found for found in candidates if not found.plausible)):
        within = place.holds(found) and found.said >= best.said / 2
        if not within and not (found.plausible and _is_similar(found, best)):
            continue
        elements = _elements(found)
        if taken.isdisjoint(elements):
            taken |= elements
            (own if within or place.near(found) or list(_names(found)) == list(_names(best)) else others).append(found)
    held = sum(len(found.rows) for found in own)
    return own if held > sum(len(found.rows) for found in others) else own + others


class _Place:
    """The position of a list on its page."""

    def __init__(self, best: CandidateList) -> None:
        self._rows = len(best.rows)
        self._dated = best.dated >= DATED
        self._tag = best.rows[0].nodes[0].tag
        self._homes = _homes(best)
        shared = _smallest_holder(best)
        outer = shared.getparent() if len(self._homes) == 1 else None
        self._area = shared if outer is None or outer.tag in ("body", "html") else outer

    def holds(self, found: CandidateList) -> bool:
        """Return whether rows of `found` are in this list: in a dated list only a few, which are pinned."""
        few = len(found.rows) <= max(_PINNED, self._rows * _PINNED_SHARE)
        return found.rows[0].nodes[0].tag == self._tag and _homes(found) <= self._homes and (few or not self._dated)

    def near(self, found: CandidateList) -> bool:
        """Return whether `found` is next to this list."""
        shared = _smallest_holder(found)
        return self._area in (shared, *ancestors(shared))


def _is_similar(found: CandidateList, best: CandidateList) -> bool:
    if (found.in_box and not best.in_box) or (found.partial and not best.partial):
        return False
    if best.dated >= DATED:
        return found.dated >= max(DATED, best.dated - _UNLIKE) and found.said >= min(LEAST_SAID / 2, best.said / 2)
    return found.path == best.path and found.said >= best.said / 2


def _names(found: CandidateList) -> Iterator[tuple[str, str]]:
    """Yield the names of the nearest containers, without numbers in them."""
    for parent in islice(ancestors(found.rows[0].nodes[0]), _NEAREST_ANCESTORS):
        yield str(parent.tag), _NUMBER.sub("", parent.get("class") or "")


def _homes(found: CandidateList) -> set[HtmlElement]:
    return {parent for row in found.rows if (parent := row.nodes[0].getparent()) is not None}


def _smallest_holder(found: CandidateList) -> HtmlElement:
    """Return the smallest element that holds all rows."""
    first, *others = ([*reversed(list(ancestors(home))), home] for home in _homes(found))
    for other in others:
        first = [one for one, _ in takewhile(lambda pair: pair[0] is pair[1], zip(first, other, strict=False))]
    return first[-1]


def _elements(found: CandidateList) -> set[HtmlElement]:
    return {element for row in found.rows for node in row.nodes for element in (node, *node.iterdescendants())}
