"""Read a list by the operator's CSS selectors for its rows and their parts. Each selector is optional."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from monitor.model import Moment
from monitor.sources.base import SELECTS_NOTHING
from monitor.sources.page.dated import Calendar
from monitor.sources.page.document import ParsedPage, join_parts, lines_of_runs, link_target, links_in, text_runs
from monitor.sources.page.extent import rows_around
from monitor.sources.page.options import PageOptions, split_selector
from monitor.sources.page.rows import Row, read_row
from monitor.sources.page.titles import complete_title
from monitor.sources.plain import one_line
from monitor.text.address import absolute_url

_ROW_OPTIONS: Final = ("title", "link", "date", "summary")


def select_rows(page: ParsedPage, options: PageOptions, calendar: Calendar) -> tuple[list[Row], tuple[str, ...]]:
    """Return the rows that `item` selects, else the rows around the links that `link` selects; and the problems."""
    if options.item is not None:
        blocks: list[Sequence[HtmlElement]] = [(element,) for element in _select_below(page.root, options.item)]
    else:
        links = [link for element in _select_below(page.root, options.link or "a") for link in _first_link_in(element)]
        blocks = [block.nodes for block in rows_around(links)] or [(link,) for link in links]
    rows, unused = apply_matching_selectors(
        [_row_without_selectors(nodes, page, calendar) for nodes in blocks], page, options, calendar
    )
    kept = [row for row in rows if row.title or row.url]
    empty = len(rows) - len(kept)
    return kept, (*unused, *((f"{empty} of the selected rows have neither title nor address",) if empty else ()))


def apply_selectors(rows: Sequence[Row], page: ParsedPage, options: PageOptions, calendar: Calendar) -> list[Row]:
    """Return the rows with title, link, date and summary read by the selectors that are given."""
    return [_apply_to_row(row, page, options, calendar) for row in rows]


def apply_matching_selectors(
    rows: Sequence[Row], page: ParsedPage, options: PageOptions, calendar: Calendar
) -> tuple[list[Row], tuple[str, ...]]:
    """Apply the selectors to the rows. A selector that selects nothing in any row is ignored and reported."""
    unused = [
        key
        for key in _ROW_OPTIONS
        if (selector := getattr(options, key)) is not None and rows and not _selects_anything(selector, rows)
    ]
    problems = tuple(
        f'{key} = "{getattr(options, key)}" {SELECTS_NOTHING}; it is found automatically instead' for key in unused
    )
    return apply_selectors(rows, page, options.model_copy(update=dict.fromkeys(unused)), calendar), problems


def _selects_anything(selector: str, rows: Sequence[Row]) -> bool:
    _, attribute = split_selector(selector)
    return any(
        not attribute or element.get(attribute) is not None
        for row in rows
        for element in _select_in_row(row.nodes, selector)
    )


def _row_without_selectors(nodes: Sequence[HtmlElement], page: ParsedPage, calendar: Calendar) -> Row:
    read = read_row(nodes, page.base, calendar)
    if read is None:
        title = next((line for node in nodes for line in lines_of_runs(text_runs(node))), "")
        return Row(
            tuple(nodes), "", title, calendar.date_of_row([piece for node in nodes for piece in text_runs(node)])
        )
    return read


def _apply_to_row(row: Row, page: ParsedPage, options: PageOptions, calendar: Calendar) -> Row:
    """Return a row with the parts that the selectors select in it. A part is empty if its selector selects nothing."""
    if options.title is not None:
        row = replace(row, title=_value_at(row.nodes, options.title))
    if options.link is not None:
        row = replace(row, url=_address_at(row.nodes, options.link, page.base))
    if options.date is not None:
        row = replace(row, published=_date_at(row.nodes, options.date, calendar))
    if options.summary is not None:
        row = replace(row, summary=_value_at(row.nodes, options.summary))
    return row


def _select_below(top: HtmlElement, selector_with_attribute: str) -> list[HtmlElement]:
    selector, _ = split_selector(selector_with_attribute)
    return list(CSSSelector(selector, translator="html")(top)) if selector else [top]


def _select_in_row(nodes: Sequence[HtmlElement], selector: str) -> Iterator[HtmlElement]:
    for node in nodes:
        yield from _select_below(node, selector)


def _value_at(nodes: Sequence[HtmlElement], selector: str) -> str:
    """Return the text or attribute of the first selected element that has one. A shortened text is completed."""
    _, attribute = split_selector(selector)
    for element in _select_in_row(nodes, selector):
        text = one_line(element.get(attribute) or "") if attribute else join_parts(lines_of_runs(text_runs(element)))
        if text:
            return text if attribute else complete_title(text, element.get("title") or "")
    return ""


def _address_at(nodes: Sequence[HtmlElement], selector: str, base: str) -> str:
    _, attribute = split_selector(selector)
    for element in _select_in_row(nodes, selector):
        if attribute and attribute != "href":
            found = absolute_url(base, element.get(attribute) or "")
        else:
            found = next(filter(None, (link_target(link, base) for link in _first_link_in(element))), "")
        if found:
            return found
    return ""


def _first_link_in(element: HtmlElement) -> list[HtmlElement]:
    return [element] if element.get("href") else list(links_in(element))[:1]


def _date_at(nodes: Sequence[HtmlElement], selector: str, calendar: Calendar) -> Moment | None:
    _, attribute = split_selector(selector)
    for element in _select_in_row(nodes, selector):
        if attribute:
            found = calendar.expected_moment(one_line(element.get(attribute) or ""))
        else:
            found = calendar.date_of_row(text_runs(element)) or calendar.expected_moment(
                join_parts(lines_of_runs(text_runs(element)))
            )
        if found is not None:
            return found
    return None
