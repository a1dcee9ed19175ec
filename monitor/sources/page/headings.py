"""Dates in headings, which hold for all rows below up to the next one: `10 October 2026`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice, takewhile
from typing import Final

from lxml.html import HtmlElement

from monitor.model import Moment
from monitor.sources.page.dated import Calendar, heads_with_date
from monitor.sources.page.document import ParsedPage, ancestors, links_in, pieces
from monitor.sources.page.rows import Row

_MOST_UNUSED: Final = 0.4
_ROWS: Final = frozenset({"li", "tr", "p", "article", "dl"})
_LISTS: Final = frozenset({"ul", "ol", "table", "dl"})
_FEW_LINKS: Final = 3
_NEAREST_ANCESTORS: Final = 6


class Headings:
    """The dates of a page that have their own line, by their position."""

    def __init__(self, page: ParsedPage, calendar: Calendar) -> None:
        self._page = page
        self._calendar = calendar

    @cached_property
    def order(self) -> dict[HtmlElement, int]:
        """The place of each element on the page."""
        return {element: number for number, element in enumerate(self._page.root.iter())}

    @cached_property
    def _dates(self) -> list[tuple[int, Moment]]:
        lone = (piece for piece in pieces(self._page.root) if piece.element.tag != "a" and heads_with_date(piece.text))
        heads = (piece for piece in lone if not _in_row(piece.element))
        read = ((self.order[piece.element], self._calendar.anywhere(piece.text)) for piece in heads)
        return [(place, moment) for place, moment in read if moment is not None]

    def apply(self, rows: Sequence[Row]) -> list[Row]:
        """Give rows without a date the date of the heading above; change nothing if the headings do not fit."""
        if not self._dates or not rows:
            return list(rows)
        spans = sorted((self.order[row.nodes[0]], self._end(row.nodes[-1])) for row in rows)
        start = self._region(rows)
        dates = [
            (place, moment)
            for place, moment in self._dates
            if start <= place < spans[-1][0] and not _inside(place, spans)
        ]
        places = [place for place, _ in dates]
        above = [bisect_right(places, self.order[row.nodes[0]]) - 1 for row in rows]
        used = len({number for number in above if number >= 0})
        if not used or used < (1 - _MOST_UNUSED) * len(dates):
            return list(rows)
        return [
            row if row.published or number < 0 else replace(row, published=dates[number][1])
            for row, number in zip(rows, above, strict=True)
        ]

    def _end(self, element: HtmlElement) -> int:
        """Return the place of the last element within `element`."""
        last = element
        while len(last):
            last = last[-1]
        return self.order.get(last, self.order[element])

    def _region(self, rows: Sequence[Row]) -> int:
        """Return the position of the smallest element with all rows; the head of a table belongs to its body."""
        first, last = (list(reversed(list(ancestors(row.nodes[0])))) for row in (rows[0], rows[-1]))
        shared = list(takewhile(lambda pair: pair[0] is pair[1], zip(first, last, strict=False)))
        if not shared:
            return 0
        within = shared[-1][0]
        table = within.getparent() if within.tag == "tbody" else None
        return self.order[within if table is None else table]


def _in_row(element: HtmlElement) -> bool:
    """Return whether a date belongs to a single row, since its element also holds the row's link."""
    for holder in islice((element, *ancestors(element)), _NEAREST_ANCESTORS):
        links = list(islice(links_in(holder), _FEW_LINKS))
        if links and holder.tag in _ROWS:
            return len(links) < _FEW_LINKS
        if links:
            return len(links) == 1 and (links[0] is holder or not _in_list(links[0], holder))
    return False


def _in_list(link: HtmlElement, holder: HtmlElement) -> bool:
    """Return whether a link is in a list inside `holder`; then the text before the list is its heading."""
    return any(parent.tag in _LISTS for parent in takewhile(lambda parent: parent is not holder, ancestors(link)))


def _inside(place: int, spans: Sequence[tuple[int, int]]) -> bool:
    number = bisect_right(spans, (place, float("inf"))) - 1
    return number >= 0 and spans[number][0] <= place <= spans[number][1]
