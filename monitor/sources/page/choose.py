"""Choose the lists that together are the main list of a page: the best list, and similar lists.

A page may have its list in several tables or under several tabs. Side boxes next to the list may look the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, takewhile
from typing import Final

from lxml.html import HtmlElement

from monitor.sources.page.document import ancestors
from monitor.sources.page.lists import MIN_DATED_SHARE, MIN_TITLE_WIDTH, CandidateList

_MAX_DATED_DIFFERENCE: Final = 0.2
_MAX_ANCESTORS: Final = 4
_MAX_PINNED_ROWS: Final = 3
_MAX_SHARE_OF_PINNED_ROWS: Final = 0.1
_NUMBER = re.compile(r"\d+")


def choose_lists(candidates: Sequence[CandidateList]) -> list[CandidateList]:
    """Return the best list and the lists that belong to it, without common elements; no lists if none is plausible.

    Lists in the same container as the best list, next to it, or in containers with the same names belong to it. Similar
    lists elsewhere belong to it only if they have at least as many rows: then the page has no single main list.
    """
    ranked = sorted(
        (candidate for candidate in candidates if candidate.is_plausible), key=lambda candidate: -candidate.score
    )
    if not ranked:
        return []
    best = ranked[0]
    place = _ListPosition(best)
    lists_in_place, lists_elsewhere = [best], list[CandidateList]()
    taken = _elements_in(best)
    for candidate in (*ranked[1:], *(candidate for candidate in candidates if not candidate.is_plausible)):
        is_within = place.has_rows_of(candidate) and candidate.title_width >= best.title_width / 2
        if not is_within and not (candidate.is_plausible and _is_similar(candidate, best)):
            continue
        elements = _elements_in(candidate)
        if taken.isdisjoint(elements):
            taken |= elements
            (
                lists_in_place
                if is_within
                or place.is_near(candidate)
                or list(_container_names(candidate)) == list(_container_names(best))
                else lists_elsewhere
            ).append(candidate)
    rows_in_place = sum(len(candidate.rows) for candidate in lists_in_place)
    return (
        lists_in_place
        if rows_in_place > sum(len(candidate.rows) for candidate in lists_elsewhere)
        else lists_in_place + lists_elsewhere
    )


class _ListPosition:
    """The position of a list on its page."""

    def __init__(self, best: CandidateList) -> None:
        self._rows = len(best.rows)
        self._dated = best.dated_share >= MIN_DATED_SHARE
        self._tag = best.rows[0].nodes[0].tag
        self._parents = _containers(best)
        shared = _smallest_common_element(best)
        outer = shared.getparent() if len(self._parents) == 1 else None
        self._area = shared if outer is None or outer.tag in ("body", "html") else outer

    def has_rows_of(self, candidate: CandidateList) -> bool:
        """Return whether `candidate` has rows of this list; only a few if this list has dates."""
        few = len(candidate.rows) <= max(_MAX_PINNED_ROWS, self._rows * _MAX_SHARE_OF_PINNED_ROWS)
        return (
            candidate.rows[0].nodes[0].tag == self._tag
            and _containers(candidate) <= self._parents
            and (few or not self._dated)
        )

    def is_near(self, candidate: CandidateList) -> bool:
        """Return whether `candidate` is in the same part of the page as this list."""
        shared = _smallest_common_element(candidate)
        return self._area in (shared, *ancestors(shared))


def _is_similar(candidate: CandidateList, best: CandidateList) -> bool:
    if (candidate.in_box and not best.in_box) or (candidate.may_be_part and not best.may_be_part):
        return False
    if best.dated_share >= MIN_DATED_SHARE:
        return candidate.dated_share >= max(
            MIN_DATED_SHARE, best.dated_share - _MAX_DATED_DIFFERENCE
        ) and candidate.title_width >= min(MIN_TITLE_WIDTH / 2, best.title_width / 2)
    return candidate.path == best.path and candidate.title_width >= best.title_width / 2


def _container_names(candidate: CandidateList) -> Iterator[tuple[str, str]]:
    """Yield tags and classes of the nearest elements around the first row, without numbers."""
    for parent in islice(ancestors(candidate.rows[0].nodes[0]), _MAX_ANCESTORS):
        yield str(parent.tag), _NUMBER.sub("", parent.get("class") or "")


def _containers(candidate: CandidateList) -> set[HtmlElement]:
    return {parent for row in candidate.rows if (parent := row.nodes[0].getparent()) is not None}


def _smallest_common_element(candidate: CandidateList) -> HtmlElement:
    """Return the smallest element that contains all rows."""
    first, *others = ([*reversed(list(ancestors(home))), home] for home in _containers(candidate))
    for other in others:
        first = [one for one, _ in takewhile(lambda pair: pair[0] is pair[1], zip(first, other, strict=False))]
    return first[-1]


def _elements_in(candidate: CandidateList) -> set[HtmlElement]:
    return {element for row in candidate.rows for node in row.nodes for element in (node, *node.iterdescendants())}
