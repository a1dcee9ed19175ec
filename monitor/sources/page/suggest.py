"""Suggest CSS selectors for `sources.toml` that select the rows that were found.

Selectors are suggested only if they give exactly these rows on the page. Short selectors are preferred to long ones,
and names to positions. Generated names are used only if there are no other names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from monitor.sources.page.dated import Calendar
from monitor.sources.page.document import ParsedPage, ancestors, links_in
from monitor.sources.page.options import PageOptions
from monitor.sources.page.rows import Row
from monitor.sources.page.selectors import apply_selectors, select_rows

_MAX_TRIED_SELECTORS: Final = 60
_MAX_ANCESTORS: Final = 4
_NAME_PATTERN = re.compile(r"-?[A-Za-z_][A-Za-z0-9_-]{0,40}")
_TAG_PATTERN = re.compile(r"[a-z][a-z0-9]{0,20}")
_GENERATED_NAME = re.compile(r"\d{3}|[a-z]\d+[a-z]|(?i:^(?:css|sc|jsx?|svelte|chakra|emotion)-)|__\w{5,}$")
_MIN_EQUAL_SHARE: Final = 0.8
_MAX_SELECTED_RATIO: Final = 1.5
_SAMPLE_SIZE: Final = 200


@dataclass(frozen=True, slots=True)
class Selectors:
    """CSS selectors for a page, by option. Unneeded ones are None."""

    item: str
    title: str | None = None
    link: str | None = None
    date: str | None = None

    def lines(self) -> tuple[str, ...]:
        """Return the lines with these selectors for `sources.toml`."""
        stated = (("item", self.item), ("title", self.title), ("link", self.link), ("date", self.date))
        return tuple(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in stated if value is not None)


def suggest_selectors(rows: Sequence[Row], page: ParsedPage, calendar: Calendar) -> Selectors | None:
    """Return selectors that select `rows` on `page`; None if no selectors were found."""
    nodes = [row.nodes[0] for row in rows if row.nodes]
    if len(nodes) != len(rows):
        return None
    for item in islice(dict.fromkeys(_item_selectors(nodes)), _MAX_TRIED_SELECTORS):
        if _selects_rows(item, rows, nodes, page, calendar):
            return _add_part_selectors(item, rows[:_SAMPLE_SIZE], page, calendar)
    return None


def _selects_rows(
    item: str, rows: Sequence[Row], nodes: Sequence[HtmlElement], page: ParsedPage, calendar: Calendar
) -> bool:
    """Return whether the selector `item` gives exactly these rows. It may select some rows twice.

    For a very long list it is enough that it selects the same elements.
    """
    selected = CSSSelector(item, translator="html")(page.root)
    if len(selected) > _MAX_SELECTED_RATIO * len(nodes) or not set(nodes) <= set(selected):
        return False
    if len(nodes) > _SAMPLE_SIZE and len(selected) == len(nodes):
        return True
    read, _ = select_rows(page, PageOptions.model_validate({"item": item}), calendar)
    return list(dict.fromkeys(row.url for row in read)) == [row.url for row in rows]


def _add_part_selectors(item: str, rows: Sequence[Row], page: ParsedPage, calendar: Calendar) -> Selectors:
    """Return `item` with selectors for parts of a row. Each selector must give the same values as `rows`."""
    first_elements = [replace(row, nodes=row.nodes[:1]) for row in rows]  # `item` selects only these
    tried = {
        "title": _title_selector(first_elements),
        "link": "a@href" if all(map(_has_link_within, first_elements)) else None,
        "date": _date_selector(first_elements, calendar),
    }
    found = {"item": item}
    for key, selector in tried.items():
        if selector is not None:
            options = PageOptions.model_validate({"item": item, key: selector})
            if _rows_agree(rows, apply_selectors(first_elements, page, options, calendar), key):
                found[key] = selector
    return Selectors(**found)


def _rows_agree(rows: Sequence[Row], read: Sequence[Row], key: str) -> bool:
    """Return whether two lists of rows agree: in all links, or in most titles or dates. `key` is what to compare."""
    pairs = list(zip(rows, read, strict=True))
    match key:
        case "link":
            return all(one.url == other.url for one, other in pairs)
        case "title":
            same = sum(one.title == other.title for one, other in pairs)
        case _:
            same = sum(one.published == other.published for one, other in pairs)
    return same >= _MIN_EQUAL_SHARE * len(rows)


def _has_link_within(row: Row) -> bool:
    """Return whether the first link of a row is inside the row's element, and not that element itself."""
    links = (link for link in links_in(row.nodes[0]) if link.tag == "a")
    return any(link is not row.nodes[0] for link in islice(links, 1))


