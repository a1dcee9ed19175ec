"""Find the text of an article on its page."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any, Final

import readability  # type: ignore[import-untyped]  # it ships no types
import trafilatura
from lxml import etree, html

from monitor.articles.about import letters_and_digits as key
from monitor.articles.blocks import blocks_of, group_lines, lines_with_breaks
from monitor.articles.boilerplate import remove_boilerplate
from monitor.articles.short import MAX_LENGTH, complete_short_text
from monitor.articles.stated import StructuredData, plain_line
from monitor.articles.tree import BLOCK_TAGS, lines_of

MAX_SHORT_CHINESE_LENGTH: Final = 200
"""Characters. For a shorter Chinese text, the result of readability is used if it is longer than trafilatura's.

Trafilatura drops short paragraphs.
"""

_HAN = re.compile("[\u3400-\u9fff]")
_SENTENCE_END = re.compile("[。！？；]|：$")
_COMMENTS_NAME = re.compile(
    r"(?:post|article|user)?[-_]?comments?(?:[-_]?(?:list|area|section|box|wrap(?:per)?|container|thread))?"
    r"|disqus_thread|tie-?area",
    re.IGNORECASE,
)
_TABLE_BARS = re.compile(r"^\s*\|[-|\s]*|\|\s*$|\\\|")
_MIN_SENTENCE_LENGTH: Final = 20
_MIN_PROSE_RATIO: Final = 0.95
_MIN_JSON_LD_RATIO: Final = 1.4
_PARAGRAPH_TAGS: Final = (*BLOCK_TAGS, "br", "center", "legend", "optgroup", "option")
_MAX_PARAGRAPHS: Final = 4_000  # paragraphs; readability, and justext in trafilatura, need quadratic time
_STANDFIRST_LENGTHS: Final = range(40, 600)
_MAX_TITLE_LINES: Final = 3
_OPENING_LENGTH: Final = 40
_MIN_LINE_BELOW_TITLE: Final = 30
_MAX_COMMENTS_SHARE: Final = 0.4


def body_of(tree: html.HtmlElement, data: StructuredData, title: str, page: Sequence[str]) -> list[str]:
    """Return the blocks of the article, with a line feed for each line break. `page` has all lines of the page."""
    tree = _remove_comments(tree)
    is_crowded = sum(1 for _ in islice(tree.iter(*_PARAGRAPH_TAGS), _MAX_PARAGRAPHS)) == _MAX_PARAGRAPHS
    lines = _extract_by_trafilatura(tree, fast=is_crowded)
    if _is_chinese(page) and not is_crowded:
        lines = _choose_extractor(lines, _extract_by_readability(tree))
    lines = _prefer_json_ld(lines, data)
    head = [line for line in lines[:_MAX_TITLE_LINES] if not key(title) or key(line) != key(title)]
    lines = remove_boilerplate([*head, *lines[_MAX_TITLE_LINES:]])
    if _count_characters(lines) < MAX_LENGTH:
        lines = complete_short_text(lines, blocks_of(tree), title)
    return group_lines(
        _add_standfirst(_text_below_title(lines, title, page), data, title, page), lines_with_breaks(tree)
    )


def _remove_comments(tree: html.HtmlElement) -> html.HtmlElement:
    """Return a copy of the page without the readers' comments below the article."""
    copied = copy.deepcopy(tree)
    page_size = len(copied.text_content())
    for element in list(copied.iterfind(".//div")) + list(copied.iterfind(".//section")):
        marks = f"{element.get('id') or ''} {element.get('class') or ''}".split()
        if any(map(_COMMENTS_NAME.fullmatch, marks)) and _is_removable(element, page_size):
            element.drop_tree()
    return copied


def _is_removable(element: html.HtmlElement, page_size: int) -> bool:
    """Return whether an element can be removed: it contains no article, and only a small part of the page's text."""
    if element.getparent() is None or any(True for _ in element.iter("h1", "article")):
        return False
    return len(element.text_content()) < page_size * _MAX_COMMENTS_SHARE


def _extract_by_trafilatura(tree: html.HtmlElement, *, fast: bool) -> list[str]:
    text = call_library(
        lambda: trafilatura.extract(copy.deepcopy(tree), fast=fast, include_comments=False, include_tables=True)
    )
    lines = text.split("\n") if isinstance(text, str) else []
    return [
        line for raw in lines if (line := " ".join(_TABLE_BARS.sub(" ", raw).split()))
    ]  # the bars that trafilatura writes for tables


