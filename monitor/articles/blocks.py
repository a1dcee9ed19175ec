"""Split a page into blocks: paragraphs, list items, cells and headings, each with its links. Pure.

In the text of an article, an empty line separates two blocks. A single line feed is a line break within a block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from lxml import etree, html

from monitor.articles.tree import BLOCK_TAGS, INVISIBLE_TAGS

_OUTSIDE_TAGS: Final = frozenset({"nav", "aside", "footer", "form", "button", "select", "header", "figure"})
_HEADING_TAGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BREAK_TAG: Final = "br"
_BLANKS = re.compile(r"[ \t\r\f\v\u00a0\u3000]+")
# Some pages mark paragraphs only by two line breaks, or by a line break and an indent.
_PARAGRAPH_BREAK = re.compile(r"\n\s*\n|\n(?=[\u3000\u2003]{2}|[\u00a0 ]{4})")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list item, cell or heading. `text` has a line feed for each line break.

    `linked_share` is the share of its letters that are in links. `links` are the texts of the links that begin in the
    block. `is_outside` means that the block is in the head, foot or menu of the page.
    """

    text: str
    element: html.HtmlElement
    linked_share: float = 0.0
    is_outside: bool = False
    is_heading: bool = False
    links: tuple[str, ...] = ()


@dataclass(slots=True)
class _OpenBlock:
    """A block that is not finished yet."""

    element: html.HtmlElement
    parts: list[str] = field(default_factory=list)
    linked_length: int = 0
    links: list[str] = field(default_factory=list)

    def add(self, text: str, *, in_link: bool) -> None:
        """Add `text` to the block."""
        self.parts.append(text)
        self.linked_length += len("".join(text.split())) if in_link else 0
        if in_link and self.links:
            self.links[-1] += text

    def blocks(self, *, is_outside: bool) -> Iterator[Block]:
        """Yield the finished blocks, one for each paragraph of the text."""
        whole = "".join(self.parts)
        size = len("".join(whole.split()))
        for paragraph in _PARAGRAPH_BREAK.split(whole):
            lines = (_BLANKS.sub(" ", line).strip() for line in paragraph.split("\n"))
            if text := "\n".join(line for line in lines if line):
                heading = self.element.tag in _HEADING_TAGS
                yield Block(
                    text, self.element, self.linked_length / max(size, 1), is_outside, heading, tuple(self.links)
                )


def blocks_of(root: html.HtmlElement) -> list[Block]:
    """Return the blocks within `root` in document order, without empty blocks. It does not use recursion."""
    found: list[Block] = []
    reading = _OpenBlock(root)
    silent: object = None
    links = is_outside = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag, begins = element.tag, event == "start"
        if silent is not None:
            if not begins and silent is element:
                silent = None
                reading.parts.append(_collapse_blanks(element.tail))
            continue
        if begins and tag in INVISIBLE_TAGS:
            silent = element
            continue
        if tag == _BREAK_TAG:
            reading.parts.append("\n" if begins else _collapse_blanks(element.tail))
            continue
        if tag in BLOCK_TAGS:
            found += reading.blocks(is_outside=is_outside > 0)
            reading = _OpenBlock(element if begins else _parent_in(element, root))
            is_outside += (tag in _OUTSIDE_TAGS) * (1 if begins else -1)
        if tag == "a":
            links += 1 if begins else -1
            reading.links += [""] * begins
        text = _collapse_blanks(element.text if begins else element.tail if element is not root else "")
        reading.add(text, in_link=links > 0)
    found += reading.blocks(is_outside=is_outside > 0)
    return found


def _collapse_blanks(text: str | None) -> str:
    return (text or "").replace("\n", " ")


def _parent_in(element: html.HtmlElement, root: html.HtmlElement) -> html.HtmlElement:
    parent = element.getparent()
    return root if element is root or parent is None else parent


def lines_with_breaks(root: html.HtmlElement) -> list[list[str]]:
    """Return the lines of each block within `root` that has a line break."""
    around = (next((up for up in each.iterancestors() if up.tag in BLOCK_TAGS), None) for each in root.iter(_BREAK_TAG))
    parents = {id(parent): parent for parent in around if parent is not None}
    outer = [one for one in parents.values() if not any(id(up) in parents for up in one.iterancestors())]
    return [block.text.split("\n") for one in outer for block in blocks_of(one) if "\n" in block.text]


def group_lines(lines: Sequence[str], breaks: Sequence[Sequence[str]]) -> list[str]:
    """Return `lines` joined to blocks.

    `breaks` are the lines of blocks that have line breaks. Two lines are joined if they follow each other in one of
    these.
    """
    follows = {
        (_comparison_form(one), _comparison_form(other))
        for broken_lines in breaks
        for one, other in pairwise(broken_lines)
    }
    joined: list[str] = []
    for at, line in enumerate(lines):
        if at and follows and (_comparison_form(lines[at - 1]), _comparison_form(line)) in follows:
            joined[-1] += f"\n{line}"
        else:
            joined.append(line)
    return joined


def _comparison_form(line: str) -> str:
    return "".join(line.split())
