"""Parse a page into a tree, and read its visible parts: texts and links, in order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple

from lxml import etree, html
from lxml.html import HtmlElement

from monitor.sources.page.unclosed import close_tags, is_tangled
from monitor.sources.plain import one_line, remove_control_characters, valid_language_tag
from monitor.text.address import absolute_url

MAX_ANCESTORS: Final = 120
"""Maximum number of ancestors of an element that are examined: hostile pages nest a hundred thousand elements."""

_INLINE_TAGS: Final = frozenset(
    (
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins"),
        *("kbd", "label", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time"),
        *("tt", "u", "var", "wbr", "img"),
    )
)
DECORATION_TAGS: Final = frozenset({"b", "strong", "font", "em", "i", "u", "tbody", "big", "small", "nobr", "center"})
"""Elements that only change how a row looks."""

TYPE_TAGS: Final = DECORATION_TAGS - {"tbody", "center"}
"""Elements that only change the font of a text."""

_INVISIBLE_TAGS: Final = frozenset(
    {"script", "style", "template", "head", "noscript", "object", "svg", "math", "select"}
)
# The address to which a script leads: it is opened, assigned, or looks like an address in any other function call.
_SCRIPT_TARGET = re.compile(
    r"""(?:\b(?:window|self|top|parent)\.open\s*\(|(?<![\w.])open\s*\(|\blocation(?:\.href)?\s*=|\blocation\.(?:assign|replace)\s*\()"""
    r"""\s*['"](?!(?:about|javascript):|_\w+['"])([^'"\s#][^'"\s]*)['"]"""
    r"""|\w+\s*\(\s*['"]((?:https?:)?/[^'"\s]+|[\w./-]+\.s?html?(?:\?[^'"\s]*)?)['"]"""
)
_URL_ATTRIBUTES: Final = ("data-href", "data-url", "data-link")
_ROW_TAGS: Final = (
    *("span", "div", "li", "tr", "td", "p", "h2", "h3", "h4"),
    *("article", "section", "dl", "dt", "dd", "figure", "button"),
)
_CLICKABLE_ELEMENTS = etree.XPath("//*[@onclick or @data-href or @data-url or @data-link][not(self::a)]")
_CLICKABLE_MARK: Final = "data-leads-on"
_ADDRESS_PATTERN = re.compile(
    r"(?:https?:/|\.{0,2})/[^\s/]|\.{0,2}\?\w|[\w.-]+/[\w.-]|[\w-]+\.(?:[sx]?html?|php|aspx?|jsp|pdf)\b"
)
_PICTURE_FILE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|ico|js|css|mp[34])(?:$|[?#])", re.IGNORECASE)

_MAX_SCRIPT_LENGTH: Final = 2000
_MAX_CACHED_LENGTH: Final = 300
_OPENING_SIGNS: Final = "([“‘$€£#@"
_CLOSING_SIGNS: Final = ")]”’'.,;:!?%"

_PAGE_END_TAGS = re.compile(r"</(?:html|body)\s{0,20}>", re.IGNORECASE)
"""End tags of the page. Browsers ignore them in the middle of a page, but libxml2 drops the text after them."""


class TextRun(NamedTuple):
    """A piece of text without markup in it. Pieces with the same `block` number are on one line.

    `follows_directly` means that there is no blank between this piece and the piece before it (`place` - 1).
    """

    text: str
    element: HtmlElement
    block: int
    place: int = 0
    follows_directly: bool = False


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """A parsed page, which came from `url`. `base` is the base address of its links."""

    root: HtmlElement
    url: str
    base: str
    title: str | None
    language: str | None


def parse(text: str, url: str) -> ParsedPage | None:
    """Parse `text` into a page; return None if it has no element. Never raises for any text."""
    root = parse_tree(text)
    if root is None:
        return None
    base = next((element.get("href") or "" for element in root.iter("base") if element.get("href")), "")
    title = next((one_line(str(element.text_content())) for element in root.iter("title")), "")
    return ParsedPage(
        root, url, absolute_url(url, base) or url, title or None, valid_language_tag(root.get("lang") or "")
    )


def parse_tree(text: str) -> HtmlElement | None:
    """Parse `text` into a tree of elements; None if there are no elements."""
    markup = _PAGE_END_TAGS.sub("", remove_control_characters(text))
    root = _parse_markup(markup)
    if root is not None and is_tangled(root):
        root = _parse_markup(close_tags(markup))
    # Mark elements that are no links but lead somewhere: links are searched for many times.
    for element in () if root is None else _CLICKABLE_ELEMENTS(root):
        script = element.get("onclick") or ""
        if _SCRIPT_TARGET.search(script[:_MAX_SCRIPT_LENGTH]) or _data_url(element):
            element.set(_CLICKABLE_MARK, "")
    return root


def _parse_markup(markup: str) -> HtmlElement | None:
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
    """Yield the elements around `element`, the innermost first."""
    return islice(element.iterancestors(), MAX_ANCESTORS)


def text_runs(element: HtmlElement, word_breaks: frozenset[str] = frozenset()) -> list[TextRun]:
    """Return the visible texts of `element` in order. Tags in `word_breaks` separate words, not blocks."""
    found: list[TextRun] = []
    block = 0
    follows_directly = False
    for text, owner, border in _walk_texts(element, word_breaks):
        block += border is True
        follows_directly = follows_directly and border is False and not text[:1].isspace()
        line = one_line(text)
        if line:
            found.append(TextRun(line, owner, block, len(found), follows_directly))
            follows_directly = True
        follows_directly = follows_directly and not text[-1:].isspace()
    return found


def _walk_texts(top: HtmlElement, word_breaks: frozenset[str]) -> Iterator[tuple[str, HtmlElement, bool | None]]:
    """Yield each text with its element, and whether a block ends before the text (None: only a word ends).

    It does not use recursion: hostile pages nest a hundred thousand elements.
    """
    todo: list[tuple[HtmlElement, bool]] = [(top, True)]
    while todo:
        element, entering = todo.pop()
        tag = element.tag
        if not isinstance(tag, str) or tag in _INVISIBLE_TAGS:
            yield element.tail or "", _parent_or_self(element), False
            continue
        border = None if tag in word_breaks else tag not in _INLINE_TAGS
        if entering:
            yield element.text or "", element, border
            todo.append((element, False))
            todo.extend((child, True) for child in reversed(element))
        elif element is not top:
            yield element.tail or "", _parent_or_self(element), border


def texts_of(top: HtmlElement) -> Iterator[str]:
    """Yield all texts in `top` as written, except scripts."""
    for element in top.iter():
        if element.tag not in ("script", "style"):
            yield element.text or ""
        yield element.tail or ""


def _parent_or_self(element: HtmlElement) -> HtmlElement:
    parent = element.getparent()
    return element if parent is None else parent


def lines_of_runs(runs: Iterable[TextRun]) -> list[str]:
    """Return a line for each block, joined from its pieces of text."""
    by_block: dict[int, str] = {}
    before: dict[int, TextRun] = {}
    for piece in runs:
        line = by_block.get(piece.block, "")
        blank = _needs_blank(line, piece.text) and not (line and _is_one_word(before[piece.block], piece))
        by_block[piece.block] = f"{line}{' ' if blank else ''}{piece.text}"
        before[piece.block] = piece
    return list(by_block.values())


def join_parts(parts: Iterable[str]) -> str:
    """Join the parts of a line, with a blank between words but not between Chinese characters."""
    line = ""
    for part in parts:
        line += (" " if _needs_blank(line, part) else "") + part
    return line


def _needs_blank(line: str, part: str) -> bool:
    return bool(line) and (line[-1].isascii() or part[:1].isascii())


def _is_one_word(one: TextRun, other: TextRun) -> bool:
    """Return whether two texts of a line are parts of one word, as in `Web<b>3</b>.0`, where only the font changes.

    Two neighbouring spans are not one word: they may be two columns, separated by the style sheet.
    """
    if not other.follows_directly or other.place != one.place + 1:
        return False
    last, first = one.text[-1], other.text[0]
    two_spans = (
        one.element.tag == "span" and other.element.tag == "span" and one.element is not other.element.getparent()
    )
    if two_spans and other.element is not one.element.getparent():
        return False
    if not last.isalnum():
        return last in _OPENING_SIGNS
    return first in _CLOSING_SIGNS or (first.isalnum() and not (first.isupper() and not last.isupper()))


def links_in(top: HtmlElement) -> Iterator[HtmlElement]:
    """Yield links, and other elements that lead to an address when they are clicked."""
    for element in top.iter("a", *_ROW_TAGS):
        if element.tag == "a" or element.get(_CLICKABLE_MARK) is not None:
            yield element


def _data_url(element: HtmlElement) -> str:
    """Return the address in a data attribute of a row, which a script opens; "" if the row has links."""
    for name in _URL_ATTRIBUTES:
        value = element.get(name)
        if value and _ADDRESS_PATTERN.match(value) and not _PICTURE_FILE.search(value):
            return "" if any(link.get("href") for link in element.iter("a")) else value
    return ""


def link_target(element: HtmlElement, base: str) -> str:
    """Return the absolute address of a link; "" if the link has no http or https address."""
    target = (element.get("href") or "").strip()
    if "<" in target:  # a value without quotes that ran into the next tag
        target = target.partition("<")[0].rstrip() if element.text_content().strip() else ""
    if target.startswith("#"):
        return ""
    if target and not target.lower().startswith("javascript:"):
        return absolute_url(base, target)
    found = _SCRIPT_TARGET.search(f"{target} {element.get('onclick') or ''}"[:_MAX_SCRIPT_LENGTH])
    return absolute_url(base, (found[1] or found[2]) if found else _data_url(element))


def text_width(text: str) -> int:
    """Return the width of a text: a Chinese character counts 2, another letter or digit 1, other characters 0."""
    return _cached_width(text) if len(text) <= _MAX_CACHED_LENGTH else _count_width(text)


def _count_width(text: str) -> int:
    return sum(2 if character > "\u2e80" else 1 for character in text if character.isalpha())


_cached_width = lru_cache(maxsize=8192)(_count_width)  # the same titles occur in many candidate lists
