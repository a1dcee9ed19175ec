"""Read the structured data of a page about its article: JSON-LD and `<meta>`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any, Final

from lxml import html

from monitor.articles.about import PageIdentity, letters_and_digits
from monitor.text.address import absolute_url


def _split_words(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ARTICLE_TYPES: Final = _split_words(
    "Article NewsArticle BlogPosting Report ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle "
    "BackgroundNewsArticle ReviewNewsArticle LiveBlogPosting TechArticle ScholarlyArticle SocialMediaPosting "
    "DiscussionForumPosting AdvertiserContentArticle SatiricalArticle GovernmentService SpecialAnnouncement"
)
_PAGE_TYPES: Final = _split_words("WebPage ItemPage AboutPage Product Review Recipe VideoObject Event PodcastEpisode")
_KEYS_OF_NESTED_OBJECTS: Final = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement")
_MAX_OBJECTS: Final = 2_000
_SCRIPT_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/)\s*;?\s*$"
)
_DATE_PUBLISHED = re.compile(r'"datePublished"\s*:\s*"([^"]{6,40})"')
# The date in the vocabulary of Baidu: https://ziyuan.baidu.com/contexts/cambrian.jsonld
_BAIDU_DATE = re.compile(r'"pubDate"\s*:\s*"([^"]{6,40})"')
_HTML_TAG = re.compile(r"<[a-zA-Z/][^<>]{0,500}>")


@dataclass(frozen=True, slots=True)
class StructuredData:
    """The structured data of a page. `main_object` is the JSON-LD object of the article, else of the page.

    `dates` are the dates of publication in all JSON-LD objects, the article's first. `baidu_dates` are the dates in
    Baidu's vocabulary. `meta` has the content of each `<meta>` by its name or property in lower case; if a name occurs
    several times, the first content that is not empty counts.
    """

    main_object: Mapping[str, Any] = field(default_factory=dict)
    dates: tuple[str, ...] = ()
    baidu_dates: tuple[str, ...] = ()
    meta: Mapping[str, str] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """Return the text under `key` of the JSON-LD object; "" if there is no such text."""
        value = self.main_object.get(key)
        return plain_line(value) if isinstance(value, str) else ""

    def names(self, key: str) -> tuple[str, ...]:
        """Return the names of the persons or organisations under `key`."""
        value = self.main_object.get(key)
        people = value if isinstance(value, list) else [value]
        names = (person.get("name") if isinstance(person, dict) else person for person in people)
        return tuple(plain_line(name) for name in names if isinstance(name, str) and name.strip())


def plain_line(text: str) -> str:
    """Return a text as one line of plain text, without remaining HTML tags."""
    return " ".join(_HTML_TAG.sub(" ", unescape(text)).split())


def read_structured_data(tree: html.HtmlElement, url: str = "") -> StructuredData:
    """Read the structured data of the page at `url`. Skip unreadable data and data about other pages."""
    scripts = [element.text or "" for element in tree.iter("script") if "ld+json" in (element.get("type") or "")]
    read = [(script, list(_json_objects(script))) for script in scripts]
    objects = [object_ for _, found in read for object_ in found][:_MAX_OBJECTS]
    meta = _meta_contents(tree)
    identity = _page_identity(tree, meta, url)
    articles = identity.objects_about_page([object_ for object_ in objects if _is_of_type(object_, _ARTICLE_TYPES)])
    pages = identity.objects_about_page([object_ for object_ in objects if _is_of_type(object_, _PAGE_TYPES)])
    dates = [str(object_["datePublished"]) for object_ in (*articles, *pages) if object_.get("datePublished")]
    if not dates:
        dates = [found[1] for script, objects in read if not objects and (found := _DATE_PUBLISHED.search(script))]
    for_baidu = tuple(found[1] for script in scripts if (found := _BAIDU_DATE.search(script)))
    return StructuredData(next(iter((*articles, *pages)), {}), tuple(dates), for_baidu, meta)


def _page_identity(tree: html.HtmlElement, meta: Mapping[str, str], url: str) -> PageIdentity:
    """Return the addresses and titles that identify the page."""
    named_addresses = (url, first_link(tree, "canonical"), meta.get("og:url", ""))
    addresses = (absolute_url(url, address) for address in named_addresses if address)
    titles = (*(element.text or "" for element in tree.iter("title")), meta.get("og:title", ""))
    headings = (element.text_content() for element in tree.iter("h1"))
    return PageIdentity(
        [address for address in addresses if address], [letters_and_digits(text[:500]) for text in (*titles, *headings)]
    )


def _is_of_type(object_: Mapping[str, Any], types: frozenset[str]) -> bool:
    kinds = object_.get("@type")
    return any(str(kind).rpartition("/")[2] in types for kind in (kinds if isinstance(kinds, list) else [kinds]))


def _json_objects(script: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of one JSON-LD script, also those within graphs."""
    text = _SCRIPT_WRAPPING.sub("", _SCRIPT_WRAPPING.sub("", script))
    try:
        pending = [json.loads(text, strict=False)]
    except (ValueError, RecursionError):
        return
    for _ in range(_MAX_OBJECTS):
        if not pending:
            return
        value = pending.pop(0)
        if isinstance(value, list):
            pending.extend(value[:_MAX_OBJECTS])
        elif isinstance(value, dict):
            yield value
            pending.extend(value[key] for key in _KEYS_OF_NESTED_OBJECTS if isinstance(value.get(key), (dict, list)))


def _meta_contents(tree: html.HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = " ".join((element.get("content") or "").split())
        for name in ("name", "property", "itemprop"):
            if content and (key := (element.get(name) or "").strip().lower()):
                found.setdefault(key, content)
    return found


def first_link(tree: html.HtmlElement, relation: str) -> str:
    """Return the address of the first `<link>` with the relation (`rel`); "" if there is no such link."""
    links = (link for link in tree.iter("link") if relation in (link.get("rel") or "").lower().split())
    return next((href for link in links if (href := (link.get("href") or "").strip())), "")


__all__ = ["StructuredData", "first_link", "plain_line", "read_structured_data"]
