"""Close overlapping or unclosed tags where browsers close them.

In old tables and lists, cells, rows and items end where the next one begins, even if markup such as `<b>` is still
open. libxml2 nests them instead, each row in the one before. The rules are those of the HTML standard, as far as they
are about cells, items, paragraphs and type (https://html.spec.whatwg.org/multipage/parsing.html#tree-construction).
"""

from __future__ import annotations

import re
from typing import Final

from lxml import etree
from lxml.html import HtmlElement

_TYPE_TAGS: Final = frozenset(
    (
        *("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "span", "strike", "strong", "sub", "sup"),
        *("tt", "u"),
    )
)
"""What the standard calls formatting elements, and spans."""
_CELL_TAGS: Final = frozenset({"td", "th"})
_ROW_GROUP_TAGS: Final = frozenset({"tbody", "thead", "tfoot"})
_LIST_TAGS: Final = frozenset({"ul", "ol", "dl"})
_TERM_TAGS: Final = frozenset({"dt", "dd"})
_CONTAINER_TAGS: Final = frozenset({"div", "center", "h1", "h2", "h3", "h4", "h5", "h6"})
_TAG_NAMES: Final = "|".join(
    sorted(
        {
            *_TYPE_TAGS,
            *_CELL_TAGS,
            *_ROW_GROUP_TAGS,
            *_LIST_TAGS,
            *_TERM_TAGS,
            *_CONTAINER_TAGS,
            "table",
            "tr",
            "li",
            "p",
        },
        key=len,
        reverse=True,
    )
)
# An attribute's value without quotes goes on to the end of the tag, whatever it holds. What is text for browsers
# (comments, scripts) is passed over. Possessive: in linear time for any text.
_TAG = re.compile(
    r"<!--(?:(?!-->).)*+|<(?P<raw>script|style|textarea|title|xmp)\b(?:(?!</(?P=raw)).)*+"
    rf"|<(?P<end>/?)(?P<name>{_TAG_NAMES})(?=[\s/>])(?:=\s*+(?:\"[^\"]*\"|'[^']*')|[^>])*+>?",
    re.IGNORECASE | re.DOTALL,
)
_MAX_OPEN_ELEMENTS: Final = 200  # open elements that are looked through: hostile markup opens a hundred thousand
_MAX_REOPENED: Final = 3  # as in the standard, where it is called the Noah's Ark clause

# Which open elements end before an element begins, and what they are not looked for beyond.
_CLOSED_BY_START_TAG: Final[dict[str, tuple[frozenset[str], frozenset[str]]]] = {
    **dict.fromkeys(_CELL_TAGS, (_CELL_TAGS, frozenset({"table", "tr"}))),
    "tr": (frozenset({"tr"}), frozenset({"table"})),
    **dict.fromkeys(_ROW_GROUP_TAGS, (_ROW_GROUP_TAGS, frozenset({"table"}))),
    "li": (frozenset({"li"}), _LIST_TAGS | _CELL_TAGS | {"table"}),
    **dict.fromkeys(_TERM_TAGS, (_TERM_TAGS, _LIST_TAGS | _CELL_TAGS | {"table"})),
    **dict.fromkeys(
        (*_CONTAINER_TAGS, *_LIST_TAGS, "p"),
        (frozenset({"p"}), _LIST_TAGS | _CELL_TAGS | _CONTAINER_TAGS | {"table", "li", "dt", "dd"}),
    ),
}
_SCOPE_TAGS: Final = _CELL_TAGS | {"table"}
# Beyond what an end tag reaches no element, where that is not the ordinary scope.
_SCOPE_OF_END_TAG: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys((*_CELL_TAGS, *_ROW_GROUP_TAGS, "tr"), frozenset({"table"})),
    "table": frozenset(),
    "li": _SCOPE_TAGS | _LIST_TAGS,
}
_BLOCK_TAGS: Final = _LIST_TAGS | _CELL_TAGS | _CONTAINER_TAGS | _TERM_TAGS | {"table", "li", "p"}
_HAS_NESTED_LINKS = etree.XPath(
    # Only the nearest ancestors are looked at: with all of them, deep markup takes quadratic time.
    "boolean(//a[@href][ancestor::*[position() < 6][self::a[@href]]] or //p[ancestor::*[position() < 6][self::p]]"
    " or //tr[not(parent::table or parent::tbody or parent::thead or parent::tfoot)]"
    " or //td[not(parent::tr)] or //th[not(parent::tr)]"
    " or //*[self::li or self::dt or self::dd][parent::a or parent::b or parent::font or parent::i or parent::em"
    " or parent::strong or parent::span or parent::u or parent::small or parent::big])"
)


