"""Close overlapping or unclosed tags where browsers close them.

In old tables and lists, a cell, row or item ends where the next one begins, even if markup such as `<b>` is still
open. Libxml2 nests them instead, each row in the row before. The rules are from the HTML standard, but only those for
cells, items, paragraphs and formatting (https://html.spec.whatwg.org/multipage/parsing.html#tree-construction).
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
"""Formatting elements, as the standard calls them, and spans."""
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
# The value of an attribute without quotes may reach up to the end of the tag. Comments and scripts are skipped. The
# quantifiers are possessive, so it takes linear time for any text.
_TAG_PATTERN = re.compile(
    r"<!--(?:(?!-->).)*+|<(?P<raw>script|style|textarea|title|xmp)\b(?:(?!</(?P=raw)).)*+"
    rf"|<(?P<end>/?)(?P<name>{_TAG_NAMES})(?=[\s/>])(?:=\s*+(?:\"[^\"]*\"|'[^']*')|[^>])*+>?",
    re.IGNORECASE | re.DOTALL,
)
_MAX_OPEN_ELEMENTS: Final = 200  # open elements that are searched: hostile pages open a hundred thousand
_MAX_REOPENED_ELEMENTS: Final = 3  # as in the standard (the Noah's Ark clause)

# By tag: the open elements that end before this element begins, and the elements beyond which they are not searched.
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
# By tag: the elements beyond which an end tag closes nothing, if they differ from the usual ones.
_SCOPE_OF_END_TAG: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys((*_CELL_TAGS, *_ROW_GROUP_TAGS, "tr"), frozenset({"table"})),
    "table": frozenset(),
    "li": _SCOPE_TAGS | _LIST_TAGS,
}
_BLOCK_TAGS: Final = _LIST_TAGS | _CELL_TAGS | _CONTAINER_TAGS | _TERM_TAGS | {"table", "li", "p"}
_HAS_NESTED_LINKS = etree.XPath(
    # Only the nearest ancestors are checked: to check all would take quadratic time for deep pages.
    "boolean(//a[@href][ancestor::*[position() < 6][self::a[@href]]] or //p[ancestor::*[position() < 6][self::p]]"
    " or //tr[not(parent::table or parent::tbody or parent::thead or parent::tfoot)]"
    " or //td[not(parent::tr)] or //th[not(parent::tr)]"
    " or //*[self::li or self::dt or self::dd][parent::a or parent::b or parent::font or parent::i or parent::em"
    " or parent::strong or parent::span or parent::u or parent::small or parent::big])"
)


def is_tangled(root: HtmlElement) -> bool:
    """Return whether a tree has links in links, or rows, cells or items in markup such as `<b>`."""
    return _HAS_NESTED_LINKS(root) is True


def close_tags(markup: str) -> str:
    """Return `markup` with an end tag wherever a browser closes an open element."""
    done: list[str] = []
    place = 0
    opened: list[tuple[str, str]] = []
    for found in _TAG_PATTERN.finditer(markup):
        if not found["name"]:
            continue
        name = found["name"].lower()
        inserted = _tags_before_end(name, opened) if found["end"] else _tags_before_start(name, found[0], opened)
        if inserted:
            done += (markup[place : found.start()], inserted)
            place = found.start()
    return "".join((*done, markup[place:]))


def _tags_before_start(name: str, tag: str, opened: list[tuple[str, str]]) -> str:
    """Return the end tags that are needed before a start tag, and add its element to `opened`."""
    inserted = ""
    if name == "a":
        number = _innermost_open(frozenset({"a"}), _BLOCK_TAGS, opened)
        if number is not None:
            inserted = _end_tags_from(number, opened, reopen=True)
    elif name in _CLOSED_BY_START_TAG:
        number = _innermost_open(*_CLOSED_BY_START_TAG[name], opened)
        if number is not None:
            inserted = _end_tags_from(number, opened)
        elif name in _CELL_TAGS or name == "tr":
            kept = len(opened)
            while kept and opened[kept - 1][0] in _TYPE_TAGS:
                kept -= 1
            inserted = _end_tags_from(kept, opened)
    if name in _CELL_TAGS and opened and opened[-1][0] in ("table", *_ROW_GROUP_TAGS):
        opened.append(("tr", "<tr>"))
        inserted += "<tr>"
    opened.append((name, tag))
    return inserted


def _tags_before_end(name: str, opened: list[tuple[str, str]]) -> str:
    """Return the end tags that are needed before an end tag, and remove its element from `opened`."""
    number = _innermost_open(
        frozenset({name}), _SCOPE_OF_END_TAG.get(name, _BLOCK_TAGS if name in _TYPE_TAGS else _SCOPE_TAGS), opened
    )
    if number is None:
        return ""
    inserted = _end_tags_from(number + 1, opened)
    opened.pop()
    return inserted


def _innermost_open(names: frozenset[str], beyond: frozenset[str], opened: list[tuple[str, str]]) -> int | None:
    """Return the index of the innermost open element with one of these names; None if one of `beyond` is open in it."""
    for number in range(len(opened) - 1, max(-1, len(opened) - 1 - _MAX_OPEN_ELEMENTS), -1):
        if opened[number][0] in names:
            return number
        if opened[number][0] in beyond:
            return None
    return None


def _end_tags_from(number: int, opened: list[tuple[str, str]], *, reopen: bool = False) -> str:
    """Return the end tags of the open elements from index `number` on; `reopen` reopens markup such as `<b>`."""
    closed = opened[number:]
    del opened[number:]
    again = list(dict.fromkeys(closed[1:]))[-_MAX_REOPENED_ELEMENTS:] if reopen else []
    opened += again
    return "".join(f"</{name}>" for name, _ in reversed(closed)) + "".join(tag for _, tag in again)
