"""Find the list of a page: the repeated block whose entries have a link, a text and mostly a date.

Links that are in the same place of the tree (the same tags above them) are rows of one list, even in separate
lists: a row is the largest element that holds one of them only. The best of these lists has rows with the most text
and with dates; lists like it, elsewhere on the page, belong to it. Navigation, side boxes and footers have little text,
no dates, or telling names.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from monitor.sources.page.choose import choose_lists
from monitor.sources.page.dated import Calendar
from monitor.sources.page.document import (
    DECORATION_TAGS,
    TYPE_TAGS,
    ParsedPage,
    ancestors,
    link_target,
    links_in,
    texts_of,
)
from monitor.sources.page.extent import RowExtent, rows_around
from monitor.sources.page.headings import DateHeadings
from monitor.sources.page.lists import MIN_DATED_SHARE, SURE_TITLE_WEIGHT, CandidateList, dated_share_of
from monitor.sources.page.lone import short_lists
from monitor.sources.page.prose import is_mostly_article
from monitor.sources.page.rows import Row, read_row, significant_rows
from monitor.sources.page.titles import labels_of

MAX_LINKS: Final = 20_000
# The largest groups and regions are compared: what is left out are small lists of a page that has many large ones.
_MAX_GROUPS: Final = 60
_MAX_REGIONS: Final = 8
_NAVIGATION_TAGS: Final = frozenset({"nav", "footer", "aside", "header", "menu"})
_NARROW_TAGS: Final = frozenset({"a", "td", "tr", "span"})
_MAX_SHARE_OF_LINKS: Final = 0.7
_NEAREST_ANCESTORS: Final = 4
_MIN_ROWS: Final = 3
_MIN_ROWS_OF_SURE_LIST: Final = 50
_MAX_MENU_ROWS: Final = 12  # rows without dates that may be a menu, where one announcement has a date
_BOX_NAME = re.compile(
    r"nav|navs|navbar|navigation|menu|menus|submenu|topmenu|mainmenu|leftmenu|foot|footer|breadcrumbs?|crumbs?|pager|pagination|paging"
    r"|share|social|sidebar|aside|related|relate|recommend|recommended|hot|copyright|friend|friendlinks?|flink|lang|language|login"
    r"|toolbar|tagcloud|weather|cookies?|dropdown|megamenu|xgyd|xgxw|topbar"
)
_SHARE_TARGET = re.compile(
    r"//(?:[\w-]+\.)*(?:facebook\.com/(?:sharer|share|dialog)|(?:twitter|x)\.com/(?:share|intent|home\?)|weibo\.com/share|connect\.qq\.com"
    r"|sns\.qzone\.qq\.com|t\.me/share|telegram\.me/share|linkedin\.com/(?:share|cws)|line\.(?:me|naver\.jp)/|plus\.google\.com/share"
    r"|pinterest\.\w+/pin/create|reddit\.com/submit|whatsapp\.com/send|beian\.miit\.gov\.cn|beian\.(?:gov|mps\.gov)\.cn)",
    re.IGNORECASE,
)
_NAME_TOKEN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


@dataclass(frozen=True, slots=True)
class _PageSearch:
    """A page to search: the number of its links, and how many of them each element holds."""

    page: ParsedPage
    calendar: Calendar
    headings: DateHeadings
    links_held: Mapping[HtmlElement, int]
    total: int


def find_rows(
    page: ParsedPage, calendar: Calendar, is_wanted: Callable[[CandidateList], bool] = lambda _: True
) -> list[Row]:
    """Return the rows of the page's list or lists in order; none if the page has no list.

    `calendar` reads the dates of the page. Only lists that `is_wanted` accepts are considered.
    """
    calendar.learn_order(texts_of(page.root))
    links = _first_links(page)
    links_held = Counter(parent for link in links for parent in ancestors(link))
    headings = DateHeadings(page, calendar)
    search = _PageSearch(page, calendar, headings, links_held, sum(1 for _ in links_in(page.root)))
    lists = [
        candidate
        for path, group in _group_links(links)
        for candidate in _lists_in_group(path, group, search)
        if is_wanted(candidate)
    ]
    chosen = choose_lists(lists)
    if all(
        candidate.dated_share < MIN_DATED_SHARE
        and candidate.title_weight < SURE_TITLE_WEIGHT
        and len(candidate.rows) <= _MAX_MENU_ROWS
        for candidate in chosen
    ):
        single = [
            each
            for each in short_lists(links, links_held, page, calendar)
            if is_wanted(each) and _is_outside_navigation(each, search)
        ]
        chosen = [max(single, key=lambda candidate: candidate.score)] if single else chosen
    rows = [row for candidate in chosen for row in candidate.rows]
    if len(rows) < _MIN_ROWS_OF_SURE_LIST and is_mostly_article(
        page.root, [node for row in rows for node in row.nodes]
    ):
        return []
    return sorted(rows, key=lambda row: headings.position_of[row.nodes[0]])


def _is_outside_navigation(candidate: CandidateList, search: _PageSearch) -> bool:
    """Return whether rows are outside of navigation and footers, even if these hold all links of the page."""
    nodes = [row.nodes[0] for row in candidate.rows]
    in_navigation = any(parent.tag in _NAVIGATION_TAGS for node in nodes for parent in ancestors(node))
    return not in_navigation and not any(_is_in_box(node, search.links_held, search.total) for node in nodes)


def is_in_side_box(page: ParsedPage, rows: Sequence[HtmlElement]) -> bool:
    """Return whether all these rows are in elements named as side box, navigation or footer."""
    links = _first_links(page)
    links_held = Counter(parent for link in links for parent in ancestors(link))
    total = sum(1 for _ in links_in(page.root))
    return bool(rows) and all(_is_in_box(row, links_held, total) for row in rows)


def describe_links_left_out(page: ParsedPage) -> tuple[str, ...]:
    """Return a message with the number of links looked at, if these are not all."""
    number = sum(1 for _ in _all_links(page)) if sum(1 for _ in links_in(page.root)) > MAX_LINKS else 0
    return (f"only the first {MAX_LINKS:,} of {number:,} links were looked at",) if number > MAX_LINKS else ()


def _first_links(page: ParsedPage) -> list[HtmlElement]:
    return list(islice(_all_links(page), MAX_LINKS))


def _all_links(page: ParsedPage) -> Iterator[HtmlElement]:
    """Yield all links that lead somewhere."""
    own_address = page.url.partition("#")[0]
    for link in links_in(page.root):
        url = link_target(link, page.base)
        if url and url.partition("#")[0] != own_address and _SHARE_TARGET.search(url) is None:
            yield link


def _group_links(links: Sequence[HtmlElement]) -> list[tuple[tuple[str, ...], list[HtmlElement]]]:
    """Group links by the tags around them, the largest groups first."""
    groups: defaultdict[tuple[str, ...], list[HtmlElement]] = defaultdict(list)
    for link in links:
        groups[tuple(str(parent.tag) for parent in ancestors(link) if parent.tag not in DECORATION_TAGS)].append(link)
    several = [(path, group) for path, group in groups.items() if len(group) > 1]
    return sorted(several, key=lambda item: -len(item[1]))[:_MAX_GROUPS]


def _lists_in_group(
    path: tuple[str, ...], links: Sequence[HtmlElement], search: _PageSearch
) -> Iterator[CandidateList]:
    """Yield the lists in a group of links: one for each kind of container."""
    by_container: defaultdict[tuple[bool, int, tuple[object, ...]], list[RowExtent]] = defaultdict(list)
    for number, region in enumerate((links, *_links_by_region(links))):
        for block in rows_around(region, search.links_held):
            by_container[number > 0, number, _container_names(block.nodes[0])].append(block)
    for (partial, *_), blocks in by_container.items():
        labels = labels_of([link for block in blocks for node in block.nodes for link in links_in(node)])
        read = (
            read_row(block.nodes, search.page.base, search.calendar, texts=block.texts, labels=labels)
            for block in blocks
        )
        rows = significant_rows(filter(None, read))
        if len(rows) >= _MIN_ROWS and dated_share_of(rows) < MIN_DATED_SHARE:
            rows = search.headings.date_rows(rows)
        for part in _split_by_date(rows):
            yield CandidateList(
                tuple(part), path, _is_in_box(part[0].nodes[0], search.links_held, search.total), partial
            )


def _links_by_region(links: Sequence[HtmlElement]) -> list[list[HtmlElement]]:
    """Return the links of each region with its own name: rows may have another form in another region.

    If single rows have names of their own too, the whole list is better than its parts, and gets a better score.
    """
    parts: defaultdict[tuple[object, ...], list[HtmlElement]] = defaultdict(list)
    for link in links:
        above = (parent for parent in ancestors(link) if parent.tag not in DECORATION_TAGS)
        parts[tuple((parent.get("class"), parent.get("id")) for parent in islice(above, 2, None))].append(link)
    if len(parts) == 1:
        return []
    return sorted((part for part in parts.values() if len(part) >= _MIN_ROWS), key=len, reverse=True)[:_MAX_REGIONS]


def _split_by_date(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Yield the rows of containers with dates, and those of containers without: the latter are another list.

    A container of few rows without dates may hold pinned entries, and stays.
    """
    by_container: defaultdict[HtmlElement | None, list[Row]] = defaultdict(list)
    for row in rows:
        by_container[row.nodes[0].getparent()].append(row)
    undated = {
        container
        for container, rows_in in by_container.items()
        if len(rows_in) >= _MIN_ROWS and not any(row.published for row in rows_in)
    }
    parts: tuple[list[Row], list[Row]] = ([], [])
    for row in rows:
        parts[row.nodes[0].getparent() in undated].append(row)
    yield from filter(None, parts)


