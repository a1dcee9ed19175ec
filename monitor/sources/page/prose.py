"""Running text: links in a sentence are not rows, and a page of mostly text is an article, not a list."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from itertools import chain
from typing import Final

from lxml.html import HtmlElement

from monitor.sources.page.document import DECORATION, TextRun, ancestors, pieces, weight
from monitor.sources.plain import one_line

_TYPE: Final = DECORATION | {"span"}
_BEFORE: Final = 16
_BEHIND: Final = 4
_SENTENCE: Final = 30
_ENDS: Final = ":：|>-–—·•]】)）"
_PARAGRAPH: Final = 80
_FEWEST: Final = 4
_LEAST: Final = 600
_MORE: Final = 2.5
_MANY: Final = 0.5


def in_sentence(link: HtmlElement) -> bool:
    """Return whether a link is within a sentence: text before it continues after it, or it begins one."""
    outer = link
    while (parent := outer.getparent()) is not None and parent.tag in _TYPE:
        if any(text and text.strip() for text in (parent.text, outer.tail)):
            break
        outer = parent
    previous, parent = outer.getprevious(), outer.getparent()
    stated = previous.tail if previous is not None else parent.text if parent is not None else ""
    before, behind = one_line(stated or ""), one_line(outer.tail or "")
    if not before and behind[:1].islower() and weight(behind) >= _SENTENCE:
        return True
    if weight(before) < _BEFORE or before[-1] in _ENDS:
        return False
    return weight(behind) >= _BEHIND or behind[:1] in tuple(",.;，。；、")


def is_article(top: HtmlElement, rows: Collection[HtmlElement], said: int = 0) -> bool:
    """Return whether adjacent paragraphs outside of `rows` have much more text than all rows.

    `said` is the text of rows that are not elements of the page. A list page has at most an introduction.
    """
    held = {element for row in rows for element in row.iter()}
    said += sum(weight(str(row.text_content())) for row in rows)
    by_home: Counter[HtmlElement] = Counter()
    number: defaultdict[HtmlElement, int] = defaultdict(int)
    for home, text in paragraphs(top, held):
        by_home[home] += text
        number[home] += 1
    return any(text >= max(_LEAST, _MORE * said) and number[home] >= _FEWEST for home, text in by_home.most_common(1))


def paragraphs(top: HtmlElement, held: Collection[HtmlElement]) -> list[tuple[HtmlElement, int]]:
    """Return the weight of each long block of text with few links, by the element around its paragraph."""
    blocks: defaultdict[int, list[TextRun]] = defaultdict(list)
    for piece in pieces(top):
        if piece.element not in held:
            blocks[piece.block].append(piece)
    found = []
    for parts in blocks.values():
        plain = sum(weight(part.text) for part in parts if part.element.tag != "a")
        linked = sum(weight(part.text) for part in parts if part.element.tag == "a")
        if plain >= _PARAGRAPH and linked <= _MANY * plain and (home := _home(parts[0].element)) is not None:
            found.append((home, plain))
    return found


def _home(element: HtmlElement) -> HtmlElement | None:
    """Return what holds the paragraph in which a text is."""
    paragraph = next(
        (each for each in chain((element,), ancestors(element)) if each.tag in ("p", "div", "td", "li")), None
    )
    return None if paragraph is None else paragraph.getparent()
