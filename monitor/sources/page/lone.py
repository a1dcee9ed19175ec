"""Find one to three announcements on a page: too few to be found as a repeated list.

Each must have a link, a title and a date. The date distinguishes it from a menu. It differs from a sentence in an
article because there is little other text on the page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from monitor.sources.page.dated import Calendar, hints_at_date
from monitor.sources.page.document import (
    TYPE_TAGS,
    ParsedPage,
    ancestors,
    link_target,
    links_in,
    text_runs,
    text_width,
)
from monitor.sources.page.lists import MIN_TITLE_WIDTH, CandidateList
from monitor.sources.page.prose import paragraph_widths
from monitor.sources.page.rows import Row, read_row
from monitor.sources.page.titles import is_label, link_title

_MAX_LINKS: Final = 300  # a page with more links is not there for a single row
_MAX_LEVELS: Final = 6  # levels from a link to the element that contains link and date
_MAX_TEXT_WIDTH: Final = 400
_MAX_ROWS: Final = 3
_MIN_PARAGRAPHS_OF_ARTICLE: Final = 3  # paragraphs; fewer are an introduction


def short_lists(
    links: Sequence[HtmlElement], link_counts: Mapping[HtmlElement, int], page: ParsedPage, calendar: Calendar
) -> Iterator[CandidateList]:
    """Yield lists of a few announcements with dates. `link_counts` has the number of links in each element."""
    if len(links) > _MAX_LINKS:
        return
    rows: defaultdict[tuple[str, ...], list[Row]] = defaultdict(list)
    taken: set[HtmlElement] = set()
    for link in links:
        found = _row_around(link, link_counts, page, calendar)
        if found is not None and found.nodes[0] not in taken:
            taken.add(found.nodes[0])
            holders = (found.nodes[0], *ancestors(found.nodes[0]))
            rows[tuple(str(holder.tag) for holder in holders if holder.tag not in TYPE_TAGS)].append(found)
    for path, own in rows.items():
        if len(own) <= _MAX_ROWS and _is_alone(own, page):
            yield CandidateList(tuple(own), path, in_box=False)


def _row_around(
    link: HtmlElement, link_counts: Mapping[HtmlElement, int], page: ParsedPage, calendar: Calendar
) -> Row | None:
    """Return, as a row, the smallest element around `link` that has a date and no link to another target."""
    target = link_target(link, page.base)
    for holder in islice((link, *ancestors(link)), _MAX_LEVELS):
        if holder.tag in ("body", "html") or (link_counts[holder] > 1 and not _has_one_target(holder, target, page)):
            return None
        texts = [piece.text for piece in text_runs(holder)]
        if sum(map(text_width, texts)) > _MAX_TEXT_WIDTH:
            return None
        if any(map(hints_at_date, texts)) or next(holder.iter("time"), None) is not None:
            row = read_row((holder,), page.base, calendar)
            if row is not None and row.published is not None:
                is_announcement = row.has_title and not row.in_text and text_width(row.title) >= MIN_TITLE_WIDTH
                return row if is_announcement else None
    return None


def _has_one_target(holder: HtmlElement, target: str, page: ParsedPage) -> bool:
    """Return whether all links in an element have the same target. Links that are only labels are ignored."""
    return all(
        link_target(link, page.base) in ("", target) or is_label(link_title(link), ()) for link in links_in(holder)
    )


def _is_alone(rows: Sequence[Row], page: ParsedPage) -> bool:
    """Return whether a page has little text besides these rows. In an article, a row may repeat the title."""
    named = "".join((page.title or "").split())
    if any("".join(row.title.split()) in named for row in rows):
        return False
    return (
        len(paragraph_widths(page.root, {each for row in rows for node in row.nodes for each in node.iter()}))
        < _MIN_PARAGRAPHS_OF_ARTICLE
    )
