"""Recognise running text: a link in a sentence is not a row, and a page of mostly text is an article, not a list."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from itertools import chain
from typing import Final

from lxml.html import HtmlElement

from monitor.sources.page.document import DECORATION_TAGS, TextRun, ancestors, text_runs, text_width
from monitor.sources.plain import one_line

_TYPE_TAGS: Final = DECORATION_TAGS | {"span"}
_MIN_WIDTH_BEFORE: Final = 16
_MIN_WIDTH_BEHIND: Final = 4
_MIN_SENTENCE_WIDTH: Final = 30
_LABEL_ENDS: Final = ":：|>-–—·•]】)）"
_MIN_PARAGRAPH_WIDTH: Final = 80
_MIN_PARAGRAPHS: Final = 4
_MIN_ARTICLE_WIDTH: Final = 600
_MIN_RATIO_TO_ROWS: Final = 2.5
_MAX_LINKED_RATIO: Final = 0.5


def is_in_sentence(link: HtmlElement) -> bool:
    """Return whether a link is part of a sentence: text comes before and after it, or it begins the sentence."""
    outer = link
    while (parent := outer.getparent()) is not None and parent.tag in _TYPE_TAGS:
        if any(text and text.strip() for text in (parent.text, outer.tail)):
            break
        outer = parent
    previous, parent = outer.getprevious(), outer.getparent()
    text_before = previous.tail if previous is not None else parent.text if parent is not None else ""
    before, behind = one_line(text_before or ""), one_line(outer.tail or "")
    if not before and behind[:1].islower() and text_width(behind) >= _MIN_SENTENCE_WIDTH:
        return True
    if text_width(before) < _MIN_WIDTH_BEFORE or before[-1] in _LABEL_ENDS:
        return False
    return text_width(behind) >= _MIN_WIDTH_BEHIND or behind[:1] in tuple(",.;，。；、")


def is_mostly_article(top: HtmlElement, rows: Collection[HtmlElement], row_width: int = 0) -> bool:
    """Return whether neighbouring paragraphs outside of `rows` have much more text than all rows.

    `row_width` is the width of the text of rows that are not elements of the page. A list page has at most an
    introduction.
    """
    row_elements = {element for row in rows for element in row.iter()}
    row_width += sum(text_width(str(row.text_content())) for row in rows)
    by_home: Counter[HtmlElement] = Counter()
    number: defaultdict[HtmlElement, int] = defaultdict(int)
    for home, text in paragraph_widths(top, row_elements):
        by_home[home] += text
        number[home] += 1
    return any(
        text >= max(_MIN_ARTICLE_WIDTH, _MIN_RATIO_TO_ROWS * row_width) and number[home] >= _MIN_PARAGRAPHS
        for home, text in by_home.most_common(1)
    )


def paragraph_widths(top: HtmlElement, excluded: Collection[HtmlElement]) -> list[tuple[HtmlElement, int]]:
    """Return the text width of each long paragraph with few links, with the element that contains the paragraph."""
    blocks: defaultdict[int, list[TextRun]] = defaultdict(list)
    for piece in text_runs(top):
        if piece.element not in excluded:
            blocks[piece.block].append(piece)
    found = []
    for parts in blocks.values():
        plain = sum(text_width(part.text) for part in parts if part.element.tag != "a")
        linked = sum(text_width(part.text) for part in parts if part.element.tag == "a")
        if (
            plain >= _MIN_PARAGRAPH_WIDTH
            and linked <= _MAX_LINKED_RATIO * plain
            and (home := _paragraph_parent(parts[0].element)) is not None
        ):
            found.append((home, plain))
    return found


def _paragraph_parent(element: HtmlElement) -> HtmlElement | None:
    """Return the parent of the paragraph that contains the text of `element`."""
    paragraph = next(
        (each for each in chain((element,), ancestors(element)) if each.tag in ("p", "div", "td", "li")), None
    )
    return None if paragraph is None else paragraph.getparent()
