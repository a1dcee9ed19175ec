"""The list of a page found by itself: the repeated block whose entries have a link, a text and mostly a date.

Links that stand in the same place of the tree (the same tags above them) are rows of one list, wherever their lists
are parted: a row is the largest element that holds one of them only. Of the lists so found the best is the one whose
rows say most and are dated; lists like it, elsewhere on the page, belong to it. Navigation, side boxes, footers say
little, have no dates, or are named for what they are.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from statistics import median
from typing import Final

from lxml.html import HtmlElement

from monitor.sources.page.dated import Calendar
from monitor.sources.page.document import DECORATION, Page, address, ancestors, links_in, weight
from monitor.sources.page.extent import Block, blocks_of
from monitor.sources.page.headings import Headings
from monitor.sources.page.rows import Row, labels_of, read_row, telling

MOST_LINKS: Final = 20_000
_MOST_GROUPS: Final = 60
_ASIDE: Final = frozenset({"nav", "footer", "aside", "header", "menu"})
_NARROW: Final = frozenset({"a", "td", "tr", "span"})
_FULL: Final = 40  # a title of this weight says all that can be asked of one
_DATED: Final = 0.5
_MOST: Final = 0.7
_NEAR: Final = 4
_UNLIKE: Final = 0.2
_LEAST_SAID: Final = 16
_LEAST_ROWS: Final = 3
_BOXES = re.compile(
    r"nav|navs|navbar|navigation|menu|menus|submenu|topmenu|mainmenu|leftmenu|foot|footer|breadcrumbs?|crumbs?|pager|pagination|paging"
    r"|share|social|sidebar|aside|related|relate|recommend|recommended|hot|copyright|friend|friendlinks?|flink|lang|language|login"
    r"|toolbar|tagcloud|weather|cookies?|dropdown|megamenu|xgyd|xgxw|topbar"
)
_TOKEN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


@dataclass(frozen=True, slots=True)
class Found:
    """A list: its rows in the order of the page, how good it is, where it stands, whether that is a side box."""

    rows: tuple[Row, ...]
    path: tuple[str, ...]
    boxed: bool

    @property
    def dated(self) -> float:
        """The share of its rows that have a date."""
        return sum(row.published is not None for row in self.rows) / len(self.rows)

    @property
    def said(self) -> float:
        """What a row's title says, in the middle."""
        return median(weight(row.title) for row in self.rows)

    @property
    def score(self) -> float:
        """How much it looks like the list for which the page is there."""
        own = len({row.url for row in self.rows}) / len(self.rows)
        quality = min(1.0, self.said / _FULL) * (1 if self.said >= _LEAST_SAID / 2 else 0.5) + 2 * self.dated
        return quality**2 * math.log2(1 + len(self.rows)) * own * (0.15 if self.boxed else 1)

    def under(self, headings: Headings) -> Found:
        """The list with the dates that stand above its rows."""
        return replace(self, rows=tuple(headings.applied(self.rows)))

    @property
    def plausible(self) -> bool:
        """Whether it is a list of entries at all."""
        if self.dated >= _DATED:
            return len(self.rows) > 1
        return len(self.rows) >= _LEAST_ROWS and self.said >= _LEAST_SAID and not self.boxed


def find_rows(page: Page, calendar: Calendar) -> list[Row]:
    """The rows of the page's list or lists in their order; none if it has none."""
    links = _links(page)
    spread = Counter(parent for link in links for parent in ancestors(link))
    headings = Headings(page, calendar)
    lists = [found for group in _groups(links) for found in _lists(group, page, calendar, spread)]
    candidates = [found if found.dated >= _DATED else found.under(headings) for found in lists]
    plausible = sorted((found for found in candidates if found.plausible), key=lambda found: -found.score)
    if not plausible:
        return []
    kept = _alike(plausible)
    rows = [row for found in kept for row in found.rows]
    return sorted(rows, key=lambda row: headings.order[row.nodes[0]])


def _links(page: Page) -> list[HtmlElement]:
    own = page.url.partition("#")[0]
    found = []
    for link in links_in(page.root):
        url = address(link, page.base)
        if url and url.partition("#")[0] != own:
            found.append(link)
        if len(found) >= MOST_LINKS:
            break
    return found


