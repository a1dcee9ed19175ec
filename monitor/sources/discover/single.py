"""Decide whether a page is a single announcement: its metadata say so, or it is mostly running text."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from monitor.sources.discover.addresses import is_front_page
from monitor.sources.page.document import ParsedPage
from monitor.sources.page.prose import is_mostly_article

# https://schema.org/Article and its usual kinds
_ARTICLE_TYPE: Final = re.compile(r'"@type"\s*:\s*\[?\s*"(?:News|Blog|Opinion|Analysis|Report)?(?:Article|Posting)"')
_ARTICLE_FILE: Final = re.compile(r".*\.s?html?|.*\d.*|\w+(?:-\w+){2,}", re.IGNORECASE)
_LIST_FILE: Final = re.compile(
    r"(?:index|default|home|main|list|news|more|col|node|channel)\w{0,9}(?:[_-]\w{1,9})?(?:\.|$)", re.IGNORECASE
)
_PUBLISHED_META: Final = ("article:published_time", "og:article:published_time", "pubdate", "publishdate")


def is_article_page(page: ParsedPage) -> bool:
    """Return whether a page without a list is an article. The front page of a site is never one."""
    if is_front_page(page.url):
        return False
    for meta in page.root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").lower()
        if name in _PUBLISHED_META or (name == "og:type" and (meta.get("content") or "").strip().lower() == "article"):
            return True
    scripts = (script for script in page.root.iter("script") if script.get("type") == "application/ld+json")
    if any(_ARTICLE_TYPE.search(script.text or "") for script in scripts) or is_mostly_article(page.root, ()):
        return True
    if sum(1 for _ in page.root.iter("article")) == 1:
        return True
    # The address of an article ends with a file name, a number or several words.
    last = urlsplit(page.url).path.rpartition("/")[2]
    return bool(_ARTICLE_FILE.fullmatch(last)) and not _LIST_FILE.match(last)
