"""A page as a tree, and what a reader of it sees: pieces of text in their order, links, dates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final, NamedTuple

from lxml import etree, html
from lxml.html import HtmlElement

from monitor.sources.feed.common import language_tag
from monitor.sources.page.unclosed import close_tags, is_tangled
from monitor.sources.plain import clean, one_line
from monitor.text.address import absolute_url

DEEPEST: Final = 120
"""How many ancestors are looked at: hostile markup nests a hundred thousand elements."""

_INLINE: Final = frozenset(
    (
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins"),
        *("kbd", "label", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time"),
        *("tt", "u", "var", "wbr", "img"),
    )
)
DECORATION: Final = frozenset({"b", "strong", "font", "em", "i", "u", "tbody", "big", "small", "nobr", "center"})
"""Elements that change the looks of a row, not its place."""

TYPE: Final = DECORATION - {"tbody", "center"}
"""Elements that change the type of a text."""

_UNSEEN: Final = frozenset({"script", "style", "template", "head", "noscript", "object", "svg", "math", "select"})
_SCRIPTED = re.compile(
    r"""(?:window\.open\s*\(|location(?:\.href)?\s*=|\w+\s*\()\s*['"]((?:https?:)?/[^'"\s]+|[\w./-]+\.s?html?(?:\?[^'"\s]*)?)['"]"""
)

_ENDS = re.compile(r"</(?:html|body)\s{0,20}>", re.IGNORECASE)
"""Ends of the page. In its midst they are no ends for browsers; libxml2 drops what stands behind them."""


class Piece(NamedTuple):
    """A run of text without markup in it; `block` counts the blocks, so that runs of one line share it."""

    text: str
    element: HtmlElement
    block: int


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page, which came from `url`. `base` is what its links are relative to."""

    root: HtmlElement
    url: str
    base: str
    title: str | None
    language: str | None


def parse(text: str, url: str) -> Page | None:
    """The page that `text` is; None if there is no element in it. Never raises for any text."""
    root = tree(text)
    if root is None:
        return None
    stated = next((element.get("href") or "" for element in root.iter("base") if element.get("href")), "")
    title = next((one_line(str(element.text_content())) for element in root.iter("title")), "")
    return Page(root, url, absolute_url(url, stated) or url, title or None, language_tag(root.get("lang") or ""))


def tree(text: str) -> HtmlElement | None:
    """`text` as a tree of elements, as well as libxml2 can make one of it."""
    markup = _ENDS.sub("", clean(text))
    root = _parsed(markup)
    return _parsed(close_tags(markup)) if root is not None and is_tangled(root) else root


def _parsed(markup: str) -> HtmlElement | None:
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    body = markup.encode("utf-8", "replace")
    if not body.strip():
        return None
    try:
        root = html.document_fromstring(body, parser=parser, ensure_head_body=True)
    except etree.ParserError:  # there is nothing but comments
        return None
    return root


def ancestors(element: HtmlElement) -> Iterator[HtmlElement]:
    """The elements that hold `element`, from within outwards."""
    return islice(element.iterancestors(), DEEPEST)


def pieces(element: HtmlElement) -> list[Piece]:
    """The texts of `element` that are seen, in their order."""
    found: list[Piece] = []
    block = 0
    for text, owner, border in _walk(element):
        block += border
        line = one_line(text)
        if line:
            found.append(Piece(line, owner, block))
    return found


def _walk(top: HtmlElement) -> Iterator[tuple[str, HtmlElement, bool]]:
    """Texts with the element that each stands in; and whether a block begins or ends before it. Without recursion."""
    todo: list[tuple[HtmlElement, bool]] = [(top, True)]
    while todo:
        element, entering = todo.pop()
        tag = element.tag
        if not isinstance(tag, str) or tag in _UNSEEN:
            yield element.tail or "", _parent(element), False
            continue
        border = tag not in _INLINE
        if entering:
            yield element.text or "", element, border
            todo.append((element, False))
            todo.extend((child, True) for child in reversed(element))
        elif element is not top:
            yield element.tail or "", _parent(element), border


def texts_of(top: HtmlElement) -> Iterator[str]:
    """All runs of text in `top` that are no scripts, as they stand there."""
    for element in top.iter():
        if element.tag not in ("script", "style"):
            yield element.text or ""
        yield element.tail or ""


def _parent(element: HtmlElement) -> HtmlElement:
    parent = element.getparent()
    return element if parent is None else parent


def lines(found: Iterable[Piece]) -> list[str]:
    """The pieces of each block as one line."""
    by_block: dict[int, list[str]] = {}
    for piece in found:
        by_block.setdefault(piece.block, []).append(piece.text)
    return [joined(parts) for parts in by_block.values()]


def joined(parts: list[str]) -> str:
    """Parts of a line as one text: a blank between words, none between Han characters."""
    line = ""
    for part in parts:
        gap = " " if line and (line[-1].isascii() or part[:1].isascii()) else ""
        line += gap + part
    return line


def links_in(top: HtmlElement) -> Iterator[HtmlElement]:
    """What can be followed: links, and elements that open an address when they are clicked."""
    for element in top.iter("a", "span", "div", "li", "tr", "td", "p", "h2", "h3", "h4"):
        if element.tag == "a" or (element.get("onclick") and _SCRIPTED.search(element.get("onclick") or "")):
            yield element


def address(element: HtmlElement, base: str) -> str:
    """Where a link leads, absolute; "" if nowhere that can be asked for."""
    stated = (element.get("href") or "").strip()
    if stated.startswith("#"):
        return ""
    if stated and not stated.lower().startswith("javascript:"):
        return absolute_url(base, stated)
    found = _SCRIPTED.search(f"{stated} {element.get('onclick') or ''}"[:2000])
    return absolute_url(base, found[1]) if found else ""


def weight(text: str) -> int:
    """How much a text says: a Han character counts 2, any other letter 1, the rest nothing."""
    return sum(2 if character > "\u2e80" else 1 for character in text if character.isalpha())
