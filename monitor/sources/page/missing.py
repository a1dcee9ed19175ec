"""Explain why a page has no rows: a script loads them, or the list is empty.

A request by a script proves little: nearly every page counts its visits. An empty element for rows proves more. Then
another list on the page may not be its main list.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from monitor.sources.page.document import ParsedPage, links_in
from monitor.sources.page.find import is_in_side_box
from monitor.sources.page.hidden import row_requests, scripts_of
from monitor.sources.page.rows import Row
from monitor.sources.plain import one_line

_CONTAINER_TAGS: Final = frozenset({"ul", "ol", "dl", "tbody", "table", "div", "section", "main", "article"})
_TEXT_TAGS: Final = (
    *_CONTAINER_TAGS,
    "li",
    "td",
    "p",
    "span",
    "em",
    "strong",
    "h2",
    "h3",
    "h4",
    "dd",
    "center",
    "font",
)
_TEMPLATE_ATTRIBUTES: Final = ("v-for", "ng-repeat", "data-ng-repeat", "x-for", "ms-repeat", "ms-for", "wx:for")
_MAX_ELEMENTS: Final = 5_000
_MAX_TEXT_LENGTH: Final = 1 << 20
_MAX_SHORT_TEXT: Final = 40  # "loading, please wait", "no data"
_ELEMENT_NAMED_BY_SCRIPT = re.compile(
    r"""(?:getElementById\(|(?:\$|jQuery|querySelector)\(|\b(?:el|elem|container|target|mount)\s*[:(])\s*["']([#.]?)([\w-]{1,60})["']"""
)
_EMPTY_LIST_TEXT = re.compile(
    r"(?:(?:对不起|抱歉|很抱歉)[，, ]?)?(?:暂无|暂没有|暂时没有|没有|未找到|没有找到|未查询到|查無|暫無|沒有|無)"
    r"(?:相关|相關|符合条件的|任何|查询)?的?"
    r"(?:数据|內容|内容|信息|记录|文章|公告|通知|新闻|结果|资料|資料|訊息|紀錄)[。！!.…]*"
    r"|(?:sorry, )?(?:there (?:are|is) )?no (?:results?|records?|items?|entries|data|news|content|announcements?)"
    r"(?: (?:were |was )?(?:found|available|yet|to (?:display|show)))?[.!]*|nothing (?:was )?found[.!]*",
    re.IGNORECASE,
)
_APP_ROOT_IDS: Final = frozenset({"app", "root", "__next", "__nuxt", "main"})


def explain_missing_rows(text: str, page: ParsedPage) -> str | None:
    """Return the reason why a page has no rows: a script loads them, or the list is empty; None if it is not known."""
    if loaded := row_requests(text, page):
        return f'rows are loaded by a script from {loaded[0]}: use kind = "api"'
    roots = (element for element in page.root.iter("div", "main") if element.get("id") in _APP_ROOT_IDS)
    has_script = any(element.get("src") for element in page.root.iter("script"))
    if (has_script and any(_is_empty(root) for root in roots)) or _has_row_pattern(page):
        return (
            "rows are loaded by a script from an address that is not on the page: find it in a browser (developer"
            ' tools, network), and use kind = "api"'
        )
    return None


def check_empty_places(rows: Sequence[Row], text: str, page: ParsedPage) -> tuple[str | None, bool]:
    """Return a problem if the page has an empty element for other rows, and whether `rows` must be rejected.

    The problem is None if there is no such element. Rows are rejected if they are in a side box.
    """
    in_side_box = is_in_side_box(page, [row.nodes[0] for row in rows if row.nodes])
    if (explanation := explain_missing_rows(text, page)) and (_has_row_pattern(page) or _has_empty_place(text, page)):
        address = next(iter(row_requests(text, page)), "")
        place = f"the page has an empty place that a script fills{f' from {address}' if address else ''}"
        note = f'{place}: if these entries are not its list, use kind = "api"'
        return (explanation if in_side_box else note), in_side_box
    texts = (one_line(element.text or "") for element in islice(page.root.iter(*_TEXT_TAGS), _MAX_ELEMENTS))
    if empty := next(
        (line for line in texts if 1 < len(line) <= _MAX_SHORT_TEXT and _EMPTY_LIST_TEXT.fullmatch(line)), ""
    ):
        note = f"the page says “{empty}”: if these entries are not its list, set item, title and link"
        return (f"the list is empty: the page says “{empty}”" if in_side_box else note), in_side_box
    return None, False


def _has_empty_place(text: str, page: ParsedPage) -> bool:
    """Return whether a script names an empty element that can contain rows."""
    named = {
        (found[1], found[2])
        for script in scripts_of(text[:_MAX_TEXT_LENGTH])
        for found in _ELEMENT_NAMED_BY_SCRIPT.finditer(script)
    }
    ids = {name for sign, name in named if sign != "."}
    classes = {name for sign, name in named if sign == "."}
    return any(
        element.get("id") in ids or not classes.isdisjoint((element.get("class") or "").split())
        for element in islice(page.root.iter(*_CONTAINER_TAGS), _MAX_ELEMENTS)
        if (element.get("id") or element.get("class")) and _is_empty(element)
    )


def _is_empty(element: HtmlElement) -> bool:
    """Return whether an element has hardly any text, and no links or pictures."""
    if next(element.iter("img", "svg", "canvas", "iframe", "input"), None) is not None:
        return False
    return next(links_in(element), None) is None and len(str(element.text_content()).strip()) < _MAX_SHORT_TEXT


def _has_row_pattern(page: ParsedPage) -> bool:
    """Return whether the page has a template for a row with a link, from which a script makes rows."""
    elements = (element for element in islice(page.root.iter(), _MAX_ELEMENTS) if isinstance(element.tag, str))
    patterns = (element for element in elements if any(element.get(name) for name in _TEMPLATE_ATTRIBUTES))
    return any(next(each.iter("a", "router-link", "nuxt-link"), None) is not None for each in patterns)