def _container_names(row: HtmlElement) -> tuple[object, ...]:
    """Return the names of the containers of a row, the innermost first: lists with equal names are one."""
    above = (parent for parent in ancestors(row) if parent.tag not in TYPE_TAGS)
    near = [parent for parent in islice(above, _NEAREST_ANCESTORS) if parent.tag not in ("html", "body")]
    return tuple((parent.tag, parent.get("class"), parent.get("id") if n else None) for n, parent in enumerate(near))


def _is_in_box(row: HtmlElement, links_held: Mapping[HtmlElement, int], total: int) -> bool:
    """Return whether a row is in an element named navigation or side box, unless it holds nearly all links."""
    for parent in ancestors(row) if row.tag in _NARROW_TAGS else (row, *ancestors(row)):
        if parent.tag in ("body", "html") or links_held[parent] > _MAX_SHARE_OF_LINKS * total:
            return False
        if parent.tag in _NAVIGATION_TAGS or any(_BOX_NAME.fullmatch(token) for token in _name_tokens(parent)):
            return True
    return False


def _name_tokens(element: HtmlElement) -> Iterator[str]:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"[:300]
    words = (word for word in names.split() if not word.lower().startswith(("has", "with", "no-")))
    return (token.lower() for word in words for token in _NAME_TOKEN.findall(word))
