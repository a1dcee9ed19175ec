"""Markup → plain text. What comes from outside is cleaned here of what no text should hold."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final

from bs4 import BeautifulSoup
from bs4.element import CData, NavigableString, PageElement, Tag

_BLOCKS: Final = frozenset(
    (
        *("address", "article", "aside", "blockquote", "br", "caption", "center", "dd", "details", "dialog", "dir"),
        *("div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("header", "hr", "legend", "li", "main", "menu", "nav", "ol", "option", "p", "pre", "section", "summary"),
        *("table", "tr", "ul"),
    )
)
_CELLS: Final = frozenset({"td", "th"})
_UNSEEN: Final = frozenset({"script", "style", "template", "head", "object", "svg", "math"})
_TEXTS: Final = (str, NavigableString, CData)  # the others are comments and the like
_BREAK: Final = "\x1e"  # the border of a block; no document can hold it, `clean` and XML both refuse it

# Controls but tab, line feed and carriage return; and halves of surrogate pairs, which cannot be written anywhere.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_MARKUP = re.compile(
    r"</(?:p|a|b|i|em|strong|div|span|ul|ol|li|h[1-6]|table|blockquote)\s*>|<(?:br|img|p)\b", re.IGNORECASE
)


def clean(text: str) -> str:
    """`text` without control characters and halves of characters; databases and mails refuse both."""
    return _FORBIDDEN.sub("", text)


def one_line(text: str) -> str:
    """Cleaned text with every run of blanks and line ends as one blank."""
    return " ".join(clean(text).split())


def tidy(text: str) -> str:
    """Cleaned text with its lines kept: blanks collapsed within lines, empty lines dropped."""
    lines = (" ".join(line.split()) for line in clean(text).splitlines())
    return "\n".join(filter(None, lines))


def unescape(text: str) -> str:
    """`text` with character references resolved, once more than the format asks for: many titles are escaped twice."""
    return html.unescape(text) if _ENTITY.search(text) else text


def looks_like_markup(text: str) -> bool:
    """Whether a text that calls itself plain is HTML after all."""
    return _MARKUP.search(text) is not None


def html_text(markup: str) -> str:
    """What a reader of `markup` would see: a line for each block, no script or style, references resolved.

    Any fragment of HTML will do, however broken.
    """
    markup = clean(markup)
    if "<" not in markup:
        return one_line(html.unescape(markup))
    # In an element of its own a fragment is never taken for a file name or an XML document, which bs4 would warn of.
    soup = BeautifulSoup(f"<div>{markup}</div>", "lxml")
    lines = (" ".join(line.split()) for line in "".join(_seen(soup)).split(_BREAK))
    return "\n".join(filter(None, lines))


def _seen(top: Tag) -> Iterator[str]:
    """The texts below `top` in their order, with a break where a block begins and ends.

    In one pass and without recursion: hostile markup has a hundred thousand elements in a row, or one in another.
    """
    todo: list[PageElement | str] = [top]
    while todo:
        node = todo.pop()
        if isinstance(node, Tag):
            if node.name in _UNSEEN:
                continue
            border = _BREAK if node.name in _BLOCKS else " " if node.name in _CELLS else ""
            yield border
            todo.append(border)
            todo.extend(reversed(node.contents))
        elif type(node) in _TEXTS:
            yield str(node)
