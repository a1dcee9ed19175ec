"""Join the pages of an article. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from monitor.articles.about import letters_and_digits as key
from monitor.model import Article

_MIN_DISTINCTIVE_LETTERS: Final = 20  # letters; shorter lines may occur twice in an article
_HEAD_LINES: Final = 5
_MAX_PAGE_NUMBER_LETTERS: Final = 8


def append_page(article: Article, page: Article) -> Article | None:
    """Return `article` with the text of its next `page` added; None if the page adds nothing.

    Text that is repeated on each page, such as title and standfirst, is kept once. The result has the linked documents
    of both.
    """
    blocks = _new_blocks(article, page)
    if not blocks:
        return None
    return replace(
        article,
        text="\n\n".join((article.text, *blocks) if article.text else blocks),
        attachments=tuple(dict.fromkeys((*article.attachments, *page.attachments))),
        problems=tuple(dict.fromkeys((*article.problems, *page.problems))),
        next_url=page.next_url,
        shortened=article.shortened or page.shortened,
    )


def _new_blocks(article: Article, page: Article) -> list[str]:
    """Return the blocks of `page` without lines that the article already has, and without its title."""
    before = {key(line) for line in article.text.split("\n")}
    title = key(article.title)
    blocks: list[str] = []
    at = 0
    for block in page.text.split("\n\n"):
        kept: list[str] = []
        for line in block.split("\n"):
            letters = key(line)
            head = at < _HEAD_LINES and not kept and not blocks
            repeated = letters in before and (head or len(letters) >= _MIN_DISTINCTIVE_LETTERS)
            titled = (
                head
                and bool(title)
                and letters.startswith(title)
                and len(letters) <= len(title) + _MAX_PAGE_NUMBER_LETTERS
            )
            at += 1
            if letters and not repeated and not titled:
                kept.append(line)
        if kept:
            blocks.append("\n".join(kept))
    return blocks
