"""The text of short documents: all that is below the title in the same part of the page. Pure.

If the page does not show its title, it is all text in the article element, or else on the page, that is not the site's.

Extractors judge by the size of paragraphs. Of a notice they take a menu for the text, or the one box of several that
has most; what a short page says below its title is its text, as far as it is not the site's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import groupby
from typing import Final

from lxml import html

from monitor.articles.about import letters
from monitor.articles.blocks import Block
from monitor.articles.boilerplate import ends_article, without_boilerplate
from monitor.articles.shown import dates_only

LONGEST: Final = 1_500
"""Characters; longer documents are left to the extractors."""

_SENTENCE_END = re.compile(r"[.!?。！？；：:…][\"'”’）)]*(?:\n|$)")
_ALL: Final = 0.8
_LINKS: Final = 0.5
_GROWS: Final = 6
_AT_LEAST: Final = 1_200
_OUTERMOST: Final = frozenset({"article", "main", "body"})


def complete_short_text(lines: list[str], blocks: Sequence[Block], title: str) -> list[str]:
    """Return all text below the title, if the extractor's `lines` are a part of it or come from elsewhere.

    If the page does not show the title, any block may be the text.
    """
    found = {letters(line) for line in lines}
    rows = _rows_of_links(blocks)
    others = {said for block in blocks if not _only_links(block) for said in _letters(block)}
    left_out = (rows - others) | {letters(title)}
    lines = [line for line in lines if letters(line) not in left_out] or lines
    size = sum(map(len, lines))
    at = _title_at(blocks, title)
    if at is None and not lines:
        return lines
    below = blocks if at is None else blocks[at + 1 :]
    behind = [block for block in below if not found.isdisjoint(_letters(block)) and not _menu(block)]
    menus = rows.union(*(_letters(block) for block in blocks if _menu(block)))
    misled = not behind or not found.isdisjoint(menus)
    whole = _below(below, _container(None if at is None else blocks[at], behind), found)
    if not any(map(_SENTENCE_END.search, whole)) or sum(map(len, whole)) > max(_GROWS * size, _AT_LEAST):
        return lines
    said = "".join(map(letters, whole))
    nearly_all = sum(len(line) for line in lines if letters(line) in said) >= _ALL * size
    return whole if misled or nearly_all else lines


def _title_at(blocks: Sequence[Block], title: str) -> int | None:
    """Return the index of the title: the last heading that equals it, else the last such block."""
    wanted = letters(title)
    said = [at for at, block in enumerate(blocks) if wanted and letters(block.text) == wanted and block.linked < _LINKS]
    return next((at for at in reversed(said) if blocks[at].heading), said[-1] if said else None)


def _letters(block: Block) -> list[str]:
    return [letters(line) for line in block.text.split("\n")]


def _menu(block: Block) -> bool:
    """Return whether a block belongs to the site, or is mostly links without a sentence around them."""
    sentence = _SENTENCE_END.search(block.text) and not _only_links(block)
    return block.outside or (block.linked >= _LINKS and not sentence)


def _rows_of_links(blocks: Sequence[Block]) -> set[str]:
    """Return the rows of links (a block or a run of blocks) as extractors join them, each with its links."""
    rows: set[str] = set()
    for only, run in groupby(blocks, _only_links):
        row = list(run)
        if only and sum(len(block.links) for block in row) > 1:
            rows.add("".join(letters(block.text) for block in row))
        rows.update(
            letters(said) for block in row if only and len(block.links) > 1 for said in (block.text, *block.links)
        )
    return rows


def _only_links(block: Block) -> bool:
    """Return whether a block holds only links and separators, or only a separator."""
    return block.linked == 1 or letters(block.text) == letters("".join(block.links))


def _container(title: Block | None, behind: Sequence[Block]) -> html.HtmlElement | None:
    """Return the smallest element that holds the title and the text found after it; None is the whole page.

    If only one of the two is found, it is the article element or the page.
    """
    elements = [block.element for block in (title, *behind) if block is not None]
    if not elements:
        return None
    ups = [elements[0], *elements[0].iterancestors()]
    for element in elements[1:]:
        own = {id(up) for up in (element, *element.iterancestors())}
        ups = [up for up in ups if id(up) in own]
    if title is not None and behind:
        return ups[0]
    return next((up for up in ups if up.tag in _OUTERMOST), ups[-1])


def _below(blocks: Sequence[Block], container: html.HtmlElement | None, found: Collection[str]) -> list[str]:
    """Return the lines of `blocks` that are in `container` and belong to the article, up to the site's own text.

    Before the first sentence are bylines, dates and buttons: there a line counts only if the extractor `found` it, too.
    """
    lines: list[str] = []
    begun = False
    for block in blocks:
        ups = (block.element, *block.element.iterancestors())
        if container is not None and not any(up is container for up in ups):
            continue
        if lines and (ends_article(block.text) or block.element.tag == "footer"):
            break
        if _menu(block):
            continue
        begun = begun or (bool(_SENTENCE_END.search(block.text)) and not dates_only(block.text))
        lines.extend(
            line
            for line in block.text.split("\n")
            if letters(line) in found or (begun and without_boilerplate([line]) and not dates_only(line))
        )
    return lines
