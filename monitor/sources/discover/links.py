"""Find the feeds that a page names: with `<link rel="alternate">`, or with a visible link."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from monitor.sources.discover.addresses import EndpointCandidate, is_in_section, is_same_host, language_of_path
from monitor.sources.page.document import ParsedPage, link_target
from monitor.sources.plain import one_line
from monitor.text.address import absolute_url, canonical_url

MAX_NAMED_FEEDS: Final = 4
"""The greatest number of feeds named by a page that are read."""

_FEED_TYPES: Final = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}
)
_COMMENT_FEED = re.compile(r"comment|评论|評論|留言|回复|回應", re.IGNORECASE)
_FEED_ADDRESS = re.compile(
    r"/(?:rss|feeds?|atom)(?:/|\.xml|\.rdf|\.php|\.aspx?)?$|\.(?:rss|atom|rdf)$|/[\w-]*(?:rss|feed|atom)[\w-]*\.xml$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _NamedFeed:
    """A feed that a page names."""

    url: str
    title: str
    language: str
    declared: bool

    @property
    def reason(self) -> str:
        """The reason in words: how the page names the feed."""
        how = "the page declares this feed" if self.declared else "the page links to this feed"
        return f"{how} (“{self.title}”)" if self.title else how


def feeds_named_by(page: ParsedPage) -> tuple[EndpointCandidate, ...]:
    """Return the feeds that the page names, the likeliest ones first.

    Feeds in the page's language come first; of these, declared feeds before visible links; of these, feeds of the
    page's own section. Otherwise the order of the page is kept: a site declares its main feed first. Feeds of comments
    are left out.
    """
    found: dict[str, _NamedFeed] = {}
    links = [(link, link_target(link, page.base)) for link in page.root.iter("a")]
    linked = [
        _NamedFeed(url, one_line(str(link.text_content()))[:80], "", declared=False)
        for link, url in links
        if url and is_same_host(url, page.url) and _FEED_ADDRESS.search(urlsplit(url).path)
    ]
    for named_feeds in (*_declared_feeds(page), *linked):
        if not (_COMMENT_FEED.search(named_feeds.title) or _COMMENT_FEED.search(urlsplit(named_feeds.url).path)):
            found.setdefault(canonical_url(named_feeds.url), named_feeds)
    ordered = sorted(
        found.values(),
        key=lambda named_feeds: (
            _is_in_another_language(named_feeds, page),
            not named_feeds.declared,
            not is_in_section(named_feeds.url, page.url),
        ),
    )
    return tuple(
        EndpointCandidate("feed", named_feeds.url, named_feeds.reason) for named_feeds in ordered[:MAX_NAMED_FEEDS]
    )


def _declared_feeds(page: ParsedPage) -> Iterator[_NamedFeed]:
    for link in page.root.iter("link"):
        relations = (link.get("rel") or "").lower().split()
        media = (link.get("type") or "").partition(";")[0].strip().lower()
        if media in _FEED_TYPES and ("alternate" in relations or "feed" in relations):
            url = absolute_url(page.base, link.get("href") or "")
            if url:
                yield _NamedFeed(url, one_line(link.get("title") or "")[:80], link.get("hreflang") or "", declared=True)


def _is_in_another_language(feed: _NamedFeed, page: ParsedPage) -> bool:
    declared = feed.language[:2].lower()
    if declared and page.language and declared != page.language[:2].lower():
        return True
    page_language, feed_language = language_of_path(page.url), language_of_path(feed.url)
    return bool(page_language and feed_language and page_language != feed_language)
