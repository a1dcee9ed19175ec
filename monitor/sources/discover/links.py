"""The feeds that a page names: by `<link rel="alternate">`, or by a link that readers see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from monitor.sources.discover.addresses import EndpointCandidate, in_section, language_in, same_site
from monitor.sources.page.document import ParsedPage, address
from monitor.sources.plain import one_line
from monitor.text.address import absolute_url, canonical_url

MOST: Final = 4
"""How many feeds of those that a page names are looked at."""

_TYPES: Final = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}
)
_COMMENTS = re.compile(r"comment|评论|評論|留言|回复|回應", re.IGNORECASE)
_FEED = re.compile(
    r"/(?:rss|feeds?|atom)(?:/|\.xml|\.rdf|\.php|\.aspx?)?$|\.(?:rss|atom|rdf)$|/[\w-]*(?:rss|feed|atom)[\w-]*\.xml$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Named:
    """A feed as a page names it."""

    url: str
    title: str
    language: str
    declared: bool

    @property
    def reason(self) -> str:
        """How the page names it."""
        how = "the page declares this feed" if self.declared else "the page links to this feed"
        return f"{how} (“{self.title}”)" if self.title else how


def feeds_named(page: ParsedPage) -> tuple[EndpointCandidate, ...]:
    """Return the feeds that the page names, the likeliest to be about the same first.

    That is: in the page's language before another, declared before linked, of its own section before elsewhere. Of
    equals the first: a site declares its main feed first. Feeds of comments are left out.
    """
    found: dict[str, _Named] = {}
    links = [(link, address(link, page.base)) for link in page.root.iter("a")]
    linked = [
        _Named(url, one_line(str(link.text_content()))[:80], "", declared=False)
        for link, url in links
        if url and same_site(url, page.url) and _FEED.search(urlsplit(url).path)
    ]
    for named in (*_declared(page), *linked):
        if not (_COMMENTS.search(named.title) or _COMMENTS.search(urlsplit(named.url).path)):
            found.setdefault(canonical_url(named.url), named)
    ordered = sorted(
        found.values(),
        key=lambda named: (_another_language(named, page), not named.declared, not in_section(named.url, page.url)),
    )
    return tuple(EndpointCandidate("feed", named.url, named.reason) for named in ordered[:MOST])


def _declared(page: ParsedPage) -> Iterator[_Named]:
    for link in page.root.iter("link"):
        relations = (link.get("rel") or "").lower().split()
        media = (link.get("type") or "").partition(";")[0].strip().lower()
        if media in _TYPES and ("alternate" in relations or "feed" in relations):
            url = absolute_url(page.base, link.get("href") or "")
            if url:
                yield _Named(url, one_line(link.get("title") or "")[:80], link.get("hreflang") or "", declared=True)


def _another_language(named: _Named, page: ParsedPage) -> bool:
    stated = named.language[:2].lower()
    if stated and page.language and stated != page.language[:2].lower():
        return True
    mine, its = language_in(page.url), language_in(named.url)
    return bool(mine and its and mine != its)
