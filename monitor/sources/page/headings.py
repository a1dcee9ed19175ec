"""Read dates in headings (`10 October 2026`): each is the date of all rows up to the next heading."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice, takewhile
from typing import Final

from lxml.html import HtmlElement

from monitor.model import Moment
from monitor.sources.page.dated import Calendar, may_be_date_heading
from monitor.sources.page.document import ParsedPage, ancestors, links_in, text_runs
from monitor.sources.page.rows import Row

_MAX_UNUSED_SHARE: Final = 0.4
_ROW_TAGS: Final = frozenset({"li", "tr", "p", "article", "dl"})
_LIST_TAGS: Final = frozenset({"ul", "ol", "table", "dl"})
_MAX_LINKS_OF_ROW: Final = 3
_MAX_ANCESTORS: Final = 6


class DateHeadings:
    """The dates of a page that are alone on their line, by their position."""

    def __init__(self, page: ParsedPage, calendar: Calendar) -> None:
        self._page = page
        self._calendar = calendar

    @cached_property
    def position_of(self) -> dict[HtmlElement, int]:
        """The position of each element on the page, counted in document order."""
        return {element: number for number, element in enumerate(self._page.root.iter())}

    @cached_property
    def _dates_by_position(self) -> list[tuple[int, Moment]]:
        date_lines = (
            piece
            for piece in text_runs(self._page.root)
            if piece.element.tag != "a" and may_be_date_heading(piece.text)
        )
        headings = (piece for piece in date_lines if not _is_in_row(piece.element))
        read = ((self.position_of[piece.element], self._calendar.moment_in(piece.text)) for piece in headings)
        return [(place, moment) for place, moment in read if moment is not None]

    def date_rows(self, rows: Sequence[Row]) -> list[Row]:
        """Return the rows. A row without a date gets the date of the heading above it.

        If the headings do not fit the rows, the rows are returned unchanged.
        """
        if not self._dates_by_position or not rows:
            return list(rows)
        spans = sorted((self.position_of[row.nodes[0]], self._end_of(row.nodes[-1])) for row in rows)
        start = self._start_of_region(rows)
        dates = [
            (place, moment)
            for place, moment in self._dates_by_position
            if start <= place < spans[-1][0] and not _is_inside(place, spans)
        ]
        places = [place for place, _ in dates]
        above = [bisect_right(places, self.position_of[row.nodes[0]]) - 1 for row in rows]
        used = len({number for number in above if number >= 0})
        if not used or used < (1 - _MAX_UNUSED_SHARE) * len(dates):
            return list(rows)
        return [
            row if row.published or number < 0 else replace(row, published=dates[number][1])
            for row, number in zip(rows, above, strict=True)
        ]

    def _end_of(self, element: HtmlElement) -> int:
        """Return the position of the last element within `element`."""
        last = element
        while len(last):
            last = last[-1]
        return self.position_of.get(last, self.position_of[element])

    def _start_of_region(self, rows: Sequence[Row]) -> int:
        """Return the position of the smallest element with all rows. For a table body it is that of the table."""
        first, last = (list(reversed(list(ancestors(row.nodes[0])))) for row in (rows[0], rows[-1]))
        shared = list(takewhile(lambda pair: pair[0] is pair[1], zip(first, last, strict=False)))
        if not shared:
            return 0
        holder = shared[-1][0]
        table = holder.getparent() if holder.tag == "tbody" else None
        return self.position_of[holder if table is None else table]


def _is_in_row(element: HtmlElement) -> bool:
    """Return whether the date in `element` belongs to a single row: the row's link is in the same element."""
    for holder in islice((element, *ancestors(element)), _MAX_ANCESTORS):
        links = list(islice(links_in(holder), _MAX_LINKS_OF_ROW))
        if links and holder.tag in _ROW_TAGS:
            return len(links) < _MAX_LINKS_OF_ROW
        if links:
            return len(links) == 1 and (links[0] is holder or not _is_in_list(links[0], holder))
    return False


def _is_in_list(link: HtmlElement, holder: HtmlElement) -> bool:
    """Return whether a link is in a list inside `holder`. Then the text before the list is the heading of the list."""
    return any(parent.tag in _LIST_TAGS for parent in takewhile(lambda parent: parent is not holder, ancestors(link)))


def _is_inside(position: int, spans: Sequence[tuple[int, int]]) -> bool:
    index = bisect_right(spans, (position, float("inf"))) - 1
    return index >= 0 and spans[index][0] <= position <= spans[index][1]