def is_tangled(root: HtmlElement) -> bool:
    """Return whether a tree has links in links, or rows, cells or items in markup such as `<b>`, as no browser does."""
    return _HAS_NESTED_LINKS(root) is True


def close_tags(markup: str) -> str:
    """Return `markup` with an end tag wherever a browser closes an open element."""
    done: list[str] = []
    place = 0
    opened: list[tuple[str, str]] = []
    for found in _TAG.finditer(markup):
        if not found["name"]:
            continue
        name = found["name"].lower()
        inserted = _tags_before_end(name, opened) if found["end"] else _tags_before_start(name, found[0], opened)
        if inserted:
            done += (markup[place : found.start()], inserted)
            place = found.start()
    return "".join((*done, markup[place:]))


def _tags_before_start(name: str, tag: str, opened: list[tuple[str, str]]) -> str:
    """Return the end tags needed before a start tag, and open its element."""
    inserted = ""
    if name == "a":
        number = _innermost_open(frozenset({"a"}), _BLOCK_TAGS, opened)
        if number is not None:
            inserted = _close(number, opened, reopen=True)
    elif name in _CLOSED_BY_START_TAG:
        number = _innermost_open(*_CLOSED_BY_START_TAG[name], opened)
        if number is not None:
            inserted = _close(number, opened)
        elif name in _CELL_TAGS or name == "tr":
            kept = len(opened)
            while kept and opened[kept - 1][0] in _TYPE_TAGS:
                kept -= 1
            inserted = _close(kept, opened)
    if name in _CELL_TAGS and opened and opened[-1][0] in ("table", *_ROW_GROUP_TAGS):
        opened.append(("tr", "<tr>"))
        inserted += "<tr>"
    opened.append((name, tag))
    return inserted


def _tags_before_end(name: str, opened: list[tuple[str, str]]) -> str:
    """Return the end tags needed before an end tag, and close its element."""
    number = _innermost_open(
        frozenset({name}), _SCOPE_OF_END_TAG.get(name, _BLOCK_TAGS if name in _TYPE_TAGS else _SCOPE_TAGS), opened
    )
    if number is None:
        return ""
    inserted = _close(number + 1, opened)
    opened.pop()
    return inserted


def _innermost_open(names: frozenset[str], beyond: frozenset[str], opened: list[tuple[str, str]]) -> int | None:
    """Return the index of the innermost open element with these names; None if `beyond` is open inside it."""
    for number in range(len(opened) - 1, max(-1, len(opened) - 1 - _MAX_OPEN_ELEMENTS), -1):
        if opened[number][0] in names:
            return number
        if opened[number][0] in beyond:
            return None
    return None


def _close(number: int, opened: list[tuple[str, str]], *, reopen: bool = False) -> str:
    """Close the open elements from index `number` on, and reopen markup such as `<b>` in them if asked to."""
    closed = opened[number:]
    del opened[number:]
    again = list(dict.fromkeys(closed[1:]))[-_MAX_REOPENED:] if reopen else []
    opened += again
    return "".join(f"</{name}>" for name, _ in reversed(closed)) + "".join(tag for _, tag in again)
