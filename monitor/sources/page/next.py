"""Find the next page of a list: by the operator's selector, or by a pager that is not ambiguous."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from monitor.sources.page.document import ParsedPage, ancestors, link_target, links_in
from monitor.sources.page.options import PageOptions, split_selector
from monitor.sources.plain import one_line
from monitor.text.address import absolute_url

_MAX_LINKS: Final = 20_000
_MAX_LABEL_LENGTH: Final = 24
_MAX_ANCESTORS: Final = 5
_NEXT_WORDS = re.compile(
    r"[\[【(（<＜«‹\s]*(?:下一?[页頁]|后一?[页頁]|後一頁|次のページ|next(?: page)?|older(?: posts| entries)?)"
    r"[\]】)）>＞»›→\s]*",
    re.IGNORECASE,
)
_NEXT_SIGNS = re.compile(r"[>›»→＞]{1,2}")
_PAGER_NAME = re.compile(r"pag(?:e|er|es|ing|ination|ebar)|fenye|pagenav", re.IGNORECASE)
_NAME_PART = re.compile(r"[a-z]+", re.IGNORECASE)
_DISABLED_NAME = re.compile(r"\b(?:disabled?|inactive|off)\b", re.IGNORECASE)
# createPageHTML(pages, current, "index", "html") of the TRS system counts pages from 0. If the id of an element is
# given before these, it counts from 1.
_PAGER_SCRIPT = re.compile(
    r"\bcreatePageHTML\(\s*(['\"][\w-]{1,40}['\"]\s*,\s*)?(\d{1,6})\s*,\s*(\d{1,6})\s*,"
    r"\s*['\"]([\w./-]{1,80})['\"]\s*,\s*['\"](\w{1,8})['\"]",
    re.IGNORECASE,
)
_MAX_TEXT_LENGTH: Final = 1 << 21


def next_page(page: ParsedPage, options: PageOptions, text: str) -> str | None:
    """Return the address of the next page of the list on `page`; None if there is no next page. `text` is the source.

    The address is on the same host, and is never that of the page itself.
    """
    if options.next is not None:
        found = _next_by_selector(page, options.next)
    else:
        found = next(
            filter(None, (finder(page, text) for finder in (_next_by_relation, _next_by_label, _next_by_script))), ""
        )
    same_host = urlsplit(found).netloc.lower() == urlsplit(page.url).netloc.lower()
    return found if found and same_host and found.partition("#")[0] != page.url.partition("#")[0] else None


def _next_by_selector(page: ParsedPage, selector_with_attribute: str) -> str:
    selector, attribute = split_selector(selector_with_attribute)
    for element in CSSSelector(selector or "a", translator="html")(page.root):
        if attribute and attribute != "href":
            found = absolute_url(page.base, element.get(attribute) or "")
        else:
            link = element if element.get("href") else next(links_in(element), element)
            found = link_target(link, page.base)
        if found:
            return found
    return ""


def _next_by_relation(page: ParsedPage, _text: str) -> str:
    """Return the target of `<link rel=next>` or `<a rel=next>`."""
    relations = (
        element for element in page.root.iter("link", "a") if "next" in (element.get("rel") or "").lower().split()
    )
    return next(filter(None, (link_target(element, page.base) for element in relations)), "")


def _next_by_label(page: ParsedPage, _text: str) -> str:
    """Return the target of the link with the label "next"; "" if there are several different targets."""
    found = [link for link in islice(page.root.iter("a"), _MAX_LINKS) if _is_next(link) and not _is_disabled(link)]
    places = dict.fromkeys(url for link in found if (url := link_target(link, page.base)))
    return next(iter(places)) if len(places) == 1 else ""


def _is_next(link: HtmlElement) -> bool:
    label = one_line(str(link.text_content())[: 4 * _MAX_LABEL_LENGTH])
    if len(label) > _MAX_LABEL_LENGTH:
        return False
    labels = (label, one_line(link.get("title") or ""), one_line(link.get("aria-label") or ""))
    if any(map(_NEXT_WORDS.fullmatch, filter(None, labels))):
        return True
    # A sign such as `>` is a link to the next page only within an element that is named as a pager.
    holders = islice((link, *ancestors(link)), _MAX_ANCESTORS)
    names = _NAME_PART.findall(" ".join(f"{each.get('class') or ''} {each.get('id') or ''}"[:300] for each in holders))
    return _NEXT_SIGNS.fullmatch(label) is not None and any(map(_PAGER_NAME.fullmatch, names))


def _is_disabled(link: HtmlElement) -> bool:
    """Return whether a link is disabled, as on the last page."""
    holder = link.getparent()
    names = f"{link.get('class') or ''} {'' if holder is None else holder.get('class') or ''}"
    return (
        link.get("disabled") is not None
        or link.get("aria-disabled") == "true"
        or _DISABLED_NAME.search(names) is not None
    )


def _next_by_script(page: ParsedPage, text: str) -> str:
    """Return the address that the script `createPageHTML` would make: `index_1.html` on the first page."""
    called = _PAGER_SCRIPT.search(text[:_MAX_TEXT_LENGTH])
    if called is None:
        return ""
    last = int(called[2]) if called[1] else int(called[2]) - 1
    following = int(called[3]) + 1
    return absolute_url(page.base, f"{called[4]}_{following}.{called[5]}") if following <= last else ""
