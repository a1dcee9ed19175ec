"""The structured data of a page about its article: JSON-LD and `<meta>`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any, Final

from lxml import html

from monitor.articles.about import PageIdentity, letters
from monitor.articles.tree import attribute
from monitor.text.address import absolute_url


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ARTICLES: Final = _words(
    "Article NewsArticle BlogPosting Report ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle "
    "BackgroundNewsArticle ReviewNewsArticle LiveBlogPosting TechArticle ScholarlyArticle SocialMediaPosting "
    "DiscussionForumPosting AdvertiserContentArticle SatiricalArticle GovernmentService SpecialAnnouncement"
)
_PAGES: Final = _words("WebPage ItemPage AboutPage Product Review Recipe VideoObject Event PodcastEpisode")
_WITHIN: Final = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement")
_MOST: Final = 2_000
_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/)\s*;?\s*$"
)
_LOOSE_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{6,40})"')
# What Baidu asks publishers to state, in a vocabulary of its own: https://ziyuan.baidu.com/contexts/cambrian.jsonld
_FOR_BAIDU = re.compile(r'"pubDate"\s*:\s*"([^"]{6,40})"')
_TAG = re.compile(r"<[a-zA-Z/][^<>]{0,500}>")


@dataclass(frozen=True, slots=True)
class StructuredData:
    """Data for machines: `thing` is the JSON-LD object of the article, else of the page.

    `dates` are all its dates, the article's first. `for_baidu` are the dates in Baidu's vocabulary, which has no other
    names for parts of articles. `meta` has the contents of `<meta>` by lower-case name or property: for each the first
    that is not empty.
    """

    thing: Mapping[str, Any] = field(default_factory=dict)
    dates: tuple[str, ...] = ()
    for_baidu: tuple[str, ...] = ()
    meta: Mapping[str, str] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """Return a text that JSON-LD states; "" if it states none."""
        value = self.thing.get(key)
        return plain(value) if isinstance(value, str) else ""

    def names(self, key: str) -> tuple[str, ...]:
        """Return the names of the persons or organisations under `key`."""
        value = self.thing.get(key)
        people = value if isinstance(value, list) else [value]
        names = (person.get("name") if isinstance(person, dict) else person for person in people)
        return tuple(plain(name) for name in names if isinstance(name, str) and name.strip())


def plain(text: str) -> str:
    """Return a text in which HTML may be left over, as one line of plain text."""
    return " ".join(_TAG.sub(" ", unescape(text)).split())


def read_structured_data(tree: html.HtmlElement, url: str = "") -> StructuredData:
    """Read the structured data of the page at `url`. Skip what cannot be read or is about another page."""
    scripts = [element.text or "" for element in tree.iter("script") if "ld+json" in (element.get("type") or "")]
    read = [(script, list(_things(script))) for script in scripts]
    things = [thing for _, found in read for thing in found][:_MOST]
    meta = _meta(tree)
    own = _own(tree, meta, url)
    articles = own.choose([thing for thing in things if _is(thing, _ARTICLES)])
    pages = own.choose([thing for thing in things if _is(thing, _PAGES)])
    dates = [str(thing["datePublished"]) for thing in (*articles, *pages) if thing.get("datePublished")]
    if not dates:
        dates = [found[1] for script, things in read if not things and (found := _LOOSE_DATE.search(script))]
    for_baidu = tuple(found[1] for script in scripts if (found := _FOR_BAIDU.search(script)))
    return StructuredData(next(iter((*articles, *pages)), {}), tuple(dates), for_baidu, meta)


def _own(tree: html.HtmlElement, meta: Mapping[str, str], url: str) -> PageIdentity:
    """Return what identifies the page."""
    named = (url, first_link(tree, "canonical"), meta.get("og:url", ""))
    addresses = (absolute_url(url, address) for address in named if address)
    titles = (*(element.text or "" for element in tree.iter("title")), meta.get("og:title", ""))
    headings = (element.text_content() for element in tree.iter("h1"))
    return PageIdentity(
        [address for address in addresses if address], [letters(text[:500]) for text in (*titles, *headings)]
    )


def _is(thing: Mapping[str, Any], types: frozenset[str]) -> bool:
    kinds = thing.get("@type")
    return any(str(kind).rpartition("/")[2] in types for kind in (kinds if isinstance(kinds, list) else [kinds]))


def _things(script: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of one JSON-LD script, also those within graphs."""
    text = _WRAPPING.sub("", _WRAPPING.sub("", script))
    try:
        waiting = [json.loads(text, strict=False)]
    except (ValueError, RecursionError):
        return
    for _ in range(_MOST):
        if not waiting:
            return
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting.extend(value[:_MOST])
        elif isinstance(value, dict):
            yield value
            waiting.extend(value[key] for key in _WITHIN if isinstance(value.get(key), (dict, list)))


def _meta(tree: html.HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = " ".join((element.get("content") or "").split())
        for name in ("name", "property", "itemprop"):
            if content and (key := (element.get(name) or "").strip().lower()):
                found.setdefault(key, content)
    return found


def first_link(tree: html.HtmlElement, relation: str) -> str:
    """Return the address of the first `<link>` of that relation; "" if there is none."""
    links = (link for link in tree.iter("link") if relation in (link.get("rel") or "").lower().split())
    return next((href for link in links if (href := (link.get("href") or "").strip())), "")


__all__ = ["StructuredData", "attribute", "first_link", "plain", "read_structured_data"]
