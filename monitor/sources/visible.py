"""Find the visible text of HTML: its lines, one for each block, without scripts, styles and comments.

Feeds have a summary in HTML for every entry, so most of the time of reading a feed was spent here. lxml alone takes a
tenth of the time of BeautifulSoup, which builds a second tree from lxml's events. So lxml is used where both give the
same text, and BeautifulSoup where they may differ: the tests compare them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from lxml import etree

if TYPE_CHECKING:
    from bs4.element import PageElement, Tag

_BLOCK_TAGS: Final = frozenset(
    (
        *("address", "article", "aside", "blockquote", "br", "caption", "center", "dd", "details", "dialog", "dir"),
        *("div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("header", "hr", "legend", "li", "main", "menu", "nav", "ol", "option", "p", "pre", "section", "summary"),
        *("table", "tr", "ul"),
    )
)
_CELL_TAGS: Final = frozenset({"td", "th"})
_INVISIBLE_TAGS: Final = frozenset({"script", "style", "template", "head", "object", "svg", "math"})
# Marks the border of a block. No document contains it: `remove_control_characters` removes it, and XML refuses it.
_BLOCK_BREAK: Final = "\x1e"
# Marks the border of a block in lxml's tree, which refuses control characters. Unicode reserves it for such use.
_TREE_BREAK: Final = "\ufdd0"

_MAX_LENGTH_FOR_LXML: Final = 200_000
"""Characters. lxml has a limit for the length of a text: BeautifulSoup reads longer markup."""

# Markup that the two may read differently: the elements of a whole document, the readings of ruby characters (which
# BeautifulSoup sets apart), and a text that contains the mark.
_DOUBTFUL_MARKUP: Final = re.compile(
    rf"{_TREE_BREAK}|&#(?:x0*fdd0|0*64976)(?![0-9a-f])|</?(?:html|head|body|frameset|rt|rp)\b|<!doctype|<!\[",
    re.IGNORECASE,
)


def visible_lines(markup: str) -> list[str]:
    """Return the lines of the visible text of `markup`, without empty lines; in each, a run of blanks is one blank.

    `markup` is any fragment of HTML without control characters, also a broken one.
    """
    # Put the fragment into an element: bs4 would warn if a fragment looked like a file name or an XML document.
    markup = f"<div>{markup}</div>"
    doubtful = len(markup) > _MAX_LENGTH_FOR_LXML or _DOUBTFUL_MARKUP.search(markup) is not None
    pieces = (None if doubtful else lines_by_lxml(markup)) or lines_by_soup(markup)
    return [line for piece in pieces if (line := " ".join(piece.split()))]


def lines_by_soup(markup: str) -> list[str]:
    """Return the lines of `markup`, read by BeautifulSoup."""
    from bs4 import BeautifulSoup  # most processes never need it, and it takes 30 ms to import

    return "".join(_visible_texts(BeautifulSoup(markup, "lxml"))).split(_BLOCK_BREAK)


def lines_by_lxml(markup: str) -> list[str] | None:
    """Return the lines of `markup`, read by lxml; None if lxml stopped before its end.

    It stops at 256 nested elements, and elements that are never closed nest. The borders of blocks are marked in its
    tree.
    """
    parser = etree.HTMLParser(remove_comments=True, remove_pis=True)
    root = etree.fromstring(markup, parser)
    if parser.error_log.filter_from_level(etree.ErrorLevels.FATAL):
        return None
    etree.strip_elements(root, *_INVISIBLE_TAGS, with_tail=False)
    for marked, border in ((_BLOCK_TAGS, _TREE_BREAK), (_CELL_TAGS, " ")):
        for element in root.iter(*marked):
            element.text = border + (element.text or "")
            element.tail = border + (element.tail or "")
    return "".join(root.itertext()).split(_TREE_BREAK)


def _visible_texts(top: Tag) -> Iterator[str]:
    """Yield the texts within `top` in order, with a mark where a block begins or ends.

    It takes one pass and does not use recursion: hostile pages nest a hundred thousand elements.
    """
    from bs4.element import CData, NavigableString, Tag

    text_types = (str, NavigableString, CData)  # other kinds of text are comments and the like
    todo: list[PageElement | str] = [top]
    while todo:
        node = todo.pop()
        if isinstance(node, Tag):
            if node.name in _INVISIBLE_TAGS:
                continue
            border = _BLOCK_BREAK if node.name in _BLOCK_TAGS else " " if node.name in _CELL_TAGS else ""
            yield border
            todo.append(border)
            todo.extend(reversed(node.contents))
        elif type(node) in text_types:
            yield str(node)