def _title_selector(rows: Sequence[Row]) -> str | None:
    """Return a selector for the title: the tag of a heading or link that every row has; None if there is none."""
    for tag in ("h1", "h2", "h3", "h4", "h5", "a"):
        if all(next(row.nodes[0].iterdescendants(tag), None) is not None for row in rows):
            return tag
    return None


def _date_selector(rows: Sequence[Row], calendar: Calendar) -> str | None:
    """Return a selector for an element that has only the date of a row; None if too few rows have a date."""
    dated = [row for row in rows if row.published is not None]
    if len(dated) < _MIN_EQUAL_SHARE * len(rows):
        return None
    for element in dated[0].nodes[0].iterdescendants():
        if isinstance(element.tag, str) and calendar.moment_of_date(" ".join(str(element.text_content()).split())):
            selector = _name_selector(element, [element]) or element.tag
            return selector if _TAG_PATTERN.fullmatch(element.tag) else None
    return None


def _item_selectors(nodes: Sequence[HtmlElement]) -> Iterator[str]:
    """Yield possible selectors for the rows with these elements, the simplest first."""
    row = _name_selector(nodes[0], nodes) or _tag_selector(nodes)
    holders = list(dict.fromkeys(node.getparent() for node in nodes))
    ancestors_of_rows = [_ancestors_at(holders, level) for level in range(_MAX_ANCESTORS)]
    names = [[_name_selector(group[0], group), _tag_selector(group)] for group in ancestors_of_rows if group]
    for row_selector in dict.fromkeys((row, _tag_selector(nodes))):
        if "." in row_selector:
            yield row_selector
        for level, pair in enumerate(names):
            for holder in filter(None, dict.fromkeys(pair)):
                yield f"{holder} > {row_selector}" if level == 0 else f"{holder} {row_selector}"
        for outer in range(1, len(names)):
            for high in filter(None, dict.fromkeys(names[outer])):
                for low in filter(None, dict.fromkeys(names[outer - 1])):
                    yield f"{high} > {low} > {row_selector}" if outer == 1 else f"{high} {low} {row_selector}"


def _ancestors_at(holders: Sequence[HtmlElement | None], level: int) -> list[HtmlElement]:
    """Return the elements that are `level` levels above `holders`."""
    found: list[HtmlElement] = []
    for holder in holders:
        if holder is None:
            continue
        path = (holder, *islice(ancestors(holder), level))
        if len(path) > level and path[level] not in found:
            found.append(path[level])
    return [element for element in found if element.tag not in ("html", "body")]


def _tag_selector(elements: Sequence[HtmlElement]) -> str:
    tags = {str(element.tag) for element in elements}
    tag = tags.pop() if len(tags) == 1 else ""
    return tag if _TAG_PATTERN.fullmatch(tag) else ""


def _name_selector(first: HtmlElement, elements: Sequence[HtmlElement]) -> str:
    """Return a selector by name: the id of a single element, else the classes that all `elements` share."""
    if len(elements) == 1 and _is_stable(first.get("id") or ""):
        return f"{_tag_selector(elements)}#{first.get('id')}"
    classes = [name for name in (first.get("class") or "").split() if _NAME_PATTERN.fullmatch(name)]
    shared = [name for name in classes if all(name in (each.get("class") or "").split() for each in elements)]
    stable = [name for name in shared if _is_stable(name)]
    chosen = (stable or shared)[:2]
    return f"{_tag_selector(elements)}.{'.'.join(chosen)}" if chosen else ""


def _is_stable(name: str) -> bool:
    return _NAME_PATTERN.fullmatch(name) is not None and _GENERATED_NAME.search(name) is None