def _groups(links: Sequence[HtmlElement]) -> list[tuple[tuple[str, ...], list[HtmlElement]]]:
    """Links by the tags above them, the largest groups first."""
    groups: defaultdict[tuple[str, ...], list[HtmlElement]] = defaultdict(list)
    for link in links:
        groups[tuple(str(parent.tag) for parent in ancestors(link) if parent.tag not in DECORATION)].append(link)
    several = [(path, group) for path, group in groups.items() if len(group) > 1]
    return sorted(several, key=lambda item: -len(item[1]))[:_MOST_GROUPS]


def _lists(
    group: tuple[tuple[str, ...], list[HtmlElement]], page: Page, calendar: Calendar, spread: Counter[HtmlElement]
) -> Iterator[Found]:
    """The lists that the links of a group make: one for each manner of container."""
    path, links = group
    by_container: defaultdict[tuple[object, ...], list[Block]] = defaultdict(list)
    for block in blocks_of(links):
        by_container[_manner(block.nodes[0])].append(block)
    total = sum(1 for _ in links_in(page.root))
    for blocks in by_container.values():
        labels = labels_of([link for block in blocks for node in block.nodes for link in links_in(node)])
        read = (read_row(block.nodes, page.base, calendar, texts=block.texts, labels=labels) for block in blocks)
        rows = telling(filter(None, read))
        for alike in _parted(rows):
            boxed = _boxed(alike[0].nodes[0], spread, total)
            yield Found(tuple(alike), path, boxed)


def _parted(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """The rows of containers that have dates, and those of containers that have none: these are another list.

    A container of few rows without dates may hold what is pinned, and stays.
    """
    by_container: defaultdict[HtmlElement | None, list[Row]] = defaultdict(list)
    for row in rows:
        by_container[row.nodes[0].getparent()].append(row)
    undated = {
        container for container, held in by_container.items()
        if len(held) >= _LEAST_ROWS and not any(row.published for row in held)
    }  # fmt: skip
    parts: tuple[list[Row], list[Row]] = ([], [])
    for row in rows:
        parts[row.nodes[0].getparent() in undated].append(row)
    yield from filter(None, parts)


def _manner(row: HtmlElement) -> tuple[object, ...]:
    """How the containers of a row are named, from within outwards: lists that are named alike are one."""
    near = [parent for parent in islice(ancestors(row), _NEAR) if parent.tag not in ("html", "body")]
    return tuple((parent.tag, parent.get("class"), parent.get("id") if n else None) for n, parent in enumerate(near))


def _boxed(row: HtmlElement, spread: Counter[HtmlElement], total: int) -> bool:
    """Whether the row stands in what is named navigation, side box, footer; no name of nearly all the page counts."""
    for parent in ancestors(row) if row.tag in _NARROW else (row, *ancestors(row)):
        if parent.tag in ("body", "html") or spread[parent] > _MOST * total:
            return False
        if parent.tag in _ASIDE or any(_BOXES.fullmatch(token) for token in _tokens(parent)):
            return True
    return False


def _tokens(element: HtmlElement) -> Iterator[str]:
    named = f"{element.get('class') or ''} {element.get('id') or ''}"[:300]
    words = (word for word in named.split() if not word.lower().startswith(("has", "with", "no-")))
    return (token.lower() for word in words for token in _TOKEN.findall(word))


def _alike(lists: Sequence[Found]) -> list[Found]:
    """The best list and those that are like it; no element belongs to two."""
    best = lists[0]
    kept, taken = [best], _elements(best)
    for found in lists[1:]:
        if _belongs(found, best) and taken.isdisjoint(_elements(found)):
            kept.append(found)
            taken |= _elements(found)
    return kept


def _belongs(found: Found, best: Found) -> bool:
    if found.boxed and not best.boxed:
        return False
    if best.dated >= _DATED:
        return found.dated >= max(_DATED, best.dated - _UNLIKE) and found.said >= min(_LEAST_SAID / 2, best.said / 2)
    return found.path == best.path and found.said >= best.said / 2


def _elements(found: Found) -> set[HtmlElement]:
    return {element for row in found.rows for node in row.nodes for element in (node, *node.iterdescendants())}