def _extract_by_readability(tree: html.HtmlElement) -> list[str]:
    markup = etree.tostring(tree, encoding="unicode", method="html")
    summary = call_library(lambda: readability.Document(markup).summary(html_partial=True))
    if not isinstance(summary, str) or not summary.strip():
        return []
    found = call_library(lambda: html.fragment_fromstring(summary, create_parent="div"))
    return lines_of(found) if isinstance(found, html.HtmlElement) else []


def select_text(tree: html.HtmlElement, selector: str) -> tuple[list[str], tuple[str, ...]]:
    """Return the blocks that a CSS selector selects, and messages if it is wrong or selects nothing."""
    found = call_library(lambda: tree.cssselect(selector))
    if found is None:
        return [], (f"`content`: {selector!r} is not a CSS selector",)
    lines = [block.text for element in found for block in blocks_of(element)]
    return lines, () if lines else (f"`content`: {selector!r} finds no text on the page",)


def call_library(function: Callable[[], Any]) -> Any:
    """Return the result of a call of a library; None if the library raises an exception."""
    try:
        return function()
    except Exception:  # noqa: BLE001 - these libraries raise whatever comes up in them on pages that are not as expected
        return None


def _is_chinese(lines: Sequence[str]) -> bool:
    sample = "".join(lines)[:20_000]
    return len(_HAN.findall(sample)) * 5 > len(sample)


def _count_characters(lines: Sequence[str]) -> int:
    return sum(map(len, lines))


def _choose_extractor(lines: list[str], others: list[str]) -> list[str]:
    """Return trafilatura's `lines` or readability's `others` for a Chinese page: the text with more prose.

    Trafilatura may mistake a list of other news for text: it has long titles with commas.
    """
    if _count_characters(lines) < MAX_SHORT_CHINESE_LENGTH and _count_characters(others) > _count_characters(lines):
        return others
    return others if others and _count_prose(others) >= _MIN_PROSE_RATIO * _count_prose(lines) else lines


def _text_below_title(lines: list[str], title: str, page: Sequence[str]) -> list[str]:
    """Return the text below the title if `lines` are short and from another place on the page; else `lines`.

    Extractors may mistake a menu for a short text.
    """
    if _count_characters(lines) >= MAX_SHORT_CHINESE_LENGTH or not _is_chinese(page):
        return lines
    at = next((at for at, line in enumerate(page) if title and key(line) == key(title)), len(page))
    below = list(page[at + 1 : at + 1 + _MIN_LINE_BELOW_TITLE])
    extracted = [bool(remove_boilerplate([line])) for line in below]
    begin = extracted.index(True) if any(extracted) else len(below)
    below = below[begin : extracted.index(False, begin) if False in extracted[begin:] else len(below)]
    letters = {key(line) for line in lines}
    is_elsewhere = not letters.isdisjoint(map(key, page[:at])) or letters.isdisjoint(map(key, below))
    return below if is_elsewhere and any(map(_SENTENCE_END.search, below)) else lines


def _count_prose(lines: Sequence[str]) -> int:
    """Count the characters of all lines in which a sentence ends. Lists of links have no such lines."""
    prose = (
        line for line in remove_boilerplate(lines) if len(line) >= _MIN_SENTENCE_LENGTH and not line.startswith("- ")
    )
    return sum(len(line) for line in prose if _SENTENCE_END.search(line))


def _prefer_json_ld(lines: list[str], data: StructuredData) -> list[str]:
    """Return the text in JSON-LD if it is much longer; else `lines`.

    Extractors read only the first column of a page with several columns.
    """
    stated = data.main_object.get("articleBody")
    if not isinstance(stated, str):
        return lines
    whole = [line for raw in re.split(r"\r?\n|</p>|<br\s*/?>", stated) if (line := plain_line(raw))]
    return whole if _count_characters(whole) > _MIN_JSON_LD_RATIO * _count_characters(lines) else lines


def _add_standfirst(lines: list[str], data: StructuredData, title: str, page: Sequence[str]) -> list[str]:
    """Return `lines` with the standfirst before them, if the page shows one and the extractor left it out."""
    standfirst = _find_standfirst(data, page)
    opening = key(standfirst)[:_OPENING_LENGTH]
    if not lines or not opening or opening in key("".join(lines)) or opening in key(title):
        return lines
    return [standfirst, *lines]


def _find_standfirst(data: StructuredData, page: Sequence[str]) -> str:
    """Return the line of the page that equals the page's description; "" if there is no such line."""
    meta = data.meta
    for text in (meta.get("og:description", ""), meta.get("description", ""), data.text("description")):
        opening = key(plain_line(text))[:_OPENING_LENGTH]
        if len(opening) < _OPENING_LENGTH // 2:
            continue
        for line in page:
            if len(line) in _STANDFIRST_LENGTHS and key(line).startswith(opening):
                return line
    return ""
