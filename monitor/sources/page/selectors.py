"""Read a list by the operator's CSS selectors, for its rows and their parts, each optional."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from monitor.model import Moment
from monitor.sources.base import SELECTS_NOTHING
from monitor.sources.page.dated import Calendar
from monitor.sources.page.document import ParsedPage, address, join_parts, lines, links_in, pieces
from monitor.sources.page.extent import blocks_of
from monitor.sources.page.options import PageOptions, split_selector
from monitor.sources.page.rows import Row, read_row
from monitor.sources.page.titles import in_full
from monitor.sources.plain import one_line
from monitor.text.address import absolute_url

_WITHIN: Final = ("title", "link", "date", "summary")


def select_rows(page: ParsedPage, where: PageOptions, calendar: Calendar) -> tuple[list[Row], tuple[str, ...]]:
    """Return the rows that `item` selects, or those around the links that `link` selects; and the problems."""
    if where.item is not None:
        blocks: list[Sequence[HtmlElement]] = [(element,) for element in _elements(page.root, where.item)]
    else:
        links = [link for element in _elements(page.root, where.link or "a") for link in _link(element)]
        blocks = [block.nodes for block in blocks_of(links)] or [(link,) for link in links]
    rows, unused = refine_fitting([_row(nodes, page, calendar) for nodes in blocks], page, where, calendar)
    kept = [row for row in rows if row.title or row.url]
    empty = len(rows) - len(kept)
    return kept, (*unused, *((f"{empty} of the selected rows have neither title nor address",) if empty else ()))


def refine(rows: Sequence[Row], page: ParsedPage, where: PageOptions, calendar: Calendar) -> list[Row]:
    """Replace the parts of rows for which there are selectors: title, link, date and summary."""
    return [_apply(row, page, where, calendar) for row in rows]


def refine_fitting(
    rows: Sequence[Row], page: ParsedPage, where: PageOptions, calendar: Calendar
) -> tuple[list[Row], tuple[str, ...]]:
    """Refine rows, but ignore a selector that selects nothing in any row, and report it."""
    unused = [
        key for key in _WITHIN if (stated := getattr(where, key)) is not None and rows and not _selects(stated, rows)
    ]
    problems = tuple(f'{key} = "{getattr(where, key)}" {SELECTS_NOTHING}; it is found by itself' for key in unused)
    return refine(rows, page, where.model_copy(update=dict.fromkeys(unused)), calendar), problems


def _selects(stated: str, rows: Sequence[Row]) -> bool:
    _, attribute = split_selector(stated)
    return any(
        not attribute or element.get(attribute) is not None for row in rows for element in _selected(row.nodes, stated)
    )


def _row(nodes: Sequence[HtmlElement], page: ParsedPage, calendar: Calendar) -> Row:
    read = read_row(nodes, page.base, calendar)
    if read is None:
        title = next((line for node in nodes for line in lines(pieces(node))), "")
        return Row(tuple(nodes), "", title, calendar.of_row([piece for node in nodes for piece in pieces(node)]))
    return read


def _apply(row: Row, page: ParsedPage, where: PageOptions, calendar: Calendar) -> Row:
    """Return a row with the parts that selectors select. A part that is selected only in other rows stays empty."""
    if where.title is not None:
        row = replace(row, title=_value(row.nodes, where.title))
    if where.link is not None:
        row = replace(row, url=_address(row.nodes, where.link, page.base))
    if where.date is not None:
        row = replace(row, published=_moment(row.nodes, where.date, calendar))
    if where.summary is not None:
        row = replace(row, summary=_value(row.nodes, where.summary))
    return row


def _elements(top: HtmlElement, stated: str) -> list[HtmlElement]:
    selector, _ = split_selector(stated)
    return list(CSSSelector(selector, translator="html")(top)) if selector else [top]


def _selected(nodes: Sequence[HtmlElement], stated: str) -> Iterator[HtmlElement]:
    for node in nodes:
        yield from _elements(node, stated)


def _value(nodes: Sequence[HtmlElement], stated: str) -> str:
    """Return the text or attribute of the first element that has one; a shortened text in full."""
    _, attribute = split_selector(stated)
    for element in _selected(nodes, stated):
        text = one_line(element.get(attribute) or "") if attribute else join_parts(lines(pieces(element)))
        if text:
            return text if attribute else in_full(text, element.get("title") or "")
    return ""


def _address(nodes: Sequence[HtmlElement], stated: str, base: str) -> str:
    _, attribute = split_selector(stated)
    for element in _selected(nodes, stated):
        if attribute and attribute != "href":
            found = absolute_url(base, element.get(attribute) or "")
        else:
            found = next(filter(None, (address(link, base) for link in _link(element))), "")
        if found:
            return found
    return ""


def _link(element: HtmlElement) -> list[HtmlElement]:
    return [element] if element.get("href") else list(links_in(element))[:1]


def _moment(nodes: Sequence[HtmlElement], stated: str, calendar: Calendar) -> Moment | None:
    _, attribute = split_selector(stated)
    for element in _selected(nodes, stated):
        if attribute:
            found = calendar.stated(one_line(element.get(attribute) or ""))
        else:
            found = calendar.of_row(pieces(element)) or calendar.stated(join_parts(lines(pieces(element))))
        if found is not None:
            return found
    return None
