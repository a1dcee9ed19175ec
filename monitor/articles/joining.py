"""The pages of one article → the article. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from monitor.articles.about import letters as key
from monitor.model import Article

_TELLING: Final = 20  # letters; shorter lines may well be said twice
_HEAD: Final = 5
_NUMBER: Final = 8


def joined(article: Article, page: Article) -> Article | None:
    """`article` continued by its next `page`; None if the page says nothing that was not said before.

    The title, the standfirst and whatever else a page repeats is taken once. Documents of all pages are listed.
    """
    lines = _new(article, page)
    if not lines:
        return None
    return replace(
        article,
        text="\n".join((article.text, *lines)) if article.text else "\n".join(lines),
        attachments=tuple(dict.fromkeys((*article.attachments, *page.attachments))),
        problems=tuple(dict.fromkeys((*article.problems, *page.problems))),
        next_url=page.next_url,
    )


def _new(article: Article, page: Article) -> list[str]:
    before = {key(line) for line in article.text.split("\n")}
    title = key(article.title)
    kept: list[str] = []
    for at, line in enumerate(page.text.split("\n")):
        letters = key(line)
        head = at < _HEAD and not kept
        repeated = letters in before and (head or len(letters) >= _TELLING)
        titled = head and bool(title) and letters.startswith(title) and len(letters) <= len(title) + _NUMBER
        if letters and not repeated and not titled:
            kept.append(line)
    return kept
