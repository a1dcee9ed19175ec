"""Which of a page's titles is the article's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from lxml import html

from monitor.articles.stated import Stated, plain
from monitor.articles.tree import lines_of
from monitor.text.fold import folded


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


_META: Final = ("og:title", "twitter:title", "dc.title", "citation_title", "parsely-title", "sailthru.title")
_PARTS = re.compile(r"\s+[-|–—·•:»«]+\s+|\s*(?:\||_{1,3}|--+|——|»|>>)\s*")
_SITE_TAIL = re.compile(
    r"\s*-\s*[^-\s][^-]{0,30}(?:网|政府|委员会|站|频道|新闻|报|局|厅|部|办|中心|门户|平台|社|\.com|\.cn)\s*$"
)
_REST = re.compile(r"\s*[-|–—·•:»_]")
_LONGEST: Final = 300
_TELLING: Final = 8
_NOT_A_TITLE: Final = _words("home homepage 首页 news 新闻 index 详情 正文 新闻详情 详细页 详情页 内容页")


def title_of(tree: html.HtmlElement, stated: Stated) -> str:
    """The title: the one on which most of what the page offers agrees; what stands first in doubt.

    Chinese authorities state it as `ArticleTitle` (their standard for web sites), which is believed. Else headline,
    `<h1>`, the titles for social networks and `<title>` vote.
    """
    official = plain(stated.meta.get("articletitle", ""))
    if official:
        return official[:_LONGEST]
    site = plain(stated.meta.get("og:site_name", "") or stated.meta.get("sitename", ""))
    window = next((plain(element.text or "") for element in tree.iter("title")), "")
    texts = (*(plain(stated.meta.get(name, "")) for name in _META), *_headings(tree), stated.text("headline"))
    named = [offer for text in texts if (offer := _without(text, site)) and _can_be(offer, site)]
    return (_elected(_shortened(named), window) or _of_window(window, site))[:_LONGEST]


def key(text: str) -> str:
    """Letters and digits alone, folded: what two titles have in common that say the same."""
    return "".join(char for char in folded(text) if char.isalnum())


def _can_be(offer: str, site: str) -> bool:
    return bool(key(offer)) and key(offer) not in _NOT_A_TITLE and key(offer) != key(site)


def _headings(tree: html.HtmlElement) -> list[str]:
    """The first `<h1>` that can be a title; short ones are the site's name or sections where there are several."""
    texts = [text for element in tree.iter("h1") if 0 < len(text := " ".join(lines_of(element))) <= _LONGEST]
    telling = [text for text in texts if len(key(text)) > _TELLING]
    return (texts if len(texts) == 1 else telling)[:1]


def _without(title: str, site: str) -> str:
    """`title` without the site's name at its end."""
    if site and title.endswith(site) and _REST.search(rest := title[: -len(site)].rstrip()[-1:] or " "):
        return title[: -len(site)].rstrip().rstrip(rest).rstrip()
    return title


def _shortened(offers: Sequence[str]) -> list[str]:
    """Each offer, or the one that it begins with and goes on from with a separator: that is the site's name then."""
    return [next((short for short in offers if _goes_on(offer, short)), offer) for offer in offers]


def _goes_on(offer: str, short: str) -> bool:
    return len(key(short)) > _TELLING and offer.startswith(short) and bool(_REST.match(offer[len(short) :]))


def _elected(offers: Sequence[str], window: str) -> str:
    """The offer with the most votes: each equal one counts, and the window's title, by less, if it holds it.

    None is elected if nothing speaks for any but itself, or if it was cut at a quotation mark, as a badly written
    attribute is.
    """
    keys, shown = [key(offer) for offer in offers], key(window)
    votes = [keys.count(one) + 0.75 * (one in shown) for one in keys]
    if not votes or (shown and max(votes) <= 1):
        return ""
    elected = offers[votes.index(max(votes))]
    return "" if window.startswith(elected) and window[len(elected) :].startswith(('"', "'")) else elected


def _of_window(window: str, site: str) -> str:
    """A window's title without the names of site and section behind the first separator."""
    title = _SITE_TAIL.sub("", _without(window, site)) or window
    parts = [part for part in _PARTS.split(title) if part]
    if len(parts) < 2:  # noqa: PLR2004 - nothing to part
        return title
    return parts[0] if len(parts[0]) * 2 >= max(map(len, parts)) else max(parts, key=len)
