"""Find the list of a page: a repeated block whose rows have a link, a title and usually a date.

Links in the same place of the tree (with the same tags above them) belong to rows of one list. A row is the largest
element with only one of these links. The best list has the longest titles and the most dates; similar lists elsewhere
on the page belong to it. Navigation, side boxes and footers are recognised by short titles, missing dates, or their
names.
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
from monitor.sources.page.lists import MIN_DATED_SHARE, SURE_TITLE_WIDTH, CandidateList, dated_share_of
from monitor.sources.page.lone import short_lists
from monitor.sources.page.prose import is_mostly_article
from monitor.sources.page.rows import Row, read_row, significant_rows
from monitor.sources.page.titles import labels_of

MAX_LINKS: Final = 20_000
# Only the largest groups and regions are compared. This leaves out small lists on pages with many large lists.
_MAX_GROUPS: Final = 60
_MAX_REGIONS: Final = 8
_NAVIGATION_TAGS: Final = frozenset({"nav", "footer", "aside", "header", "menu"})
_NARROW_TAGS: Final = frozenset({"a", "td", "tr", "span"})
_MAX_SHARE_OF_LINKS: Final = 0.7
_MAX_ANCESTORS: Final = 4
_MIN_ROWS: Final = 3
_MIN_ROWS_OF_SURE_LIST: Final = 50
_MAX_MENU_ROWS: Final = 12  # rows without dates; so few may be a menu next to one announcement with a date
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
    """A page to search, with the number of its links and the number of links in each element."""

    page: ParsedPage
    calendar: Calendar
    headings: DateHeadings
    link_counts: Mapping[HtmlElement, int]
    link_count: int


def find_rows(
    page: ParsedPage, calendar: Calendar, is_wanted: Callable[[CandidateList], bool] = lambda _: True
) -> list[Row]:
    """Return the rows of the main list of the page, in order; no rows if the page has no list.

    `calendar` reads the dates of the page. Only lists that `is_wanted` accepts are considered.
    """
    calendar.learn_order(texts_of(page.root))
    links = _first_links(page)
    link_counts = Counter(parent for link in links for parent in ancestors(link))
    headings = DateHeadings(page, calendar)
    search = _PageSearch(page, calendar, headings, link_counts, sum(1 for _ in links_in(page.root)))
    lists = [
        candidate
        for path, group in _group_links(links)
        for candidate in _lists_in_group(path, group, search)
        if is_wanted(candidate)
    ]
    chosen = choose_lists(lists)
    if all(
        candidate.dated_share < MIN_DATED_SHARE
        and candidate.title_width < SURE_TITLE_WIDTH
        and len(candidate.rows) <= _MAX_MENU_ROWS
        for candidate in chosen
    ):
        single = [
            each
            for each in short_lists(links, link_counts, page, calendar)
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
    """Return whether no row is in a navigation or footer element, or in an element named like one."""
    nodes = [row.nodes[0] for row in candidate.rows]
    in_navigation = any(parent.tag in _NAVIGATION_TAGS for node in nodes for parent in ancestors(node))
    return not in_navigation and not any(_is_in_box(node, search.link_counts, search.link_count) for node in nodes)


def is_in_side_box(page: ParsedPage, rows: Sequence[HtmlElement]) -> bool:
    """Return whether all `rows` are in elements that are named like a side box, navigation or footer."""
    links = _first_links(page)
    link_counts = Counter(parent for link in links for parent in ancestors(link))
    total = sum(1 for _ in links_in(page.root))
    return bool(rows) and all(_is_in_box(row, link_counts, total) for row in rows)


def describe_links_left_out(page: ParsedPage) -> tuple[str, ...]:
    """Return a message if the page has too many links, so that not all were searched; else no message."""
    number = sum(1 for _ in _all_links(page)) if sum(1 for _ in links_in(page.root)) > MAX_LINKS else 0
    return (f"only the first {MAX_LINKS:,} of {number:,} links were searched",) if number > MAX_LINKS else ()


def _first_links(page: ParsedPage) -> list[HtmlElement]:
    return list(islice(_all_links(page), MAX_LINKS))


def _all_links(page: ParsedPage) -> Iterator[HtmlElement]:
    """Yield all links that have a target."""
    own_address = page.url.partition("#")[0]
    for link in links_in(page.root):
        url = link_target(link, page.base)
        if url and url.partition("#")[0] != own_address and _SHARE_TARGET.search(url) is None:
            yield link


def _group_links(links: Sequence[HtmlElement]) -> list[tuple[tuple[str, ...], list[HtmlElement]]]:
    """Return groups of links with the same tags around them, the largest groups first."""
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
        for block in rows_around(region, search.link_counts):
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
                tuple(part), path, _is_in_box(part[0].nodes[0], search.link_counts, search.link_count), partial
            )


def _links_by_region(links: Sequence[HtmlElement]) -> list[list[HtmlElement]]:
    """Return the links of each region of the page that has a name: each region may have rows of another form.

    If single rows have names too, these are tried as regions. The whole list then gets a better score than its parts.
    """
    parts: defaultdict[tuple[object, ...], list[HtmlElement]] = defaultdict(list)
    for link in links:
        above = (parent for parent in ancestors(link) if parent.tag not in DECORATION_TAGS)
        parts[tuple((parent.get("class"), parent.get("id")) for parent in islice(above, 2, None))].append(link)
    if len(parts) == 1:
        return []
    return sorted((part for part in parts.values() if len(part) >= _MIN_ROWS), key=len, reverse=True)[:_MAX_REGIONS]


def _split_by_date(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Yield the rows in containers with dates, and separately the rows in containers without dates: another list.

    A container with only a few rows without dates may have pinned entries, and is not separated.
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
    """Return the names of the containers of a row, the innermost first. Lists with equal names are one list."""
    above = (parent for parent in ancestors(row) if parent.tag not in TYPE_TAGS)
    near = [parent for parent in islice(above, _MAX_ANCESTORS) if parent.tag not in ("html", "body")]
    return tuple((parent.tag, parent.get("class"), parent.get("id") if n else None) for n, parent in enumerate(near))


def _is_in_box(row: HtmlElement, link_counts: Mapping[HtmlElement, int], total: int) -> bool:
    """Return whether a row is in an element named like navigation or a side box, unless it has nearly all links."""
    for parent in ancestors(row) if row.tag in _NARROW_TAGS else (row, *ancestors(row)):
        if parent.tag in ("body", "html") or link_counts[parent] > _MAX_SHARE_OF_LINKS * total:
            return False
        if parent.tag in _NAVIGATION_TAGS or any(_BOX_NAME.fullmatch(token) for token in _name_tokens(parent)):
            return True
    return False


def _name_tokens(element: HtmlElement) -> Iterator[str]:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"[:300]
    words = (word for word in names.split() if not word.lower().startswith(("has", "with", "no-")))
    return (token.lower() for word in words for token in _NAME_TOKEN.findall(word))
