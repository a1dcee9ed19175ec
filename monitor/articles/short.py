"""Find the text of short documents: all text below the title in the same part of the page. Pure.

If the page does not show its title, all text in the article element is used, else all text on the page. Text that
belongs to the site is left out.

Extractors judge by the size of paragraphs. On the page of a short notice they may return a menu, or only the largest of
several boxes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import groupby
from typing import Final

from lxml import html

from monitor.articles.about import letters_and_digits
from monitor.articles.blocks import Block
from monitor.articles.boilerplate import ends_article, remove_boilerplate
from monitor.articles.shown import has_only_date

MAX_LENGTH: Final = 1_500
"""Characters; longer documents are left to the extractors."""

_SENTENCE_END = re.compile(r"[.!?。！？；：:…][\"'”’）)]*(?:\n|$)")
_MIN_KEPT_SHARE: Final = 0.8
_MIN_LINKED_SHARE: Final = 0.5
_MAX_GROWTH: Final = 6
_MAX_REPLACEMENT_LENGTH: Final = 1_200
_CONTAINER_TAGS: Final = frozenset({"article", "main", "body"})


def complete_short_text(lines: list[str], blocks: Sequence[Block], title: str) -> list[str]:
    """Return all text below the title, if the extractor's `lines` are only a part of it or from another place.

    Otherwise return `lines`. If the page does not show the title, any block may belong to the text.
    """
    extracted = {letters_and_digits(line) for line in lines}
    rows = _rows_of_links(blocks)
    others = {
        letters_of_text
        for block in blocks
        if not _has_only_links(block)
        for letters_of_text in _letters_of_lines(block)
    }
    left_out = (rows - others) | {letters_and_digits(title)}
    lines = [line for line in lines if letters_and_digits(line) not in left_out] or lines
    size = sum(map(len, lines))
    title_index = _title_index(blocks, title)
    if title_index is None and not lines:
        return lines
    below = blocks if title_index is None else blocks[title_index + 1 :]
    text_blocks = [
        block for block in below if not extracted.isdisjoint(_letters_of_lines(block)) and not _is_menu(block)
    ]
    menus = rows.union(*(_letters_of_lines(block) for block in blocks if _is_menu(block)))
    is_elsewhere = not text_blocks or not extracted.isdisjoint(menus)
    whole = _article_lines(
        below, _smallest_container(None if title_index is None else blocks[title_index], text_blocks), extracted
    )
    if not any(map(_SENTENCE_END.search, whole)) or sum(map(len, whole)) > max(
        _MAX_GROWTH * size, _MAX_REPLACEMENT_LENGTH
    ):
        return lines
    letters_of_text = "".join(map(letters_and_digits, whole))
    nearly_all = (
        sum(len(line) for line in lines if letters_and_digits(line) in letters_of_text) >= _MIN_KEPT_SHARE * size
    )
    return whole if is_elsewhere or nearly_all else lines


def _title_index(blocks: Sequence[Block], title: str) -> int | None:
    """Return the index of the last heading that equals the title, else of the last such block; None if none does."""
    wanted = letters_and_digits(title)
    indexes = [
        at
        for at, block in enumerate(blocks)
        if wanted and letters_and_digits(block.text) == wanted and block.linked_share < _MIN_LINKED_SHARE
    ]
    return next((at for at in reversed(indexes) if blocks[at].is_heading), indexes[-1] if indexes else None)


def _letters_of_lines(block: Block) -> list[str]:
    return [letters_and_digits(line) for line in block.text.split("\n")]


def _is_menu(block: Block) -> bool:
    """Return whether a block belongs to the site, or has mostly links and no sentence."""
    sentence = _SENTENCE_END.search(block.text) and not _has_only_links(block)
    return block.is_outside or (block.linked_share >= _MIN_LINKED_SHARE and not sentence)


def _rows_of_links(blocks: Sequence[Block]) -> set[str]:
    """Return the texts of blocks with only links, also of neighbouring blocks joined as extractors join them."""
    rows: set[str] = set()
    for only, run in groupby(blocks, _has_only_links):
        row = list(run)
        if only and sum(len(block.links) for block in row) > 1:
            rows.add("".join(letters_and_digits(block.text) for block in row))
        rows.update(
            letters_and_digits(text)
            for block in row
            if only and len(block.links) > 1
            for text in (block.text, *block.links)
        )
    return rows


def _has_only_links(block: Block) -> bool:
    """Return whether a block has only links and separators, or only a separator."""
    return block.linked_share == 1 or letters_and_digits(block.text) == letters_and_digits("".join(block.links))


def _smallest_container(title: Block | None, text_blocks: Sequence[Block]) -> html.HtmlElement | None:
    """Return the smallest element that contains the title and the text below it; None for the whole page.

    If the title or the text is not found, return the `<article>`, `<main>` or `<body>` around the other one.
    """
    elements = [block.element for block in (title, *text_blocks) if block is not None]
    if not elements:
        return None
    ups = [elements[0], *elements[0].iterancestors()]
    for element in elements[1:]:
        own = {id(up) for up in (element, *element.iterancestors())}
        ups = [up for up in ups if id(up) in own]
    if title is not None and text_blocks:
        return ups[0]
    return next((up for up in ups if up.tag in _CONTAINER_TAGS), ups[-1])


def _article_lines(
    blocks: Sequence[Block], container: html.HtmlElement | None, extracted: Collection[str]
) -> list[str]:
    """Return the lines of `blocks` in `container` that belong to the article, up to text of the site.

    Lines before the first sentence may be bylines, dates or buttons. They are kept only if they are also in
    `extracted`, the lines of the extractor.
    """
    lines: list[str] = []
    begun = False
    for block in blocks:
        ups = (block.element, *block.element.iterancestors())
        if container is not None and not any(up is container for up in ups):
            continue
        if lines and (ends_article(block.text) or block.element.tag == "footer"):
            break
        if _is_menu(block):
            continue
        begun = begun or (bool(_SENTENCE_END.search(block.text)) and not has_only_date(block.text))
        lines.extend(
            line
            for line in block.text.split("\n")
            if letters_and_digits(line) in extracted
            or (begun and remove_boilerplate([line]) and not has_only_date(line))
        )
    return lines
